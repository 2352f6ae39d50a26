/**
 * @file reasons.h
 * What is behind the failure of a tool; see hutch_tool_failure.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_REASONS_H
#define HUTCH_BASE_REASONS_H

#include <hutch/error.h>
#include <hutch/event.h>

/**
 * Whether a host's reasons are JSON.
 *
 * @param reasons  empty: there are none
 * @param error    [out, optional]
 * @return HUTCH_OK or HUTCH_INVALID_ARGUMENT
 */
hutch_status hutch_reasons_check(hutch_text reasons, hutch_error *error);

#endif
