/*
 * Fragmentation is bounded: freed neighbours become one block again, and a
 * heap that lives long does not creep.
 */
#include "fixture.h"

#include <stdlib.h>

#define CAP ((size_t)16 << 20)
#define BLOCKS_MAX 40000

/* Fill the arena with blocks of a size until the cap; returns how many. */
static size_t fill(hutch_arena *arena, void **blocks, size_t size) {
    size_t count = 0;
    while (count < BLOCKS_MAX && (blocks[count] = hutch_arena_alloc(arena, size)) != NULL) {
        count++;
    }
    return count;
}

/* After everything is free again, nearly the whole cap is one block. */
static void expect_whole(hutch_arena *arena, size_t fresh_extent) {
    assert_int_equal(fixture_stats(arena).allocated, 0);
    fixture_check(arena);
    void *whole = hutch_arena_alloc(arena, CAP - fresh_extent - 32);
    assert_non_null(whole);
    hutch_arena_release(arena, whole);
    fixture_check(arena);
}

static void memory_freed_in_any_order_becomes_one_block(void **state) {
    hutch_arena *arena = *state;
    size_t fresh_extent = fixture_stats(arena).extent;
    hutch_arena_set_cap(arena, CAP);
    static const size_t sizes[] = {500, 600, 4000, 70000};
    void **blocks = calloc(BLOCKS_MAX, sizeof *blocks);
    assert_non_null(blocks);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t stride = 1; stride <= 7; stride += 2) {
            size_t count = fill(arena, blocks, sizes[i]);
            assert_true(count > 100);
            for (size_t phase = 0; phase < stride; phase++) {
                for (size_t at = phase; at < count; at += stride) {
                    hutch_arena_release(arena, blocks[stride == 3 ? count - 1 - at : at]);
                }
            }
            expect_whole(arena, fresh_extent);
        }
    }
    free(blocks);
}

static void a_hole_between_two_blocks_takes_what_was_freed_there(void **state) {
    hutch_arena *arena = *state;
    hutch_arena_set_cap(arena, CAP);
    void **blocks = calloc(BLOCKS_MAX, sizeof *blocks);
    assert_non_null(blocks);
    size_t count = fill(arena, blocks, 4000);
    /* Holes of four neighbours each: the freed chunks must have become one to take a block of
     * their common size. */
    size_t holes = 0;
    for (size_t at = 0; at + 4 < count; at += 5) {
        for (size_t i = 0; i < 4; i++) {
            hutch_arena_release(arena, blocks[at + i]);
        }
        holes++;
    }
    fixture_check(arena);
    for (size_t i = 0; i < holes; i++) {
        assert_non_null(hutch_arena_alloc(arena, 4 * 4016 - 16));
    }
    free(blocks);
}

static void empty_size_classes_give_their_memory_to_a_large_block(void **state) {
    hutch_arena *arena = *state;
    size_t fresh_extent = fixture_stats(arena).extent;
    hutch_arena_set_cap(arena, CAP);
    void **blocks = calloc(BLOCKS_MAX, sizeof *blocks);
    assert_non_null(blocks);
    for (size_t size = 1; size <= 504; size += 100) {
        size_t count = fill(arena, blocks, size);
        for (size_t at = 0; at < count; at++) {
            hutch_arena_release(arena, blocks[at]);
        }
    }
    expect_whole(arena, fresh_extent);
    free(blocks);
}

/* Blocks of mixed sizes come and go for long; the heap never needs half as much again as the most
 * that was ever in use. */
static void expect_no_creep(hutch_arena *arena, size_t slots, uint32_t smallest, uint32_t largest) {
    uint64_t seed = 7;
    void **blocks = calloc(slots, sizeof *blocks);
    assert_non_null(blocks);
    for (size_t turn = 0; turn < 300000; turn++) {
        void **slot = &blocks[fixture_random(&seed) % slots];
        if (*slot != NULL) {
            hutch_arena_release(arena, *slot);
            *slot = NULL;
        } else {
            *slot =
                hutch_arena_alloc(arena, smallest + fixture_random(&seed) % (largest - smallest));
            assert_non_null(*slot);
        }
    }
    hutch_arena_stats stats = fixture_stats(arena);
    assert_true(stats.extent < stats.peak + stats.peak / 2);
    fixture_check(arena);
    free(blocks);
}

static void small_blocks_do_not_creep(void **state) {
    expect_no_creep(*state, 4000, 1, 504);
}

static void middling_blocks_do_not_creep(void **state) {
    expect_no_creep(*state, 2000, 505, 20000);
}

static void large_blocks_do_not_creep(void **state) {
    expect_no_creep(*state, 100, 20000, 500000);
}

static void blocks_of_all_sizes_do_not_creep(void **state) {
    expect_no_creep(*state, 2000, 1, 60000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(memory_freed_in_any_order_becomes_one_block),
        fixture_test(a_hole_between_two_blocks_takes_what_was_freed_there),
        fixture_test(empty_size_classes_give_their_memory_to_a_large_block),
        fixture_test(small_blocks_do_not_creep),
        fixture_test(middling_blocks_do_not_creep),
        fixture_test(large_blocks_do_not_creep),
        fixture_test(blocks_of_all_sizes_do_not_creep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
