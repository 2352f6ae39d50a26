/**
 * @file waker.h
 * From the watcher thread of a pool to the thread of its environment: ringing a waker
 * schedules a call of a function there.
 *
 * A waker does not keep the process alive unless it is told to
 * (hutch_waker_hold()).
 *
 * Threads: hutch_waker_ring() from any, until hutch_waker_free(); all others on
 * the environment's thread.
 */
#ifndef HUTCH_NODE_WAKER_H
#define HUTCH_NODE_WAKER_H

#include <node_api.h>
#include <stdbool.h>

typedef struct hutch_waker hutch_waker;

/** What a waker calls on the environment's thread, in a handle scope. */
typedef void hutch_waker_call(napi_env env, void *user);

/** @param user passed on; not after hutch_waker_mute() or hutch_waker_free(). @return NULL on
 *  failure, an exception may be pending */
hutch_waker *hutch_waker_new(napi_env env, hutch_waker_call *call, void *user);

/** The function is not called any more, though others may still ring. */
void hutch_waker_mute(hutch_waker *waker);

/** Nobody rings any more. The memory goes when the environment has let go of it too.
 *  @param waker NULL is nothing. */
void hutch_waker_free(hutch_waker *waker);

/** Schedule a call of the function; after the environment has ended this is nothing. Of the type
 *  of hutch_pool_options.wake. @param waker_pointer a hutch_waker */
void hutch_waker_ring(void *waker_pointer);

/** Whether the waker keeps the process alive. @return false when the environment refused. */
bool hutch_waker_hold(hutch_waker *waker, napi_env env, bool hold);

#endif
