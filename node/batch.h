/**
 * @file batch.h
 * Events on their way up. A batch is a sequence of records in the header, and
 * one string with all their texts, one after the other, so that any number of
 * events costs one native call and one string.
 *
 * Records, in words; lengths are in UTF-16 units:
 *
 *     TOOL_CALL  type, call id, tool, length of the input, or HUTCH_PIECES_LENGTH
 *     LOG        type, level, length of the text
 *     DONE       type, length of the result (0: undefined), or HUTCH_PIECES_LENGTH
 *     FAILED     type, failure, usable, line, column, lengths of name, message, stack, code
 *     WAITING    type
 *
 * Threads: the environment's own.
 */
#ifndef HUTCH_NODE_BATCH_H
#define HUTCH_NODE_BATCH_H

#include "addon.h"

/**
 * Collect the events that a context has now, and those that come while the
 * environment's thread may look (see batch.c), into header and string.
 *
 * @return the string, or NULL with an exception pending
 */
napi_value hutch_batch_read(const hutch_native_call *call, hutch_context *context, uint32_t number);

/** As hutch_batch_read(), without looking for what is not there yet: after a batch that ended with
 *  HUTCH_MORE_LATER, so that the worker is told to ring. */
napi_value hutch_batch_listen(const hutch_native_call *call, hutch_context *context,
                              uint32_t number);

#endif
