/**
 * @file deadline.h
 * When a worker's time has come, and what happens then.
 *
 * Threads: with the watcher's mutex, unless a function says otherwise.
 */
#ifndef HUTCH_POOL_DEADLINE_H
#define HUTCH_POOL_DEADLINE_H

#include "pool/watcher.h"

/** Set a worker's deadline; HUTCH_DEADLINE_NONE takes it away. */
void hutch_deadline_set(hutch_watcher *watcher, hutch_watched *watched,
                        const hutch_deadline *deadline);

/** A run has been asked to stop by the caller: it is killed after the grace, if not before. Pool's
 *  thread, without the mutex. */
void hutch_deadline_expedite(hutch_watcher *watcher, hutch_watched *watched);

/** The next moment at which something is due; HUTCH_WATCH_FOREVER when nothing is. */
uint64_t hutch_deadline_next(const hutch_deadline *deadline);

/** Do what is due for one worker: ask, look, kill. */
void hutch_deadline_pass(hutch_watcher *watcher, hutch_watched *watched, uint64_t now);

/** An overdue worker has waited for room, which the host makes only now: it has another grace, though
 *  not for ever. @return false: it has had enough of them, or is lost. Pool's thread, without the
 *  mutex. */
bool hutch_deadline_reprieve(hutch_watcher *watcher, hutch_watched *watched);

/** Ask a worker's run to stop, by the shared word, and wake it. Any thread, no mutex needed. */
void hutch_deadline_ask(hutch_shared *shared, uint32_t run);

#endif
