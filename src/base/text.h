/**
 * @file text.h
 * What characters look like: how many columns they take, and which of them a
 * terminal or a reader could take for something else; and whether two texts are the same.
 *
 * Threads: any; pure functions. `text` may be NULL where `length` is 0.
 */
#ifndef HUTCH_BASE_TEXT_H
#define HUTCH_BASE_TEXT_H

#include "base/utf8.h"

#include <hutch/event.h>

/** Columns of one character on a terminal, as Node.js counts them: 0 for control characters and
 *  marks, 2 for wide ones and emoji. */
unsigned hutch_text_columns_of(uint32_t point);

/** Columns of a text, of which invalid bytes are one a sequence. */
size_t hutch_text_columns(const char *text, size_t length);

/** Whether a character must not reach a terminal as it is: control characters, the line ends of
 *  Unicode, what turns the direction of writing, tags and other characters that nobody sees. */
bool hutch_text_is_unsafe(uint32_t point);

/**
 * Copy a text; each invalid sequence, and each character that must not reach a terminal, becomes one
 * U+FFFD.
 *
 * @param out  [out] room for `length` * HUTCH_UTF8_REPAIR_GROWTH bytes; does not overlap `text`
 * @return bytes written
 */
size_t hutch_text_make_safe(const char *text, size_t length, char *out);

/** Whether two texts have the same bytes. */
bool hutch_text_equals(hutch_text a, hutch_text b);

#endif
