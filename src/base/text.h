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

/* Characters that must not reach a terminal as they are: X(first, last, what they are). They are what Unicode
 * calls a control character, a line or paragraph separator, a control of the direction or ignorable by
 * default, but for the selectors of variants, which say how the character before them looks; and the marks of
 * annotations. tests/js/terminal.test.js compares. The JavaScript package has the table too; see
 * node/print_tables.c. */
#define HUTCH_TEXT_UNSAFE_TABLE(X)                                                                 \
    X(0x0, 0x1F, "control characters")                                                             \
    X(0x7F, 0x9F, "control characters")                                                            \
    X(0xAD, 0xAD, "nothing to see: a soft hyphen")                                                 \
    X(0x34F, 0x34F, "nothing to see: a joiner of graphemes")                                       \
    X(0x61C, 0x61C, "turns the direction of writing")                                              \
    X(0x115F, 0x1160, "nothing to see: letters that fill")                                         \
    X(0x17B4, 0x17B5, "nothing to see: vowels")                                                    \
    X(0x180E, 0x180E, "nothing to see: a separator of vowels")                                     \
    X(0x200B, 0x200F, "nothing to see, or turns the direction of writing")                         \
    X(0x2028, 0x202E, "line ends of Unicode, or turns the direction of writing")                   \
    X(0x2060, 0x206F, "nothing to see, or turns the direction of writing")                         \
    X(0x3164, 0x3164, "nothing to see: a letter that fills")                                       \
    X(0xFEFF, 0xFEFF, "nothing to see: a byte order mark")                                         \
    X(0xFFA0, 0xFFA0, "nothing to see: a letter that fills")                                       \
    X(0xFFF0, 0xFFFB, "nothing to see, or hides what is between two of them")                      \
    X(0x1BCA0, 0x1BCA3, "nothing to see: controls of shorthand")                                   \
    X(0x1D173, 0x1D17A, "nothing to see: controls of music")                                       \
    X(0xE0000, 0xE00FF, "nothing to see: tags")                                                    \
    X(0xE01F0, 0xE0FFF, "nothing to see: not assigned yet")

/** Whether a character must not reach a terminal as it is; see HUTCH_TEXT_UNSAFE_TABLE. */
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
