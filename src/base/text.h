/**
 * @file text.h
 * What characters look like: how many columns they take, and which of them a
 * terminal or a reader could take for something else.
 *
 * Threads: any; pure functions. `text` may be NULL where `length` is 0.
 */
#ifndef HUTCH_BASE_TEXT_H
#define HUTCH_BASE_TEXT_H

#include "base/utf8.h"

/** Columns of one character on a terminal, as Node.js counts them: 0 for control characters and
 *  marks, 2 for wide ones and emoji. */
unsigned hutch_text_columns_of(uint32_t point);

/** Columns of a text, of which invalid bytes are one a sequence. */
size_t hutch_text_columns(const char *text, size_t length);

/** Whether a character must not reach a terminal as it is: control characters, the line ends of
 *  Unicode, what turns the direction of writing, tags and other characters that nobody sees. */
bool hutch_text_is_unsafe(uint32_t point);

#endif
