/*
 * Native functions about pools.
 */
#include "addon.h"
#include "hub.h"
#include "settings.h"

static bool read_settings(const hutch_native_call *call, hutch_pool_options *options) {
    const double *values = hutch_call_doubles(call, 2, HUTCH_POOL_SETTINGS);
    if (values == NULL || !hutch_settings_read_pool(values, options)) {
        (void)hutch_call_misused(call, "poolCreate wants an array of settings");
        return false;
    }
    return true;
}

/* `worker_path` stays in the buffer of arguments, as a C string; NULL for an empty one. */
static bool read_path(hutch_native_call *call, const char **worker_path) {
    size_t offset;
    size_t length;
    if (!hutch_call_text(call, 1, &offset, &length)) {
        return false;
    }
    *worker_path = NULL;
    if (length == 0) {
        return true;
    }
    if (hutch_buffer_append(&call->addon->arguments, "", 1, NULL) != HUTCH_OK) {
        (void)hutch_call_misused(call, "no memory for the worker's path");
        return false;
    }
    *worker_path = call->addon->arguments.data + offset;
    return true;
}

static napi_value create_hub(hutch_native_call *call, const hutch_pool_options *options) {
    uint32_t number = HUTCH_SLOT_NONE;
    napi_valuetype type = napi_undefined;
    if (napi_typeof(call->env, call->values[0], &type) != napi_ok || type != napi_function) {
        return hutch_call_misused(call, "a pool wants a function here");
    }
    call->addon->error.message[0] = '\0';
    hutch_closing_reap(&call->addon->closing, false);
    (void)hutch_call_report(
        call, hutch_hub_new(call->addon, call->env, call->values[0], options, &number));
    return hutch_call_number(call, number);
}

/* (onWake, workerPath, settings): number of a hub with a pool of its own */
static napi_value pool_create(hutch_native_call *call) {
    hutch_pool_options options;
    if (!read_settings(call, &options) || !read_path(call, &options.worker_path)) {
        return NULL;
    }
    return create_hub(call, &options);
}

/* (onWake): number of a hub of the pool that drivers share */
static napi_value pool_share(hutch_native_call *call) {
    return create_hub(call, NULL);
}

/* (): a number for a trust domain that nobody else has, of whatever copy of the package */
static napi_value domain_new(hutch_native_call *call) {
    call->addon->last_domain -= 1;
    return hutch_call_number(call, call->addon->last_domain);
}

/* (hub) */
static napi_value pool_warm(hutch_native_call *call) {
    hutch_status status = hutch_hub_attach(call->hub, call->env);
    if (status == HUTCH_OK) {
        status = hutch_pool_warm(call->hub->pool->pool, &call->addon->error);
    }
    return hutch_call_report(call, status);
}

/* (hub): number of its next context that may have an event, or HUTCH_SLOT_NONE */
static napi_value pool_poll(hutch_native_call *call) {
    uint32_t found = hutch_hub_poll(call->hub, call->env);
    call->addon->header[HUTCH_HEADER_CLOCK] = hutch_call_clock();
    return hutch_call_number(call, found);
}

/* (hub, hold): whether it is kept from being collected, and keeps the process alive */
static napi_value pool_hold(hutch_native_call *call) {
    uint32_t hold;
    if (!hutch_call_uint32(call, 1, &hold)) {
        return NULL;
    }
    bool held = hutch_hub_hold(call->hub, call->env, hold != 0);
    return held ? hutch_call_report(call, HUTCH_OK) : hutch_call_failed(call);
}

/* (hub): [contexts, workers, idle, forked, killed, died, zygote's pid, held bytes] */
static napi_value pool_stats(hutch_native_call *call) {
    napi_value list;
    hutch_pool_stats stats = HUTCH_POOL_STATS_INIT;
    if (hutch_hub_attach(call->hub, call->env) == HUTCH_OK) {
        (void)hutch_pool_get_stats(call->hub->pool->pool, &stats);
    }
    const double values[] = {
        (double)stats.contexts,       (double)stats.workers,        (double)stats.idle,
        (double)stats.workers_forked, (double)stats.workers_killed, (double)stats.workers_died,
        (double)stats.zygote_pid,     (double)stats.held_bytes,
    };
    uint32_t count = sizeof values / sizeof values[0];
    if (napi_create_array_with_length(call->env, count, &list) != napi_ok) {
        return hutch_call_failed(call);
    }
    for (uint32_t i = 0; i < count; i++) {
        napi_value value = hutch_call_number(call, values[i]);
        if (value == NULL || napi_set_element(call->env, list, i, value) != napi_ok) {
            return hutch_call_failed(call);
        }
    }
    return list;
}

/* (hub): bits of the layers that are on, as in the table `layers` */
static napi_value pool_confinement(hutch_native_call *call) {
    hutch_confinement confinement = HUTCH_CONFINEMENT_INIT;
    hutch_status status = hutch_hub_attach(call->hub, call->env);
    if (status == HUTCH_OK) {
        status =
            hutch_pool_get_confinement(call->hub->pool->pool, &confinement, &call->addon->error);
    }
    (void)hutch_call_report(call, status);
    return hutch_call_number(call, confinement.on);
}

/* (hub) */
static napi_value pool_close(hutch_native_call *call) {
    hutch_closing_reap(&call->addon->closing, false);
    hutch_hub_close(call->hub, call->env);
    return hutch_call_report(call, HUTCH_OK);
}

const hutch_native hutch_pool_natives[] = {
    {"poolCreate", HUTCH_ABOUT_NOTHING, pool_create},
    {"poolShare", HUTCH_ABOUT_NOTHING, pool_share},
    {"domainNew", HUTCH_ABOUT_NOTHING, domain_new},
    {"poolWarm", HUTCH_ABOUT_HUB, pool_warm},
    {"poolPoll", HUTCH_ABOUT_HUB, pool_poll},
    {"poolHold", HUTCH_ABOUT_HUB, pool_hold},
    {"poolStats", HUTCH_ABOUT_HUB, pool_stats},
    {"poolConfinement", HUTCH_ABOUT_HUB, pool_confinement},
    {"poolClose", HUTCH_ABOUT_HUB, pool_close},
    {NULL, HUTCH_ABOUT_NOTHING, NULL},
};
