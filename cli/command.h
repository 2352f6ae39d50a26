/**
 * @file command.h
 * One run of a tool's command: a process group with /bin/sh at its head, the
 * input on its standard input, its two outputs read up to their caps.
 *
 * A command has ended when its shell has; what it left running in its process
 * group is killed then.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_COMMAND_H
#define HUTCH_CLI_COMMAND_H

#include "bytes.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Most bytes that a command may write to its standard output. */
#define CLI_TOOL_OUTPUT_MAX ((size_t)64 * 1024 * 1024)
/** Bytes of standard error that are kept: the last ones. */
#define CLI_TOOL_ERROR_MAX ((size_t)4096)
/** Reads of standard error after the end, so that a process which left the group cannot hold us. */
#define CLI_TOOL_LAST_READS 32
/** Descriptors that a command makes us wait for. */
#define CLI_COMMAND_POLLS 4

typedef struct cli_command {
    pid_t pid;   /**< also of its process group; 0: none is running */
    int process; /**< pidfd */
    int input;   /**< -1 when closed, as the next two */
    int output;
    int errors;
    cli_bytes input_text;
    size_t input_done; /**< bytes of it that are written */
    cli_bytes output_text;
    cli_bytes error_text;
    bool overflowed; /**< it wrote more than CLI_TOOL_OUTPUT_MAX and was killed */
} cli_command;

/** A command that has not started. */
#define CLI_COMMAND_NONE                                                                           \
    (cli_command) {                                                                                \
        .process = -1, .input = -1, .output = -1, .errors = -1                                     \
    }

/** How a command ended. */
typedef struct cli_command_end {
    int status; /**< of waitpid() */
    bool overflowed;
    const char *output; /**< borrowed from the command, as `errors` */
    size_t output_length;
    const char *errors;
    size_t error_length;
} cli_command_end;

/**
 * Start a command.
 *
 * @param input  taken, and empty afterwards, when the command has started
 * @return false when the system refused; errno is set
 */
bool cli_command_start(cli_command *command, const char *text, cli_bytes *input);

/**
 * Fill in what to wait for: CLI_COMMAND_POLLS entries.
 *
 * @param reads  false: its output stays in its pipe for now, and the command waits when that is full
 */
void cli_command_wait_for(const cli_command *command, bool reads, struct pollfd *polls);

/**
 * Do what can be done without waiting.
 *
 * @param end  [out] filled in when the command has ended
 * @return whether it has; cli_command_free() is due then
 */
bool cli_command_step(cli_command *command, const struct pollfd *polls, cli_command_end *end);

/** Kill whatever still runs, and free. */
void cli_command_free(cli_command *command);

#endif
