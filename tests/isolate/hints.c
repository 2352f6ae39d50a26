/*
 * What the message of a ReferenceError goes on with: the tools that were meant,
 * or what to do without a global that is missing.
 */
#include "program.h"

#include "isolate/nearest.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void add_tool(hutch_isolate *isolate, const char *name) {
    hutch_error error = {0};
    if (program_add_tool(isolate, name, strlen(name), &error) != HUTCH_OK) {
        fail_msg("%s", error.message);
    }
}

/* The message of a program that must fail with a ReferenceError. */
static void expect_message(hutch_isolate *isolate, const char *code, const char *message) {
    program_end end;
    program_run(isolate, code, &end);
    if (end.failure != HUTCH_FAILURE_GUEST || strcmp(end.name, "ReferenceError") != 0 ||
        strcmp(end.message, message) != 0) {
        fail_msg("%s\n  gave %s: %s", code, end.name, end.message);
    }
}

static void an_unknown_name_lists_the_closest_tools(void **state) {
    static const char *const tools[] = {"searchPlaces", "searchPeople", "external_getWeather",
                                        "sum"};
    static const char *const rows[][2] = {
        {"serchPlaces", "searchPlaces"},
        {"searchplaces", "searchPlaces"},
        {"search_places", "searchPlaces"},
        {"SearchPeople", "searchPeople"},
        {"saerchPeople", "searchPeople"},
        {"search", "searchPlaces' or 'searchPeople"},
        {"getWeather", "external_getWeather"},
        {"getWheater", "external_getWeather"},
        {"externalGetWeather", "external_getWeather"},
        {"external_getWether", "external_getWeather"},
        {"sim", "sum"},
        {"ecoh", "echo"},
    };
    for (size_t i = 0; i < COUNT(tools); i++) {
        add_tool(*state, tools[i]);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        char code[128];
        char message[256];
        snprintf(code, sizeof code, "await %s({})", rows[i][0]);
        snprintf(message, sizeof message, "%s is not defined; did you mean '%s'?", rows[i][0],
                 rows[i][1]);
        expect_message(*state, code, message);
    }
}

static void the_first_part_of_a_name_tells_the_binding(void **state) {
    add_tool(*state, "external_list-issues");
    add_tool(*state, "fetch.json");
    add_tool(*state, "a.b");
    expect_message(*state, "external_list-issues({})",
                   "external_list is not defined; the tool 'external_list-issues' is called "
                   "external_list_issues here");
    expect_message(*state, "fetch.json({})",
                   "fetch is not defined; the tool 'fetch.json' is called fetch_json here");
    expect_message(*state, "a.b()", "a is not defined; the tool 'a.b' is called a_b here");
    add_tool(*state, "a-c");
    expect_message(*state, "a-c()",
                   "a is not defined; the tool 'a.b' is called a_b here, 'a-c' is a_c");
}

static void a_name_that_is_near_to_nothing_lists_the_tools(void **state) {
    static const char *const names[] = {"x", "f", "foo", "total", "places", "$", "_", "nope"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char message[128];
        snprintf(message, sizeof message, "%s is not defined; the tools are: echo, fail, never",
                 names[i]);
        expect_message(*state, names[i], message);
    }
}

static void at_most_three_tools_are_listed_the_nearest_first(void **state) {
    static const char *const tools[] = {"readFila", "readFilb", "readFilc", "ReadFile", "readFild"};
    for (size_t i = 0; i < COUNT(tools); i++) {
        add_tool(*state, tools[i]);
    }
    expect_message(*state, "readFile()",
                   "readFile is not defined; did you mean 'ReadFile', 'readFila' or 'readFilb'?");
}

static void a_missing_global_says_what_to_do_instead(void **state) {
    static const struct {
        const char *name;
        const char *hint;
    } rows[] = {
        {"fetch", "no network, its tools are all that reaches outside: echo, fail, never"},
        {"WebSocket", "no network"},
        {"setTimeout", "no timers"},
        {"setInterval", "no timers"},
        {"require", "no modules, files, processes or environment"},
        {"process", "no modules, files, processes or environment"},
        {"Deno", "no modules, files, processes or environment"},
        {"__dirname", "no modules, files, processes or environment"},
        {"lodash", "no packages"},
        {"moment", "no packages"},
        {"zod", "no packages"},
        {"window", "no page, window or storage"},
        {"document", "no page, window or storage"},
        {"localStorage", "no page, window or storage"},
        {"URL", "encodeURIComponent()"},
        {"URLSearchParams", "encodeURIComponent()"},
        {"Buffer", "Uint8Array"},
        {"TextEncoder", "Uint8Array"},
        {"TextDecoder", "Uint8Array"},
        {"crypto", "Math.random()"},
        {"structuredClone", "JSON.parse(JSON.stringify(value))"},
        {"Intl", "toFixed(), padStart()"},
        {"AbortController", "promises"},
        {"Worker", "one thread"},
        {"WebAssembly", "machine code"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char code[128];
        program_end end;
        /* The hint must not speak of what is there. */
        snprintf(code, sizeof code, "return typeof %s", rows[i].name);
        program_expect(*state, code, "\"undefined\"");
        snprintf(code, sizeof code, "return new %s('x')", rows[i].name);
        program_run(*state, code, &end);
        if (strcmp(end.name, "ReferenceError") != 0 || strstr(end.message, rows[i].hint) == NULL) {
            fail_msg("%s\n  gave %s: %s", code, end.name, end.message);
        }
    }
}

static void what_the_hints_advise_is_there(void **state) {
    program_expect(*state,
                   "return [queueMicrotask, encodeURIComponent, btoa, atob, Math.random,\n"
                   "  Uint8Array.fromBase64, Uint8Array.fromHex, Uint8Array.prototype.toBase64,\n"
                   "  Uint8Array.prototype.toHex, JSON.parse, (5).toFixed, 'x'.padStart,\n"
                   "  Date.prototype.toISOString].every((f) => typeof f === 'function')",
                   "true");
}

static void the_list_of_tools_has_at_most_eight(void **state) {
    for (char name[] = "t0"; name[1] < '5'; name[1]++) {
        add_tool(*state, name);
    }
    expect_message(*state, "zzzzzz",
                   "zzzzzz is not defined; the tools are: echo, fail, never, t0, t1, t2, t3, t4");
    add_tool(*state, "t5");
    expect_message(*state, "zzzzzz",
                   "zzzzzz is not defined; the tools are: echo, fail, never, t0, t1, t2, t3, t4"
                   " and 1 more");
}

static void the_list_of_tools_is_short(void **state) {
    char name[HUTCH_TOOL_NAME_MAX + 1];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 6; i++) {
        name[0] = (char)('p' + i);
        add_tool(*state, name);
    }
    program_end end;
    program_run(*state, "zzzzzz", &end);
    const char *list = strstr(end.message, ": ");
    assert_non_null(list);
    assert_true(strlen(list) <= 300);
    assert_non_null(strstr(list, " and 3 more"));
}

static void a_tool_of_nearly_that_name_goes_before_the_explanation(void **state) {
    add_tool(*state, "external_fetch");
    expect_message(*state, "fetch()", "fetch is not defined; did you mean 'external_fetch'?");
}

static void without_the_option_the_message_is_the_engines(void **state) {
    hutch_isolate_options options = program_options();
    options.hints = false;
    program_reset(*state, &options);
    expect_message(*state, "ecoh()", "ecoh is not defined");
    expect_message(*state, "fetch()", "fetch is not defined");
}

static void the_program_itself_sees_the_engines_message(void **state) {
    program_expect(*state, "try { ecoh() } catch (e) { return e.message }",
                   "\"ecoh is not defined\"");
}

static void errors_that_only_look_like_the_engines_get_a_hint_at_most(void **state) {
    static const char *const codes[] = {
        "throw new ReferenceError('ecoh is not defined')",
        "const e = new ReferenceError('x'); e.message = 'ecoh is not defined'; throw e",
    };
    static const char *const others[] = {
        "throw new Error('ecoh is not defined')",
        "throw new (class extends ReferenceError {})('ecoh is not defined')",
        "throw { name: 'ReferenceError', message: 'ecoh is not defined' }",
        "throw new Proxy(new ReferenceError('ecoh is not defined'), {})",
        "const e = new ReferenceError('x');"
        " Object.defineProperty(e, 'message', { get() { return 'ecoh is not defined' } }); throw e",
        "const e = new ReferenceError(''); delete e.message;"
        " ReferenceError.prototype.message = 'ecoh is not defined'; throw e",
        "throw new ReferenceError(' is not defined')",
        "throw new ReferenceError('ecoh'.repeat(1000) + ' is not defined')",
        "throw new ReferenceError('\\x1b[31m is not defined')",
        "throw new ReferenceError('日本語日本語 is not defined')",
        "throw new ReferenceError('ecoh\\0 is not defined')",
        "throw new ReferenceError('ecoh is not initialized')",
        "ecoh; let ecoh",
    };
    for (size_t i = 0; i < COUNT(codes); i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, codes[i], &end);
        assert_string_equal(end.message, "ecoh is not defined; did you mean 'echo'?");
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, others[i], &end);
        if (end.failure != HUTCH_FAILURE_GUEST || strstr(end.message, "did you mean") != NULL) {
            fail_msg("%s\n  gave %s: %s", others[i], end.name, end.message);
        }
    }
}

static void a_realm_that_was_tampered_with_still_gives_its_hint(void **state) {
    program_end end;
    program_run(*state,
                "globalThis.ReferenceError = class {}; Object.prototype.message = 'mine';"
                " Array.prototype.push = null; ecoh()",
                &end);
    assert_string_equal(end.message, "ecoh is not defined; did you mean 'echo'?");
}

static hutch_name name_at(const void *candidates, size_t index) {
    const char *const *names = candidates;
    return (hutch_name){names[index], strlen(names[index])};
}

static void names_longer_than_any_slip_are_not_looked_at(void **state) {
    (void)state;
    char wrong[HUTCH_NEAREST_NAME_MAX + 2];
    char known[HUTCH_NEAREST_NAME_MAX + 2];
    const char *const names[] = {known};
    size_t found[HUTCH_NEAREST_MAX];
    size_t count = 0;
    for (size_t length = HUTCH_NEAREST_NAME_MAX; length <= HUTCH_NEAREST_NAME_MAX + 1; length++) {
        memset(wrong, 'a', length);
        memset(known, 'a', length);
        known[length] = '\0';
        known[length / 2] = 'b';
        hutch_nearness near =
            hutch_nearest((hutch_name){wrong, length}, name_at, names, 1, found, &count);
        assert_int_equal(near, length > HUTCH_NEAREST_NAME_MAX ? HUTCH_NEAREST_NONE
                                                               : HUTCH_NEAREST_SIMILAR);
        assert_int_equal(count, length > HUTCH_NEAREST_NAME_MAX ? 0 : 1);
    }
    assert_int_equal(hutch_nearest((hutch_name){"", 0}, name_at, names, 1, found, &count),
                     HUTCH_NEAREST_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(an_unknown_name_lists_the_closest_tools),
        program_test(the_first_part_of_a_name_tells_the_binding),
        program_test(a_name_that_is_near_to_nothing_lists_the_tools),
        program_test(at_most_three_tools_are_listed_the_nearest_first),
        program_test(a_missing_global_says_what_to_do_instead),
        program_test(what_the_hints_advise_is_there),
        program_test(the_list_of_tools_has_at_most_eight),
        program_test(the_list_of_tools_is_short),
        program_test(a_tool_of_nearly_that_name_goes_before_the_explanation),
        program_test(without_the_option_the_message_is_the_engines),
        program_test(the_program_itself_sees_the_engines_message),
        program_test(errors_that_only_look_like_the_engines_get_a_hint_at_most),
        program_test(a_realm_that_was_tampered_with_still_gives_its_hint),
        cmocka_unit_test(names_longer_than_any_slip_are_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
