/*
 * The options of an isolate: every row of HUTCH_ISOLATE_OPTIONS_TABLE at both edges of its range, and as
 * what crosses to a worker. Limits have a test of their own (limits.c).
 */
#include "base/isolate_options.h"

#include "../support/cmocka.h"

#include <stdio.h>
#include <string.h>

#define EACH_ROW(row)                                                                              \
    const hutch_option *row = hutch_isolate_rows;                                                  \
    row < hutch_isolate_rows + HUTCH_ISOLATE_ROWS;                                                 \
    row++

/* All at their defaults, but that everything is given. */
static hutch_isolate_options all_given(void) {
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    for (EACH_ROW(row)) {
        if (row->kind == HUTCH_OPTION_GIVEN) {
            hutch_option_set(row, &options, 1);
        }
    }
    return options;
}

static hutch_status check_with(const hutch_option *row, uint64_t word, hutch_error *error) {
    hutch_isolate_options options = all_given();
    hutch_option_set(row, &options, word);
    return hutch_isolate_options_check(&options, error);
}

static void init_sets_every_default_and_they_are_in_range(void **state) {
    (void)state;
    hutch_isolate_options options;
    memset(&options, 0xA5, sizeof options);
    hutch_isolate_options_init(&options);
    assert_int_equal(options.size, sizeof options);
    assert_int_equal(options.limits.size, sizeof options.limits);
    for (EACH_ROW(row)) {
        assert_true(hutch_option_get(row, &options) == row->standard);
    }
    assert_int_equal(hutch_isolate_options_check(&options, NULL), HUTCH_OK);
    options = all_given();
    assert_int_equal(hutch_isolate_options_check(&options, NULL), HUTCH_OK);
}

static void both_edges_of_each_range_are_inside(void **state) {
    (void)state;
    for (EACH_ROW(row)) {
        assert_int_equal(check_with(row, row->minimum, NULL), HUTCH_OK);
        assert_int_equal(check_with(row, row->maximum, NULL), HUTCH_OK);
    }
}

static void expect_refusal(const hutch_option *row, uint64_t word) {
    hutch_error error = {.status = HUTCH_OK};
    assert_int_equal(check_with(row, word, &error), HUTCH_INVALID_ARGUMENT);
    if (strncmp(error.message, row->label, strlen(row->label)) != 0 ||
        strstr(error.message, "expected") == NULL) {
        fail_msg("\"%s\" does not name %s and what was expected", error.message, row->label);
    }
}

/* What the member's type cannot hold comes out as what it can, which may be inside. */
static bool can_hold(const hutch_option *row, uint64_t word) {
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    hutch_option_set(row, &options, word);
    return hutch_option_get(row, &options) == word;
}

static void one_beyond_each_edge_is_refused_and_named(void **state) {
    (void)state;
    size_t refused = 0;
    for (EACH_ROW(row)) {
        uint64_t below = row->minimum - 1;
        uint64_t above = row->maximum + 1;
        if (hutch_option_is_less(row, below, row->minimum) && can_hold(row, below)) {
            expect_refusal(row, below);
            refused++;
        }
        if (hutch_option_is_less(row, row->maximum, above) && can_hold(row, above)) {
            expect_refusal(row, above);
            refused++;
        }
    }
    assert_true(refused >= 6);
}

static void what_is_not_given_may_be_anything(void **state) {
    (void)state;
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    options.fixed_clock_ms = INT64_MAX;
    assert_int_equal(hutch_isolate_options_check(&options, NULL), HUTCH_OK);
    options.fixed_clock = true;
    assert_int_equal(hutch_isolate_options_check(&options, NULL), HUTCH_INVALID_ARGUMENT);
}

static void a_message_says_value_range_and_unit_or_names(void **state) {
    (void)state;
    hutch_error error;
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    options.utc_offset_minutes = -1440;
    (void)hutch_isolate_options_check(&options, &error);
    assert_string_equal(error.message,
                        "utc_offset_minutes is -1440, expected -1439 to 1439 minutes");
    options.utc_offset_minutes = 0;
    options.proto_keys = (hutch_proto_keys)3;
    (void)hutch_isolate_options_check(&options, &error);
    assert_string_equal(error.message, "proto_keys is 3, expected 0 to 2: drop|keep|error");
}

static void a_choice_has_as_many_names_as_values(void **state) {
    (void)state;
    for (EACH_ROW(row)) {
        uint64_t names = 0;
        for (const char *at = row->unit; row->kind == HUTCH_OPTION_CHOICE && *at != '\0'; at++) {
            names += *at == '|';
        }
        assert_true(names == (row->kind == HUTCH_OPTION_CHOICE ? row->maximum + 1 : 0));
    }
}

/* A value of each member that is not its default. */
static void every_option_crosses_to_a_worker(void **state) {
    (void)state;
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    for (EACH_ROW(row)) {
        hutch_option_set(row, &options,
                         row->standard == row->maximum ? row->minimum : row->maximum);
    }
    for (size_t i = 0; i < HUTCH_LIMIT_ROWS; i++) {
        hutch_option_set(&hutch_limit_rows[i], &options.limits, i + 1);
    }
    uint64_t words[HUTCH_ISOLATE_WORDS];
    hutch_isolate_options_get(&options, words);
    hutch_isolate_options arrived;
    hutch_isolate_options_init(&arrived);
    hutch_isolate_options_set(&arrived, words);
    for (EACH_ROW(row)) {
        assert_true(hutch_option_get(row, &arrived) == hutch_option_get(row, &options));
        assert_true(hutch_option_get(row, &arrived) != row->standard);
    }
    for (size_t i = 0; i < HUTCH_LIMIT_ROWS; i++) {
        assert_true(hutch_option_get(&hutch_limit_rows[i], &arrived.limits) == i + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_sets_every_default_and_they_are_in_range),
        cmocka_unit_test(both_edges_of_each_range_are_inside),
        cmocka_unit_test(one_beyond_each_edge_is_refused_and_named),
        cmocka_unit_test(what_is_not_given_may_be_anything),
        cmocka_unit_test(a_message_says_value_range_and_unit_or_names),
        cmocka_unit_test(a_choice_has_as_many_names_as_values),
        cmocka_unit_test(every_option_crosses_to_a_worker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
