/**
 * @file tool.h
 * A tool, as isolates and contexts take it.
 */
#ifndef HUTCH_TOOL_H
#define HUTCH_TOOL_H

#include <hutch/api.h>
#include <hutch/event.h>
#include <hutch/init.h>

HUTCH_BEGIN_API

/** What a guest may call: a global async function, which makes a TOOL_CALL event. */
typedef struct hutch_tool {
    size_t size;     /**< sizeof(hutch_tool) */
    hutch_text name; /**< an ECMAScript identifier of 1 to HUTCH_TOOL_NAME_MAX bytes */
} hutch_tool;

#define HUTCH_TOOL_INIT HUTCH_INIT(hutch_tool)

/** The initializer of a tool whose name is a string literal, for arrays too. */
#define HUTCH_TOOL(literal)                                                                        \
    {                                                                                              \
        sizeof(hutch_tool), {                                                                      \
            literal, sizeof literal - 1                                                            \
        }                                                                                          \
    }

/** A tool of this name. @param name  borrowed for as long as the tool is used. Threads: any. */
static inline hutch_tool hutch_tool_named(const char *name, size_t length) {
    hutch_tool tool = HUTCH_TOOL_INIT;
    tool.name.data = name;
    tool.name.length = length;
    return tool;
}

HUTCH_END_API

#endif
