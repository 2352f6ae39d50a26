/*
 * The judge of JSON: what is a text and what is none, in one piece, byte by
 * byte and cut in two at every place; counts, depth, members `__proto__`.
 */
#include "base/json_scan.h"

#include "../support/cmocka.h"

#include <stdlib.h>
#include <string.h>

typedef struct text_row {
    const char *text;
    hutch_json_verdict verdict;
    uint64_t values; /* of those that are sound */
} text_row;

static const text_row rows[] = {
    {"null", HUTCH_JSON_SOUND, 1},
    {" \t\r\n true \n", HUTCH_JSON_SOUND, 1},
    {"false", HUTCH_JSON_SOUND, 1},
    {"0", HUTCH_JSON_SOUND, 1},
    {"-0", HUTCH_JSON_SOUND, 1},
    {"-0.0e-00", HUTCH_JSON_SOUND, 1},
    {"10.25E+7", HUTCH_JSON_SOUND, 1},
    {"1e5", HUTCH_JSON_SOUND, 1},
    {"\"\"", HUTCH_JSON_SOUND, 1},
    {"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD800\"", HUTCH_JSON_SOUND, 1},
    {"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"", HUTCH_JSON_SOUND, 1},
    {"\"a long run of plain text, then an end\"", HUTCH_JSON_SOUND, 1},
    {"\"\x7F\"", HUTCH_JSON_SOUND, 1},
    {"[]", HUTCH_JSON_SOUND, 1},
    {"{}", HUTCH_JSON_SOUND, 1},
    {"[1,[2],{\"a\":[]}]", HUTCH_JSON_SOUND, 6},
    {"{\"a\":1,\"a\":2}", HUTCH_JSON_SOUND, 3},
    {"[ 1 , 2 ]", HUTCH_JSON_SOUND, 3},
    {"{ \"a\" : { \"b\" : null } }", HUTCH_JSON_SOUND, 3},
    {"{\"a\":-12,\"\":\"b c\",\"d\":true,\"e\":false,\"f\":null,\"g\":0}", HUTCH_JSON_SOUND, 7},
    {"[1.5,2e3]", HUTCH_JSON_SOUND, 3},
    {"[\"\x7F\",\"\\n\",\"\xC3\xA9\"]", HUTCH_JSON_SOUND, 4},
    {"{\"_\":1}", HUTCH_JSON_SOUND, 2},
    {"[\"0123456789\",\"0123456789\",\"0123456789\",\"0123456789\",\"01234567\"]", HUTCH_JSON_SOUND,
     6},
    {"[\"0123456789\",\"0123456789\",\"0123456789\",\"0123456789\",\"012345678\"]",
     HUTCH_JSON_SOUND, 6},

    {"", HUTCH_JSON_INVALID, 0},
    {" ", HUTCH_JSON_INVALID, 0},
    {"\xEF\xBB\xBF"
     "1",
     HUTCH_JSON_INVALID, 0},
    {"nul", HUTCH_JSON_INVALID, 0},
    {"nulll", HUTCH_JSON_INVALID, 0},
    {"True", HUTCH_JSON_INVALID, 0},
    {"undefined", HUTCH_JSON_INVALID, 0},
    {"NaN", HUTCH_JSON_INVALID, 0},
    {"01", HUTCH_JSON_INVALID, 0},
    {"-", HUTCH_JSON_INVALID, 0},
    {"+1", HUTCH_JSON_INVALID, 0},
    {"1.", HUTCH_JSON_INVALID, 0},
    {".5", HUTCH_JSON_INVALID, 0},
    {"1.e5", HUTCH_JSON_INVALID, 0},
    {"1e", HUTCH_JSON_INVALID, 0},
    {"1e+", HUTCH_JSON_INVALID, 0},
    {"1e5.5", HUTCH_JSON_INVALID, 0},
    {"1e5e5", HUTCH_JSON_INVALID, 0},
    {"-01", HUTCH_JSON_INVALID, 0},
    {"0x1", HUTCH_JSON_INVALID, 0},
    {"1 2", HUTCH_JSON_INVALID, 0},
    {"1,2", HUTCH_JSON_INVALID, 0},
    {"\"", HUTCH_JSON_INVALID, 0},
    {"\"\\\"", HUTCH_JSON_INVALID, 0},
    {"\"\\x\"", HUTCH_JSON_INVALID, 0},
    {"\"\\u12\"", HUTCH_JSON_INVALID, 0},
    {"\"\\u12g4\"", HUTCH_JSON_INVALID, 0},
    {"\"\x1F\"", HUTCH_JSON_INVALID, 0},
    {"\"a line\nfeed\"", HUTCH_JSON_INVALID, 0},
    {"'a'", HUTCH_JSON_INVALID, 0},
    {"[", HUTCH_JSON_INVALID, 0},
    {"]", HUTCH_JSON_INVALID, 0},
    {"[1", HUTCH_JSON_INVALID, 0},
    {"[1,]", HUTCH_JSON_INVALID, 0},
    {"[,1]", HUTCH_JSON_INVALID, 0},
    {"[-]", HUTCH_JSON_INVALID, 0},
    {"[01]", HUTCH_JSON_INVALID, 0},
    {"[1 2]", HUTCH_JSON_INVALID, 0},
    {"[nul]", HUTCH_JSON_INVALID, 0},
    {"[truee]", HUTCH_JSON_INVALID, 0},
    {"[\"]", HUTCH_JSON_INVALID, 0},
    {"{\"}", HUTCH_JSON_INVALID, 0},
    {"{\"a\":1]", HUTCH_JSON_INVALID, 0},
    {"{\"a\":1}}", HUTCH_JSON_INVALID, 0},
    {"{\"a\":1},", HUTCH_JSON_INVALID, 0},
    {"[1]2", HUTCH_JSON_INVALID, 0},
    {"\"a\"b", HUTCH_JSON_INVALID, 0},
    {"[1}", HUTCH_JSON_INVALID, 0},
    {"{]", HUTCH_JSON_INVALID, 0},
    {"{\"a\"}", HUTCH_JSON_INVALID, 0},
    {"{\"a\":}", HUTCH_JSON_INVALID, 0},
    {"{\"a\":1,}", HUTCH_JSON_INVALID, 0},
    {"{\"a\":1 \"b\":2}", HUTCH_JSON_INVALID, 0},
    {"{a:1}", HUTCH_JSON_INVALID, 0},
    {"{1:1}", HUTCH_JSON_INVALID, 0},
    {"{\"a\",1}", HUTCH_JSON_INVALID, 0},
    {"[1:2]", HUTCH_JSON_INVALID, 0},
    {"[]]", HUTCH_JSON_INVALID, 0},
    {"/* */1", HUTCH_JSON_INVALID, 0},
    {"[\xC3\xA9]", HUTCH_JSON_INVALID, 0},
    {"\xC2\xA0"
     "1",
     HUTCH_JSON_INVALID, 0},

    {"\"\xFF\"", HUTCH_JSON_NOT_UTF8, 0},
    {"\"\xC3\"", HUTCH_JSON_NOT_UTF8, 0},
    {"\"\xED\xA0\x80\"", HUTCH_JSON_NOT_UTF8, 0},
    {"\"\xF4\x90\x80\x80\"", HUTCH_JSON_NOT_UTF8, 0},
    {"\"\xE2\x82", HUTCH_JSON_NOT_UTF8, 0},
};

static void expect(const text_row *row, const hutch_json_scan *scan, const char *how) {
    if (scan->verdict != row->verdict ||
        (row->verdict == HUTCH_JSON_SOUND && scan->values != row->values)) {
        fail_msg("%s, %s: verdict %d, %d values", row->text, how, (int)scan->verdict,
                 (int)scan->values);
    }
}

/* In two pieces, the second of which is in a buffer that ends with it. */
static void scan_cut(hutch_json_scan *scan, const char *text, size_t cut) {
    size_t rest = strlen(text) - cut;
    char *copy = malloc(rest + 1);
    memcpy(copy, text + cut, rest);
    hutch_json_scan_begin(scan, 1000, HUTCH_PROTO_KEYS_KEEP);
    (void)hutch_json_scan_feed(scan, text, cut);
    (void)hutch_json_scan_feed(scan, copy, rest);
    (void)hutch_json_scan_end(scan);
    free(copy);
}

/* A text of `count` times `byte` between two others. */
static hutch_json_verdict verdict_of_run(const char *before, char byte, size_t count,
                                         const char *after) {
    size_t length = strlen(before) + count + strlen(after);
    char *text = malloc(length + 1);
    hutch_json_scan scan;
    strcpy(text, before);
    memset(text + strlen(before), byte, count);
    strcpy(text + strlen(before) + count, after);
    hutch_json_verdict verdict =
        hutch_json_scan_text(&scan, text, length, 1000, HUTCH_PROTO_KEYS_KEEP);
    hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_KEEP);
    for (size_t at = 0; at < length; at++) {
        (void)hutch_json_scan_feed(&scan, text + at, 1);
    }
    assert_int_equal(hutch_json_scan_end(&scan), verdict);
    free(text);
    return verdict;
}

static void no_number_is_longer_than_it_may_be(void **state) {
    static const struct {
        const char *before;
        char digit;
        const char *after;
    } numbers[] = {
        {"1", '0', ""}, {"-1", '0', ""}, {"0.", '3', ""}, {"1e", '0', ""}, {"12.5E-", '1', ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        size_t most = HUTCH_JSON_NUMBER_MAX - strlen(numbers[i].before);
        assert_int_equal(verdict_of_run(numbers[i].before, numbers[i].digit, most, ""),
                         HUTCH_JSON_SOUND);
        assert_int_equal(verdict_of_run(numbers[i].before, numbers[i].digit, most + 1, ""),
                         HUTCH_JSON_TOO_LONG);
    }
    assert_int_equal(verdict_of_run("[1,2", '0', HUTCH_JSON_NUMBER_MAX - 1, ",3]"),
                     HUTCH_JSON_SOUND);
    assert_int_equal(verdict_of_run("[1,2", '0', HUTCH_JSON_NUMBER_MAX, ",3]"),
                     HUTCH_JSON_TOO_LONG);
}

static void no_white_space_is_longer_than_it_may_be(void **state) {
    static const char *const places[][2] = {
        {"", "1"},         {"1", ""},         {"[", "]"},
        {"[1", ",2]"},     {"[\"a\",", "2]"}, {"{", "}"},
        {"{\"a\"", ":1}"}, {"{\"a\":", "1}"}, {"{\"a\":null", "}"},
        {"[1  ,  2", "]"}, {"[12", "  ]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t behind = strspn(places[i][1], " ");
        for (size_t k = 0; k < 4; k++) {
            char space = " \t\r\n"[k];
            assert_int_equal(
                verdict_of_run(places[i][0], space, HUTCH_JSON_SPACE_MAX - behind, places[i][1]),
                HUTCH_JSON_SOUND);
            assert_int_equal(verdict_of_run(places[i][0], space, HUTCH_JSON_SPACE_MAX + 1 - behind,
                                            places[i][1]),
                             HUTCH_JSON_SPACED);
        }
    }
    assert_int_equal(verdict_of_run("\"", ' ', 100000, "\""), HUTCH_JSON_SOUND);
}

static void texts_are_judged_alike_wherever_they_are_cut(void **state) {
    (void)state;
    hutch_json_scan scan;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = rows[i].text;
        size_t length = strlen(text);
        (void)hutch_json_scan_text(&scan, text, length, 1000, HUTCH_PROTO_KEYS_KEEP);
        expect(&rows[i], &scan, "whole");
        for (size_t cut = 0; cut <= length; cut++) {
            scan_cut(&scan, text, cut);
            expect(&rows[i], &scan, "in two pieces");
        }
        hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_KEEP);
        for (size_t at = 0; at < length; at++) {
            (void)hutch_json_scan_feed(&scan, text + at, 1);
        }
        (void)hutch_json_scan_end(&scan);
        expect(&rows[i], &scan, "byte by byte");
    }
}

static void a_nul_is_a_byte_like_others(void **state) {
    (void)state;
    hutch_json_scan scan;
    assert_int_equal(hutch_json_scan_text(&scan, "1\0", 2, 9, HUTCH_PROTO_KEYS_KEEP),
                     HUTCH_JSON_INVALID);
    assert_int_equal(hutch_json_scan_text(&scan, "\"\0\"", 3, 9, HUTCH_PROTO_KEYS_KEEP),
                     HUTCH_JSON_INVALID);
    assert_int_equal(hutch_json_scan_text(&scan, "\"\\\0\"", 4, 9, HUTCH_PROTO_KEYS_KEEP),
                     HUTCH_JSON_INVALID);
}

/* Every mark at every place of the words that plain text is skipped by. */
static void marks_in_plain_text_are_found_at_every_place(void **state) {
    static const char marks[] = {'"', '\\', 0x1F, 0};
    (void)state;
    hutch_json_scan scan;
    for (size_t at = 0; at < 24; at++) {
        for (size_t i = 0; i < sizeof marks; i++) {
            char text[26];
            memset(text, 'x', sizeof text);
            text[0] = text[25] = '"';
            assert_int_equal(hutch_json_scan_text(&scan, text, 26, 1, HUTCH_PROTO_KEYS_KEEP),
                             HUTCH_JSON_SOUND);
            text[1 + at] = marks[i];
            assert_int_equal(hutch_json_scan_text(&scan, text, 26, 1, HUTCH_PROTO_KEYS_KEEP),
                             HUTCH_JSON_INVALID);
        }
    }
}

static void values_are_counted_and_bounded(void **state) {
    static const char text[] = "[1,{\"a\":\"b\"}]";
    (void)state;
    hutch_json_scan scan;
    assert_int_equal(hutch_json_scan_text(&scan, text, strlen(text), 4, HUTCH_PROTO_KEYS_KEEP),
                     HUTCH_JSON_SOUND);
    assert_int_equal(scan.values, 4);
    assert_int_equal(hutch_json_scan_text(&scan, text, strlen(text), 3, HUTCH_PROTO_KEYS_KEEP),
                     HUTCH_JSON_TOO_MANY);
    /* It is known as soon as the value begins. */
    hutch_json_scan_begin(&scan, 2, HUTCH_PROTO_KEYS_KEEP);
    assert_int_equal(hutch_json_scan_feed(&scan, "[1,", 3), HUTCH_JSON_SOUND);
    assert_int_equal(hutch_json_scan_feed(&scan, "t", 1), HUTCH_JSON_TOO_MANY);
    assert_int_equal(hutch_json_scan_feed(&scan, "rue]", 4), HUTCH_JSON_TOO_MANY);
    assert_int_equal(hutch_json_scan_end(&scan), HUTCH_JSON_TOO_MANY);
}

/* Nested `depth` deep, arrays and objects by turns. */
static hutch_json_verdict scan_nested(hutch_json_scan *scan, int depth) {
    hutch_json_scan_begin(scan, UINT64_MAX, HUTCH_PROTO_KEYS_KEEP);
    for (int i = 0; i < depth; i++) {
        (void)hutch_json_scan_feed(scan, i % 2 == 0 ? "[" : "{\"a\":", i % 2 == 0 ? 1 : 5);
    }
    (void)hutch_json_scan_feed(scan, "1", 1);
    for (int i = depth - 1; i >= 0; i--) {
        (void)hutch_json_scan_feed(scan, i % 2 == 0 ? "]" : "}", 1);
    }
    return hutch_json_scan_end(scan);
}

static void depth_is_bounded(void **state) {
    (void)state;
    hutch_json_scan scan;
    assert_int_equal(scan_nested(&scan, HUTCH_JSON_DEPTH_MAX), HUTCH_JSON_SOUND);
    assert_int_equal(scan.values, HUTCH_JSON_DEPTH_MAX + 1);
    assert_int_equal(scan_nested(&scan, HUTCH_JSON_DEPTH_MAX + 1), HUTCH_JSON_TOO_DEEP);
}

typedef struct drop_row {
    const char *text;
    const char *left; /* NULL: as it was */
} drop_row;

#define P "\"__proto__\""

static const drop_row drops[] = {
    {"{" P ":1}", "{}"},
    {"{" P ":{\"a\":[1,{" P ":2}]}}", "{}"},
    {"{" P ":1,\"a\":2}", "{\"a\":2}"},
    {"{\"a\":2," P ":1}", "{\"a\":2}"},
    {"{\"a\":2," P ":1,\"b\":3}", "{\"a\":2,\"b\":3}"},
    {"{" P ":1," P ":2}", "{}"},
    {"{" P ":1," P ":2,\"a\":3}", "{\"a\":3}"},
    {"{\"a\":3," P ":1," P ":2}", "{\"a\":3}"},
    {"{\"a\":3," P ":1," P ":2,\"b\":{" P ":4}}", "{\"a\":3,\"b\":{}}"},
    {"{\"a\":{" P ":1},\"b\":[{" P ":\"x\"},{\"c\":1," P ":true}]}",
     "{\"a\":{},\"b\":[{},{\"c\":1}]}"},
    {"{\"\\u005f_proto__\":1}", "{}"},
    {"{\"\\u005F\\u005f\\u0070roto\\u005F_\":1,\"a\":1}", "{\"a\":1}"},
    {"{\"a\":1," P ":\"}\\\"\"}", "{\"a\":1}"},
    {"{\"a\":1," P ":-1.5e3}", "{\"a\":1}"},
    {"{\"a\":" P "}", NULL},
    {"[" P "]", NULL},
    {P, NULL},
    {"{\"__proto_\":1,\"__proto___\":2,\"_proto__\":3,\"__PROTO__\":4,\"\":5}", NULL},
    {"{\"\\u0000__proto__\":1,\"__proto__\\u0000\":2,\"__proto\\n__\":3,\"x__proto__\":4}", NULL},
    {"{\"constructor\":{\"prototype\":1}}", NULL},
};

/* The text with its members dropped, in pieces of this length. The room closes up behind each piece,
 * as a worker's buffer does. */
static void drop_in_pieces(const drop_row *row, size_t piece) {
    hutch_json_scan scan;
    char buffer[256];
    size_t length = strlen(row->text);
    size_t kept = 0;
    hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_DROP);
    for (size_t at = 0; at < length; at += piece) {
        size_t now = length - at < piece ? length - at : piece;
        memcpy(buffer + kept, row->text + at, now);
        (void)hutch_json_scan_edit(&scan, buffer, kept, kept + now, &kept);
    }
    assert_int_equal(hutch_json_scan_end(&scan), HUTCH_JSON_SOUND);
    const char *left = row->left != NULL ? row->left : row->text;
    if (kept != strlen(left) || memcmp(buffer, left, kept) != 0) {
        fail_msg("%s in pieces of %zu: %.*s", row->text, piece, (int)kept, buffer);
    }
    assert_int_equal(scan.has_proto, row->left != NULL);
}

static void members_proto_are_taken_out_wherever_the_text_is_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++) {
        for (size_t piece = 1; piece <= strlen(drops[i].text); piece++) {
            drop_in_pieces(&drops[i], piece);
        }
    }
}

static void what_is_dropped_is_judged_all_the_same(void **state) {
    char broken[] = "{" P ":[1,}";
    char many[] = "{" P ":[1,2,3]}";
    (void)state;
    hutch_json_scan scan;
    size_t kept;
    hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_DROP);
    assert_int_equal(hutch_json_scan_edit(&scan, broken, 0, strlen(broken), &kept),
                     HUTCH_JSON_INVALID);
    /* Broken behind what was dropped. */
    char behind[] = "{\"a\":1," P ":2 G," P ":3}";
    hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_DROP);
    assert_int_equal(hutch_json_scan_edit(&scan, behind, 0, 4, &kept), HUTCH_JSON_SOUND);
    assert_int_equal(hutch_json_scan_edit(&scan, behind, 4, strlen(behind), &kept),
                     HUTCH_JSON_INVALID);
    assert_true(kept <= strlen(behind));
    hutch_json_scan_begin(&scan, 4, HUTCH_PROTO_KEYS_DROP);
    assert_int_equal(hutch_json_scan_edit(&scan, many, 0, strlen(many), &kept),
                     HUTCH_JSON_TOO_MANY);
}

static void keep_leaves_and_error_refuses(void **state) {
    char text[] = "[{" P ":1}]";
    (void)state;
    hutch_json_scan scan;
    size_t kept = 0;
    hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_KEEP);
    assert_int_equal(hutch_json_scan_edit(&scan, text, 0, strlen(text), &kept), HUTCH_JSON_SOUND);
    assert_int_equal(kept, strlen(text));
    assert_true(scan.has_proto);
    hutch_json_scan_begin(&scan, 1000, HUTCH_PROTO_KEYS_ERROR);
    assert_int_equal(hutch_json_scan_edit(&scan, text, 0, strlen(text), &kept), HUTCH_JSON_PROTO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_number_is_longer_than_it_may_be),
        cmocka_unit_test(no_white_space_is_longer_than_it_may_be),
        cmocka_unit_test(texts_are_judged_alike_wherever_they_are_cut),
        cmocka_unit_test(a_nul_is_a_byte_like_others),
        cmocka_unit_test(marks_in_plain_text_are_found_at_every_place),
        cmocka_unit_test(values_are_counted_and_bounded),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(members_proto_are_taken_out_wherever_the_text_is_cut),
        cmocka_unit_test(what_is_dropped_is_judged_all_the_same),
        cmocka_unit_test(keep_leaves_and_error_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
