/**
 * @file failure.h
 * The end of a run that failed: the report is written, what is left of the run
 * is thrown away, and the guest is gone where the failure says so.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_FAILURE_H
#define HUTCH_ISOLATE_FAILURE_H

#include "base/detached_text.h"
#include "isolate/guest.h"

/** A failure that needs no more words than its limit: not GUEST, SYNTAX or LIMIT. */
void hutch_fail(hutch_guest *guest, hutch_failure failure);

/** The guest, or the compiler, threw. Memory and stack may turn out to be the reason, or that the
 *  guest was halted while the report was made. @param otherwise  the failure if not */
void hutch_fail_thrown(hutch_guest *guest, JSValueConst thrown, hutch_failure otherwise);

/** What was thrown while the result was turned into JSON. */
void hutch_fail_result(hutch_guest *guest, JSValueConst thrown);

/** The JSON of the result must not cross. @param verdict  not SOUND */
void hutch_fail_crossing(hutch_guest *guest, hutch_json_verdict verdict);

/** End the run because calls are open that nobody awaits. */
void hutch_fail_detached(hutch_guest *guest, const hutch_detached_calls *open);

/** Something is larger than a limit. */
void hutch_fail_limit(hutch_guest *guest, const char *what, size_t size, const char *option,
                      uint64_t limit);

#endif
