/*
 * The limits, every row of HUTCH_LIMITS_TABLE at both edges of its range.
 */
#include <hutch/limits.h>

#include "../support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct limit_row {
    const char *field;
    const char *option;
    size_t offset;
    uint64_t standard;
    uint64_t minimum;
    uint64_t maximum;
} limit_row;

#define LIMIT_ROW(field, option, standard, minimum, maximum, unit, meaning)                        \
    {#field, option, offsetof(hutch_limits, field), standard, minimum, maximum},

static const limit_row rows[] = {HUTCH_LIMITS_TABLE(LIMIT_ROW)};
static const size_t row_count = sizeof rows / sizeof rows[0];

static uint64_t *field_of(hutch_limits *limits, const limit_row *row) {
    return (uint64_t *)((char *)limits + row->offset);
}

static hutch_status check_with(const limit_row *row, uint64_t value, hutch_error *error) {
    hutch_limits limits;
    hutch_limits_init(&limits);
    *field_of(&limits, row) = value;
    return hutch_limits_check(&limits, error);
}

static void init_sets_every_default_and_they_are_in_range(void **state) {
    (void)state;
    hutch_limits limits;
    memset(&limits, 0xA5, sizeof limits);
    hutch_limits_init(&limits);
    assert_int_equal(limits.size, sizeof limits);
    for (size_t i = 0; i < row_count; i++) {
        assert_true(*field_of(&limits, &rows[i]) == rows[i].standard);
    }
    assert_int_equal(hutch_limits_check(&limits, NULL), HUTCH_OK);
}

static void both_edges_of_each_range_are_inside(void **state) {
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        assert_int_equal(check_with(&rows[i], rows[i].minimum, NULL), HUTCH_OK);
        assert_int_equal(check_with(&rows[i], rows[i].maximum, NULL), HUTCH_OK);
    }
}

static void expect_refusal(const limit_row *row, uint64_t value) {
    hutch_error error = {.status = HUTCH_OK};
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, value);
    assert_int_equal(check_with(row, value, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(check_with(row, value, &error), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(error.status, HUTCH_INVALID_ARGUMENT);
    assert_int_equal(error.os_error, 0);
    if (strncmp(error.message, row->option, strlen(row->option)) != 0 ||
        strstr(error.message, text) == NULL) {
        fail_msg("%s: \"%s\" names not both the option and %s", row->field, error.message, text);
    }
}

static void one_beyond_each_edge_is_refused_and_named(void **state) {
    (void)state;
    size_t refused = 0;
    for (size_t i = 0; i < row_count; i++) {
        if (rows[i].minimum > 0) {
            expect_refusal(&rows[i], rows[i].minimum - 1);
            refused++;
        }
        if (rows[i].maximum < UINT64_MAX) {
            expect_refusal(&rows[i], rows[i].maximum + 1);
            refused++;
        }
    }
    assert_true(refused >= row_count);
}

static void the_message_says_value_range_and_unit(void **state) {
    (void)state;
    hutch_limits limits;
    hutch_limits_init(&limits);
    limits.timeout_ms = 0;
    hutch_error error;
    assert_int_equal(hutch_limits_check(&limits, &error), HUTCH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "timeout is 0, expected 1 to 2147483647 ms");
    hutch_limits_init(&limits);
    limits.cpu_time_ms = 0;
    assert_int_equal(hutch_limits_check(&limits, &error), HUTCH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "cpuTime is 0, expected 1 to no limit ms");
}

static void limits_that_were_never_set_up_are_refused(void **state) {
    (void)state;
    hutch_limits limits;
    memset(&limits, 0, sizeof limits);
    hutch_error error;
    assert_int_equal(hutch_limits_check(&limits, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "hutch_limits_init"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_sets_every_default_and_they_are_in_range),
        cmocka_unit_test(both_edges_of_each_range_are_inside),
        cmocka_unit_test(one_beyond_each_edge_is_refused_and_named),
        cmocka_unit_test(the_message_says_value_range_and_unit),
        cmocka_unit_test(limits_that_were_never_set_up_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
