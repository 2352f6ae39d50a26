/*
 * Footprints: which pages of an arena are other than the image's.
 */
#include "fixture.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
#define BLOCKS 64

/* Blocks of some pages each, and an image of them. */
static void build(hutch_arena *arena, unsigned char *blocks[BLOCKS]) {
    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = hutch_arena_alloc(arena, 3 * PAGE);
        assert_non_null(blocks[i]);
        memset(blocks[i], 1, 3 * PAGE);
    }
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
}

static bool has(const hutch_arena_footprint *footprint, const hutch_arena *arena,
                const unsigned char *byte) {
    size_t offset = (size_t)(byte - (const unsigned char *)arena);
    bool found = false;
    for (size_t i = 0; i < footprint->count; i++) {
        size_t from = footprint->ranges[i].offset;
        found = found || (offset >= from && offset - from < footprint->ranges[i].size);
    }
    return found;
}

static size_t total(const hutch_arena_footprint *footprint) {
    size_t sum = 0;
    for (size_t i = 0; i < footprint->count; i++) {
        sum += footprint->ranges[i].size;
    }
    return sum;
}

static void test_an_arena_as_saved_has_none(void **state) {
    unsigned char *blocks[BLOCKS];
    hutch_arena_footprint footprint;
    hutch_arena_learn_footprint(*state, &footprint);
    assert_int_equal(footprint.count, 0);
    build(*state, blocks);
    hutch_arena_learn_footprint(*state, &footprint);
    /* The state at the base may know of the image that was made after it was copied. */
    assert_true(total(&footprint) <= PAGE);
}

static void test_what_was_written_is_found_and_little_else(void **state) {
    unsigned char *blocks[BLOCKS];
    hutch_arena_footprint footprint;
    build(*state, blocks);
    blocks[10][PAGE] = 2;
    blocks[40][PAGE] = 2;
    hutch_arena_learn_footprint(*state, &footprint);
    assert_true(has(&footprint, *state, &blocks[10][PAGE]));
    assert_true(has(&footprint, *state, &blocks[40][PAGE]));
    assert_false(has(&footprint, *state, &blocks[25][PAGE]));
    assert_true(total(&footprint) <= 3 * PAGE);
    fixture_check(*state);
}

static void test_scattered_pages_become_few_ranges(void **state) {
    unsigned char *blocks[BLOCKS];
    hutch_arena_footprint footprint;
    build(*state, blocks);
    for (size_t i = 0; i < BLOCKS; i += 5) {
        blocks[i][PAGE] = 2;
    }
    hutch_arena_learn_footprint(*state, &footprint);
    assert_in_range(footprint.count, 1, HUTCH_ARENA_FOOTPRINT_RANGES);
    for (size_t i = 0; i < BLOCKS; i += 5) {
        assert_true(has(&footprint, *state, &blocks[i][PAGE]));
    }
}

static void test_what_lies_beyond_the_image_belongs_to_it(void **state) {
    unsigned char *blocks[BLOCKS];
    hutch_arena_footprint footprint;
    build(*state, blocks);
    unsigned char *beyond = hutch_arena_alloc(*state, 4 * PAGE);
    assert_non_null(beyond);
    beyond[2 * PAGE] = 1;
    hutch_arena_learn_footprint(*state, &footprint);
    assert_true(has(&footprint, *state, &beyond[2 * PAGE]));
    assert_int_equal(hutch_arena_restore(*state, 0), HUTCH_OK);
    hutch_arena_learn_footprint(*state, &footprint);
    assert_true(total(&footprint) <= PAGE);
}

static void test_populating_changes_nothing_to_see(void **state) {
    unsigned char *blocks[BLOCKS];
    hutch_arena_footprint footprint;
    build(*state, blocks);
    blocks[10][PAGE] = 2;
    hutch_arena_learn_footprint(*state, &footprint);
    assert_int_equal(hutch_arena_restore(*state, 0), HUTCH_OK);
    pid_t child = fork();
    if (child == 0) {
        hutch_arena_populate(*state, &footprint);
        _exit(blocks[10][PAGE] == 1 && blocks[10][PAGE - 1] == 1 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(test_an_arena_as_saved_has_none),
        fixture_test(test_what_was_written_is_found_and_little_else),
        fixture_test(test_scattered_pages_become_few_ranges),
        fixture_test(test_what_lies_beyond_the_image_belongs_to_it),
        fixture_test(test_populating_changes_nothing_to_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
