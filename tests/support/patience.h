/**
 * @file patience.h
 * How long a test waits. Tests wait for events and for states, never for a
 * time to pass: a ceiling is there so that a hang becomes a failure, and it is
 * as high as the machine is slow.
 *
 * One factor says how slow that is: HUTCH_TEST_SLOW in the environment, a whole
 * number from 1 to 1000, or else what is measured when a program first asks.
 *
 * Threads: any.
 */
#ifndef HUTCH_TESTS_SUPPORT_PATIENCE_H
#define HUTCH_TESTS_SUPPORT_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/** How many times as slow as a fast machine at rest: this one, with this build, now. At least 1. */
unsigned patience_factor(void);

/** A time that is ample on a fast machine at rest, made ample here. */
uint64_t patience_ms(uint64_t milliseconds);

/** Sleep a millisecond between two looks. @param naps  0 before the first
 *  @return false after a minute of a fast machine: what is waited for does not come */
bool patience_nap(uint64_t *naps);

/** Look at a condition until it holds; the test fails when it never does. Needs cmocka.h. */
#define AWAIT(condition)                                                                           \
    do {                                                                                           \
        uint64_t await_naps = 0;                                                                   \
        while (!(condition)) {                                                                     \
            if (!patience_nap(&await_naps)) {                                                      \
                fail_msg("never: %s", #condition);                                                 \
            }                                                                                      \
        }                                                                                          \
    } while (0)

#endif
