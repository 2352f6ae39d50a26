/*
 * Names of statuses and failures, the version, and the messages of errors.
 */
#include "base/error.h"
#include "base/failure.h"
#include "base/utf8.h"

#include <hutch/event.h>
#include <hutch/status.h>
#include <hutch/version.h>

#include "../support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define EXPECT_STATUS(constant, text, meaning)                                                     \
    assert_string_equal(hutch_status_name(constant), text);

static void every_status_has_its_name(void **state) {
    (void)state;
    HUTCH_STATUS_TABLE(EXPECT_STATUS)
    assert_int_equal(HUTCH_OK, 0);
}

#define COUNT_ROW(constant, ...) constant##_COUNTED,

static void a_number_that_is_no_status_has_a_name_too(void **state) {
    (void)state;
    enum { HUTCH_STATUS_TABLE(COUNT_ROW) count };
    assert_string_equal(hutch_status_name((hutch_status)count), "unknown status");
    assert_string_equal(hutch_status_name((hutch_status)-1), "unknown status");
}

#define EXPECT_FAILURE(constant, text, name, survives, claimable)                                  \
    assert_string_equal(hutch_failure_text(constant), text);                                       \
    assert_string_equal(hutch_failure_name(constant), name);                                       \
    assert_int_equal(hutch_failure_keeps_context(constant), survives);                             \
    assert_int_equal(hutch_failure_is_claimable(constant), claimable);

static void every_failure_has_its_word_name_and_consequence(void **state) {
    (void)state;
    HUTCH_FAILURE_TABLE(EXPECT_FAILURE)
}

/* The pool alone sees how a process ended, and judges what it says. */
static void a_worker_claims_neither_its_death_nor_its_violation(void **state) {
    (void)state;
    assert_false(hutch_failure_is_claimable(HUTCH_FAILURE_WORKER_DIED));
    assert_false(hutch_failure_is_claimable(HUTCH_FAILURE_VIOLATION));
}

static void a_number_that_is_no_failure_costs_the_context(void **state) {
    (void)state;
    enum { HUTCH_FAILURE_TABLE(COUNT_ROW) count };
    static const unsigned numbers[] = {count, 1000, 0xFFFFFFFFu};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        hutch_failure failure = (hutch_failure)numbers[i];
        assert_string_equal(hutch_failure_text(failure), "unknown");
        assert_string_equal(hutch_failure_name(failure), "Error");
        assert_false(hutch_failure_keeps_context(failure));
        assert_false(hutch_failure_is_claimable(failure));
    }
}

static void the_version_is_that_of_the_header(void **state) {
    (void)state;
    assert_string_equal(hutch_version(), HUTCH_VERSION);
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", HUTCH_VERSION_MAJOR, HUTCH_VERSION_MINOR,
             HUTCH_VERSION_PATCH);
    assert_string_equal(hutch_version(), text);
}

static void an_error_has_status_errno_and_message(void **state) {
    (void)state;
    hutch_error error;
    assert_int_equal(hutch_error_set(&error, HUTCH_UNAVAILABLE, 11, "no %s, only %d", "fork", 3),
                     HUTCH_UNAVAILABLE);
    assert_int_equal(error.status, HUTCH_UNAVAILABLE);
    assert_int_equal(error.os_error, 11);
    assert_string_equal(error.message, "no fork, only 3");
}

static void without_an_error_struct_only_the_status_remains(void **state) {
    (void)state;
    assert_int_equal(hutch_error_set(NULL, HUTCH_WRONG_STATE, 0, "x %d", 1), HUTCH_WRONG_STATE);
}

/* A message of `filler` letters and then characters of three bytes: wherever the cut falls, the
 * message fills its room to the last character that fits. */
static void a_long_message_is_cut_at_a_character(void **state) {
    (void)state;
    static const char *const euros = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC";
    for (int filler = 240; filler < 600; filler++) {
        char letters[601];
        memset(letters, 'a', sizeof letters);
        hutch_error error;
        memset(&error, 0xA5, sizeof error);
        hutch_error_set(&error, HUTCH_UNSUPPORTED, 0, "%.*s%s", filler, letters, euros);
        size_t length = strlen(error.message);
        size_t whole = (size_t)filler + strlen(euros);
        assert_true(hutch_utf8_is_valid(error.message, length));
        assert_true(length < HUTCH_ERROR_MESSAGE_SIZE);
        assert_true(length >= HUTCH_ERROR_MESSAGE_SIZE - 3 || length == whole);
    }
}

static void bytes_that_are_no_text_are_replaced_in_a_message(void **state) {
    (void)state;
    hutch_error error;
    hutch_error_set(&error, HUTCH_INVALID_ARGUMENT, 0, "tool \"%s\"", "a\xFF\xED\xA0\x80z");
    assert_string_equal(error.message,
                        "tool \"a" HUTCH_UTF8_REPLACEMENT HUTCH_UTF8_REPLACEMENT "z\"");
    char worst[1000];
    memset(worst, 0xFF, sizeof worst);
    worst[sizeof worst - 1] = '\0';
    hutch_error_set(&error, HUTCH_INVALID_ARGUMENT, 0, "%s", worst);
    assert_int_equal(strlen(error.message), 255);
    assert_true(hutch_utf8_is_valid(error.message, 255));
}

/* Whoever prints a message prints names and paths from anywhere. */
static void what_a_terminal_obeys_is_replaced_in_a_message(void **state) {
    (void)state;
    hutch_error error;
    hutch_error_set(&error, HUTCH_INVALID_ARGUMENT, 0, "tool \"%s\"", "\x1b]0;t\x07\n\xe2\x80\xae");
    assert_string_equal(error.message,
                        "tool \"" HUTCH_UTF8_REPLACEMENT
                        "]0;t" HUTCH_UTF8_REPLACEMENT HUTCH_UTF8_REPLACEMENT HUTCH_UTF8_REPLACEMENT
                        "\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_name),
        cmocka_unit_test(a_number_that_is_no_status_has_a_name_too),
        cmocka_unit_test(every_failure_has_its_word_name_and_consequence),
        cmocka_unit_test(a_worker_claims_neither_its_death_nor_its_violation),
        cmocka_unit_test(a_number_that_is_no_failure_costs_the_context),
        cmocka_unit_test(the_version_is_that_of_the_header),
        cmocka_unit_test(an_error_has_status_errno_and_message),
        cmocka_unit_test(without_an_error_struct_only_the_status_remains),
        cmocka_unit_test(a_long_message_is_cut_at_a_character),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced_in_a_message),
        cmocka_unit_test(what_a_terminal_obeys_is_replaced_in_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
