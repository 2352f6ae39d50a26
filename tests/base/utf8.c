/*
 * UTF-8: what is valid, what becomes of what is not, lengths and cuts. The
 * tables hold one row a kind of sequence; the sweeps compare the fast paths
 * with the slow definition for every alignment.
 */
#include "base/utf8.h"

#include "../support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#define FFFD HUTCH_UTF8_REPLACEMENT

typedef struct repair_row {
    const char *what;
    const char *text;
    const char *repaired; /* NULL: the text is valid and stays as it is */
    size_t units;         /* UTF-16 units of the repaired text */
} repair_row;

static const repair_row rows[] = {
    {"nothing", "", NULL, 0},
    {"ASCII", "hello, world", NULL, 12},
    {"ASCII of exactly a word", "12345678", NULL, 8},
    {"first two bytes", "\xC2\x80", NULL, 1},
    {"last two bytes", "\xDF\xBF", NULL, 1},
    {"first three bytes", "\xE0\xA0\x80", NULL, 1},
    {"last before the surrogates", "\xED\x9F\xBF", NULL, 1},
    {"first behind the surrogates", "\xEE\x80\x80", NULL, 1},
    {"last three bytes", "\xEF\xBF\xBF", NULL, 1},
    {"first four bytes", "\xF0\x90\x80\x80", NULL, 2},
    {"last character", "\xF4\x8F\xBF\xBF", NULL, 2},
    {"mixed", "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z", NULL, 6},

    {"stray continuation", "a\x80z", "a" FFFD "z", 3},
    {"two stray continuations", "\x80\xBF", FFFD FFFD, 2},
    {"overlong two bytes", "\xC0\xAF", FFFD FFFD, 2},
    {"overlong C1", "\xC1\xBF", FFFD FFFD, 2},
    {"overlong three bytes", "\xE0\x9F\xBF", FFFD FFFD FFFD, 3},
    {"overlong four bytes", "\xF0\x8F\xBF\xBF", FFFD FFFD FFFD FFFD, 4},
    {"beyond the last character", "\xF4\x90\x80\x80", FFFD FFFD FFFD FFFD, 4},
    {"lead F5", "\xF5\x80\x80\x80", FFFD FFFD FFFD FFFD, 4},
    {"byte FF", "\xFF", FFFD, 1},
    {"lone high surrogate", "\xED\xA0\x80", FFFD, 1},
    {"lone low surrogate", "\xED\xBF\xBF", FFFD, 1},
    {"pair as two surrogates", "\xED\xA0\xBD\xED\xB8\x80", FFFD FFFD, 2},
    {"broken surrogate", "\xED\xA0z", FFFD FFFD "z", 3},
    {"two bytes cut", "\xC3", FFFD, 1},
    {"three bytes cut after one", "\xE2", FFFD, 1},
    {"three bytes cut after two", "\xE2\x82", FFFD, 1},
    {"four bytes cut after three", "\xF0\x9F\x98", FFFD, 1},
    {"sequence broken by ASCII",
     "\xE2\x82"
     "A",
     FFFD "A", 2},
    {"sequence broken by a lead", "\xE2\x82\xC3\xA9", FFFD "\xC3\xA9", 2},
    {"invalid in a long run of ASCII", "0123456789abcdef\xFFghijklmnopqrstuv",
     "0123456789abcdef" FFFD "ghijklmnopqrstuv", 33},
};
static const size_t row_count = sizeof rows / sizeof rows[0];

/* A copy of exactly `length` bytes, so that the sanitizers see every step outside. */
static char *exact_copy(const char *text, size_t length) {
    char *copy = malloc(length != 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

static void a_text_is_valid_or_not_as_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        size_t length = strlen(rows[i].text);
        char *text = exact_copy(rows[i].text, length);
        if (hutch_utf8_is_valid(text, length) != (rows[i].repaired == NULL)) {
            fail_msg("%s: validity is not what the table says", rows[i].what);
        }
        free(text);
    }
}

static void repairing_gives_what_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        const char *wanted = rows[i].repaired != NULL ? rows[i].repaired : rows[i].text;
        size_t length = strlen(rows[i].text);
        char *text = exact_copy(rows[i].text, length);
        size_t repaired = hutch_utf8_repaired_length(text, length);
        if (repaired != strlen(wanted)) {
            fail_msg("%s: %zu bytes, expected %zu", rows[i].what, repaired, strlen(wanted));
        }
        char *out = malloc(repaired + 1);
        assert_non_null(out);
        assert_int_equal(hutch_utf8_repair(text, length, out), repaired);
        if (memcmp(out, wanted, repaired) != 0) {
            fail_msg("%s: other bytes than expected", rows[i].what);
        }
        assert_int_equal(hutch_utf8_utf16_units(out, repaired), rows[i].units);
        free(out);
        free(text);
    }
}

static void a_null_text_of_no_length_is_valid_and_empty(void **state) {
    (void)state;
    char out = 'x';
    assert_true(hutch_utf8_is_valid(NULL, 0));
    assert_int_equal(hutch_utf8_repair(NULL, 0, &out), 0);
    assert_int_equal(hutch_utf8_utf16_units(NULL, 0), 0);
    assert_int_equal(hutch_utf8_cut(NULL, 0, 5), 0);
    assert_int_equal(out, 'x');
}

static void an_embedded_nul_is_a_character_like_others(void **state) {
    (void)state;
    assert_true(hutch_utf8_is_valid("a\0b", 3));
    assert_int_equal(hutch_utf8_utf16_units("a\0b", 3), 3);
}

/* The bytes of all kinds, shuffled by a seed, repaired: always valid, never longer than promised,
 * and repairing once more changes nothing. */
static void repaired_text_is_valid_whatever_the_bytes_were(void **state) {
    (void)state;
    static const unsigned char kinds[] = {'a',  'z',  0x00, 0x80, 0xBF, 0xC0, 0xC3, 0xE0, 0xE2,
                                          0xED, 0xA0, 0x9F, 0xEF, 0xF0, 0x90, 0x8F, 0xF4, 0xFF};
    uint32_t random = 12345;
    for (size_t turn = 0; turn < 20000; turn++) {
        char text[24];
        size_t length = turn % sizeof text;
        for (size_t i = 0; i < length; i++) {
            random = random * 1664525u + 1013904223u;
            text[i] = (char)kinds[(random >> 16) % sizeof kinds];
        }
        char out[sizeof text * HUTCH_UTF8_REPAIR_GROWTH];
        size_t repaired = hutch_utf8_repair(text, length, out);
        assert_true(repaired >= length);
        assert_true(repaired <= length * HUTCH_UTF8_REPAIR_GROWTH);
        assert_int_equal(repaired, hutch_utf8_repaired_length(text, length));
        assert_true(hutch_utf8_is_valid(out, repaired));
        assert_int_equal(hutch_utf8_is_valid(text, length),
                         repaired == length && memcmp(text, out, length) == 0);
        char again[sizeof out];
        assert_int_equal(hutch_utf8_repair(out, repaired, again), repaired);
        assert_memory_equal(out, again, repaired);
        assert_true(hutch_utf8_utf16_units(text, length) <= 2 * length);
    }
}

static bool walk_in_pieces(const char *text, size_t length, size_t piece) {
    hutch_utf8_walk walk = {.count = 0};
    bool sound = true;
    for (size_t at = 0; at < length && sound; at += piece) {
        sound = hutch_utf8_walk_on(&walk, text + at, length - at < piece ? length - at : piece);
    }
    return sound && hutch_utf8_walk_is_whole(&walk);
}

static void pieces_are_valid_when_the_whole_is(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = strlen(rows[i].text);
        for (size_t piece = 1; piece <= length + 1; piece++) {
            if (walk_in_pieces(rows[i].text, length, piece) != (rows[i].repaired == NULL)) {
                fail_msg("%s in pieces of %zu", rows[i].what, piece);
            }
        }
    }
}

static void units_are_counted_alike_at_every_offset(void **state) {
    (void)state;
    static const char *const pieces[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    static const size_t units[] = {1, 1, 1, 2};
    for (size_t before = 0; before < 20; before++) {
        for (size_t piece = 0; piece < 4; piece++) {
            char text[64];
            memset(text, '.', sizeof text);
            size_t length = strlen(pieces[piece]);
            memcpy(text + before, pieces[piece], length);
            assert_int_equal(hutch_utf8_utf16_units(text, sizeof text),
                             sizeof text - length + units[piece]);
        }
    }
}

static void a_cut_never_ends_inside_a_character(void **state) {
    (void)state;
    static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z"; /* begins: 0 1 3 6 10 */
    static const size_t cuts[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11};
    for (size_t most = 0; most < sizeof cuts / sizeof cuts[0]; most++) {
        assert_int_equal(hutch_utf8_cut(text, sizeof text - 1, most), cuts[most]);
    }
}

static void cutting_bytes_that_are_no_text_stays_inside_them(void **state) {
    (void)state;
    static const char continuations[] = "\x80\x80\x80\x80\x80\x80\x80\x80";
    for (size_t most = 0; most <= 8; most++) {
        assert_int_equal(hutch_utf8_cut(continuations, 8, most), most);
    }
    assert_int_equal(hutch_utf8_cut("\xFF\xFF\xFF\xFF", 4, 2), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_valid_or_not_as_the_table_says),
        cmocka_unit_test(repairing_gives_what_the_table_says),
        cmocka_unit_test(a_null_text_of_no_length_is_valid_and_empty),
        cmocka_unit_test(an_embedded_nul_is_a_character_like_others),
        cmocka_unit_test(repaired_text_is_valid_whatever_the_bytes_were),
        cmocka_unit_test(pieces_are_valid_when_the_whole_is),
        cmocka_unit_test(units_are_counted_alike_at_every_offset),
        cmocka_unit_test(a_cut_never_ends_inside_a_character),
        cmocka_unit_test(cutting_bytes_that_are_no_text_stays_inside_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
