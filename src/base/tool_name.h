/**
 * @file tool_name.h
 * Which names a tool may have. Decided once, for the isolate and for the pool:
 * an ASCII ECMAScript identifier, at most HUTCH_TOOL_NAME_MAX bytes, no
 * reserved word, no name that the global object of a fresh isolate already
 * has.
 */
#ifndef HUTCH_BASE_TOOL_NAME_H
#define HUTCH_BASE_TOOL_NAME_H

#include <hutch/error.h>

#include <stddef.h>

/** HUTCH_OK, or HUTCH_INVALID_ARGUMENT with a message that names the tool and what is wrong. */
hutch_status hutch_tool_name_check(const char *name, size_t length, hutch_error *error);

/** The taken global names, sorted; a test holds them against the engine's real global object.
 *  @param count  [out] */
const char *const *hutch_tool_name_globals(size_t *count);

#endif
