/**
 * @file help.h
 * The texts of --help.
 */
#ifndef HUTCH_CLI_HELP_H
#define HUTCH_CLI_HELP_H

#include "bytes.h"

/** `hutch --help` */
void cli_help_command(cli_bytes *out);
/** `hutch run --help` */
void cli_help_run(cli_bytes *out);
void cli_help_strip(cli_bytes *out);
void cli_help_check(cli_bytes *out);
void cli_help_doctor(cli_bytes *out);

#endif
