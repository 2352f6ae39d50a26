/*
 * Growable buffers and sizes that are checked: caps at their edge, failing
 * allocations, ownership; overflow.
 */
#include "base/buffer.h"

#include "../support/cmocka.h"
#include "base/checked.h"
#include "failing_allocator.h"

#include <string.h>

static void appended_bytes_come_out_in_order(void **state) {
    (void)state;
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, SIZE_MAX, "none", NULL);
    for (unsigned i = 0; i < 100000; i++) {
        unsigned char byte = (unsigned char)i;
        assert_int_equal(hutch_buffer_append(&buffer, &byte, 1, NULL), HUTCH_OK);
    }
    assert_int_equal(buffer.length, 100000);
    for (unsigned i = 0; i < 100000; i++) {
        assert_int_equal((unsigned char)buffer.data[i], (unsigned char)i);
    }
    hutch_buffer_free(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.length, 0);
}

static void appending_byte_by_byte_allocates_seldom(void **state) {
    (void)state;
    failing_allocator source;
    failing_allocator_init(&source, SIZE_MAX);
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, SIZE_MAX, "none", &source.allocator);
    for (unsigned i = 0; i < 1000000; i++) {
        assert_int_equal(hutch_buffer_append(&buffer, "x", 1, NULL), HUTCH_OK);
    }
    assert_true(SIZE_MAX - source.countdown <= 16);
    hutch_buffer_free(&buffer);
    assert_int_equal(source.live, 0);
}

static void the_cap_is_met_exactly(void **state) {
    (void)state;
    static const size_t caps[] = {0, 1, 255, 256, 257, 1000};
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        hutch_buffer buffer;
        hutch_buffer_init(&buffer, caps[i], "maxTestSize", NULL);
        for (size_t n = 0; n < caps[i]; n++) {
            assert_int_equal(hutch_buffer_append(&buffer, "x", 1, NULL), HUTCH_OK);
        }
        assert_true(buffer.capacity <= caps[i]);
        hutch_error error;
        assert_int_equal(hutch_buffer_append(&buffer, "x", 1, &error), HUTCH_INVALID_ARGUMENT);
        assert_int_equal(error.status, HUTCH_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "maxTestSize"));
        assert_int_equal(buffer.length, caps[i]);
        hutch_buffer_free(&buffer);
    }
}

static void a_length_that_overflows_is_beyond_the_cap(void **state) {
    (void)state;
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, SIZE_MAX, "none", NULL);
    assert_int_equal(hutch_buffer_append(&buffer, "abc", 3, NULL), HUTCH_OK);
    assert_int_equal(hutch_buffer_reserve(&buffer, SIZE_MAX, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(buffer.length, 3);
    assert_memory_equal(buffer.data, "abc", 3);
    hutch_buffer_free(&buffer);
}

static void each_failing_allocation_is_an_error_and_leaves_the_buffer_as_it_was(void **state) {
    (void)state;
    static const char text[] = "0123456789012345678901234567890123456789012345678901234567890123";
    size_t countdown = 0;
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    for (; status != HUTCH_OK; countdown++) {
        failing_allocator source;
        failing_allocator_init(&source, countdown);
        hutch_buffer buffer;
        hutch_buffer_init(&buffer, SIZE_MAX, "none", &source.allocator);
        size_t appended = 0;
        hutch_error error = {.status = HUTCH_OK};
        do {
            status = hutch_buffer_append(&buffer, text, sizeof text, &error);
            appended += status == HUTCH_OK ? sizeof text : 0;
        } while (status == HUTCH_OK && appended < 10000);
        assert_int_equal(buffer.length, appended);
        for (size_t at = 0; at < appended; at += sizeof text) {
            assert_memory_equal(buffer.data + at, text, sizeof text);
        }
        assert_int_equal(error.status, status);
        assert_int_equal(source.failures, status == HUTCH_OK ? 0 : 1);
        hutch_buffer_free(&buffer);
        assert_int_equal(source.live, 0);
    }
    assert_true(countdown > 3);
}

static void taking_moves_the_bytes_to_the_caller(void **state) {
    (void)state;
    failing_allocator source;
    failing_allocator_init(&source, SIZE_MAX);
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, 100, "cap", &source.allocator);
    size_t length = 7;
    assert_null(hutch_buffer_take(&buffer, &length));
    assert_int_equal(length, 0);

    assert_int_equal(hutch_buffer_append(&buffer, "abc", 3, NULL), HUTCH_OK);
    char *taken = hutch_buffer_take(&buffer, &length);
    assert_int_equal(length, 3);
    assert_memory_equal(taken, "abc", 3);
    assert_int_equal(hutch_buffer_append(&buffer, "d", 1, NULL), HUTCH_OK);
    assert_int_equal(buffer.length, 1);
    assert_memory_equal(taken, "abc", 3);
    hutch_buffer_free(&buffer);
    hutch_allocator_release(&source.allocator, taken);
    assert_int_equal(source.live, 0);
}

static void clearing_keeps_the_memory(void **state) {
    (void)state;
    failing_allocator source;
    failing_allocator_init(&source, 1);
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, 100, "cap", &source.allocator);
    for (int turn = 0; turn < 10; turn++) {
        assert_int_equal(hutch_buffer_append(&buffer, "0123456789", 10, NULL), HUTCH_OK);
        hutch_buffer_clear(&buffer);
        assert_int_equal(buffer.length, 0);
    }
    hutch_buffer_free(&buffer);
}

static void extending_gives_room_and_truncating_takes_it_back(void **state) {
    (void)state;
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, 1000, "cap", NULL);
    char *room = NULL;
    assert_int_equal(hutch_buffer_extend(&buffer, 500, &room, NULL), HUTCH_OK);
    memset(room, 'r', 500);
    hutch_buffer_truncate(&buffer, 2);
    assert_int_equal(hutch_buffer_append(&buffer, "x", 1, NULL), HUTCH_OK);
    assert_int_equal(buffer.length, 3);
    assert_memory_equal(buffer.data, "rrx", 3);
    hutch_buffer_free(&buffer);
}

static void appended_text_is_repaired(void **state) {
    (void)state;
    hutch_buffer buffer;
    hutch_buffer_init(&buffer, 5, "cap", NULL);
    assert_int_equal(hutch_buffer_append_repaired(&buffer, "a\xFFz", 3, NULL), HUTCH_OK);
    assert_int_equal(buffer.length, 5);
    assert_memory_equal(buffer.data, "a\xEF\xBF\xBDz", 5);
    /* The cap counts the repaired bytes. */
    hutch_buffer_clear(&buffer);
    assert_int_equal(hutch_buffer_append_repaired(&buffer, "ab\xFFz", 4, NULL),
                     HUTCH_INVALID_ARGUMENT);
    assert_int_equal(buffer.length, 0);
    hutch_buffer_free(&buffer);
}

static void new_blocks_are_zero_and_none_is_too_small(void **state) {
    (void)state;
    static const char zeros[100];
    char *block = hutch_allocator_new(NULL, sizeof zeros);
    assert_non_null(block);
    assert_memory_equal(block, zeros, sizeof zeros);
    hutch_allocator_release(NULL, block);

    void *nothing = hutch_allocator_new(NULL, 0);
    assert_non_null(nothing);
    hutch_allocator_release(NULL, nothing);
    hutch_allocator_release(NULL, NULL);
}

static void sizes_say_when_they_overflow(void **state) {
    (void)state;
    size_t result = 0;
    assert_true(hutch_checked_add(SIZE_MAX - 1, 1, &result));
    assert_true(result == SIZE_MAX);
    assert_false(hutch_checked_add(SIZE_MAX, 1, &result));
    assert_true(hutch_checked_multiply(SIZE_MAX / 2, 2, &result));
    assert_true(result == SIZE_MAX - 1);
    assert_false(hutch_checked_multiply(SIZE_MAX / 2 + 1, 2, &result));
    assert_true(hutch_checked_round_up(1, 4096, &result));
    assert_true(result == 4096);
    assert_true(hutch_checked_round_up(4096, 4096, &result));
    assert_true(result == 4096);
    assert_true(hutch_checked_round_up(0, 4096, &result));
    assert_true(result == 0);
    assert_false(hutch_checked_round_up(SIZE_MAX - 4094, 4096, &result));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_bytes_come_out_in_order),
        cmocka_unit_test(appending_byte_by_byte_allocates_seldom),
        cmocka_unit_test(the_cap_is_met_exactly),
        cmocka_unit_test(a_length_that_overflows_is_beyond_the_cap),
        cmocka_unit_test(each_failing_allocation_is_an_error_and_leaves_the_buffer_as_it_was),
        cmocka_unit_test(taking_moves_the_bytes_to_the_caller),
        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(extending_gives_room_and_truncating_takes_it_back),
        cmocka_unit_test(appended_text_is_repaired),
        cmocka_unit_test(new_blocks_are_zero_and_none_is_too_small),
        cmocka_unit_test(sizes_say_when_they_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
