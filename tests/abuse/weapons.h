/**
 * @file weapons.h
 * The tools that the attacks may call, and their hostile answers.
 */
#ifndef HUTCH_TESTS_WEAPONS_H
#define HUTCH_TESTS_WEAPONS_H

#include <hutch/context.h>

/** Names in the order of the tools' indices. */
extern const hutch_tool weapons_tools[];
extern const size_t weapons_tool_count;

/** Answer a TOOL_CALL event the way its tool does. */
hutch_status weapons_answer(hutch_context *context, const hutch_tool_call *call);

#endif
