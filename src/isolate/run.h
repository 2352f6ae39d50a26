/**
 * @file run.h
 * One run, from the program to its end, as a machine that moves in steps.
 *
 *     BEGIN -> MAIN -> DRAIN -> FINISHED
 *        \       \        \
 *         `-------`--------`--> FAILED
 *
 * In DRAIN the program has settled: its value, if it has one, is taken. Jobs run that were there, and what
 * they call is told; then the run ends, or waits for calls (detached.h).
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_RUN_H
#define HUTCH_ISOLATE_RUN_H

#include "isolate/guest.h"

/** Begin a run with this program. What is wrong with it comes out of the first advance. */
void hutch_run_begin(hutch_guest *guest, const char *code, size_t length);

/** Move until there is an event to tell: one in `events`, the run's end, or that it waits. */
void hutch_run_advance(hutch_guest *guest);

#endif
