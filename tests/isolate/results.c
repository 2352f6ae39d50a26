/*
 * What a program gives back, and when its run ends.
 */
#include "program.h"

#include <string.h>

typedef struct row {
    const char *code;
    const char *json;
} row;

static void values_come_back_as_json(void **state) {
    static const row rows[] = {
        {"return 1 + 1", "2"},
        {"return 'text'", "\"text\""},
        {"return [1, null, true]", "[1,null,true]"},
        {"return { a: { b: [] } }", "{\"a\":{\"b\":[]}}"},
        {"return null", "null"},
        {"return NaN", "null"},
        {"return new Date(0)", "\"1970-01-01T00:00:00.000Z\""},
        {"return { toJSON() { return 'x' } }", "\"x\""},
        {"return { a: undefined, f() {}, s: Symbol() }", "{}"},
        {"return '\\ud800'", "\"\\ud800\""},
        {"return '\\0é日😀'", "\"\\u0000é日😀\""},
        {"return Promise.resolve(7)", "7"},
        {"return { then(resolve) { resolve('thenable') } }", "\"thenable\""},
        {"return Object.create({ inherited: 1 })", "{}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        program_expect(*state, rows[i].code, rows[i].json);
    }
}

static void what_json_does_not_know_comes_back_as_undefined(void **state) {
    static const char *const codes[] = {
        "",
        "   ",
        "1 + 1",
        "return",
        "return undefined",
        "return () => 1",
        "return Symbol('s')",
        "return { toJSON() {} }",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_expect(*state, codes[i], "");
    }
}

static void a_value_that_json_cannot_hold_is_a_failure_that_says_so(void **state) {
    static const char says[] = "The result cannot be turned into JSON: ";
    program_expect_failure(*state, "return 1n", HUTCH_FAILURE_GUEST, "TypeError", says);
    program_expect_failure(*state, "const o = {}; o.o = o; return o", HUTCH_FAILURE_GUEST,
                           "TypeError", says);
    program_expect_failure(*state, "return { toJSON() { throw new RangeError('no') } }",
                           HUTCH_FAILURE_GUEST, "RangeError",
                           "The result cannot be turned into JSON: no");
    program_expect_failure(*state, "return { get x() { throw 'text' } }", HUTCH_FAILURE_GUEST,
                           "Error", "The result cannot be turned into JSON: text");
}

static void a_run_ends_when_its_microtasks_are_done(void **state) {
    program_end end;
    program_run(*state, "(async () => { await 0; await 0; console.log('late') })(); return 'early'",
                &end);
    assert_string_equal(end.json, "\"early\"");
    assert_string_equal(end.logs, "log late\n");
}

static void the_value_is_that_of_the_moment_it_was_returned(void **state) {
    program_expect(*state,
                   "const o = { n: 1 }; Promise.resolve().then(() => {}).then(() => { o.n = 2 });"
                   "return o",
                   "{\"n\":1}");
}

static void globals_stay_from_run_to_run_and_locals_do_not(void **state) {
    program_expect(*state, "globalThis.kept = 5; const local = 6; undeclared = 7", "");
    program_expect(*state, "return [kept, typeof local, undeclared]", "[5,\"undefined\",7]");
}

static void runs_are_numbered(void **state) {
    program_end end;
    program_run(*state, "return 1", &end);
    assert_int_equal(end.run, 1);
    program_run(*state, "throw 1", &end);
    assert_int_equal(end.run, 2);
    program_run(*state, "await never()", &end);
    assert_int_equal(end.type, HUTCH_EVENT_WAITING);
    assert_int_equal(end.run, 3);
    program_reset(*state, NULL);
    program_run(*state, "return 1", &end);
    assert_int_equal(end.run, 1);
}

static void a_promise_that_nothing_can_settle_fails_at_once(void **state) {
    program_expect_failure(*state, "await new Promise(() => {})", HUTCH_FAILURE_STALLED,
                           "StalledError", "no host work");
    program_expect(*state, "return 'usable'", "\"usable\"");
}

static void unhandled_rejections_of_others_are_nobodys_business(void **state) {
    program_expect(*state,
                   "Promise.reject(new Error('a')); queueMicrotask(() => { throw 'b' });"
                   "await 0; await 0; return 1",
                   "1");
}

static void a_result_of_ten_megabytes_arrives_whole(void **state) {
    program_end end;
    program_run(*state, "return 'x'.repeat(10_000_000)", &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_int_equal(end.json_length, 10000002);
    program_run(*state, "return '日'.repeat(1_000_000)", &end);
    assert_int_equal(end.json_length, 3000002);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(values_come_back_as_json),
        program_test(what_json_does_not_know_comes_back_as_undefined),
        program_test(a_value_that_json_cannot_hold_is_a_failure_that_says_so),
        program_test(a_run_ends_when_its_microtasks_are_done),
        program_test(the_value_is_that_of_the_moment_it_was_returned),
        program_test(globals_stay_from_run_to_run_and_locals_do_not),
        program_test(runs_are_numbered),
        program_test(a_promise_that_nothing_can_settle_fails_at_once),
        program_test(unhandled_rejections_of_others_are_nobodys_business),
        program_test(a_result_of_ten_megabytes_arrives_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
