/*
 * Native functions about pools.
 */
#include "addon.h"

#include <stdlib.h>

void hutch_addon_close_pool(hutch_addon *addon, uint32_t number) {
    hutch_addon_pool *pool = hutch_slots_get(&addon->pools, number);
    uint32_t index = 0;
    for (;;) {
        uint32_t context = hutch_slots_walk(&addon->contexts, &index);
        if (context == HUTCH_SLOT_NONE) {
            break;
        }
        if (addon->contexts.slots[index - 1].owner == number) {
            hutch_slots_remove(&addon->contexts, context);
        }
    }
    hutch_slots_remove(&addon->pools, number);
    /* The watcher ends with the pool; only then may its waker go. */
    hutch_pool_free(pool->pool);
    hutch_waker_free(pool->waker);
    free(pool);
}

/* The arguments of poolCreate behind the function and the path. */
static bool read_options(const hutch_call *call, hutch_pool_options *options) {
    return hutch_call_uint32(call, 2, &options->max_workers) &&
           hutch_call_uint32(call, 3, &options->max_idle) &&
           hutch_call_uint32(call, 4, &options->spare) &&
           hutch_call_uint32(call, 5, &options->max_spare) &&
           hutch_call_uint32(call, 6, &options->kill_grace_ms);
}

/* `worker_path` stays in the buffer of arguments, as a C string; NULL for an empty one. */
static bool read_path(hutch_call *call, const char **worker_path) {
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

static hutch_status open_pool(const hutch_call *call, hutch_pool_options *options,
                              uint32_t *number) {
    hutch_addon *addon = call->addon;
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    hutch_addon_pool *pool = calloc(1, sizeof(*pool));
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

/* (onWake, workerPath, maxWorkers, maxIdle, spare, maxSpare, killGrace): number */
static napi_value pool_create(napi_env env, napi_callback_info info) {
    hutch_call call;
    hutch_pool_options options;
    uint32_t number = HUTCH_SLOT_NONE;
    hutch_pool_options_init(&options);
    if (!hutch_call_begin(&call, env, info) || !read_options(&call, &options) ||
        !read_path(&call, &options.worker_path)) {
        return NULL;
    }
    call.addon->error.message[0] = '\0';
    (void)hutch_call_report(&call, open_pool(&call, &options, &number));
    return hutch_call_number(&call, number);
}

/* (pool) */
static napi_value pool_warm(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_call_pool(&call, &number);
    return pool == NULL ? NULL
                        : hutch_call_report(&call, hutch_pool_warm(pool->pool, &call.addon->error));
}

/* (pool): number of the next context that may have an event, or HUTCH_SLOT_NONE */
static napi_value pool_poll(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_call_pool(&call, &number);
    if (pool == NULL) {
        return NULL;
    }
    const hutch_context *context = hutch_pool_poll(pool->pool);
    uint32_t found = HUTCH_SLOT_NONE;
    if (context != NULL) {
        found = (uint32_t)(uintptr_t)hutch_context_get_user(context);
    }
    return hutch_call_number(&call, found);
}

/* (pool, hold): whether the pool's events keep the process alive */
static napi_value pool_hold(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    uint32_t hold;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_call_pool(&call, &number);
    if (pool == NULL || !hutch_call_uint32(&call, 1, &hold)) {
        return NULL;
    }
    bool held = hutch_waker_hold(pool->waker, env, hold != 0);
    return held ? hutch_call_report(&call, HUTCH_OK) : hutch_call_failed(&call);
}

/* (pool): [contexts, workers, idle, forked, killed, died, zygote's pid] */
static napi_value pool_stats(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    napi_value list;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_call_pool(&call, &number);
    if (pool == NULL) {
        return NULL;
    }
    hutch_pool_stats stats = {.size = sizeof(stats)};
    hutch_pool_get_stats(pool->pool, &stats);
    const double values[] = {
        (double)stats.contexts,       (double)stats.workers,        (double)stats.idle,
        (double)stats.workers_forked, (double)stats.workers_killed, (double)stats.workers_died,
        (double)stats.zygote_pid,
    };
    uint32_t count = sizeof(values) / sizeof(values[0]);
    if (napi_create_array_with_length(env, count, &list) != napi_ok) {
        return hutch_call_failed(&call);
    }
    for (uint32_t i = 0; i < count; i++) {
        napi_value value = hutch_call_number(&call, values[i]);
        if (value == NULL || napi_set_element(env, list, i, value) != napi_ok) {
            return hutch_call_failed(&call);
        }
    }
    return list;
}

/* (pool): bits of the layers that are on, as in the table `layers` */
static napi_value pool_confinement(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_call_pool(&call, &number);
    if (pool == NULL) {
        return NULL;
    }
    hutch_confinement confinement = {.size = sizeof(confinement)};
    (void)hutch_call_report(
        &call, hutch_pool_get_confinement(pool->pool, &confinement, &call.addon->error));
    return hutch_call_number(&call, confinement.on);
}

/* (pool) */
static napi_value pool_close(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info) || hutch_call_pool(&call, &number) == NULL) {
        return NULL;
    }
    hutch_addon_close_pool(call.addon, number);
    return hutch_call_report(&call, HUTCH_OK);
}

const hutch_native hutch_pool_natives[] = {
    {"poolCreate", pool_create}, {"poolWarm", pool_warm},
    {"poolPoll", pool_poll},     {"poolHold", pool_hold},
    {"poolStats", pool_stats},   {"poolConfinement", pool_confinement},
    {"poolClose", pool_close},   {NULL, NULL},
};
