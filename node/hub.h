/**
 * @file hub.h
 * A pool as one copy of the package sees it. A process may load the package again and again (`bun --hot`,
 * test runners), and each copy has objects, and perhaps a realm, of its own; the addon is what they have in
 * common. A pool that createPool made has one hub. The one that drivers share has a hub for each copy that
 * uses it; it is made when the first wants it, and again after it was closed.
 *
 * A hub is a number to JavaScript, and knows one function there, which is called when there may be something
 * to read, or with the number of a context that has news. It does not keep that function from being
 * collected unless it is held: a run in progress holds. When the function is collected, so is the
 * copy's object, and the hub is closed.
 *
 * Threads: the environment's own.
 */
#ifndef HUTCH_NODE_HUB_H
#define HUTCH_NODE_HUB_H

#include "addon.h"

struct hutch_hub {
    hutch_addon *addon;     /**< NULL once it has been closed */
    hutch_addon_pool *pool; /**< NULL: the shared one is to be made */
    napi_ref wake;          /**< weak unless `is_held` */
    uint32_t number;
    uint32_t contexts; /**< open ones */
    bool is_held;
    int owners; /**< the addon, and the function's finalizer */
};

/**
 * Make a hub.
 *
 * @param wake     a function
 * @param options  of its own pool; NULL: of the one that is shared
 * @param number   [out] what stands for it
 */
hutch_status hutch_hub_new(hutch_addon *addon, napi_env env, napi_value wake,
                           const hutch_pool_options *options, uint32_t *number);

/** Make sure that it has its pool. */
hutch_status hutch_hub_attach(hutch_hub *hub, napi_env env);

/** Whether its function is kept from being collected, and the pool's events keep the process alive. */
bool hutch_hub_hold(hutch_hub *hub, napi_env env, bool hold);

/** Its next context that may have an event; those of other hubs are passed on to them.
 *  @return HUTCH_SLOT_NONE: there is none */
uint32_t hutch_hub_poll(hutch_hub *hub, napi_env env);

/**
 * Close it, and its contexts. Its pool is closed as well, but for a shared one in which other hubs have open
 * contexts.
 *
 * @param env  NULL: it is ending
 */
void hutch_hub_close(hutch_hub *hub, napi_env env);

#endif
