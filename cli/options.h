/**
 * @file options.h
 * The options of `hutch run`. One table drives the parser, the help and the
 * tests; ranges, defaults and names of what an isolate is made with come from
 * hutch/limits.h and hutch/isolate.h.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_OPTIONS_H
#define HUTCH_CLI_OPTIONS_H

#include "bytes.h"

#include <hutch/hutch.h>

/** Tool commands that run at the same time: the range and the default of --jobs. */
#define CLI_JOBS_MIN 1
#define CLI_JOBS_MAX 1024
#define CLI_JOBS_DEFAULT 16

/** Output of tool commands, in bytes, while they run: the range and the default of --max-tool-output. */
#define CLI_OUTPUTS_MIN ((uint64_t)1)
#define CLI_OUTPUTS_MAX ((uint64_t)1024 * 1024 * 1024 * 1024)
#define CLI_OUTPUTS_DEFAULT ((uint64_t)256 * 1024 * 1024)

/** A tool that is a command. */
typedef struct cli_tool {
    hutch_text name;
    const char *command; /**< for /bin/sh -c */
} cli_tool;

/** What a command line said. Texts are borrowed from it. */
typedef struct cli_arguments {
    hutch_isolate_options isolate; /**< but `typescript` */
    cli_tool *tools;               /**< owned */
    size_t tool_count;
    uint64_t jobs;
    uint64_t outputs; /**< bytes */
    const char *file; /**< "-": standard input; NULL only with `help` */
    bool json;
    bool quiet;
    bool javascript;
    bool help;
} cli_arguments;

/** What an option takes. */
typedef enum cli_option_kind {
    CLI_OPTION_FLAG,
    CLI_OPTION_DURATION,
    CLI_OPTION_SIZE,
    CLI_OPTION_COUNT,
    CLI_OPTION_TOOL,
    CLI_OPTION_CHOICE,
} cli_option_kind;

/** One row of the table. */
typedef struct cli_option {
    const char *name; /**< without the dashes */
    char letter;      /**< 0: none */
    cli_option_kind kind;
    size_t offset;     /**< of its member in cli_arguments; flags are bool, numbers uint64_t */
    const char *value; /**< what the help calls its value; NULL for flags */
    const char *help;  /**< the default is added where there is one */
} cli_option;

/** What a value may be. */
typedef struct cli_range {
    uint64_t standard;
    uint64_t minimum;
    uint64_t maximum;
} cli_range;

const cli_option *cli_options(size_t *count);

/** The words that an option takes, in the order of their numbers, each after a '|'; "": it takes others. */
const char *cli_option_names(const cli_option *option);

/** The range of an option that takes a number. */
cli_range cli_option_range(const cli_option *option);

/** A limit that the library has named. */
typedef struct cli_limit {
    bool is_known;
    const cli_option *option; /**< that changes it; NULL: none does */
} cli_limit;

/** The limit that the library calls `name` ("memoryLimit"). */
cli_limit cli_limit_of_name(const char *name, size_t length);

/** The first limit that a message names. Ordinary words are none, even where one is called so. */
cli_limit cli_limit_in_message(const char *message, size_t length);

/** A value of the option as a person would write it. */
void cli_option_format(const cli_option *option, uint64_t value, char text[32]);

/**
 * Read the command line after `run`.
 *
 * @param arguments  [out] freed with cli_arguments_free() in any case
 * @param error      [out] one line that says what was wrong and what was expected
 */
bool cli_arguments_parse(int count, char **texts, cli_arguments *arguments, cli_bytes *error);
void cli_arguments_free(cli_arguments *arguments);

/** The known word that `wrong` was probably meant to be; NULL when none is near. */
const char *cli_nearest(const char *wrong, const char *const *known, size_t count);

#endif
