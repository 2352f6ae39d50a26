/**
 * @file tool_name.h
 * Which names a tool may have, and which identifier each is bound to (the rule
 * is that of hutch/tool.h). Decided once, for the isolate and for the pool.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_BASE_TOOL_NAME_H
#define HUTCH_BASE_TOOL_NAME_H

#include <hutch/error.h>
#include <hutch/tool.h>

#include <stddef.h>

/** Most bytes by which the rule makes a name longer. */
#define HUTCH_TOOL_BIND_GROWTH 2

/** What a tool is bound to: its own `bound`, or by the rule.
 *
 * @param bound  [out]
 * @return HUTCH_OK, or HUTCH_INVALID_ARGUMENT with a message that names the tool and what is wrong */
hutch_status hutch_tool_name_settle(const hutch_tool *tool, hutch_tool_bound *bound,
                                    hutch_error *error);

/** Whether a tool may be bound to this. Returns as hutch_tool_name_settle(). */
hutch_status hutch_tool_bound_check(const char *bound, size_t length, hutch_error *error);

/** Bytes of the identifier that a text begins with; 0 where it begins with none. */
size_t hutch_tool_name_word(const char *name, size_t length);

/** The global names of a fresh realm, sorted; a test holds them against the engine's real global
 *  object. @param count  [out] */
const char *const *hutch_tool_name_globals(size_t *count);

/** Those of them whose place a tool may take, sorted. @param count  [out] */
const char *const *hutch_tool_name_web_globals(size_t *count);

#endif
