/**
 * @file report.h
 * What the command prints about a run: console entries and errors on standard
 * error, the result on standard output, or all of it as one JSON object. Text
 * of the program is made safe first (text.h).
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_REPORT_H
#define HUTCH_CLI_REPORT_H

#include "exit_code.h"
#include "options.h"
#include "program.h"

#include <hutch/hutch.h>

typedef struct cli_report {
    const cli_arguments *arguments; /**< borrowed, as the next */
    const cli_program *program;
    bool color;
    cli_bytes logs; /**< with --json: the entries, a comma between two */
} cli_report;

void cli_report_init(cli_report *report, const cli_arguments *arguments,
                     const cli_program *program);
void cli_report_free(cli_report *report);

/** A console entry. */
void cli_report_log(cli_report *report, const hutch_log *log);

/** The end of the run. @return how the command is to end */
cli_exit cli_report_done(cli_report *report, const hutch_done *done, double ms);
cli_exit cli_report_failed(cli_report *report, const hutch_failed *failed, double ms);

/** How the command ends after this failure. */
cli_exit cli_exit_of_failure(hutch_failure failure);

/** A message of the command itself, one line: `hutch: text`. */
void cli_complain(const char *text);

/** As printf(), without the line feed: for messages that quote the command line, a file's name or the
 *  system. What a terminal would obey is written out, and what would begin a line of its own. */
void cli_complain_about(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The line after a complaint about the command line. @param command "check", say; NULL: `hutch` alone */
void cli_refer_to_help(const char *command);

/** Say that `what` could not be written, unless that is because nobody reads any more: who has closed a pipe
 *  knows. @param reason errno @return how the command ends */
cli_exit cli_complain_unwritten(const char *what, int reason);

#endif
