/*
 * Hubs; see hub.h. The memory of a hub has two owners, which let go of it in either order: at the
 * end of an environment the functions may be finalized before our clean-up runs, or after it.
 */
#include "hub.h"
#include "pieces.h"

#include <stdlib.h>

static void let_go(hutch_hub *hub) {
    hub->owners--;
    if (hub->owners == 0) {
        free(hub);
    }
}

/* --- pools ----------------------------------------------------------------------------------- */

/* Call its function. False: nobody is there, or it threw, which a realm that was torn down may do. */
static bool call_hub(const hutch_hub *hub, napi_env env, size_t count, const napi_value *values) {
    napi_value undefined;
    napi_value wake = NULL;
    napi_value thrown;
    if (napi_get_undefined(env, &undefined) != napi_ok ||
        napi_get_reference_value(env, hub->wake, &wake) != napi_ok || wake == NULL) {
        return false;
    }
    if (napi_call_function(env, undefined, wake, count, values, NULL) == napi_ok) {
        return true;
    }
    (void)napi_get_and_clear_last_exception(env, &thrown);
    return false;
}

/* All that have contexts look; where none has, one does for the pool's own sake. */
static void ring_hubs(napi_env env, void *user) {
    hutch_addon_pool *pool = user;
    hutch_hub *idle = NULL;
    bool is_heard = false;
    uint32_t index = 0;
    for (;;) {
        uint32_t number = hutch_slots_walk(&pool->addon->hubs, &index);
        if (number == HUTCH_SLOT_NONE) {
            break;
        }
        hutch_hub *hub = hutch_slots_get(&pool->addon->hubs, number);
        if (hub->pool == pool && hub->contexts > 0) {
            is_heard = call_hub(hub, env, 0, NULL) || is_heard;
        } else if (hub->pool == pool) {
            idle = hub;
        }
    }
    if (!is_heard && idle != NULL) {
        (void)call_hub(idle, env, 0, NULL);
    }
}

static hutch_status open_pool(hutch_addon *addon, napi_env env, const hutch_pool_options *options,
                              hutch_addon_pool **opened) {
    hutch_pool_options own = *options;
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    hutch_addon_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return status;
    }
    pool->addon = addon;
    pool->waker = hutch_waker_new(env, ring_hubs, pool);
    if (pool->waker != NULL) {
        own.wake = hutch_waker_ring;
        own.wake_user = pool->waker;
        status = hutch_pool_new(&own, &pool->pool, &addon->error);
    }
    if (status != HUTCH_OK) {
        hutch_waker_free(pool->waker);
        free(pool);
        return status;
    }
    *opened = pool;
    return HUTCH_OK;
}

static void close_pool(hutch_addon *addon, napi_env env, hutch_addon_pool *pool) {
    uint32_t index = 0;
    for (;;) {
        uint32_t number = hutch_slots_walk(&addon->hubs, &index);
        if (number == HUTCH_SLOT_NONE) {
            break;
        }
        hutch_hub *hub = hutch_slots_get(&addon->hubs, number);
        if (hub->pool == pool) {
            hub->pool = NULL;
        }
    }
    if (addon->shared == pool) {
        addon->shared = NULL;
    }
    hutch_waker_mute(pool->waker);
    hutch_closing_begin(&addon->closing, env, pool->pool, pool->waker);
    free(pool);
}

/* Whether other hubs have the pool. @param busy  only those with open contexts count */
static bool is_wanted(const hutch_addon *addon, const hutch_addon_pool *pool, bool busy) {
    uint32_t index = 0;
    for (;;) {
        uint32_t number = hutch_slots_walk(&addon->hubs, &index);
        if (number == HUTCH_SLOT_NONE) {
            return false;
        }
        const hutch_hub *hub = hutch_slots_get(&addon->hubs, number);
        if (hub->pool == pool && (!busy || hub->contexts > 0)) {
            return true;
        }
    }
}

/* --- hubs ------------------------------------------------------------------------------------ */

/* @param each  the pool stays, and needs to know of each */
static void drop_contexts(hutch_hub *hub, bool each) {
    hutch_addon *addon = hub->addon;
    uint32_t index = 0;
    for (;;) {
        uint32_t number = hutch_slots_walk(&addon->contexts, &index);
        if (number == HUTCH_SLOT_NONE) {
            break;
        }
        if (addon->contexts.slots[index - 1].owner == hub->number) {
            hutch_context *context = hutch_slots_get(&addon->contexts, number);
            hutch_pieces_drop(addon, number);
            hutch_slots_remove(&addon->contexts, number);
            if (each) {
                hutch_context_close(context);
            }
        }
    }
    hub->contexts = 0;
}

/* The addon has not let go of it yet. @param only_unwanted  the pool stays where another hub has
 * it, even if without contexts */
static void close_hub(hutch_hub *hub, napi_env env, bool only_unwanted) {
    hutch_addon *addon = hub->addon;
    hutch_addon_pool *pool = hub->pool;
    if (env != NULL) {
        (void)hutch_hub_hold(hub, env, false);
        (void)napi_delete_reference(env, hub->wake);
    }
    hutch_slots_remove(&addon->hubs, hub->number);
    bool stays = pool != NULL && is_wanted(addon, pool, !only_unwanted);
    drop_contexts(hub, stays);
    if (pool != NULL && !stays) {
        close_pool(addon, env, pool);
    }
    hub->addon = NULL;
    hub->pool = NULL;
}

void hutch_hub_close(hutch_hub *hub, napi_env env) {
    close_hub(hub, env, false);
    let_go(hub);
}

/* The function, and with it the copy's object, has been collected. */
static void on_collected(napi_env env, void *data, void *hint) {
    (void)hint;
    hutch_hub *hub = data;
    if (hub->addon != NULL) {
        close_hub(hub, env, true);
        hub->owners--;
    }
    let_go(hub);
}

/* Not held, as it is when it is made. */
static bool watch(hutch_hub *hub, napi_env env, napi_value wake) {
    if (napi_create_reference(env, wake, 0, &hub->wake) != napi_ok) {
        return false;
    }
    if (napi_add_finalizer(env, wake, hub, on_collected, NULL, NULL) == napi_ok) {
        hub->owners++;
        return true;
    }
    (void)napi_delete_reference(env, hub->wake);
    return false;
}

hutch_status hutch_hub_attach(hutch_hub *hub, napi_env env) {
    hutch_addon *addon = hub->addon;
    hutch_status status = HUTCH_OK;
    if (hub->pool == NULL && addon->shared == NULL) {
        hutch_pool_options options;
        hutch_pool_options_init(&options);
        status = open_pool(addon, env, &options, &addon->shared);
    }
    if (hub->pool == NULL && status == HUTCH_OK) {
        hub->pool = addon->shared;
    }
    return status;
}

/* Its pool, and its number. */
static hutch_status settle(hutch_hub *hub, napi_env env, const hutch_pool_options *options) {
    hutch_status status = options == NULL ? hutch_hub_attach(hub, env)
                                          : open_pool(hub->addon, env, options, &hub->pool);
    if (status == HUTCH_OK) {
        status = hutch_slots_add(&hub->addon->hubs, hub, HUTCH_SLOT_NONE, &hub->number);
        if (status != HUTCH_OK && !is_wanted(hub->addon, hub->pool, false)) {
            close_pool(hub->addon, env, hub->pool);
        }
    }
    return status;
}

hutch_status hutch_hub_new(hutch_addon *addon, napi_env env, napi_value wake,
                           const hutch_pool_options *options, uint32_t *number) {
    hutch_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL) {
        return HUTCH_OUT_OF_MEMORY;
    }
    hub->addon = addon;
    hub->number = HUTCH_SLOT_NONE;
    hub->owners = 1;
    hutch_status status = settle(hub, env, options);
    if (status != HUTCH_OK) {
        let_go(hub);
        return status;
    }
    if (!watch(hub, env, wake)) {
        hub->wake = NULL;
        close_hub(hub, env, true);
        let_go(hub);
        return HUTCH_OUT_OF_MEMORY;
    }
    *number = hub->number;
    return HUTCH_OK;
}

bool hutch_hub_hold(hutch_hub *hub, napi_env env, bool hold) {
    uint32_t count;
    hutch_addon_pool *pool = hub->pool;
    if (pool == NULL || hub->is_held == hold) {
        return true;
    }
    hub->is_held = hold;
    pool->holders = hold ? pool->holders + 1 : pool->holders - 1;
    bool is_edge = pool->holders == (hold ? 1U : 0U);
    bool is_kept = (hold ? napi_reference_ref(env, hub->wake, &count)
                         : napi_reference_unref(env, hub->wake, &count)) == napi_ok;
    return (!is_edge || hutch_waker_hold(pool->waker, env, hold)) && is_kept;
}

/* A context of another hub has news. */
static void pass_on(const hutch_addon *addon, napi_env env, uint32_t context, uint32_t owner) {
    napi_value number;
    const hutch_hub *hub = hutch_slots_get(&addon->hubs, owner);
    if (hub != NULL && napi_create_uint32(env, context, &number) == napi_ok) {
        (void)call_hub(hub, env, 1, &number);
    }
}

uint32_t hutch_hub_poll(hutch_hub *hub, napi_env env) {
    while (hub->pool != NULL) {
        const hutch_context *context = hutch_pool_poll(hub->pool->pool);
        if (context == NULL) {
            break;
        }
        uint32_t number = (uint32_t)(uintptr_t)hutch_context_get_user(context);
        uint32_t owner = hutch_slots_owner(&hub->addon->contexts, number);
        if (owner == hub->number) {
            return number;
        }
        pass_on(hub->addon, env, number, owner);
    }
    return HUTCH_SLOT_NONE;
}
