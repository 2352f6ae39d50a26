/**
 * @file tools.h
 * Tools as the guest sees them: global async functions. A call becomes a
 * TOOL_CALL event and a promise; an answer settles the promise the next time
 * the guest runs.
 *
 * A tool never throws: what is wrong with a call (its budget, an input that is
 * no JSON) rejects the promise. Only running out of memory ends the run.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_TOOLS_H
#define HUTCH_ISOLATE_TOOLS_H

#include "isolate/guest.h"

/** Define the next tool. @param name, bound  have been checked. @return false without memory */
bool hutch_tools_define(hutch_guest *guest, hutch_text name, hutch_text bound);

/** Answer a call with JSON. @param json  NUL-terminated at `length`; NULL: there was no memory for
 *  it. @param length  0: undefined */
void hutch_tools_resolve(hutch_guest *guest, hutch_call *call, const char *json, size_t length);

/** Answer a call with a failure. */
void hutch_tools_reject(hutch_guest *guest, hutch_call *call, const hutch_tool_failure *failure);

/** Settle the promise of the oldest answer, which can run code of the guest's. @return false: there
 *  was none */
bool hutch_tools_settle_one(hutch_guest *guest);

#endif
