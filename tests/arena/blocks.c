/*
 * Blocks of an arena: what one asks for is what one gets, up to the cap and
 * not a byte beyond; growing and shrinking; failing on purpose.
 */
#include "fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef NDEBUG
#define ASSERTIONS false
#else
#define ASSERTIONS true
#endif

/* Bytes of a chunk that is too large for the size classes: the block and its tag, rounded up. */
static size_t chunk_size(size_t block_size) {
    return (block_size + 8 + 15) / 16 * 16;
}

static void blocks_are_aligned_and_hardly_larger_than_asked_for(void **state) {
    hutch_arena *arena = *state;
    for (size_t size = 1; size <= 5000; size++) {
        char *block = hutch_arena_alloc(arena, size);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 16, 0);
        size_t usable = hutch_arena_usable_size(block);
        assert_true(usable >= size);
        assert_true(usable <= size + 40);
        memset(block, 0xAB, usable);
        if (size % 3 == 0) {
            hutch_arena_release(arena, block);
        }
    }
    fixture_check(arena);
}

static void a_block_of_no_bytes_is_a_block(void **state) {
    hutch_arena *arena = *state;
    void *one = hutch_arena_alloc(arena, 0);
    void *two = hutch_arena_calloc(arena, 0, 8);
    void *three = hutch_arena_calloc(arena, 8, 0);
    assert_non_null(one);
    assert_non_null(two);
    assert_non_null(three);
    assert_ptr_not_equal(one, two);
    assert_ptr_not_equal(two, three);
    hutch_arena_release(arena, one);
    hutch_arena_release(arena, two);
    hutch_arena_release(arena, three);
    assert_int_equal(fixture_stats(arena).allocated, 0);
}

static void null_is_nothing(void **state) {
    hutch_arena *arena = *state;
    hutch_arena_release(arena, NULL);
    hutch_arena_free(NULL);
    assert_int_equal(hutch_arena_usable_size(NULL), 0);
    void *block = hutch_arena_realloc(arena, NULL, 100);
    assert_non_null(block);
    assert_null(hutch_arena_realloc(arena, block, 0));
    assert_int_equal(fixture_stats(arena).allocated, 0);
    fixture_check(arena);
}

static void calloc_gives_zeros_in_used_memory_and_in_fresh(void **state) {
    hutch_arena *arena = *state;
    static const size_t sizes[] = {1, 24, 100, 504, 505, 4096, 100000, 1000000};
    for (size_t turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            unsigned char *block = hutch_arena_calloc(arena, sizes[i], 1);
            assert_non_null(block);
            for (size_t at = 0; at < sizes[i]; at++) {
                assert_int_equal(block[at], 0);
            }
            memset(block, 0xEE, hutch_arena_usable_size(block));
            hutch_arena_release(arena, block);
        }
        /* The next turn's blocks lie partly in memory that has been used. */
        void *used = hutch_arena_alloc(arena, 50000 * (turn + 1));
        assert_non_null(used);
        memset(used, 0xDD, 50000 * (turn + 1));
        hutch_arena_release(arena, used);
    }
}

static void sizes_that_overflow_are_refused(void **state) {
    hutch_arena *arena = *state;
    static const size_t sizes[] = {SIZE_MAX,        SIZE_MAX - 7,         SIZE_MAX - 8,
                                   SIZE_MAX - 15,   SIZE_MAX - 23,        SIZE_MAX / 2 + 1,
                                   (size_t)1 << 34, (size_t)1 << 35,      (size_t)1 << 40,
                                   FIXTURE_RESERVE, FIXTURE_RESERVE - 100};
    void *block = hutch_arena_alloc(arena, 1000);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_null(hutch_arena_alloc(arena, sizes[i]));
        assert_true(hutch_arena_take_refusal(arena));
        assert_null(hutch_arena_realloc(arena, block, sizes[i]));
        assert_true(hutch_arena_take_refusal(arena));
        assert_null(hutch_arena_calloc(arena, 1, sizes[i]));
        assert_true(hutch_arena_take_refusal(arena));
    }
    assert_null(hutch_arena_calloc(arena, SIZE_MAX / 2, 3));
    assert_true(hutch_arena_take_refusal(arena));
    assert_null(hutch_arena_calloc(arena, (size_t)1 << 32, (size_t)1 << 32));
    assert_true(hutch_arena_take_refusal(arena));
    assert_int_equal(hutch_arena_usable_size(block), chunk_size(1000) - 8);
    fixture_check(arena);
}

static void the_cap_is_met_exactly(void **state) {
    hutch_arena *arena = *state;
    size_t used = fixture_stats(arena).extent;
    hutch_arena_set_cap(arena, used + chunk_size(10000) - 1);
    assert_null(hutch_arena_alloc(arena, 10000));
    assert_true(hutch_arena_take_refusal(arena));
    assert_false(hutch_arena_take_refusal(arena));

    hutch_arena_set_cap(arena, used + chunk_size(10000));
    void *block = hutch_arena_alloc(arena, 10000);
    assert_non_null(block);
    assert_false(hutch_arena_take_refusal(arena));
    assert_int_equal(fixture_stats(arena).extent, used + chunk_size(10000));
    assert_null(hutch_arena_alloc(arena, 1));
    assert_true(hutch_arena_take_refusal(arena));
    fixture_check(arena);
}

static void a_realloc_meets_the_cap_exactly(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 10000);
    memset(block, 'r', 10000);
    size_t used = fixture_stats(arena).extent;
    size_t more = chunk_size(20000) - chunk_size(10000);
    hutch_arena_set_cap(arena, used + more - 1);
    assert_null(hutch_arena_realloc(arena, block, 20000));
    assert_true(hutch_arena_take_refusal(arena));
    for (size_t i = 0; i < 10000; i++) {
        assert_int_equal(block[i], 'r');
    }
    hutch_arena_set_cap(arena, used + more);
    assert_ptr_equal(hutch_arena_realloc(arena, block, 20000), block);
    assert_false(hutch_arena_take_refusal(arena));
    fixture_check(arena);
}

static void a_cap_below_what_is_used_leaves_that_usable(void **state) {
    hutch_arena *arena = *state;
    void *large = hutch_arena_alloc(arena, 100000);
    void *behind = hutch_arena_alloc(arena, 1000);
    memset(behind, 'b', 1000);
    hutch_arena_set_cap(arena, 1);
    assert_null(hutch_arena_alloc(arena, 10000));
    hutch_arena_release(arena, large);
    assert_non_null(hutch_arena_alloc(arena, 10000));
    assert_non_null(hutch_arena_alloc(arena, 10));
    fixture_check(arena);
}

static void the_reserve_is_usable_to_its_last_byte(void **state) {
    (void)state;
    hutch_arena *arena = NULL;
    assert_int_equal(hutch_arena_new(1 << 20, &arena, NULL), HUTCH_OK);
    size_t room = ((size_t)1 << 20) - fixture_stats(arena).extent;
    room -= room % 16;
    assert_null(hutch_arena_alloc(arena, room - 8 + 1));
    char *block = hutch_arena_alloc(arena, room - 8);
    assert_non_null(block);
    memset(block, 'x', room - 8);
    fixture_check(arena);
    hutch_arena_free(arena);
}

static void the_last_block_grows_in_place(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 1000);
    for (size_t size = 1000; size < 10000000; size += size / 3) {
        assert_ptr_equal(hutch_arena_realloc(arena, block, size), block);
        block[size - 1] = 'g';
    }
    fixture_check(arena);
}

static void a_block_grows_in_place_into_free_memory_behind_it(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 1000);
    char *behind = hutch_arena_alloc(arena, 3000);
    char *wall = hutch_arena_alloc(arena, 1000);
    memset(block, 'b', 1000);
    memset(wall, 'w', 1000);
    hutch_arena_release(arena, behind);
    size_t both = chunk_size(1000) + chunk_size(3000) - 8;
    assert_ptr_equal(hutch_arena_realloc(arena, block, both), block);
    assert_int_equal(hutch_arena_usable_size(block), both);
    memset(block + 1000, 'n', both - 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(block[i], 'b');
        assert_int_equal(wall[i], 'w');
    }
    fixture_check(arena);
    /* One byte more is not there. */
    assert_ptr_not_equal(hutch_arena_realloc(arena, block, both + 1), block);
    fixture_check(arena);
}

static void a_block_that_shrinks_stays_and_gives_its_end_back(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 100000);
    char *wall = hutch_arena_alloc(arena, 1000);
    memset(block, 's', 2000);
    assert_ptr_equal(hutch_arena_realloc(arena, block, 2000), block);
    assert_int_equal(hutch_arena_usable_size(block), chunk_size(2000) - 8);
    char *next = hutch_arena_alloc(arena, 90000);
    assert_true(next > block && next < wall);
    assert_ptr_equal(hutch_arena_realloc(arena, block, 3), block);
    assert_memory_equal(block, "sss", 3);
    fixture_check(arena);
}

static void a_small_block_keeps_its_bytes_when_it_outgrows_its_class(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 1);
    *block = 'k';
    for (size_t size = 2; size < 2000; size++) {
        block = hutch_arena_realloc(arena, block, size);
        assert_non_null(block);
        block[size - 1] = (char)('a' + size % 26);
        assert_int_equal(block[0], 'k');
        for (size_t i = 1; i < size; i++) {
            assert_int_equal(block[i], 'a' + (i + 1) % 26);
        }
    }
    fixture_check(arena);
}

static void growing_step_by_step_between_others_moves_seldom(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 1024);
    assert_true((char *)hutch_arena_alloc(arena, 600) > block);
    unsigned moves = 0;
    for (size_t size = 1024; size < 1000000; size += 100) {
        char *grown = hutch_arena_realloc(arena, block, size);
        assert_non_null(grown);
        if (grown != block) {
            moves++;
            /* Fill what it left, until something is behind it again. */
            char *wall = NULL;
            do {
                wall = hutch_arena_alloc(arena, 600);
                assert_non_null(wall);
            } while (wall < grown);
        }
        block = grown;
    }
    assert_true(moves > 5);
    assert_true(moves < 80);
    fixture_check(arena);
}

static void what_is_allocated_is_counted(void **state) {
    hutch_arena *arena = *state;
    void *small = hutch_arena_alloc(arena, 40);
    assert_int_equal(fixture_stats(arena).allocated, 48);
    void *large = hutch_arena_alloc(arena, 10000);
    assert_int_equal(fixture_stats(arena).allocated, 48 + chunk_size(10000));
    hutch_arena_release(arena, large);
    assert_int_equal(fixture_stats(arena).allocated, 48);
    assert_int_equal(fixture_stats(arena).peak, 48 + chunk_size(10000));
    hutch_arena_release(arena, small);
    assert_int_equal(fixture_stats(arena).allocated, 0);
}

/* Every kind of allocation once. Returns whether all succeeded; what did succeed is given back. */
static bool scenario(hutch_arena *arena) {
    void *blocks[5] = {
        hutch_arena_alloc(arena, 10),
        hutch_arena_alloc(arena, 5000),
        hutch_arena_calloc(arena, 10, 10),
        hutch_arena_realloc(arena, NULL, 700),
        NULL,
    };
    bool whole = true;
    for (size_t i = 0; i < 4; i++) {
        whole = whole && blocks[i] != NULL;
    }
    if (blocks[0] != NULL) {
        void *moved = hutch_arena_realloc(arena, blocks[0], 800);
        whole = whole && moved != NULL;
        blocks[0] = moved != NULL ? moved : blocks[0];
    }
    if (blocks[3] != NULL) {
        void *grown = hutch_arena_realloc(arena, blocks[3], 1400);
        whole = whole && grown != NULL;
        blocks[3] = grown != NULL ? grown : blocks[3];
    }
    for (size_t i = 0; i < 4; i++) {
        hutch_arena_release(arena, blocks[i]);
    }
    return whole;
}

static void each_allocation_fails_in_turn_and_nothing_is_lost(void **state) {
    hutch_arena *arena = *state;
    size_t countdown = 0;
    bool whole = false;
    for (; !whole; countdown++) {
        hutch_arena_fail_after(arena, countdown);
        whole = scenario(arena);
        assert_int_equal(hutch_arena_take_refusal(arena), !whole);
        assert_int_equal(fixture_stats(arena).allocated, 0);
        fixture_check(arena);
    }
    assert_int_equal(countdown, 7); /* six allocations in the scenario */
}

static void shrinking_and_freeing_never_fail(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 5000);
    hutch_arena_fail_after(arena, 0);
    assert_null(hutch_arena_alloc(arena, 1));
    assert_ptr_equal(hutch_arena_realloc(arena, block, 100), block);
    assert_null(hutch_arena_realloc(arena, block, 0));
    hutch_arena_fail_after(arena, SIZE_MAX);
    assert_non_null(hutch_arena_alloc(arena, 1));
}

/* Whether a process that releases this block ends by an assertion. */
static bool release_is_noticed(hutch_arena *arena, void *block) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        (void)close(STDERR_FILENO);
        hutch_arena_release(arena, block);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void debug_builds_notice_a_block_released_twice_and_one_that_never_was(void **state) {
    if (!ASSERTIONS) {
        skip();
    }
    hutch_arena *arena = *state;
    char *blocks[6];
    static const size_t sizes[6] = {40, 40, 3000, 3000, 3000, 3000};
    for (size_t i = 0; i < 6; i++) {
        blocks[i] = hutch_arena_alloc(arena, sizes[i]);
    }
    /* A small one, one with a free chunk before it, one that has become the top. */
    hutch_arena_release(arena, blocks[0]);
    hutch_arena_release(arena, blocks[2]);
    hutch_arena_release(arena, blocks[3]);
    hutch_arena_release(arena, blocks[5]);
    assert_true(release_is_noticed(arena, blocks[0]));
    assert_true(release_is_noticed(arena, blocks[2]));
    assert_true(release_is_noticed(arena, blocks[3]));
    assert_true(release_is_noticed(arena, blocks[5]));
    assert_true(release_is_noticed(arena, blocks[4] + 8));
    assert_true(release_is_noticed(arena, arena));
    assert_true(release_is_noticed(arena, &arena));
    assert_false(release_is_noticed(arena, blocks[1]));
    assert_false(release_is_noticed(arena, blocks[4]));
}

static void the_largest_memory_limit_can_be_reserved(void **state) {
    (void)state;
    hutch_arena *arena = NULL;
    assert_int_equal(hutch_arena_new((size_t)4 << 30, &arena, NULL), HUTCH_OK);
    char *block = hutch_arena_calloc(arena, 1, ((size_t)4 << 30) - 65536);
    assert_non_null(block);
    block[((size_t)4 << 30) - 65537] = 'x';
    hutch_arena_free(arena);
}

static void a_reserve_that_cannot_be_is_refused_and_named(void **state) {
    (void)state;
    static const size_t reserves[] = {0, ((size_t)1 << 34) + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof reserves / sizeof reserves[0]; i++) {
        hutch_arena *arena = NULL;
        hutch_error error;
        assert_int_equal(hutch_arena_new(reserves[i], &arena, &error), HUTCH_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "reserve of an arena"));
        assert_null(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(blocks_are_aligned_and_hardly_larger_than_asked_for),
        fixture_test(a_block_of_no_bytes_is_a_block),
        fixture_test(null_is_nothing),
        fixture_test(calloc_gives_zeros_in_used_memory_and_in_fresh),
        fixture_test(sizes_that_overflow_are_refused),
        fixture_test(the_cap_is_met_exactly),
        fixture_test(a_realloc_meets_the_cap_exactly),
        fixture_test(a_cap_below_what_is_used_leaves_that_usable),
        cmocka_unit_test(the_reserve_is_usable_to_its_last_byte),
        fixture_test(the_last_block_grows_in_place),
        fixture_test(a_block_grows_in_place_into_free_memory_behind_it),
        fixture_test(a_block_that_shrinks_stays_and_gives_its_end_back),
        fixture_test(a_small_block_keeps_its_bytes_when_it_outgrows_its_class),
        fixture_test(growing_step_by_step_between_others_moves_seldom),
        fixture_test(what_is_allocated_is_counted),
        fixture_test(each_allocation_fails_in_turn_and_nothing_is_lost),
        fixture_test(shrinking_and_freeing_never_fail),
        fixture_test(debug_builds_notice_a_block_released_twice_and_one_that_never_was),
        cmocka_unit_test(the_largest_memory_limit_can_be_reserved),
        cmocka_unit_test(a_reserve_that_cannot_be_is_refused_and_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
