/*
 * Which names a tool may have. That the table of globals is the engine's is
 * tested where the engine is, in tests/isolate.
 */
#include "base/tool_name.h"

#include <hutch/isolate.h>

#include "../support/cmocka.h"

#include <stdlib.h>
#include <string.h>

static hutch_status check(const char *name, hutch_error *error) {
    /* Exactly as long as the name, so that the sanitizers see a read beyond it. */
    size_t length = strlen(name);
    char *copy = malloc(length != 0 ? length : 1);
    assert_non_null(copy);
    for (size_t i = 0; i < length; i++) {
        copy[i] = name[i];
    }
    hutch_status status = hutch_tool_name_check(copy, length, error);
    free(copy);
    return status;
}

static void identifiers_are_allowed(void **state) {
    (void)state;
    static const char *const names[] = {
        "a",      "_",       "$",      "$1",       "getWeather", "get_weather2", "external_x",
        "Objec",  "Objects", "object", "consoles", "async",      "of",           "get",
        "set",    "from",    "as",     "then",     "require",    "process",      "fetch",
        "_proto", "__a",     "letter", "ifs",      "awaits",     "undefine",     "NaNs",
        "Z",      "z9",      "isNaN2", "evaluate", "prototype",  "name",         "length"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (check(names[i], NULL) != HUTCH_OK) {
            fail_msg("\"%s\" is refused", names[i]);
        }
    }
}

static void expect_refusal(const char *name, const char *reason) {
    hutch_error error = {.status = HUTCH_OK};
    if (check(name, &error) != HUTCH_INVALID_ARGUMENT || strstr(error.message, reason) == NULL ||
        strstr(error.message, name) == NULL) {
        fail_msg("\"%s\": \"%s\" says not \"%s\"", name, error.message, reason);
    }
    assert_int_equal(check(name, NULL), HUTCH_INVALID_ARGUMENT);
}

static void what_is_no_identifier_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {"",    "1a",   "a-b", "a b",         "a.b", " a",
                                        "a\n", "\x7F", "a;b", "caf\xC3\xA9", "a\"", "#a",
                                        "a{",  "[",    "`",   "@",           "a/b", "-"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect_refusal(names[i], "expected an identifier");
    }
}

static void an_embedded_nul_is_refused(void **state) {
    (void)state;
    assert_int_equal(hutch_tool_name_check("a\0b", 3, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_tool_name_check("Object\0", 7, NULL), HUTCH_INVALID_ARGUMENT);
}

static void a_null_name_is_refused(void **state) {
    (void)state;
    hutch_error error;
    assert_int_equal(hutch_tool_name_check(NULL, 0, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "expected an identifier"));
}

static void reserved_words_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {"arguments", "await",  "class",  "enum",      "false",
                                        "if",        "import", "in",     "interface", "let",
                                        "new",       "null",   "static", "this",      "true",
                                        "typeof",    "void",   "with",   "yield",     "protected"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect_refusal(names[i], "reserved word");
    }
}

static void names_that_a_fresh_global_object_has_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "Object",         "console",          "undefined", "NaN",      "Infinity",    "eval",
        "Promise",        "globalThis",       "__proto__", "toString", "constructor", "valueOf",
        "hasOwnProperty", "__defineGetter__", "Array",     "unescape"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect_refusal(names[i], "no global");
    }
}

static void every_name_of_the_table_is_refused_and_the_table_is_sorted(void **state) {
    (void)state;
    size_t count = 0;
    const char *const *globals = hutch_tool_name_globals(&count);
    assert_true(count > 60);
    for (size_t i = 0; i < count; i++) {
        expect_refusal(globals[i], "no global");
        assert_true(i == 0 || strcmp(globals[i - 1], globals[i]) < 0);
    }
}

static void the_longest_name_is_allowed_and_one_byte_more_is_not(void **state) {
    (void)state;
    char name[HUTCH_TOOL_NAME_MAX + 1];
    memset(name, 'n', sizeof name);
    assert_int_equal(hutch_tool_name_check(name, HUTCH_TOOL_NAME_MAX, NULL), HUTCH_OK);
    hutch_error error;
    assert_int_equal(hutch_tool_name_check(name, sizeof name, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "257 bytes, expected 1 to 256"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_are_allowed),
        cmocka_unit_test(what_is_no_identifier_is_refused),
        cmocka_unit_test(an_embedded_nul_is_refused),
        cmocka_unit_test(a_null_name_is_refused),
        cmocka_unit_test(reserved_words_are_refused),
        cmocka_unit_test(names_that_a_fresh_global_object_has_are_refused),
        cmocka_unit_test(every_name_of_the_table_is_refused_and_the_table_is_sorted),
        cmocka_unit_test(the_longest_name_is_allowed_and_one_byte_more_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
