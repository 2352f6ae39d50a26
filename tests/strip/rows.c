/*
 * Tables of sources; see rows.h.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

hutch_status strip_copy(const char *source, size_t length, hutch_strip_goal goal,
                        hutch_strip_output *output, hutch_strip_problem *problem) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    options.goal = goal;
    char *copy = malloc(length != 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, source, length);
    hutch_status status = hutch_strip(copy, length, &options, output, problem);
    free(copy);
    return status;
}

static void check(const char *what, const char *source, const char *expected) {
    hutch_strip_output output = {0};
    hutch_strip_problem problem = {0};
    if (strip_copy(source, strlen(source), HUTCH_STRIP_MODULE, &output, &problem) != HUTCH_OK) {
        fail_msg("%s: %u:%u: %s", what, problem.line, problem.column, problem.message);
    }
    if (output.is_unchanged) {
        if (expected != NULL) {
            fail_msg("%s: unchanged, expected\n%s", what, expected);
        }
    } else if (expected == NULL || strcmp(output.text, expected) != 0) {
        fail_msg("%s:\n%s\nexpected\n%s", what, output.text,
                 expected != NULL ? expected : "no change");
    } else {
        assert_int_equal(output.length, strlen(expected));
    }
    hutch_strip_output_free(&output, NULL);
}

static void check_row(const strip_row *row) {
    check(row->what, row->source, row->stripped);
}

static void check_again(const strip_row *row) {
    if (row->stripped != NULL) {
        check(row->what, row->stripped, NULL);
    }
}

static bool is_break(const unsigned char *at) {
    return *at == '\n' || *at == '\r' || strncmp((const char *)at, "\xe2\x80\xa8", 3) == 0 ||
           strncmp((const char *)at, "\xe2\x80\xa9", 3) == 0;
}

static size_t character_size(const unsigned char *at) {
    return *at < 0x80 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
}

/* Both texts side by side, a UTF-16 unit a step: the output has the source's character, a blank, or
   one of the few that are written. */
static void check_places(const strip_row *row) {
    const unsigned char *source = (const unsigned char *)row->source;
    const unsigned char *out = (const unsigned char *)row->stripped;
    if (out == NULL) {
        return;
    }
    while (*source != 0) {
        size_t size = character_size(source);
        if (strncmp((const char *)source, (const char *)out, size) == 0) {
            source += size;
            out += size;
            continue;
        }
        if (is_break(source) || strchr(" ;()0|?:", *out) == NULL || *out == 0) {
            fail_msg("%s: another character at '%s'", row->what, (const char *)out);
        }
        out += size == 4 ? 2 : 1;
        source += size;
    }
    if (*out != 0) {
        fail_msg("%s: more characters than there were: '%s'", row->what, (const char *)out);
    }
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text != 0; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static void check_lines(const strip_row *row) {
    if (row->stripped != NULL) {
        assert_int_equal(count_lines(row->stripped), count_lines(row->source));
    }
}

/* What the tests are about. */
typedef struct table {
    const strip_row *rows;
    size_t count;
} table;

static void for_each(void **state, void (*check_one)(const strip_row *row)) {
    const table *all = *state;
    for (size_t i = 0; i < all->count; i++) {
        check_one(&all->rows[i]);
    }
}

static void each_source_becomes_what_the_table_says(void **state) {
    for_each(state, check_row);
}

static void what_was_stripped_needs_no_stripping(void **state) {
    for_each(state, check_again);
}

static void remaining_tokens_are_where_they_were(void **state) {
    for_each(state, check_places);
}

static void lines_stay_lines(void **state) {
    for_each(state, check_lines);
}

int strip_rows_run(const strip_row *rows, size_t count, strip_stay stay) {
    table all = {rows, count};
    const struct CMUnitTest places[] = {
        cmocka_unit_test_prestate(each_source_becomes_what_the_table_says, &all),
        cmocka_unit_test_prestate(what_was_stripped_needs_no_stripping, &all),
        cmocka_unit_test_prestate(remaining_tokens_are_where_they_were, &all),
    };
    const struct CMUnitTest lines[] = {
        places[0],
        places[1],
        cmocka_unit_test_prestate(lines_stay_lines, &all),
    };
    return stay == STRIP_PLACES_STAY ? cmocka_run_group_tests(places, NULL, NULL)
                                     : cmocka_run_group_tests(lines, NULL, NULL);
}
