/*
 * What characters look like: columns, and what a terminal must not get. All widths are compared with
 * Node.js by script/renew-widths --check; here are those that a reader would ask for.
 */
#include "base/text.h"

#include "../support/cmocka.h"

#include <string.h>

static void columns_are_those_of_a_terminal(void **state) {
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"\x1b\t\n\x7f", 0},
        {"\xc3\xa9", 1},                 /* é */
        {"e\xcc\x81", 1},                /* e and a combining acute */
        {"\xe6\xbc\xa2\xe5\xad\x97", 4}, /* 漢字 */
        {"\xf0\x9f\x9f\xa0", 2},         /* orange circle */
        {"\xe2\x9d\xa4\xef\xb8\x8f", 1}, /* heart, and a selector of its picture */
        {"\xef\xbd\xb6", 1},             /* halfwidth katakana */
        {"\xe2\x80\x8b", 0},             /* zero width space */
        {"\xff", 1},                     /* not UTF-8 */
        {"\xe2\x82", 1},                 /* one sequence, cut */
        {"a\xed\xa0\xbd", 2},            /* a surrogate */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hutch_text_columns(rows[i].text, strlen(rows[i].text)), rows[i].columns);
    }
    assert_int_equal(hutch_text_columns(NULL, 0), 0);
    assert_int_equal(hutch_text_columns_of(0x10FFFF), 1);
    assert_int_equal(hutch_text_columns_of(UINT32_MAX), 1);
}

static void what_nobody_sees_or_a_terminal_obeys_is_unsafe(void **state) {
    static const uint32_t unsafe[] = {0,      0x1B,   0x7F,   0x80,   0x9F,   0xAD,    0x61C,
                                      0x180E, 0x200B, 0x200D, 0x2028, 0x2029, 0x202E,  0x2060,
                                      0x2066, 0x206F, 0x3164, 0xFEFF, 0xFFF9, 0xE0001, 0xE0041};
    static const uint32_t safe[] = {' ',    '~',    0xA0,   0x301,  0x600,   0x2010, 0x180B,
                                    0x2070, 0xFE0F, 0xFFEF, 0xFFFC, 0x1F7E0, 0xE0100};
    (void)state;
    for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++) {
        assert_true(hutch_text_is_unsafe(unsafe[i]));
    }
    for (size_t i = 0; i < sizeof safe / sizeof safe[0]; i++) {
        assert_false(hutch_text_is_unsafe(safe[i]));
    }
}

/* They are looked for from the first on. */
static void the_table_of_what_is_unsafe_is_in_order(void **state) {
#define RANGE(first, last, meaning) {first, last},
    static const uint32_t ranges[][2] = {HUTCH_TEXT_UNSAFE_TABLE(RANGE)};
#undef RANGE
    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        assert_true(ranges[i][0] <= ranges[i][1]);
        assert_true(i == 0 || ranges[i - 1][1] < ranges[i][0]);
        assert_true(hutch_text_is_unsafe(ranges[i][0]));
        assert_true(hutch_text_is_unsafe(ranges[i][1]));
    }
}

static void a_text_is_made_safe_character_by_character(void **state) {
    static const char *const rows[][2] = {
        {"", ""},
        {"plain \xc3\xa9 \xf0\x9f\x9f\xa0", "plain \xc3\xa9 \xf0\x9f\x9f\xa0"},
        {"\x1b[31mred\n", "\xef\xbf\xbd[31mred\xef\xbf\xbd"},
        {"a\xe2\x80\xaez\xf3\xa0\x81\x81", "a\xef\xbf\xbdz\xef\xbf\xbd"},
        {"\xc0\xaf\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char safe[128] = "";
        size_t length = hutch_text_make_safe(rows[i][0], strlen(rows[i][0]), safe);
        assert_int_equal(length, strlen(rows[i][1]));
        assert_memory_equal(safe, rows[i][1], length);
    }
}

static void texts_are_the_same_by_their_bytes(void **state) {
    hutch_text none = {NULL, 0};
    hutch_text empty = {"", 0};
    hutch_text one = {"one", 3};
    hutch_text other = {"one more", 3};
    hutch_text longer = {"one more", 8};
    (void)state;
    assert_true(hutch_text_equals(none, empty));
    assert_true(hutch_text_equals(one, other));
    assert_false(hutch_text_equals(one, longer));
    assert_false(hutch_text_equals(one, none));
}

static void a_character_is_what_repairing_takes_for_one(void **state) {
    static const struct {
        const char *text;
        uint32_t point;
        uint32_t bytes;
        bool is_valid;
    } rows[] = {
        {"a", 'a', 1, true},
        {"\xc3\xa9", 0xE9, 2, true},
        {"\xe6\xbc\xa2", 0x6F22, 3, true},
        {"\xf0\x9f\x9f\xa0", 0x1F7E0, 4, true},
        {"\x80", 0xFFFD, 1, false},
        {"\xc0\xaf", 0xFFFD, 1, false},
        {"\xe2\x82z", 0xFFFD, 2, false},
        {"\xed\xa0\xbd", 0xD83D, 3, false},
        {"\xf4\x90\x80\x80", 0xFFFD, 1, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hutch_character next = hutch_utf8_next(rows[i].text, strlen(rows[i].text));
        assert_int_equal(next.point, rows[i].point);
        assert_int_equal(next.bytes, rows[i].bytes);
        assert_int_equal(next.is_valid, rows[i].is_valid);
    }
}

static void a_prefix_cuts_no_character(void **state) {
    static const char text[] = "a\xc3\xa9\xf0\x9f\x9f\xa0z";
    static const size_t bytes[] = {0, 1, 3, 3, 7, 8, 8};
    (void)state;
    for (size_t units = 0; units < sizeof bytes / sizeof bytes[0]; units++) {
        assert_int_equal(hutch_utf8_prefix(text, sizeof text - 1, units), bytes[units]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_a_terminal),
        cmocka_unit_test(what_nobody_sees_or_a_terminal_obeys_is_unsafe),
        cmocka_unit_test(the_table_of_what_is_unsafe_is_in_order),
        cmocka_unit_test(a_text_is_made_safe_character_by_character),
        cmocka_unit_test(texts_are_the_same_by_their_bytes),
        cmocka_unit_test(a_character_is_what_repairing_takes_for_one),
        cmocka_unit_test(a_prefix_cuts_no_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
