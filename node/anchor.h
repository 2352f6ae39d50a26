/**
 * @file anchor.h
 * What one environment (a main thread, or a worker thread) has of this version of the addon, found again when
 * the addon is loaded again: runtimes that forget their modules (`bun --hot`, a cleared
 * require.cache) run its entry anew, and give it another napi_env, so the instance data does not
 * tell.
 *
 * The exports are a property of the environment's global object, which is not enumerable; its key is the
 * registered symbol "@hutch/isolate VERSION". Where the global object takes no property, each load has
 * exports of its own.
 *
 * Threads: the environment's own.
 */
#ifndef HUTCH_NODE_ANCHOR_H
#define HUTCH_NODE_ANCHOR_H

#include <node_api.h>

/** The exports of an earlier load, or NULL; no exception is pending. */
napi_value hutch_anchor_find(napi_env env);

/** Have later loads find these. No exception is pending. */
void hutch_anchor_drop(napi_env env, napi_value exports);

#endif
