/**
 * @file reasons.h
 * What is behind the failure of a tool, made of JSON for the guest; see hutch_tool_failure.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_REASONS_H
#define HUTCH_ISOLATE_REASONS_H

#include "isolate/guest.h"

/**
 * Give an error its `cause` and `errors`, as far as there are any.
 *
 * @param reasons  JSON; what is not as it should be is left out
 * @return false without memory
 */
bool hutch_reasons_define(hutch_guest *guest, JSValueConst error, hutch_text reasons);

#endif
