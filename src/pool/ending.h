/**
 * @file ending.h
 * How a run ends with its result although its worker had to be killed: the program had returned, and what
 * was left of it did not stop in time. Its caller gets a warning, then DONE.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_ENDING_H
#define HUTCH_POOL_ENDING_H

#include "pool/state.h"

/** SETTLED has come: the run goes on for as long as calls that nobody awaits are waited for. */
void hutch_ending_expect(hutch_context *context);

/**
 * The run's worker is lost, and the failure that says why is due. If the result is known, and the run was
 * ended by a limit or its caller, the result is due in its stead. Before the worker is given up.
 */
void hutch_ending_keep(hutch_context *context);

/** Fill in the event that is due; the last one ends the run. @return false: none is due */
bool hutch_ending_take(hutch_context *context, hutch_event *event);

/** The texts of the last event are not needed any more. */
void hutch_ending_release(hutch_context *context);

#endif
