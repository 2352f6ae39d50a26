/**
 * @file runs.h
 * Runs of characters of one kind, sixteen at a time where the processor can: how
 * long a word or a comment is cannot be foreseen, and a loop over its characters
 * would mispredict its end each time.
 *
 * The functions read up to 15 bytes after what they return, which the text's
 * padding allows. They do not stop at the text's end, but at its padding.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_STRIP_RUNS_H
#define HUTCH_STRIP_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** How many bytes are looked at in one go. */
#define STRIP_RUN 16

#if defined(__SSE2__) && defined(__GNUC__)

typedef uint8_t strip_bytes __attribute__((vector_size(STRIP_RUN)));
typedef char strip_flags __attribute__((vector_size(STRIP_RUN)));

static inline strip_bytes strip_load(const unsigned char *at) {
    strip_bytes bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* One bit a byte, the first byte's lowest. */
static inline uint32_t strip_bits(strip_flags flags) {
    return (uint32_t)__builtin_ia32_pmovmskb128(flags);
}

static inline uint32_t strip_bits_of(strip_bytes bytes, uint8_t byte) {
    return strip_bits((strip_flags)(bytes == byte));
}

/** Which of the bytes are not the same. */
static inline uint32_t strip_different_bits(const unsigned char *a, const unsigned char *b) {
    return strip_bits((strip_flags)(strip_load(a) != strip_load(b)));
}

/** Which of the bytes go on in a word. */
static inline uint32_t strip_word_bits(const unsigned char *at) {
    strip_bytes bytes = strip_load(at);
    strip_bytes folded = bytes | (uint8_t)0x20;
    return strip_bits((strip_flags)(folded - (uint8_t)'a' <= (uint8_t)25) |
                      (strip_flags)(bytes - (uint8_t)'0' <= (uint8_t)9) |
                      (strip_flags)(bytes == (uint8_t)'_') | (strip_flags)(bytes == (uint8_t)'$'));
}

/** Which of the bytes are spaces. */
static inline uint32_t strip_space_bits(const unsigned char *at) {
    return strip_bits_of(strip_load(at), ' ');
}

/** Which of the bytes may end a line: LF, CR, the first of U+2028 and U+2029, or zero. */
static inline uint32_t strip_break_bits(const unsigned char *at) {
    strip_bytes bytes = strip_load(at);
    return strip_bits((strip_flags)(bytes == (uint8_t)'\n') |
                      (strip_flags)(bytes == (uint8_t)'\r') |
                      (strip_flags)(bytes == (uint8_t)0xe2) | (strip_flags)(bytes == (uint8_t)0));
}

/** Which of the bytes may end a string or need a look: the quote, a backslash, a line break, zero. */
static inline uint32_t strip_string_bits(const unsigned char *at, uint8_t quote) {
    strip_bytes bytes = strip_load(at);
    return strip_bits((strip_flags)(bytes == quote) | (strip_flags)(bytes == (uint8_t)'\\') |
                      (strip_flags)(bytes == (uint8_t)'\n') |
                      (strip_flags)(bytes == (uint8_t)'\r') | (strip_flags)(bytes == (uint8_t)0));
}

#else

#define STRIP_BITS(name, condition)                                                                \
    static inline uint32_t name(const unsigned char *at) {                                         \
        uint32_t bits = 0;                                                                         \
        for (unsigned i = 0; i < STRIP_RUN; i++) {                                                 \
            uint8_t byte = at[i];                                                                  \
            bits |= (uint32_t)(condition) << i;                                                    \
        }                                                                                          \
        return bits;                                                                               \
    }

STRIP_BITS(strip_word_bits, (((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
                             (byte >= '0' && byte <= '9') || byte == '_' || byte == '$'))
STRIP_BITS(strip_space_bits, (byte == ' '))
STRIP_BITS(strip_break_bits, (byte == '\n' || byte == '\r' || byte == 0xe2 || byte == 0))

static inline uint32_t strip_different_bits(const unsigned char *a, const unsigned char *b) {
    uint32_t bits = 0;
    for (unsigned i = 0; i < STRIP_RUN; i++) {
        bits |= (uint32_t)(a[i] != b[i]) << i;
    }
    return bits;
}

static inline uint32_t strip_string_bits(const unsigned char *at, uint8_t quote) {
    uint32_t bits = 0;
    for (unsigned i = 0; i < STRIP_RUN; i++) {
        uint8_t byte = at[i];
        bits |=
            (uint32_t)(byte == quote || byte == '\\' || byte == '\n' || byte == '\r' || byte == 0)
            << i;
    }
    return bits;
}

#endif

/** How many of the lowest bits are set. */
static inline unsigned strip_run_length(uint32_t bits) {
    return (unsigned)__builtin_ctz(~bits);
}

/** After the characters of a word, of which `at` is one. */
static inline unsigned char *strip_word_end(unsigned char *at) {
    uint32_t bits;
    while ((bits = strip_word_bits(at)) == 0xffff) {
        at += STRIP_RUN;
    }
    return at + strip_run_length(bits);
}

/** After a run of spaces. */
static inline unsigned char *strip_spaces_end(unsigned char *at) {
    uint32_t bits;
    while ((bits = strip_space_bits(at)) == 0xffff) {
        at += STRIP_RUN;
    }
    return at + strip_run_length(bits);
}

/** The next byte for which strip_break_bits() has a bit. */
static inline unsigned char *strip_break_candidate(unsigned char *at) {
    uint32_t bits;
    while ((bits = strip_break_bits(at)) == 0) {
        at += STRIP_RUN;
    }
    return at + __builtin_ctz(bits);
}

/** The next byte for which strip_string_bits() has a bit. */
static inline unsigned char *strip_string_candidate(unsigned char *at, uint8_t quote) {
    uint32_t bits;
    while ((bits = strip_string_bits(at, quote)) == 0) {
        at += STRIP_RUN;
    }
    return at + __builtin_ctz(bits);
}

#endif
