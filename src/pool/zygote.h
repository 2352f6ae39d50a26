/**
 * @file zygote.h
 * The host's side of the zygote: starting it, asking it for workers, taking its
 * messages, ending it.
 *
 * Forks are asked for a few at a time: each request carries descriptors, of
 * which the kernel lets only so many travel at once.
 *
 * It is the watcher's thread that starts and ends the zygote: the zygote has the
 * kernel kill it when the thread that started it is gone, which must not be one
 * that ends before the pool.
 *
 * Threads: functions say which; all but start, await and end with the watcher's mutex.
 */
#ifndef HUTCH_POOL_ZYGOTE_H
#define HUTCH_POOL_ZYGOTE_H

#include "pool/watcher.h"

/** Longest wait for a zygote to be started. That takes a millisecond, or it takes as long as it likes:
 *  then nobody waits but the worker that is asked for. */
#define HUTCH_ZYGOTE_START_WAIT_MS 200

/**
 * Have a zygote started; there is none. Workers can be asked for at once.
 *
 * @param program  from plat/process.h; taken
 * @return HUTCH_OK: it has been started, or will be; HUTCH_UNAVAILABLE: it could not be, which was known
 *         soon. Later it is the end of who was asked for. Pool's thread, without the mutex.
 */
hutch_status hutch_zygote_start(hutch_watcher *watcher, int program, hutch_error *error);

/** The watcher's thread: do that, once the last one is buried. Gives the mutex up for a while. */
void hutch_zygote_begin(hutch_watcher *watcher);

/** Lose a worker that is not leased any more if its zygote is gone, although it is not known yet how that
 *  ended: nobody shall get it. Under the mutex. */
void hutch_zygote_lose_orphan(hutch_watcher *watcher, hutch_watched *watched);

/** The watcher's thread: see to a zygote that is dying. */
void hutch_zygote_bury(hutch_watcher *watcher, uint64_t now);

/** When to do that at the latest; HUTCH_WATCH_FOREVER. */
uint64_t hutch_zygote_bury_by(const hutch_watcher *watcher);

/** Whether there is one to ask, or will be. */
bool hutch_zygote_is_there(const hutch_watcher *watcher);

/** Ask for a worker that is in the roster. A refusal comes as its end. */
void hutch_zygote_ask(hutch_watcher *watcher, hutch_watched *watched);

/**
 * Wait for the zygote that was started last to be ready.
 *
 * @param until_ns  hutch_clock_now()
 * @param layers    [out] bits of hutch_layer that are on
 * @return false: it has ended, or does nothing to become ready, or the time has come first. Pool's thread,
 *         without the mutex.
 */
bool hutch_zygote_await_layers(hutch_watcher *watcher, uint64_t until_ns, uint32_t *layers);

/** The watcher thread: the zygote's socket has something to say. */
void hutch_zygote_listen(hutch_watcher *watcher, uint32_t generation);

/** End the zygote and its workers, reap it. The watcher's thread at its end, without the mutex. */
void hutch_zygote_end(hutch_watcher *watcher);

#endif
