/**
 * @file utf8.h
 * UTF-8 text of unknown origin: is it valid, make it valid, measure it, cut it.
 * Runs of ASCII, which most text is, are walked a machine word at a time.
 *
 * Threads: any; pure functions. `text` may be NULL where `length` is 0.
 */
#ifndef HUTCH_BASE_UTF8_H
#define HUTCH_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/** U+FFFD REPLACEMENT CHARACTER. */
#define HUTCH_UTF8_REPLACEMENT "\xEF\xBF\xBD"
/** Bytes by which repairing can multiply a text: each byte may become one U+FFFD. */
#define HUTCH_UTF8_REPAIR_GROWTH 3

/** Whether the text is well-formed: no stray, overlong or surrogate sequences, none beyond
 *  U+10FFFF. */
bool hutch_utf8_is_valid(const char *text, size_t length);

/** Bytes that hutch_utf8_repair() will write; `length` exactly when the text is valid. The
 *  result cannot overflow for a text that exists, unless it is longer than SIZE_MAX / 3. */
size_t hutch_utf8_repaired_length(const char *text, size_t length);

/**
 * Copy a text; each maximal invalid sequence becomes one U+FFFD. A surrogate
 * that is encoded as three bytes, as engines write a lone one, is one sequence.
 *
 * @param out  [out] room for hutch_utf8_repaired_length(), which is never above
 *             `length` * HUTCH_UTF8_REPAIR_GROWTH; does not overlap `text`
 * @return bytes written
 */
size_t hutch_utf8_repair(const char *text, size_t length, char *out);

/** UTF-16 units of a valid text. Of other bytes: some number, at most twice `length`. */
size_t hutch_utf8_utf16_units(const char *text, size_t length);

/**
 * Length of the longest prefix of at most `most` bytes that does not end inside
 * a character. The prefix of a valid text is valid; in other bytes only a
 * sequence which goes on beyond the cut is taken away.
 */
size_t hutch_utf8_cut(const char *text, size_t length, size_t most);

#endif
