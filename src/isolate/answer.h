/**
 * @file answer.h
 * Answers to tool calls, beyond hutch_isolate_reply() and hutch_isolate_reject().
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_ANSWER_H
#define HUTCH_ISOLATE_ANSWER_H

#include <hutch/isolate.h>

/**
 * As hutch_isolate_reply(), without a copy.
 *
 * @param payload  JSON, from hutch_isolate_payload_new() with this length; taken, whatever the call
 *                 returns. NULL with a length above 0: there was no room for it, the run ends with
 *                 MemoryLimitError (or, beyond maxToolResultSize, the call fails)
 * @param length   0 means undefined
 */
hutch_status hutch_isolate_reply_payload(hutch_isolate *isolate, uint32_t call_id, char *payload,
                                         size_t length, hutch_error *error);

#endif
