/*
 * The image of an arena: what restore brings back, byte by byte, and what it
 * leaves nothing of.
 */
#include "fixture.h"

#include "arena/poison.h"
#include "plat/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE ((size_t)4096)

/* Blocks of all kinds, some of them freed again, as a realm would leave them. */
static void build(hutch_arena *arena) {
    uint64_t seed = 1;
    for (size_t i = 0; i < 2000; i++) {
        size_t size = 1 + fixture_random(&seed) % (i % 10 == 0 ? 6000 : 300);
        unsigned char *block = hutch_arena_alloc(arena, size);
        assert_non_null(block);
        memset(block, (int)i, size);
        if (i % 5 == 0) {
            hutch_arena_release(arena, block);
        }
    }
}

/* A guest: fills `bytes` with what it must not leave behind. */
static void leave_traces(hutch_arena *arena, size_t bytes, const char *marker) {
    uint64_t seed = 2;
    size_t length = strlen(marker);
    for (size_t done = 0; done < bytes;) {
        size_t size = 16 + fixture_random(&seed) % (bytes / 20 + 400);
        char *block = hutch_arena_alloc(arena, size);
        assert_non_null(block);
        for (size_t at = 0; at < size; at++) {
            block[at] = marker[at % length];
        }
        if (fixture_random(&seed) % 3 == 0) {
            hutch_arena_release(arena, block);
        }
        done += size;
    }
}

/* Everything of the arena, made accessible: the sanitizers' marks are gone until a restore. */
static const unsigned char *all_bytes(hutch_arena *arena, size_t length) {
    hutch_unpoison_defined(arena, length);
    return (const unsigned char *)arena;
}

static void expect_nowhere(hutch_arena *arena, size_t length, const char *marker) {
    const unsigned char *bytes = all_bytes(arena, length);
    if (memmem(bytes, length, marker, strlen(marker)) != NULL) {
        fail_msg("\"%s\" is still there", marker);
    }
}

static void expect_zeros(hutch_arena *arena, size_t from, size_t to) {
    const unsigned char *bytes = all_bytes(arena, to);
    for (size_t at = from; at < to; at++) {
        if (bytes[at] != 0) {
            fail_msg("byte %zu is %u", at, (unsigned)bytes[at]);
        }
    }
}

static size_t resident_bytes(const hutch_arena *arena, size_t length) {
    unsigned char *pages = malloc(length / PAGE);
    assert_non_null(pages);
    assert_int_equal(mincore((void *)(uintptr_t)arena, length, pages), 0);
    size_t resident = 0;
    for (size_t i = 0; i < length / PAGE; i++) {
        resident += (pages[i] & 1) != 0 ? PAGE : 0;
    }
    free(pages);
    return resident;
}

/* Mappings of this process. */
static size_t count_mappings(void) {
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    size_t lines = 0;
    for (int c = getc(maps); c != EOF; c = getc(maps)) {
        lines += c == '\n' ? 1 : 0;
    }
    (void)fclose(maps);
    return lines;
}

static void without_an_image_nothing_can_be_restored(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 10);
    memcpy(block, "untouched", 10);
    assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_WRONG_STATE);
    assert_memory_equal(block, "untouched", 10);
    assert_int_equal(fixture_stats(arena).image, 0);
}

/* Guests of these sizes find room in the image's own holes, within what is zeroed by hand, and
 * beyond. */
static const size_t guests[] = {1000, 100000, 300000, 6000000};

static void restoring_gives_the_same_bytes_and_zeros_beyond(void **state) {
    hutch_arena *arena = *state;
    build(arena);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    size_t length = fixture_stats(arena).image;
    assert_int_equal(length, fixture_stats(arena).extent);
    unsigned char *copy = malloc(length);
    assert_non_null(copy);
    memcpy(copy, all_bytes(arena, length), length);

    for (size_t i = 0; i < sizeof guests / sizeof guests[0]; i++) {
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
        leave_traces(arena, guests[i], "trace of a guest");
        size_t extent = fixture_stats(arena).extent;
        assert_true(extent > length || guests[i] <= 1000);
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
        fixture_check(arena);
        assert_int_equal(fixture_stats(arena).extent, length);
        assert_memory_equal(all_bytes(arena, length), copy, length);
        expect_zeros(arena, length, extent + 2 * PAGE);
    }
    free(copy);
}

static void the_marker_of_the_last_guest_is_nowhere(void **state) {
    hutch_arena *arena = *state;
    build(arena);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    for (size_t i = 0; i < sizeof guests / sizeof guests[0]; i++) {
        char marker[32];
        snprintf(marker, sizeof marker, "MARKER-%zu-REKRAM", i);
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
        leave_traces(arena, guests[i], marker);
        size_t extent = fixture_stats(arena).extent;
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
        expect_nowhere(arena, extent + (size_t)1024 * 1024, marker);
    }
}

static void what_was_free_before_the_save_is_not_in_the_image_beyond_the_top(void **state) {
    hutch_arena *arena = *state;
    leave_traces(arena, 1000, "kept");
    char *secret = hutch_arena_alloc(arena, 500000);
    memset(secret, 0, 500000);
    memcpy(secret + 400000, "BUILDER-SECRET", 15);
    hutch_arena_release(arena, secret);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    assert_true(fixture_stats(arena).image < 100000);
    expect_nowhere(arena, 1000000, "BUILDER-SECRET");
}

static void blocks_of_the_image_live_again_after_the_guest_freed_them(void **state) {
    hutch_arena *arena = *state;
    char *small = hutch_arena_alloc(arena, 20);
    char *large = hutch_arena_alloc(arena, 20000);
    memset(small, 's', 20);
    memset(large, 'l', 20000);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    for (int turn = 0; turn < 5; turn++) {
        hutch_arena_release(arena, small);
        hutch_arena_release(arena, large);
        leave_traces(arena, 50000, "guest");
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
        fixture_check(arena);
        for (size_t i = 0; i < 20000; i++) {
            assert_int_equal(large[i], 'l');
        }
        assert_memory_equal(small, "ssssssssssssssssssss", 20);
        assert_int_equal(fixture_stats(arena).allocated, 32 + 20016);
        assert_int_equal(fixture_stats(arena).peak, 32 + 20016);
    }
}

static void the_same_guest_gets_the_same_addresses(void **state) {
    hutch_arena *arena = *state;
    build(arena);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    static void *first[500];
    for (int turn = 0; turn < 3; turn++) {
        uint64_t seed = 3;
        for (size_t i = 0; i < 500; i++) {
            void *block = hutch_arena_alloc(arena, 1 + fixture_random(&seed) % 3000);
            first[i] = turn == 0 ? block : first[i];
            assert_ptr_equal(block, first[i]);
        }
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    }
}

static void the_pages_of_a_big_guest_are_given_back(void **state) {
    hutch_arena *arena = *state;
    build(arena);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    leave_traces(arena, 60000000, "big");
    assert_true(resident_bytes(arena, FIXTURE_RESERVE) > 40000000);
    assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    assert_true(resident_bytes(arena, FIXTURE_RESERVE) <
                fixture_stats(arena).image + (size_t)512 * 1024);
}

static void what_shall_be_kept_stays_resident_and_is_zero(void **state) {
    hutch_arena *arena = *state;
    size_t keep = (size_t)5 * 1024 * 1024;
    build(arena);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    size_t image = fixture_stats(arena).image;
    for (int turn = 0; turn < 2; turn++) {
        leave_traces(arena, 20000000, "big");
        size_t extent = fixture_stats(arena).extent;
        assert_int_equal(hutch_arena_restore(arena, keep), HUTCH_OK);
        assert_true(resident_bytes(arena, FIXTURE_RESERVE) >= keep);
        assert_true(resident_bytes(arena, FIXTURE_RESERVE) <= keep + 2 * HUTCH_MEMORY_HUGE);
        expect_zeros(arena, image, extent);
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    }
}

static void trimming_gives_back_what_a_run_has_freed(void **state) {
    hutch_arena *arena = *state;
    char *kept = hutch_arena_alloc(arena, 1000);
    memset(kept, 'k', 1000);
    char *large = hutch_arena_alloc(arena, 50000000);
    memset(large, 'x', 50000000);
    hutch_arena_release(arena, large);
    hutch_arena_trim(arena);
    fixture_check(arena);
    assert_true(resident_bytes(arena, FIXTURE_RESERVE) < (size_t)512 * 1024);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(kept[i], 'k');
    }
    unsigned char *again = hutch_arena_calloc(arena, 1, 1000000);
    for (size_t i = 0; i < 1000000; i++) {
        assert_int_equal(again[i], 0);
    }
}

static void fresh_zeros_take_no_memory_until_they_are_touched(void **state) {
    hutch_arena *arena = *state;
    assert_non_null(hutch_arena_calloc(arena, 100, 1000000));
    assert_true(resident_bytes(arena, FIXTURE_RESERVE) < (size_t)64 * 1024);
}

static void a_later_save_replaces_the_image_and_leaks_nothing(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 10);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    size_t mappings = count_mappings();
    for (int turn = 0; turn < 50; turn++) {
        block[0] = (char)turn;
        assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
        block[0] = 'x';
        assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
        assert_int_equal(block[0], turn);
    }
    assert_true(count_mappings() <= mappings + 1);
}

static void a_save_that_the_system_refuses_keeps_the_earlier_image(void **state) {
    hutch_arena *arena = *state;
    char *block = hutch_arena_alloc(arena, 100000);
    *block = 'e';
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    *block = 'l';
    /* In a process of its own, which is not given another byte of addresses. */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        hutch_error error = {.status = HUTCH_OK};
        bool good = setrlimit(RLIMIT_AS, &(struct rlimit){PAGE, PAGE}) == 0 &&
                    hutch_arena_save(arena, &error) == HUTCH_OUT_OF_MEMORY && error.os_error != 0 &&
                    *block == 'l' && hutch_arena_restore(arena, 0) == HUTCH_OK && *block == 'e';
        _exit(good ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void freed_arenas_leave_no_mapping(void **state) {
    (void)state;
    size_t mappings = 0;
    for (int turn = 0; turn < 20; turn++) {
        hutch_arena *arena = NULL;
        assert_int_equal(hutch_arena_new(FIXTURE_RESERVE, &arena, NULL), HUTCH_OK);
        build(arena);
        assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
        hutch_arena_free(arena);
        mappings = turn == 0 ? count_mappings() : mappings;
    }
    assert_true(count_mappings() <= mappings + 1);
}

static void a_forked_process_restores_its_own_arena(void **state) {
    hutch_arena *arena = *state;
    build(arena);
    char *block = hutch_arena_alloc(arena, 1);
    *block = 'i';
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    *block = 'p';
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        *block = 'c';
        leave_traces(arena, 1000000, "child");
        const char *what = NULL;
        bool good = hutch_arena_restore(arena, 0) == HUTCH_OK && *block == 'i' &&
                    hutch_arena_check(arena, &what);
        _exit(good ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(*block, 'p');
}

/* A page that must not be written says so by a crash. */
static void what_has_not_changed_is_only_read(void **state) {
    hutch_arena *arena = *state;
    size_t size = 4 * HUTCH_MEMORY_GRAIN;
    char *block = hutch_arena_alloc(arena, size);
    assert_non_null(block);
    memset(block, 'i', size);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    uintptr_t place = (uintptr_t)block + HUTCH_MEMORY_GRAIN;
    char *untouched = block + (HUTCH_MEMORY_GRAIN - place % HUTCH_MEMORY_GRAIN);
    assert_int_equal(hutch_memory_make_read_only(untouched, HUTCH_MEMORY_GRAIN, NULL), HUTCH_OK);
    block[0] = 'g';
    block[size - 1] = 'g';
    assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    assert_int_equal(block[0], 'i');
    assert_int_equal(block[size - 1], 'i');
    assert_int_equal(untouched[0], 'i');
}

static void cap_and_countdown_are_those_of_the_image(void **state) {
    hutch_arena *arena = *state;
    hutch_arena_set_cap(arena, 1000000);
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    hutch_arena_set_cap(arena, FIXTURE_RESERVE);
    hutch_arena_fail_after(arena, 0);
    assert_null(hutch_arena_alloc(arena, 1));
    assert_int_equal(hutch_arena_restore(arena, 0), HUTCH_OK);
    assert_false(hutch_arena_take_refusal(arena));
    assert_non_null(hutch_arena_alloc(arena, 1));
    assert_null(hutch_arena_alloc(arena, 1000000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(without_an_image_nothing_can_be_restored),
        fixture_test(restoring_gives_the_same_bytes_and_zeros_beyond),
        fixture_test(the_marker_of_the_last_guest_is_nowhere),
        fixture_test(what_was_free_before_the_save_is_not_in_the_image_beyond_the_top),
        fixture_test(blocks_of_the_image_live_again_after_the_guest_freed_them),
        fixture_test(the_same_guest_gets_the_same_addresses),
        fixture_test(the_pages_of_a_big_guest_are_given_back),
        fixture_test(what_shall_be_kept_stays_resident_and_is_zero),
        fixture_test(trimming_gives_back_what_a_run_has_freed),
        fixture_test(fresh_zeros_take_no_memory_until_they_are_touched),
        fixture_test(a_later_save_replaces_the_image_and_leaks_nothing),
        fixture_test(a_save_that_the_system_refuses_keeps_the_earlier_image),
        cmocka_unit_test(freed_arenas_leave_no_mapping),
        fixture_test(a_forked_process_restores_its_own_arena),
        fixture_test(what_has_not_changed_is_only_read),
        fixture_test(cap_and_countdown_are_those_of_the_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
