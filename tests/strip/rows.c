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
    const hutch_status status = hutch_strip(copy, length, &options, output, problem);
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

void strip_rows_check(const strip_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check(rows[i].what, rows[i].source, rows[i].stripped);
    }
}

void strip_rows_check_again(const strip_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].stripped != NULL) {
            check(rows[i].what, rows[i].stripped, NULL);
        }
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
    while (*source != 0) {
        const size_t size = character_size(source);
        if (strncmp((const char *)source, (const char *)out, size) == 0) {
            source += size;
            out += size;
            continue;
        }
        if (is_break(source) || strchr(" ;()0|", *out) == NULL || *out == 0) {
            fail_msg("%s: another character at '%s'", row->what, (const char *)out);
        }
        out += size == 4 ? 2 : 1;
        source += size;
    }
    if (*out != 0) {
        fail_msg("%s: more characters than there were: '%s'", row->what, (const char *)out);
    }
}

void strip_rows_check_places(const strip_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].stripped != NULL) {
            check_places(&rows[i]);
        }
    }
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text != 0; text++) {
        lines += *text == '\n';
    }
    return lines;
}

void strip_rows_check_lines(const strip_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].stripped != NULL) {
            assert_int_equal(count_lines(rows[i].stripped), count_lines(rows[i].source));
        }
    }
}
