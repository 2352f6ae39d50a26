/**
 * @file failure.h
 * What HUTCH_FAILURE_TABLE says beyond the public texts.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_FAILURE_H
#define HUTCH_BASE_FAILURE_H

#include <hutch/event.h>

#include <stdbool.h>

/** Whether a context can run another program after this failure; false for a value not in the
 *  table. */
bool hutch_failure_keeps_context(hutch_failure failure);

/** Whether a worker may say that its run failed so; false for a value not in the table. */
bool hutch_failure_is_claimable(hutch_failure failure);

#endif
