/**
 * @file frame.h
 * Where in the program an error happened: the place, the line, a mark below
 * the column, and the calls that led there.
 */
#ifndef HUTCH_CLI_FRAME_H
#define HUTCH_CLI_FRAME_H

#include "program.h"

#include <stdint.h>

/** @param column  1-based, in UTF-16 units; 0: unknown */
void cli_frame_append(cli_bytes *out, const cli_program *program, uint32_t line, uint32_t column);

/** The frames of a stack, under the program's own name. A single one says no more than the place
 *  above it and is left out. */
void cli_frame_append_stack(cli_bytes *out, const cli_program *program, const char *stack,
                            size_t length);

#endif
