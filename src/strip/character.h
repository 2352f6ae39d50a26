/**
 * @file character.h
 * Characters and runs of them that the lexer meets off its fast path.
 *
 * The functions read at most STRIP_PADDING bytes after a position inside the
 * text, and rely on its padding being zero.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_STRIP_CHARACTER_H
#define HUTCH_STRIP_CHARACTER_H

#include "strip/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of a space or line break beyond ASCII (U+00A0, U+2028, the byte order mark, …); 0: none. */
size_t strip_wide_space_size(const unsigned char *at, bool *is_break);

/** Bytes of a character beyond ASCII that may be in a name; 0: a space, or no UTF-8. Which letters
 *  may really be there is left to the engine. */
size_t strip_wide_word_size(const unsigned char *at);

/** Bytes of `\uXXXX` or `\u{X…}`; 0: something else. */
size_t strip_escape_size(const unsigned char *at);

/** The line break, or `end`, that ends the line. */
unsigned char *strip_line_comment_end(unsigned char *at, unsigned char *end);

/** After the next `*` `/`, or NULL. */
unsigned char *strip_block_comment_end(unsigned char *at, unsigned char *end);

/** Whether a line break is anywhere in the range. */
bool strip_has_break(const unsigned char *from, const unsigned char *to);

#endif
