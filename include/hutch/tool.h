/**
 * @file tool.h
 * A tool, as isolates and contexts take it.
 */
#ifndef HUTCH_TOOL_H
#define HUTCH_TOOL_H

#include <hutch/api.h>
#include <hutch/error.h>
#include <hutch/event.h>
#include <hutch/init.h>

HUTCH_BEGIN_API

/** Longest name of a tool, in bytes of UTF-8. */
#define HUTCH_TOOL_NAME_MAX 256
/** Longest identifier that a tool is bound to, in bytes. */
#define HUTCH_TOOL_BOUND_MAX (HUTCH_TOOL_NAME_MAX + 8)

/** What a guest may call: a global async function, which makes a TOOL_CALL event. */
typedef struct hutch_tool {
    size_t size; /**< sizeof(hutch_tool) */
    /** As the host calls it, for instance an MCP server: 1 to HUTCH_TOOL_NAME_MAX bytes of UTF-8, no NUL,
     *  no global of ECMAScript. */
    hutch_text name;
    /** The identifier that programs call it by, at most HUTCH_TOOL_BOUND_MAX bytes; empty:
     *  hutch_tool_bind() of the name. */
    hutch_text bound;
} hutch_tool;

#define HUTCH_TOOL_INIT HUTCH_INIT(hutch_tool)

/** The initializer of a tool whose name is a string literal, for arrays too. */
#define HUTCH_TOOL(literal)                                                                        \
    {                                                                                              \
        sizeof(hutch_tool), {literal, sizeof literal - 1}, {                                       \
            NULL, 0                                                                                \
        }                                                                                          \
    }

/** A tool of this name. @param name  borrowed for as long as the tool is used. Threads: any. */
static inline hutch_tool hutch_tool_named(const char *name, size_t length) {
    hutch_tool tool = HUTCH_TOOL_INIT;
    tool.name.data = name;
    tool.name.length = length;
    return tool;
}

/** An identifier of a tool. */
typedef struct hutch_tool_bound {
    size_t length;                       /**< 0 where the name was refused */
    char data[HUTCH_TOOL_BOUND_MAX + 1]; /**< NUL-terminated */
} hutch_tool_bound;

/**
 * The identifier that a tool of this name is bound to, by the rule that is usual for tools of MCP
 * servers: `-`, `.` and white space become `_`, all other characters that no ASCII identifier has are
 * left out, nothing left becomes `_`; before a digit at the beginning comes a `_`, and after a
 * reserved word, or what has become the name of a global, another. A name that is an identifier
 * is bound as it is.
 *
 * @param name   not NULL where `length` is not 0; borrowed
 * @param bound  [out]
 * @param error  [out] may be NULL
 * @return HUTCH_OK, or HUTCH_INVALID_ARGUMENT (an empty name, one that is too long, has a NUL or is not
 *   UTF-8, or that a global of ECMAScript has)
 *
 * Threads: any.
 */
hutch_status hutch_tool_bind(const char *name, size_t length, hutch_tool_bound *bound,
                             hutch_error *error);

HUTCH_END_API

#endif
