/**
 * @file closing.h
 * Pools that are being closed. A pool ends its processes when it is freed, and waits for
 * that: mostly some milliseconds, which the caller has; but processes that were stopped, or have
 * much memory, or find no processor take as long as they take. So a thread of its own frees
 * each pool, and the environment's waits for it a moment only.
 *
 * Threads: the environment's own.
 */
#ifndef HUTCH_NODE_CLOSING_H
#define HUTCH_NODE_CLOSING_H

#include "waker.h"

#include <hutch/pool.h>

/** Pools that are not closed yet; NULL: none. */
typedef struct hutch_closing hutch_closing;

/** Close a pool. @param pool, waker both taken @param list [in, out] the pool is in it where it takes
 *  longer than a moment */
void hutch_closing_begin(hutch_closing **list, napi_env env, hutch_pool *pool, hutch_waker *waker);

/** Take those that are closed off the list; with `wait` all, when they are. */
void hutch_closing_reap(hutch_closing **list, bool wait);

#endif
