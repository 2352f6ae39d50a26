/**
 * @file text.h
 * Text that a program or a tool wrote, made safe to print: what a terminal or
 * a reader could take for something else (control characters, escape
 * sequences, marks that turn the direction of writing) is written out.
 */
#ifndef HUTCH_CLI_TEXT_H
#define HUTCH_CLI_TEXT_H

#include "bytes.h"

#include <stdbool.h>

/** Append text with `\x1b` for escape and so on; line feeds and tabs stay. Bytes that are no UTF-8
 *  are written out as well. */
void cli_text_append_safe(cli_bytes *out, const char *text, size_t length);

/** The same in one line: line feeds and tabs are written out too, as in a name that is quoted. */
void cli_text_append_line(cli_bytes *out, const char *text, size_t length);

/** Append a JSON text, such characters in its strings as `\u001b`: the same value. */
void cli_text_append_json(cli_bytes *out, const char *json, size_t length);

/** Append text as a JSON string. */
void cli_text_append_json_string(cli_bytes *out, const char *text, size_t length);

/** The part without white space around it. @return its length; *text moves to its beginning */
size_t cli_text_trim(const char **text, size_t length);

#endif
