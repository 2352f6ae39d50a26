/**
 * @file usage.h
 * What running workers use, watched from outside: an engine that is broken keeps
 * neither its memory limit nor the limit on its processor time.
 *
 * While runs are in progress, the watcher asks the kernel about each worker that
 * has one, every HUTCH_USAGE_LOOK_MS or, before its processor time is over, sooner.
 * Runs that are over by then cost nothing; and when there have been none for a
 * while, the watcher sleeps.
 *
 * The limit on processor time counts all that the worker uses from the start of its
 * run on. The worker itself judges that first, whenever its engine looks up; what it
 * has used beyond the limit and the pool's grace is for the watcher, who kills.
 *
 * Threads: with the watcher's mutex, unless a function says otherwise.
 */
#ifndef HUTCH_POOL_USAGE_H
#define HUTCH_POOL_USAGE_H

#include "pool/watcher.h"

#include <hutch/limits.h>
#include <hutch/pool.h>

/** Longest time between two looks at a worker that has a run. */
#define HUTCH_USAGE_LOOK_MS 50

/**
 * A worker's run begins: from now on the watcher looks.
 *
 * @param is_ready  it has said READY. One that has not may still have the memory of the guest
 *                  before, and uses processor time to give it back
 * @param now       hutch_clock_now()
 */
void hutch_usage_begin(hutch_watcher *watcher, hutch_watched *watched, const hutch_limits *limits,
                       bool is_ready, uint64_t now);

/** READY has come in the middle of the run: nothing but its own counts from now on. Pool's thread,
 *  without the mutex. */
void hutch_usage_settle(hutch_watcher *watcher, hutch_watched *watched);

/** The run is over, or the worker lost. */
void hutch_usage_end(hutch_watched *watched);

/** Do what is due. Gives the mutex up while it asks the kernel. The watcher's thread. */
void hutch_usage_pass(hutch_watcher *watcher, uint64_t now);

/** Whether the kernel tells of a process what has to be known. Any thread, no mutex needed. */
bool hutch_usage_can_watch(int64_t pid);

#endif
