/**
 * @file program.h
 * The program to run: its text and its name.
 */
#ifndef HUTCH_CLI_PROGRAM_H
#define HUTCH_CLI_PROGRAM_H

#include "bytes.h"

#include <stdbool.h>

typedef struct cli_program {
    const char *name; /**< for messages; borrowed or static */
    cli_bytes code;   /**< owned */
    bool is_script;   /**< its first line was one for the system's loader, and is a comment now */
} cli_program;

/**
 * Read a program. A first line that begins with `#!` becomes a comment.
 *
 * @param file   "-": standard input
 * @param most   bytes to read; one more tells the library that the program is too long
 * @param error  [out] one line: what could not be read and why
 */
bool cli_program_read(const char *file, size_t most, cli_program *program, cli_bytes *error);
void cli_program_free(cli_program *program);

#endif
