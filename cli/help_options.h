/**
 * @file help_options.h
 * The options and commands of a help text, for those who write them in another form: completions and the
 * man page. What is told of an option is told once, in its help.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_HELP_OPTIONS_H
#define HUTCH_CLI_HELP_OPTIONS_H

#include "bytes.h"

#include <stdbool.h>

/** One option, or one command, of a help text. */
typedef struct cli_help_option {
    char letter;     /**< 0: none; as of every command */
    cli_bytes name;  /**< without dashes; owned, ends with NUL, as the next two */
    cli_bytes value; /**< "DURATION"; empty: it takes none */
    cli_bytes text;  /**< one line */
} cli_help_option;

/**
 * Read what stands next in a help text.
 *
 * @param at      [in, out] where to look, in a text that ends with NUL; after it when something was found
 * @param option  [out] freed with cli_help_option_free(), found or not
 */
bool cli_help_option_next(const char **at, cli_help_option *option);

/** The same for the lines of `hutch help` that name a command. */
bool cli_help_command_next(const char **at, cli_help_option *command);

void cli_help_option_free(cli_help_option *option);

#endif
