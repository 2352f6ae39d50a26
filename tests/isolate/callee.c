/*
 * Names out of texts that are no programs: whatever the text and the place, nothing beyond its ends is read.
 * What is said of programs is in messages.c.
 */
#include "isolate/callee.h"
#include "isolate/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXTS 4000
#define TOKENS_MAX 40
#define LENGTH_MAX ((size_t)(TOKENS_MAX * 8))

static const char *const tokens[] = {
    "o",      ".",      "foo",  "(",      ")",       "[",   "]",   "{",   "}",        "'",     "\"",
    "`",      "${",     "/",    "//",     "/*",      "*/",  "\n",  " ",   "=",        "==",    "=>",
    "new ",   "const ", "let ", "of ",    "for ",    "...", "?.",  "?",   ":",        ",",     ";",
    "+",      "-",      "!",    "await ", "return ", "1",   "2.5", "if",  "\\",       "super", "#p",
    "async ", "class ", "??",   "&&",     "**",      "<",   "%",   "in ", "\xc3\xa9", "void ",
};

static uint32_t next(uint32_t *state) {
    *state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
    return *state >> 8;
}

static size_t write_text(uint32_t *state, char *text) {
    size_t length = 0;
    for (uint32_t left = next(state) % TOKENS_MAX; left > 0; left--) {
        const char *token = tokens[next(state) % (sizeof tokens / sizeof tokens[0])];
        memcpy(text + length, token, strlen(token));
        length += strlen(token);
    }
    return length;
}

static bool is_whole(const hutch_shown_name *name) {
    return name->length < sizeof name->text && name->text[name->length] == '\0';
}

/* Whether one of the questions has an answer. */
static bool ask(hutch_shown_text text, size_t at) {
    hutch_shown_name names[6];
    hutch_callee_spread where = HUTCH_CALLEE_SPREAD_ELEMENT;
    memset(names, 0, sizeof names);
    bool is_named = hutch_callee_of_call(text, at, &names[0]);
    is_named = hutch_callee_of_new(text, at, &names[1]) || is_named;
    is_named = hutch_callee_of_loop(text, at, &names[2]) || is_named;
    is_named = hutch_callee_of_spread(text, at, &names[3], &where) || is_named;
    is_named = hutch_callee_of_pattern(text, at, false, &names[4], &names[5]) || is_named;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(is_whole(&names[i]));
    }
    return is_named;
}

static void any_text_is_read_within_its_ends(void **state) {
    (void)state;
    uint32_t random = 1;
    size_t named = 0;
    for (int i = 0; i < TEXTS; i++) {
        char text[LENGTH_MAX];
        size_t length = write_text(&random, text);
        /* Of their own size, for who watches over memory. */
        char *code = malloc(length > 0 ? length : 1);
        char *mask = malloc(length > 0 ? length : 1);
        assert_non_null(code);
        assert_non_null(mask);
        memcpy(code, text, length);
        hutch_mask_write(code, length, mask);
        for (size_t at = 0; at < length; at++) {
            named += ask((hutch_shown_text){code, mask, length}, at);
        }
        free(code);
        free(mask);
    }
    assert_true(named > 1000);
}

static void expect_mask(const char *code, const char *expected) {
    char mask[128];
    size_t length = strlen(code);
    hutch_mask_write(code, length, mask);
    for (size_t i = 0; i < length; i++) {
        static const char shown[] = {'?', '<', '>', '-'};
        mask[i] = (unsigned char)mask[i] < sizeof shown ? shown[(unsigned char)mask[i]] : mask[i];
    }
    assert_memory_equal(mask, expected, length);
}

static void a_bracket_of_a_mask_is_one(void **state) {
    (void)state;
    expect_mask("a // (\n b /* [ */ c", "a     \n b         c");
    expect_mask("f('(', \"\\\")\")", "f(<->, <--->)");
    expect_mask("`a)${b(`c`)}d`", "<---{b(<->)}->");
    expect_mask("a / (b) / c; x = /[/(]/g", "a / (b) / c; x = <----->");
    expect_mask("if (a) /)/.test(b)", "if (a) <->.test(b)");
    expect_mask("return /)/, a.return / 1", "return <->, a.return / 1");
    expect_mask("a++ / 1; ++/)/", "a++ / 1; ++<->");
    expect_mask("'a\nb", "????");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_text_is_read_within_its_ends),
        cmocka_unit_test(a_bracket_of_a_mask_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
