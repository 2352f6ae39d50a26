/**
 * @file program.h
 * The program to run: its text and its name.
 */
#ifndef HUTCH_CLI_PROGRAM_H
#define HUTCH_CLI_PROGRAM_H

#include "bytes.h"

#include <stdbool.h>

/** Longest that is read, in bytes: the most that any limit of a program may be. What is longer than its own
 *  limit is read as well, so that the error can say how long it is. */
#define CLI_PROGRAM_MOST ((size_t)256 * 1024 * 1024)

typedef struct cli_program {
    const char *name; /**< for messages; borrowed or static */
    cli_bytes code;   /**< owned */
    bool is_script;   /**< its first line was one for the system's loader, and is a comment now */
    size_t script_at; /**< where that began: after a byte order mark, if there is one */
} cli_program;

/**
 * Read a program. A first line that begins with `#!` becomes a comment.
 *
 * @param file     "-": standard input
 * @param program  [out] of CLI_PROGRAM_MOST bytes and one more where it is longer
 * @param error    [out] one line: what could not be read and why
 */
bool cli_program_read(const char *file, cli_program *program, cli_bytes *error);
void cli_program_free(cli_program *program);

#endif
