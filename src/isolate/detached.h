/**
 * @file detached.h
 * Tool calls that nobody awaits: what becomes of a run whose program has ended,
 * with a value, while calls of it are open. See HUTCH_DETACHED_TABLE.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_DETACHED_H
#define HUTCH_ISOLATE_DETACHED_H

#include "isolate/guest.h"

/** The value of the program has been taken. Where the run waits for its calls, its deadline is set, and it
 *  is said that the value does not change any more. */
void hutch_detached_begin(hutch_guest *guest);

/** Nothing is left to run, and calls are open. @return whether the run waits for them; otherwise it is to
 *  be finished, or has failed */
bool hutch_detached_rest(hutch_guest *guest);

/** The waiting has come to an end by what halted the guest: the run ends with its value, and says which
 *  calls were open. */
void hutch_detached_end(hutch_guest *guest);

/** Whether the run waits for calls that nobody awaits. */
bool hutch_detached_is_waiting(const hutch_guest *guest);

#endif
