/*
 * Excerpts of programs.
 */
#include <hutch/excerpt.h>

#include "../support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char program[] = "const a = 1\n"
                              "\n"
                              "function f() {\n"
                              "\treturn a.b.c\n"
                              "}\r\n"
                              "f()";

static void expect(const char *source, uint32_t line, uint32_t column, const char *expected) {
    char out[HUTCH_EXCERPT_SIZE];
    size_t written = hutch_excerpt_write(source, strlen(source), line, column, out, sizeof out);
    assert_string_equal(out, expected);
    assert_int_equal(written, strlen(expected));
}

static void lines_around_the_place_are_shown_and_its_word_is_marked(void **state) {
    (void)state;
    expect(program, 4, 9,
           "  2 | \n"
           "  3 | function f() {\n"
           "> 4 |  return a.b.c\n"
           "    |         ^\n"
           "  5 | }\n");
    expect(program, 3, 1,
           "  1 | const a = 1\n"
           "  2 | \n"
           "> 3 | function f() {\n"
           "    | ^^^^^^^^\n"
           "  4 |  return a.b.c\n");
    expect(program, 1, 11,
           "> 1 | const a = 1\n"
           "    |           ^\n"
           "  2 | \n");
    expect(program, 6, 4,
           "  4 |  return a.b.c\n"
           "  5 | }\n"
           "> 6 | f()\n"
           "    |    ^\n");
}

static void numbers_of_lines_are_as_wide_as_the_widest(void **state) {
    (void)state;
    expect("\n\n\n\n\n\n\n\na\nb", 9, 1,
           "   7 | \n"
           "   8 | \n"
           ">  9 | a\n"
           "     | ^\n"
           "  10 | b\n");
}

static void a_place_that_is_not_there_gives_nothing_or_no_mark(void **state) {
    (void)state;
    expect(program, 0, 1, "");
    expect(program, 7, 1, "");
    expect(program, UINT32_MAX, UINT32_MAX, "");
    expect("a", 2, 1, "");
    expect("", 1, 1, "> 1 | \n    | ^\n");
    expect("a\n", 2, 1, "  1 | a\n> 2 | \n    | ^\n");
    expect("a\n", 1, 1, "> 1 | a\n    | ^\n");
    expect("x y", 1, 0, "> 1 | x y\n");
    expect("x y", 1, 99, "> 1 | x y\n    |    ^\n");
}

static void columns_are_utf16_units_and_marks_stand_below_wide_characters(void **state) {
    (void)state;
    expect("'é漢😀' x", 1, 8, "> 1 | 'é漢😀' x\n    |         ^\n");
    expect("e\xCC\x81 x", 1, 4, "> 1 | e\xCC\x81 x\n    |   ^\n");
    expect("f(日本)", 1, 3, "> 1 | f(日本)\n    |   ^^^^\n");
}

static void what_could_be_taken_for_something_else_is_replaced(void **state) {
    (void)state;
    expect("\x1b[31m\x07 \xE2\x80\xAE \xC2\x9B", 1, 1,
           "> 1 | \xEF\xBF\xBD[31m\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD\n"
           "    | ^\n");
    expect("\xFF\xC0\xAF\xED\xA0\x80\xF0\x9F", 1, 1,
           "> 1 | \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
           "\xEF\xBF\xBD\xEF\xBF\xBD\n    | ^\n");
}

static void long_lines_are_cut_around_the_mark(void **state) {
    (void)state;
    enum { LENGTH = 100000 };
    char out[HUTCH_EXCERPT_SIZE];
    char *source = malloc(LENGTH);
    assert_non_null(source);
    memset(source, '.', LENGTH);
    memcpy(source + 50000, "here", 4);
    hutch_excerpt_write(source, LENGTH, 1, 50001, out, sizeof out);
    const char *mark = strchr(out, '\n') + 1;
    /* Both signs of a cut have three bytes in one column. */
    assert_memory_equal(out + strcspn(mark, "^") + 2, "here.", 5);
    assert_string_equal(mark + strcspn(mark, "^"), "^^^^\n");
    assert_int_equal(strcspn(out, "\n"), strlen("> 1 | ") + HUTCH_EXCERPT_COLUMNS - 1 + 2 * 3);
    free(source);
}

static void a_wide_character_that_is_cut_leaves_its_second_column(void **state) {
    (void)state;
    enum { WIDE = 200, LEFT = HUTCH_EXCERPT_COLUMNS / 2 };
    char out[HUTCH_EXCERPT_SIZE];
    char source[3 * WIDE + 5];
    for (size_t i = 0; i < WIDE; i++) {
        memcpy(source + 3 * i, "漢", 3);
    }
    memcpy(source + sizeof source - 5, "here", 5);
    hutch_excerpt_write(source, sizeof source - 1, 1, WIDE + 1, out, sizeof out);
    const char *mark = strchr(out, '\n') + 1;
    const char *line = out + strlen("> 1 | ");
    assert_memory_equal(line, "… 漢", strlen("… 漢"));
    assert_memory_equal(line + strlen("… ") + (size_t)3 * (LEFT - 2) / 2, "here\n", 5);
    assert_int_equal(strcspn(mark, "^"), strlen("> 1 | ") + LEFT);
}

static void no_room_is_ever_exceeded(void **state) {
    (void)state;
    char source[4000];
    char out[HUTCH_EXCERPT_SIZE + 1];
    /* Four lines of the longest characters, and a mark as long as a line can have. */
    for (size_t i = 0; i < sizeof source; i += 4) {
        memcpy(source + i, i % 1000 == 996 ? "...\n" : "\xF0\x90\x8D\x88", 4);
    }
    for (size_t size = 1; size <= HUTCH_EXCERPT_SIZE; size++) {
        out[size] = 'x';
        size_t written = hutch_excerpt_write(source, sizeof source, 3, 1, out, size);
        assert_true(written < size && out[written] == '\0' && out[size] == 'x');
    }
    assert_true(strlen(out) < HUTCH_EXCERPT_SIZE - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_around_the_place_are_shown_and_its_word_is_marked),
        cmocka_unit_test(numbers_of_lines_are_as_wide_as_the_widest),
        cmocka_unit_test(a_place_that_is_not_there_gives_nothing_or_no_mark),
        cmocka_unit_test(columns_are_utf16_units_and_marks_stand_below_wide_characters),
        cmocka_unit_test(what_could_be_taken_for_something_else_is_replaced),
        cmocka_unit_test(long_lines_are_cut_around_the_mark),
        cmocka_unit_test(a_wide_character_that_is_cut_leaves_its_second_column),
        cmocka_unit_test(no_room_is_ever_exceeded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
