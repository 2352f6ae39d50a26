/**
 * @file keyword.h
 * Which words mean something. A word's first, second and last letter and its
 * length choose one slot of a table. The multipliers were found by trying until
 * no two keywords shared a slot; the compiler warns if two ever do.
 *
 * Threads: any; constants.
 */
#ifndef HUTCH_STRIP_KEYWORD_H
#define HUTCH_STRIP_KEYWORD_H

#include "strip/runs.h"
#include "strip/token.h"

#include <stddef.h>
#include <stdint.h>

#define STRIP_KEYWORD_SLOTS 256
#define STRIP_KEYWORD_SLOT(first, second, last, length)                                            \
    (((first)*211u + (second)*124u + (last)*29u + (uint32_t)(length)*57u) &                        \
     (STRIP_KEYWORD_SLOTS - 1u))

/** One slot. */
typedef struct strip_keyword {
    char text[STRIP_RUN]; /* zeros after it */
    uint8_t length;       /* 0: no keyword has this slot */
    uint8_t token;
} strip_keyword;

extern const strip_keyword strip_keywords[STRIP_KEYWORD_SLOTS];

/** The keyword's token, or `other`. Without a branch: what the next word is cannot be foreseen.
 *  @param length  at least 1 */
static inline strip_token strip_keyword_or(const unsigned char *word, size_t length,
                                           strip_token other) {
    const strip_keyword *found =
        &strip_keywords[STRIP_KEYWORD_SLOT(word[0], word[1], word[length - 1], length)];
    uint32_t different = strip_different_bits(word, (const unsigned char *)found->text);
    uint32_t wanted = (UINT32_C(1) << (length & 15)) - 1;
    bool is_keyword = (found->length == length) & ((different & wanted) == 0);
    return is_keyword ? (strip_token)found->token : other;
}

#endif
