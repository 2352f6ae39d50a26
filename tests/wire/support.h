/*
 * What the tests of the wire have in common: shared memory without a second
 * process, and bytes that are easy to check.
 */
#ifndef TESTS_WIRE_SUPPORT_H
#define TESTS_WIRE_SUPPORT_H

#include "support/cmocka.h"
#include "support/patience.h"
#include "wire/ring.h"

#include <stdlib.h>
#include <string.h>

/* Fresh shared memory, as a memfd would give it. Freed with free(). */
static inline hutch_shared *shared_new(void) {
    void *memory = aligned_alloc(4096, (HUTCH_SHARED_SIZE + 4095u) / 4096u * 4096u);
    assert_non_null(memory);
    memset(memory, 0, HUTCH_SHARED_SIZE);
    return memory;
}

/* The byte at a place of an endless pattern; its period divides no power of two. */
static inline unsigned char pattern_at(uint64_t place) {
    return (unsigned char)(place % 251);
}

static inline void pattern_fill(unsigned char *bytes, size_t length, uint64_t place) {
    for (size_t i = 0; i < length; i++) {
        bytes[i] = pattern_at(place + i);
    }
}

/* The place of the first byte that is not the pattern's, or `length`. */
static inline size_t pattern_mismatch(const unsigned char *bytes, size_t length, uint64_t place) {
    size_t i = 0;
    while (i < length && bytes[i] == pattern_at(place + i)) {
        i++;
    }
    return i;
}

/* A small generator of numbers that are the same in every run. */
static inline uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
