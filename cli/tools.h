/**
 * @file tools.h
 * The tool calls of a run: commands that run, up to --jobs of them at a time,
 * and calls that wait for their turn.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_TOOLS_H
#define HUTCH_CLI_TOOLS_H

#include "options.h"

#include <hutch/hutch.h>

#include <poll.h>

/** The calls of one run; owned by whoever made it. */
typedef struct cli_tools cli_tools;

/** @param context  borrowed: gets the answers */
cli_tools *cli_tools_new(const cli_arguments *arguments, hutch_context *context);

/** Kill every command that still runs. NULL is nothing. */
void cli_tools_free(cli_tools *tools);

/** Begin a call. Nothing of it is borrowed. */
void cli_tools_call(cli_tools *tools, const hutch_tool_call *call);

/** How many descriptors there are to wait for. */
size_t cli_tools_poll_count(const cli_tools *tools);
void cli_tools_wait_for(const cli_tools *tools, struct pollfd *polls);

/** Go on with what poll() found ready, and answer the calls that have ended. */
void cli_tools_step(cli_tools *tools, const struct pollfd *polls);

#endif
