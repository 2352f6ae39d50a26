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
#include <stdint.h>

/** U+FFFD REPLACEMENT CHARACTER. */
#define HUTCH_UTF8_REPLACEMENT "\xEF\xBF\xBD"
/** Bytes by which repairing can multiply a text: each byte may become one U+FFFD. */
#define HUTCH_UTF8_REPAIR_GROWTH 3

/** One character of a text. */
typedef struct hutch_character {
    uint32_t point; /**< of invalid bytes U+FFFD; of a surrogate in three bytes, itself */
    uint32_t bytes; /**< 1 to 4 */
    bool is_valid;
} hutch_character;

/** The character at the beginning of a text that is not empty; of what is invalid, the sequence that
 *  hutch_utf8_repair() makes one U+FFFD of. */
hutch_character hutch_utf8_next(const char *text, size_t length);

/** UTF-16 units of a character. */
static inline unsigned hutch_utf8_units_of(uint32_t point) {
    return point >= 0x10000 ? 2 : 1;
}

/** Whether the text is well-formed: no stray, overlong or surrogate sequences, none beyond
 *  U+10FFFF. */
bool hutch_utf8_is_valid(const char *text, size_t length);

/** A text that comes in pieces. All zero at its beginning. */
typedef struct hutch_utf8_walk {
    unsigned char bytes[4]; /**< of a character that is not whole yet */
    unsigned char count;    /**< how many of them are there */
} hutch_utf8_walk;

/** Go on with the next bytes, cut anywhere. @return false where the text is not well-formed, or
 *  cannot become so with any bytes after these; it is of no use to go on then */
bool hutch_utf8_walk_on(hutch_utf8_walk *walk, const char *text, size_t length);

/** Whether the text may end here: not inside a character. */
bool hutch_utf8_walk_is_whole(const hutch_utf8_walk *walk);

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

/** UTF-16 units of a valid text, in which surrogates may stand as three bytes; the sum over its pieces,
 *  wherever they are cut. Of other bytes: some number, at most twice `length`. */
size_t hutch_utf8_utf16_units(const char *text, size_t length);

/**
 * Length of the longest prefix of at most `most` bytes that does not end inside
 * a character. The prefix of a valid text is valid; in other bytes only a
 * sequence which goes on beyond the cut is taken away.
 */
size_t hutch_utf8_cut(const char *text, size_t length, size_t most);

/** Bytes of the longest prefix of at most `units` UTF-16 units; no character is cut. */
size_t hutch_utf8_prefix(const char *text, size_t length, size_t units);

#endif
