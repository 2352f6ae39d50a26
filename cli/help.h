/**
 * @file help.h
 * The texts of --help.
 */
#ifndef HUTCH_CLI_HELP_H
#define HUTCH_CLI_HELP_H

#include "bytes.h"

#include <stddef.h>

/** `hutch --help` */
void cli_help_command(cli_bytes *out);
/** `hutch run --help` */
void cli_help_run(cli_bytes *out);
void cli_help_strip(cli_bytes *out);
void cli_help_check(cli_bytes *out);
void cli_help_doctor(cli_bytes *out);
void cli_help_completion(cli_bytes *out);

/** A command that `hutch help` explains. */
typedef struct cli_topic {
    const char *name;
    void (*help)(cli_bytes *out);
} cli_topic;

/** All of them, in the order of `hutch help`. */
const cli_topic *cli_topics(size_t *count);

#endif
