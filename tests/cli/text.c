/* Text made safe to print, and what counts as JSON. */
#include "text.h"
#include "json.h"

#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void appender(cli_bytes *, const char *, size_t);

static void assert_becomes(appender *append, const char *text, size_t length,
                           const char *expected) {
    cli_bytes out = {.data = NULL};
    append(&out, text, length);
    cli_bytes_append(&out, "", 1);
    assert_string_equal(out.data, expected);
    cli_bytes_free(&out);
}

/* Byte by byte: written out in this file, it would do to an editor what it does to a terminal. */
static const char turning[] = {(char)0xE2, (char)0x80, (char)0xAE};

#define ASSERT_BECOMES(append, text, expected)                                                     \
    assert_becomes(append, text, sizeof(text) - 1, expected)

static void what_a_terminal_would_obey_is_written_out(void **state) {
    (void)state;
    ASSERT_BECOMES(cli_text_append_safe, "plain é 漢 😀\n\ttext", "plain é 漢 😀\n\ttext");
    ASSERT_BECOMES(cli_text_append_safe, "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m");
    ASSERT_BECOMES(cli_text_append_safe, "a\rb\bc\x07", "a\\x0db\\x08c\\x07");
    ASSERT_BECOMES(cli_text_append_safe, "a\0b\x7f", "a\\x00b\\x7f");
    ASSERT_BECOMES(cli_text_append_safe,
                   "\xc2\x9b"
                   "31m",
                   "\\x9b31m");
    /* U+202E turns the direction of writing. */
    assert_becomes(cli_text_append_safe, turning, sizeof turning, "\\u{202e}");
    /* What an excerpt would not show either: line ends of Unicode, tags. */
    ASSERT_BECOMES(cli_text_append_safe, "a\xe2\x80\xa8z", "a\\u{2028}z");
    ASSERT_BECOMES(cli_text_append_safe, "a\xf3\xa0\x81\x81z", "a\\u{e0041}z");
    ASSERT_BECOMES(cli_text_append_json, "\"\xf3\xa0\x81\x81\"", "\"\\udb40\\udc41\"");
    ASSERT_BECOMES(cli_text_append_safe, "", "");
}

static void bytes_that_are_no_utf8_are_written_out(void **state) {
    (void)state;
    ASSERT_BECOMES(cli_text_append_safe, "\xff\xc3", "\\xff\\xc3");
    ASSERT_BECOMES(cli_text_append_safe, "\xed\xa0\x80!", "\\xed\\xa0\\x80!");
    ASSERT_BECOMES(cli_text_append_safe, "\xc0\xaf", "\\xc0\\xaf");
    ASSERT_BECOMES(cli_text_append_safe, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
}

static void json_keeps_its_value(void **state) {
    (void)state;
    ASSERT_BECOMES(cli_text_append_json, "{\"a\":\"x\x7f\xc2\x9b\",\"b\":[1,\"\\n\"]}",
                   "{\"a\":\"x\\u007f\\u009b\",\"b\":[1,\"\\n\"]}");
    assert_becomes(cli_text_append_json, turning, sizeof turning, "\\u202e");
}

static void any_text_can_be_a_json_string(void **state) {
    (void)state;
    ASSERT_BECOMES(cli_text_append_json_string, "say \"hi\"\\\n\t\x1b é\0",
                   "\"say \\\"hi\\\"\\\\\\u000a\\u0009\\u001b é\\u0000\"");
    ASSERT_BECOMES(cli_text_append_json_string, "\xff", "\"\\ufffd\"");
    ASSERT_BECOMES(cli_text_append_json_string, "", "\"\"");
}

static const char *const valid_json[] = {
    "1",
    "-0",
    "0.5",
    "1e9",
    "1E+9",
    "-12.34e-5",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a\\u00e9\\n\"",
    "[]",
    "{}",
    "[1,2,[3,[]],{}]",
    "{\"a\":{\"b\":[true,null]},\"\":0}",
    " [ 1 , 2 ] ",
    "\t{\r\n\"a\" : 1 }\n",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "[[[[[[]]]]]]",
};

static const char *const invalid_json[] = {
    "",          " ",           "01",       "-",         "+1",    ".5",     "1.",       "1e",
    "0x1",       "NaN",         "Infinity", "undefined", "tru",   "truee",  "\"",       "\"a",
    "\"\\x41\"", "\"\\u12g4\"", "\"\\u12",  "\"\\",      "'a'",   "[",      "[1",       "[1,",
    "[1,]",      "[,]",         "[1 2]",    "]",         "{",     "{\"a\"", "{\"a\":",  "{\"a\":1",
    "{\"a\":1,", "{\"a\":1,}",  "{a:1}",    "{\"a\" 1}", "{1:2}", "[}",     "{]",       "[1}",
    "{\"a\":1]", "1 2",         "{} {}",    "\"a\nb\"",  "// 1",  "[1]]",   "{\"a\":}", "{,}",
    "nul",       "hello",
};

static void tells_json_from_everything_else(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof valid_json / sizeof valid_json[0]; i++) {
        if (!cli_json_is_valid(valid_json[i], strlen(valid_json[i]))) {
            fail_msg("this is JSON: %s", valid_json[i]);
        }
    }
    for (size_t i = 0; i < sizeof invalid_json / sizeof invalid_json[0]; i++) {
        if (cli_json_is_valid(invalid_json[i], strlen(invalid_json[i]))) {
            fail_msg("this is no JSON: %s", invalid_json[i]);
        }
    }
    assert_false(cli_json_is_valid("1\0", 2));
    assert_false(cli_json_is_valid("\"\0\"", 3));
}

/* Every prefix of a text, in memory that ends where the prefix does. */
static void reads_no_byte_behind_the_end(void **state) {
    static const char text[] = "{\"a\\u00e9\": [1.5e-3, true, null, {\"b\": \"\\n\"}]}";
    (void)state;
    for (size_t length = 0; length < sizeof(text) - 1; length++) {
        char *copy = malloc(length > 0 ? length : 1);
        assert_non_null(copy);
        memcpy(copy, text, length);
        assert_false(cli_json_is_valid(copy, length));
        free(copy);
    }
    assert_true(cli_json_is_valid(text, sizeof(text) - 1));
}

static void deep_json_is_refused_at_a_bound(void **state) {
    enum { BOUND = 4096 };
    char text[2 * (BOUND + 1)];
    (void)state;
    memset(text, '[', BOUND);
    memset(text + BOUND, ']', BOUND);
    /* The innermost pair is empty and no level of its own. */
    assert_true(cli_json_is_valid(text, (size_t)2 * BOUND));
    memset(text, '[', BOUND + 1);
    text[BOUND + 1] = '1';
    assert_false(cli_json_is_valid(text, BOUND + 2));
}

static void trimming_takes_white_space_from_both_ends(void **state) {
    const char *text = " \n\ta b\r\n ";
    (void)state;
    size_t length = cli_text_trim(&text, strlen(text));
    assert_int_equal(length, 3);
    assert_memory_equal(text, "a b", 3);
    assert_int_equal(cli_text_trim(&text, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_terminal_would_obey_is_written_out),
        cmocka_unit_test(bytes_that_are_no_utf8_are_written_out),
        cmocka_unit_test(json_keeps_its_value),
        cmocka_unit_test(any_text_can_be_a_json_string),
        cmocka_unit_test(tells_json_from_everything_else),
        cmocka_unit_test(reads_no_byte_behind_the_end),
        cmocka_unit_test(deep_json_is_refused_at_a_bound),
        cmocka_unit_test(trimming_takes_white_space_from_both_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
