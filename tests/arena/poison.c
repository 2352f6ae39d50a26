/*
 * AddressSanitizer and valgrind see exactly the blocks of an arena as
 * accessible. Where neither watches, there is nothing to test and the tests
 * say that they were skipped.
 */
#include "fixture.h"

#include "arena/poison.h"

#include <stdlib.h>
#include <string.h>

#if defined(HUTCH_ARENA_ASAN)

static bool somebody_watches(void) {
    return true;
}

static bool accessible(const char *byte) {
    return __asan_address_is_poisoned(byte) == 0;
}

#elif defined(HUTCH_ARENA_VALGRIND)

static bool somebody_watches(void) {
    return RUNNING_ON_VALGRIND != 0;
}

static bool accessible(const char *byte) {
    unsigned char bits = 0;
    return VALGRIND_GET_VBITS(byte, &bits, 1) == 1;
}

#else

static bool somebody_watches(void) {
    return false;
}

static bool accessible(const char *byte) {
    (void)byte;
    return true;
}

#endif

static const size_t sizes[] = {1, 24, 100, 504, 505, 4000, 100000};
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

static void expect(const char *start, size_t length, bool wanted) {
    for (size_t at = 0; at<length; at += length> 5000 ? 101 : 1) {
        if (accessible(start + at) != wanted) {
            fail_msg("byte %zu of %zu is %saccessible", at, length, wanted ? "not " : "");
        }
    }
}

/* The block can be touched from end to end, and the allocator's words around it cannot. */
static void expect_block(const char *block) {
    size_t usable = hutch_arena_usable_size(block);
    expect(block, usable, true);
    expect(block - 8, 8, false);
    expect(block + usable, 8, false);
}

static void a_block_is_accessible_and_what_is_around_it_is_not(void **state) {
    if (!somebody_watches()) {
        skip();
    }
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        expect_block(hutch_arena_alloc(*state, sizes[i]));
        expect_block(hutch_arena_calloc(*state, 1, sizes[i]));
    }
}

static void a_freed_block_is_poisoned_to_its_last_byte(void **state) {
    if (!somebody_watches()) {
        skip();
    }
    for (int last = 0; last < 2; last++) {
        for (size_t i = 0; i < SIZE_COUNT; i++) {
            char *block = hutch_arena_alloc(*state, sizes[i]);
            char *wall = last != 0 ? NULL : hutch_arena_alloc(*state, 600);
            size_t usable = hutch_arena_usable_size(block);
            hutch_arena_release(*state, block);
            expect(block, usable, false);
            hutch_arena_release(*state, wall);
        }
    }
    fixture_check(*state);
}

static void resizing_moves_the_border(void **state) {
    if (!somebody_watches()) {
        skip();
    }
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 10000);
    char *wall = hutch_arena_alloc(arena, 600);
    assert_ptr_equal(hutch_arena_realloc(arena, block, 5000), block);
    expect_block(block);
    expect(block + 5000 + 16, 5000 - 16, false);
    assert_ptr_equal(hutch_arena_realloc(arena, block, 7000), block);
    expect_block(block);
    hutch_arena_release(arena, wall);
    assert_ptr_equal(hutch_arena_realloc(arena, block, 90000), block);
    expect_block(block);
    char *between = hutch_arena_alloc(arena, 600);
    char *moved = hutch_arena_realloc(arena, block, 200000);
    assert_ptr_not_equal(moved, block);
    expect(block, 90000, false);
    expect_block(moved);
    expect_block(between);
}

static void a_restore_brings_the_marks_of_the_image_back(void **state) {
    if (!somebody_watches()) {
        skip();
    }
    hutch_arena *arena = *state;
    char *kept[SIZE_COUNT];
    char *freed[SIZE_COUNT];
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        kept[i] = hutch_arena_alloc(arena, sizes[i]);
        freed[i] = hutch_arena_alloc(arena, sizes[i]);
        memset(kept[i], 'k', sizes[i]);
    }
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        hutch_arena_release(arena, freed[i]);
    }
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < SIZE_COUNT; i++) {
            expect_block(kept[i]);
            expect(freed[i], sizes[i], false);
        }
        /* A guest that frees all that it finds and takes what was free. */
        for (size_t i = 0; i < SIZE_COUNT; i++) {
            hutch_arena_release(arena, kept[i]);
            assert_non_null(hutch_arena_alloc(arena, sizes[i]));
            assert_non_null(hutch_arena_alloc(arena, 10 * sizes[i]));
        }
        char *beyond = hutch_arena_alloc(arena, 1000);
        expect_block(beyond);
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    }
}

static void memory_of_a_freed_arena_is_as_any_other(void **state) {
    (void)state;
    if (!somebody_watches()) {
        skip();
    }
    hutch_arena *arena = NULL;
    assert_int_equal(hutch_arena_new(1 << 20, &arena, NULL), HUTCH_OK);
    const char *block = hutch_arena_alloc(arena, 300000);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    (void)hutch_arena_alloc(arena, 400000);
    assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    const char *base = (const char *)arena;
    hutch_arena_free(arena);
#if defined(HUTCH_ARENA_ASAN)
    /* Whoever is given these addresses next must not meet our marks. */
    expect(base, 1 << 20, true);
    assert_true(block > base);
#else
    assert_true(block > base);
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(a_block_is_accessible_and_what_is_around_it_is_not),
        fixture_test(a_freed_block_is_poisoned_to_its_last_byte),
        fixture_test(resizing_moves_the_border),
        fixture_test(a_restore_brings_the_marks_of_the_image_back),
        cmocka_unit_test(memory_of_a_freed_arena_is_as_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
