/**
 * @file checked.h
 * Arithmetic on sizes that says when it overflows. Every size that input can
 * influence goes through here before anything is allocated or indexed by it.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_BASE_CHECKED_H
#define HUTCH_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>

/** a + b. @param result [out] undefined on overflow. @return false on overflow. */
static inline bool hutch_checked_add(size_t a, size_t b, size_t *result) {
    return !__builtin_add_overflow(a, b, result);
}

/** a * b. @param result [out] undefined on overflow. @return false on overflow. */
static inline bool hutch_checked_multiply(size_t a, size_t b, size_t *result) {
    return !__builtin_mul_overflow(a, b, result);
}

/**
 * `size` rounded up to a multiple of `alignment`.
 *
 * @param alignment  a power of two
 * @param result     [out] undefined on overflow
 * @return false on overflow
 */
static inline bool hutch_checked_round_up(size_t size, size_t alignment, size_t *result) {
    if (!hutch_checked_add(size, alignment - 1, result)) {
        return false;
    }
    *result &= ~(alignment - 1);
    return true;
}

#endif
