/*
 * UTF-8 text of unknown origin; see utf8.h. Owns nothing.
 *
 * Invariant: next_sequence() always moves on by at least one byte and never
 * beyond the end, whatever the bytes are.
 *
 * Threads: any.
 */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define LOW_BITS UINT64_C(0x0101010101010101)

static uint64_t load_word(const unsigned char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Bytes of the run of ASCII at the beginning. */
static size_t ascii_run(const unsigned char *at, size_t length) {
    size_t run = 0;
    while (length - run >= sizeof(uint64_t) && (load_word(at + run) & HIGH_BITS) == 0) {
        run += sizeof(uint64_t);
    }
    while (run < length && at[run] < 0x80) {
        run++;
    }
    return run;
}

static bool is_continuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Bytes that a sequence with this first byte has; 0 for a byte that cannot be first. */
static size_t sequence_length(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2) {
        return 0; /* a continuation, or the overlong C0 and C1 */
    }
    if (first < 0xE0) {
        return 2;
    }
    if (first < 0xF0) {
        return 3;
    }
    return first < 0xF5 ? 4 : 0;
}

/* The second byte decides about overlong forms, surrogates and what is beyond U+10FFFF. */
static bool is_second_byte(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return is_continuation(second);
    }
}

static bool is_surrogate(const unsigned char *at, size_t length) {
    return length >= 3 && at[0] == 0xED && at[1] >= 0xA0 && at[1] <= 0xBF && is_continuation(at[2]);
}

/* Bytes of the sequence at `at`, 1 to `length`; when it is invalid, of its longest part that begins
 * like a valid one. */
static size_t next_sequence(const unsigned char *at, size_t length, bool *valid) {
    size_t wanted = sequence_length(at[0]);
    *valid = wanted == 1;
    if (wanted <= 1) {
        return 1;
    }
    if (is_surrogate(at, length)) {
        return 3;
    }
    if (length < 2 || !is_second_byte(at[0], at[1])) {
        return 1;
    }
    size_t have = 2;
    while (have < wanted && have < length && is_continuation(at[have])) {
        have++;
    }
    *valid = have == wanted;
    return have;
}

/* What the bytes of one sequence stand for. */
static uint32_t point_of(const unsigned char *at, size_t bytes) {
    uint32_t point = bytes == 1 ? at[0] : at[0] & (0x7FU >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        point = point << 6 | (at[i] & 0x3FU);
    }
    return point;
}

hutch_character hutch_utf8_next(const char *text, size_t length) {
    const unsigned char *at = (const unsigned char *)text;
    hutch_character next;
    next.bytes = (uint32_t)next_sequence(at, length, &next.is_valid);
    next.point = next.is_valid || is_surrogate(at, length) ? point_of(at, next.bytes) : 0xFFFD;
    return next;
}

bool hutch_utf8_is_valid(const char *text, size_t length) {
    const unsigned char *at = (const unsigned char *)text;
    while (length > 0) {
        size_t step = ascii_run(at, length);
        if (step == 0) {
            bool valid = false;
            step = next_sequence(at, length, &valid);
            if (!valid) {
                return false;
            }
        }
        at += step;
        length -= step;
    }
    return true;
}

/* Whether all of these bytes can be the beginning of a longer sequence. */
static bool is_beginning(const unsigned char *at, size_t length) {
    bool valid;
    return length < sequence_length(at[0]) && next_sequence(at, length, &valid) == length;
}

/* Goes on with the character that was cut. False: it is none. */
static bool finish_cut(hutch_utf8_walk *walk, const unsigned char **at, size_t *length) {
    while (walk->count > 0 && *length > 0) {
        bool valid = false;
        walk->bytes[walk->count++] = **at;
        (*at)++;
        (*length)--;
        (void)next_sequence(walk->bytes, walk->count, &valid);
        if (valid) {
            walk->count = 0;
        } else if (!is_beginning(walk->bytes, walk->count)) {
            return false;
        }
    }
    return true;
}

bool hutch_utf8_walk_on(hutch_utf8_walk *walk, const char *text, size_t length) {
    const unsigned char *at = (const unsigned char *)text;
    if (!finish_cut(walk, &at, &length)) {
        return false;
    }
    while (length > 0) {
        bool valid = true;
        size_t step = ascii_run(at, length);
        if (step == 0) {
            step = next_sequence(at, length, &valid);
        }
        if (!valid && is_beginning(at, length)) {
            memcpy(walk->bytes, at, length);
            walk->count = (unsigned char)length;
            return true;
        }
        if (!valid) {
            return false;
        }
        at += step;
        length -= step;
    }
    return true;
}

bool hutch_utf8_walk_is_whole(const hutch_utf8_walk *walk) {
    return walk->count == 0;
}

/* The repaired text, written where `out` is not NULL; returns its length. */
static size_t repair(const unsigned char *at, size_t length, char *out) {
    static const size_t replacement_length = sizeof HUTCH_UTF8_REPLACEMENT - 1;
    size_t written = 0;
    while (length > 0) {
        bool valid = true;
        size_t step = ascii_run(at, length);
        if (step == 0) {
            step = next_sequence(at, length, &valid);
        }
        size_t produced = valid ? step : replacement_length;
        if (out != NULL) {
            memcpy(out + written, valid ? (const void *)at : HUTCH_UTF8_REPLACEMENT, produced);
        }
        written += produced;
        at += step;
        length -= step;
    }
    return written;
}

size_t hutch_utf8_repaired_length(const char *text, size_t length) {
    return repair((const unsigned char *)text, length, NULL);
}

size_t hutch_utf8_repair(const char *text, size_t length, char *out) {
    return repair((const unsigned char *)text, length, out);
}

/* Bytes of a word that are continuations: the high bit set, the next one not. */
static size_t continuations_in(uint64_t word) {
    uint64_t marks = (word >> 7) & (~word >> 6) & LOW_BITS;
    return (size_t)((marks * LOW_BITS) >> 56);
}

/* Bytes of a word that begin a sequence of four: 1111xxxx. */
static size_t four_byte_leads_in(uint64_t word) {
    uint64_t marks = (word >> 7) & (word >> 6) & (word >> 5) & (word >> 4) & LOW_BITS;
    return (size_t)((marks * LOW_BITS) >> 56);
}

size_t hutch_utf8_utf16_units(const char *text, size_t length) {
    const unsigned char *at = (const unsigned char *)text;
    size_t units = 0;
    size_t done = 0;
    for (; length - done >= sizeof(uint64_t); done += sizeof(uint64_t)) {
        uint64_t word = load_word(at + done);
        units += sizeof(uint64_t) - continuations_in(word) + four_byte_leads_in(word);
    }
    for (; done < length; done++) {
        units += (size_t)!is_continuation(at[done]) + (size_t)(at[done] >= 0xF0);
    }
    return units;
}

size_t hutch_utf8_cut(const char *text, size_t length, size_t most) {
    const unsigned char *at = (const unsigned char *)text;
    if (length <= most) {
        return length;
    }
    size_t start = most;
    for (size_t back = 0; back < 3 && start > 0 && is_continuation(at[start]); back++) {
        start--;
    }
    bool inside = start < most && sequence_length(at[start]) > most - start;
    return inside ? start : most;
}

size_t hutch_utf8_prefix(const char *text, size_t length, size_t units) {
    size_t end = 0;
    while (end < length) {
        hutch_character next = hutch_utf8_next(text + end, length - end);
        unsigned wanted = hutch_utf8_units_of(next.point);
        if (wanted > units) {
            break;
        }
        units -= wanted;
        end += next.bytes;
    }
    return end;
}
