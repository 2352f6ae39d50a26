/**
 * @file failure.h
 * FAILED events that the pool makes itself: the worker is lost, or was never
 * asked.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_FAILURE_H
#define HUTCH_POOL_FAILURE_H

#include "pool/state.h"

/** The run fails; the event is due at the next hutch_failure_take(). @param format as printf() */
void hutch_failure_set(hutch_context *context, hutch_failure failure, bool usable,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

/** The code of a run whose time is over, whoever ended it: the option, as for all limits. */
#define HUTCH_TIMEOUT_CODE "timeout"

/** The words for a run whose time is over, whoever ended it; they live until the next one. */
hutch_text hutch_failure_timeout_text(hutch_context *context);

/** The run fails because its worker is lost: say how. */
void hutch_failure_set_lost(hutch_context *context);

/** Fill in the event that is due; the run is over. @return false: none is due */
bool hutch_failure_take(hutch_context *context, hutch_event *event);

#endif
