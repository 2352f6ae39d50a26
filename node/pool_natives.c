/*
 * Native functions about pools.
 */
#include "addon.h"
#include "pieces.h"
#include "settings.h"

#include <stdlib.h>

void hutch_addon_close_pool(hutch_addon *addon, napi_env env, uint32_t number) {
    hutch_addon_pool *pool = hutch_slots_get(&addon->pools, number);
    uint32_t index = 0;
    for (;;) {
        uint32_t context = hutch_slots_walk(&addon->contexts, &index);
        if (context == HUTCH_SLOT_NONE) {
            break;
        }
        if (addon->contexts.slots[index - 1].owner == number) {
            hutch_pieces_drop(addon, context);
            hutch_slots_remove(&addon->contexts, context);
        }
    }
    hutch_slots_remove(&addon->pools, number);
    hutch_closing_begin(&addon->closing, env, pool->pool, pool->waker);
    free(pool);
}

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

static hutch_status open_pool(const hutch_native_call *call, hutch_pool_options *options,
                              uint32_t *number) {
    hutch_addon *addon = call->addon;
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    hutch_addon_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return status;
    }
    pool->waker = hutch_waker_new(call->env, call->values[0]);
    if (pool->waker == NULL) {
        goto failed;
    }
    options->wake = hutch_waker_ring;
    options->wake_user = pool->waker;
    status = hutch_pool_new(options, &pool->pool, &addon->error);
    if (status != HUTCH_OK) {
        goto failed;
    }
    status = hutch_slots_add(&addon->pools, pool, HUTCH_SLOT_NONE, number);
    if (status == HUTCH_OK) {
        return HUTCH_OK;
    }
failed:
    hutch_pool_free(pool->pool);
    hutch_waker_free(pool->waker);
    free(pool);
    return status;
}

/* (onWake, workerPath, settings): number */
static napi_value pool_create(hutch_native_call *call) {
    hutch_pool_options options;
    uint32_t number = HUTCH_SLOT_NONE;
    if (!read_settings(call, &options) || !read_path(call, &options.worker_path)) {
        return NULL;
    }
    call->addon->error.message[0] = '\0';
    hutch_closing_reap(&call->addon->closing, false);
    (void)hutch_call_report(call, open_pool(call, &options, &number));
    return hutch_call_number(call, number);
}

/* (pool) */
static napi_value pool_warm(hutch_native_call *call) {
    return hutch_call_report(call, hutch_pool_warm(call->pool->pool, &call->addon->error));
}

/* (pool): number of the next context that may have an event, or HUTCH_SLOT_NONE */
static napi_value pool_poll(hutch_native_call *call) {
    const hutch_context *context = hutch_pool_poll(call->pool->pool);
    call->addon->header[HUTCH_HEADER_CLOCK] = hutch_call_clock();
    uint32_t found = HUTCH_SLOT_NONE;
    if (context != NULL) {
        found = (uint32_t)(uintptr_t)hutch_context_get_user(context);
    }
    return hutch_call_number(call, found);
}

/* (pool, hold): whether the pool's events keep the process alive */
static napi_value pool_hold(hutch_native_call *call) {
    uint32_t hold;
    if (!hutch_call_uint32(call, 1, &hold)) {
        return NULL;
    }
    bool held = hutch_waker_hold(call->pool->waker, call->env, hold != 0);
    return held ? hutch_call_report(call, HUTCH_OK) : hutch_call_failed(call);
}

/* (pool): [contexts, workers, idle, forked, killed, died, zygote's pid, held bytes] */
static napi_value pool_stats(hutch_native_call *call) {
    napi_value list;
    hutch_pool_stats stats = HUTCH_POOL_STATS_INIT;
    (void)hutch_pool_get_stats(call->pool->pool, &stats);
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

/* (pool): bits of the layers that are on, as in the table `layers` */
static napi_value pool_confinement(hutch_native_call *call) {
    hutch_confinement confinement = HUTCH_CONFINEMENT_INIT;
    (void)hutch_call_report(
        call, hutch_pool_get_confinement(call->pool->pool, &confinement, &call->addon->error));
    return hutch_call_number(call, confinement.on);
}

/* (pool) */
static napi_value pool_close(hutch_native_call *call) {
    hutch_closing_reap(&call->addon->closing, false);
    hutch_addon_close_pool(call->addon, call->env, call->number);
    return hutch_call_report(call, HUTCH_OK);
}

const hutch_native hutch_pool_natives[] = {
    {"poolCreate", HUTCH_ABOUT_NOTHING, pool_create},
    {"poolWarm", HUTCH_ABOUT_POOL, pool_warm},
    {"poolPoll", HUTCH_ABOUT_POOL, pool_poll},
    {"poolHold", HUTCH_ABOUT_POOL, pool_hold},
    {"poolStats", HUTCH_ABOUT_POOL, pool_stats},
    {"poolConfinement", HUTCH_ABOUT_POOL, pool_confinement},
    {"poolClose", HUTCH_ABOUT_POOL, pool_close},
    {NULL, HUTCH_ABOUT_NOTHING, NULL},
};
