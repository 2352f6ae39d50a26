/**
 * @file fixture.h
 * An arena for each test, and what the tests ask of it again and again.
 */
#ifndef HUTCH_TESTS_ARENA_FIXTURE_H
#define HUTCH_TESTS_ARENA_FIXTURE_H

#include "arena/arena.h"

#include "../support/cmocka.h"

#define FIXTURE_RESERVE ((size_t)128 << 20)

/** cmocka's setup: `*state` is a fresh arena of FIXTURE_RESERVE bytes. */
static inline int fixture_setup(void **state) {
    hutch_arena *arena = NULL;
    hutch_error error;
    if (hutch_arena_new(FIXTURE_RESERVE, &arena, &error) != HUTCH_OK) {
        print_error("%s\n", error.message);
        return -1;
    }
    *state = arena;
    return 0;
}

static inline int fixture_teardown(void **state) {
    hutch_arena_free(*state);
    return 0;
}

#define fixture_test(function)                                                                     \
    cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

static inline void fixture_check(const hutch_arena *arena) {
    const char *what = NULL;
    if (!hutch_arena_check(arena, &what)) {
        fail_msg("broken: %s", what);
    }
}

static inline hutch_arena_stats fixture_stats(const hutch_arena *arena) {
    hutch_arena_stats stats;
    hutch_arena_get_stats(arena, &stats);
    return stats;
}

/** A repeatable sequence of numbers. */
static inline uint32_t fixture_random(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

#endif
