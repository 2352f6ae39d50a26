/**
 * @file deadline.h
 * What happens when a worker's time has come.
 *
 * Threads: with the watcher's mutex.
 */
#ifndef HUTCH_POOL_DEADLINE_H
#define HUTCH_POOL_DEADLINE_H

#include "pool/watcher.h"

/** The next moment at which something is due; HUTCH_WATCH_FOREVER when nothing is. */
uint64_t hutch_deadline_next(const hutch_deadline *deadline);

/** Do what is due for one worker: ask, look, kill. */
void hutch_deadline_pass(hutch_watcher *watcher, hutch_watched *watched, uint64_t now);

/** The worker is asked now: remember how much processor time it has had, so that one which gets none
 *  is not killed for that. */
void hutch_deadline_note_asked(const hutch_watcher *watcher, hutch_watched *watched,
                               hutch_deadline *deadline, uint64_t now);

/** Ask a worker's run to stop, by the shared word, and wake it. Any thread, no mutex needed. */
void hutch_deadline_ask(hutch_shared *shared, uint32_t run);

#endif
