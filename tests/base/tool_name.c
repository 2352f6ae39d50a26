/*
 * Which names a tool may have. That the table of globals is the engine's is
 * tested where the engine is, in tests/isolate.
 */
#include "base/tool_name.h"

#include <hutch/isolate.h>

#include "../support/cmocka.h"

#include <stdlib.h>
#include <string.h>

/* A name exactly as long as it is, so that the sanitizers see a read beyond it. */
static char *exact_copy(const char *text, size_t length) {
    char *copy = malloc(length != 0 ? length : 1);
    assert_non_null(copy);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

static hutch_status bind(const char *name, size_t length, hutch_tool_bound *bound,
                         hutch_error *error) {
    char *copy = exact_copy(name, length);
    hutch_status status = hutch_tool_bind(copy, length, bound, error);
    free(copy);
    return status;
}

static void expect_bound(const char *name, const char *expected) {
    hutch_tool_bound bound;
    if (bind(name, strlen(name), &bound, NULL) != HUTCH_OK || strcmp(bound.data, expected) != 0 ||
        bound.length != strlen(expected)) {
        fail_msg("\"%s\" is bound as \"%s\", expected \"%s\"", name, bound.data, expected);
    }
    assert_int_equal(hutch_tool_bound_check(expected, strlen(expected), NULL), HUTCH_OK);
}

static void identifiers_are_bound_as_they_are(void **state) {
    (void)state;
    static const char *const names[] = {"a",           "_",           "$",
                                        "$1",          "getWeather",  "get_weather2",
                                        "external_x",  "Objec",       "Objects",
                                        "object",      "consoles",    "async",
                                        "of",          "get",         "set",
                                        "from",        "as",          "then",
                                        "require",     "process",     "fetch",
                                        "_proto",      "__a",         "letter",
                                        "ifs",         "awaits",      "undefine",
                                        "NaNs",        "Z",           "z9",
                                        "isNaN2",      "evaluate",    "prototype",
                                        "name",        "length",      "atob",
                                        "btoa",        "performance", "queueMicrotask",
                                        "DOMException"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect_bound(names[i], names[i]);
    }
}

static void other_names_are_bound_by_the_rule(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"list-issues", "list_issues"},
        {"a.b", "a_b"},
        {"a b", "a_b"},
        {"a\tb\nc\vd\fe\rf", "a_b_c_d_e_f"},
        {"1st", "_1st"},
        {"1", "_1"},
        {"-", "_"},
        {".1", "_1"},
        {"@scope/tool", "scopetool"},
        {"caf\xC3\xA9", "caf"},
        {"\xC3\xA4", "_"},
        {"\xF0\x9F\x98\x80", "_"},
        {"!", "_"},
        {"a\x01\x7F"
         "b",
         "ab"},
        {"\xC2\xA0x", "x"},
        {"\xC3\xA4"
         "1",
         "_1"},
        {"delete", "delete_"},
        {"class", "class_"},
        {"await", "await_"},
        {"arguments", "arguments_"},
        {"de\xC3\xA4lete", "delete_"},
        {"Object!", "Object_"},
        {"__proto__/", "__proto___"},
        {"to/String", "toString_"},
        {"a/tob", "atob"},
        {"a);evil(", "aevil"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_bound(rows[i][0], rows[i][1]);
    }
}

static void expect_refusal(const char *name, size_t length, const char *reason) {
    hutch_error error = {.status = HUTCH_OK};
    hutch_tool_bound bound = {.length = 9};
    if (bind(name, length, &bound, &error) != HUTCH_INVALID_ARGUMENT ||
        strstr(error.message, reason) == NULL) {
        fail_msg("\"%s\": \"%s\" says not \"%s\"", name, error.message, reason);
    }
    assert_int_equal(bound.length, 0);
    assert_string_equal(bound.data, "");
    assert_int_equal(bind(name, length, &bound, NULL), HUTCH_INVALID_ARGUMENT);
}

static void what_cannot_be_a_name_is_refused(void **state) {
    (void)state;
    expect_refusal("", 0, "at least one character");
    expect_refusal("a\0b", 3, "without NUL");
    expect_refusal("Object\0", 7, "without NUL");
    expect_refusal("a\xC3", 2, "UTF-8");
    expect_refusal("\xED\xA0\x80", 3, "UTF-8");
    hutch_tool_bound bound;
    assert_int_equal(hutch_tool_bind(NULL, 0, &bound, NULL), HUTCH_INVALID_ARGUMENT);
}

static bool is_web_global(const char *name) {
    size_t count = 0;
    const char *const *web = hutch_tool_name_web_globals(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(web[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void a_global_of_the_language_is_refused_and_the_table_is_sorted(void **state) {
    (void)state;
    size_t count = 0;
    const char *const *globals = hutch_tool_name_globals(&count);
    assert_true(count > 60);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || strcmp(globals[i - 1], globals[i]) < 0);
        if (is_web_global(globals[i])) {
            expect_bound(globals[i], globals[i]);
        } else {
            expect_refusal(globals[i], strlen(globals[i]), "no global");
            assert_int_equal(hutch_tool_bound_check(globals[i], strlen(globals[i]), NULL),
                             HUTCH_INVALID_ARGUMENT);
        }
    }
}

static void the_globals_of_the_web_are_globals_and_sorted(void **state) {
    (void)state;
    size_t count = 0;
    size_t found = 0;
    size_t all = 0;
    const char *const *web = hutch_tool_name_web_globals(&count);
    const char *const *globals = hutch_tool_name_globals(&all);
    for (size_t i = 0; i < all; i++) {
        found += is_web_global(globals[i]);
    }
    assert_int_equal(found, count);
    for (size_t i = 1; i < count; i++) {
        assert_true(strcmp(web[i - 1], web[i]) < 0);
    }
}

static void the_longest_name_is_allowed_and_one_byte_more_is_not(void **state) {
    (void)state;
    char name[HUTCH_TOOL_NAME_MAX + 1];
    hutch_tool_bound bound;
    memset(name, '1', sizeof name);
    assert_int_equal(bind(name, HUTCH_TOOL_NAME_MAX, &bound, NULL), HUTCH_OK);
    assert_int_equal(bound.length, HUTCH_TOOL_NAME_MAX + 1);
    expect_refusal(name, sizeof name, "257 bytes, expected 1 to 256");
}

static void expect_bad_binding(const char *text, const char *reason) {
    hutch_error error = {.status = HUTCH_OK};
    hutch_tool tool = HUTCH_TOOL("tool");
    hutch_tool_bound bound;
    tool.bound = (hutch_text){text, strlen(text)};
    assert_int_equal(hutch_tool_name_settle(&tool, &bound, &error), HUTCH_INVALID_ARGUMENT);
    if (strstr(error.message, "tool binding") == NULL || strstr(error.message, reason) == NULL) {
        fail_msg("\"%s\": \"%s\" says not \"%s\"", text, error.message, reason);
    }
}

static void a_binding_of_ones_own_goes_before_the_rule(void **state) {
    (void)state;
    hutch_tool tool = HUTCH_TOOL("list-issues");
    hutch_tool_bound bound;
    assert_int_equal(hutch_tool_name_settle(&tool, &bound, NULL), HUTCH_OK);
    assert_string_equal(bound.data, "list_issues");
    tool.bound = (hutch_text){"list_issues_2", 13};
    assert_int_equal(hutch_tool_name_settle(&tool, &bound, NULL), HUTCH_OK);
    assert_string_equal(bound.data, "list_issues_2");
    assert_int_equal(bound.length, 13);
}

static void a_binding_is_an_identifier(void **state) {
    (void)state;
    static const char *const names[] = {"1a", "a-b", "a b", "a.b",
                                        " a", "a\n", "a;b", "caf\xC3\xA9"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect_bad_binding(names[i], "expected an identifier");
    }
    expect_bad_binding("class", "reserved word");
    expect_bad_binding("Object", "no global");
    char longest[HUTCH_TOOL_BOUND_MAX + 2];
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    expect_bad_binding(longest, "265 bytes, expected 1 to 264");
    assert_int_equal(hutch_tool_bound_check(longest, HUTCH_TOOL_BOUND_MAX, NULL), HUTCH_OK);
    assert_int_equal(hutch_tool_bound_check(NULL, 0, NULL), HUTCH_INVALID_ARGUMENT);
}

static void the_word_that_a_name_begins_with(void **state) {
    (void)state;
    assert_int_equal(hutch_tool_name_word("list-issues", 11), 4);
    assert_int_equal(hutch_tool_name_word("a.b", 3), 1);
    assert_int_equal(hutch_tool_name_word("whole9", 6), 6);
    assert_int_equal(hutch_tool_name_word("1st", 3), 0);
    assert_int_equal(hutch_tool_name_word("", 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_are_bound_as_they_are),
        cmocka_unit_test(other_names_are_bound_by_the_rule),
        cmocka_unit_test(what_cannot_be_a_name_is_refused),
        cmocka_unit_test(a_global_of_the_language_is_refused_and_the_table_is_sorted),
        cmocka_unit_test(the_globals_of_the_web_are_globals_and_sorted),
        cmocka_unit_test(the_longest_name_is_allowed_and_one_byte_more_is_not),
        cmocka_unit_test(a_binding_of_ones_own_goes_before_the_rule),
        cmocka_unit_test(a_binding_is_an_identifier),
        cmocka_unit_test(the_word_that_a_name_begins_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
