/*
 * What a program threw, as the host hears of it.
 */
#include "program.h"

#include <stdio.h>
#include <string.h>

static void errors_keep_name_message_and_code(void **state) {
    static const struct {
        const char *code;
        const char *name;
        const char *message;
        const char *error_code;
    } rows[] = {
        {"throw new Error('m')", "Error", "m", ""},
        {"throw new Error()", "Error", "", ""},
        {"throw new TypeError('m')", "TypeError", "m", ""},
        {"throw Object.assign(new Error('m'), { name: 'Mine', code: 'E1' })", "Mine", "m", "E1"},
        {"throw Object.assign(new Error('m'), { code: 404 })", "Error", "m", "404"},
        {"throw Object.assign(new Error('m'), { code: {} })", "Error", "m", ""},
        {"class MyError extends Error { name = 'MyError' } throw new MyError('x')", "MyError", "x",
         ""},
        {"JSON.parse('{')", "SyntaxError", "", ""},
        {"nope", "ReferenceError", "nope is not defined; the tools are: echo, fail, never", ""},
        {"await Promise.reject(new RangeError('r'))", "RangeError", "r", ""},
        {"throw new AggregateError([1], 'm')", "AggregateError", "m: 1", ""},
        {"throw new Proxy(new Error('m'), { get() { throw 1 } })", "Error", "m", ""},
        {"throw new Proxy(new Proxy(new TypeError('m'), {}), { get() {} })", "Error", "m", ""},
        {"throw 'text'", "Error", "text", ""},
        {"throw ''", "Error", "", ""},
        {"throw 5", "Error", "5", ""},
        {"throw 10n", "Error", "10n", ""},
        {"throw null", "Error", "null", ""},
        {"throw undefined", "Error", "undefined", ""},
        {"throw Symbol('s')", "Error", "Symbol(s)", ""},
        {"throw { a: 1 }", "Error", "{ a: 1 }", ""},
        {"throw { name: 'N', message: 'M', code: 'C' }", "N", "M", "C"},
        {"throw { message: 'only' }", "Error", "only", ""},
        {"throw { message: 5 }", "Error", "5", ""},
        {"throw { name: 5, message: 'm' }", "Error", "m", ""},
        {"throw Object.assign(new Error('m'), { name: '' })", "Error", "m", ""},
        {"throw [1, 2]", "Error", "[ 1, 2 ]", ""},
        {"throw new Error('a\\ud800b')", "Error",
         "a\xEF\xBF\xBD"
         "b",
         ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        program_end end;
        program_run(*state, rows[i].code, &end);
        if (end.failure != HUTCH_FAILURE_GUEST || strcmp(end.name, rows[i].name) != 0 ||
            (rows[i].message[0] != '\0' && strcmp(end.message, rows[i].message) != 0) ||
            strcmp(end.code, rows[i].error_code) != 0 || !end.usable) {
            fail_msg("%s\n  gave %s: %s (%s)", rows[i].code, end.name, end.message, end.code);
        }
    }
}

static void hostile_values_never_break_the_host(void **state) {
    static const char *const codes[] = {
        "throw { get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 },"
        " get code() { throw 4 } }",
        "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
        "throw new Proxy(new Error('x'), { get() { return {} } })",
        "throw { message: { toString() { throw 1 } }, toString() { throw 2 } }",
        "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy",
        "Object.defineProperty(Error.prototype, 'message', { get() { throw 1 } }); throw new Error",
        "Object.defineProperty(Error.prototype, 'stack', { get() { throw 1 } }); throw new Error",
        "Error.prepareStackTrace = () => { throw 1 }; throw new Error('x')",
        "Error.prepareStackTrace = () => ({}); throw new Error('x')",
        "Error.stackTraceLimit = { valueOf() { throw 1 } }; throw new Error('x')",
        "const e = new Error('x'); e.stack = 5; throw e",
        "const e = new Error('x'); e.stack = 'at ( ( :::9999999999999999999999:1)\\n at \\n('; "
        "throw e",
        "const e = new Error('x'); e.stack = ' at program.ts:99999999999:1\\n at f "
        "(program.ts:1:)';"
        " throw e",
        "throw (() => { const f = () => {}; Object.defineProperty(f, 'name', { get() { throw 1 } "
        "});"
        " return f })()",
        "throw new Error('x'.repeat(10_000_000))",
        "const e = new Error('x'); e.name = '日'.repeat(1000000); e.code = '日'.repeat(1000000);"
        " e.stack = ' at f (program.ts:1:1)\\n'.repeat(100000); throw e",
        "class E extends Error { get [Symbol.toStringTag]() { throw 1 } } throw new E",
        "throw Object.create(null)",
        "throw globalThis",
        "throw new (class { get message() { return globalThis } })",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, codes[i], &end);
        if (end.type != HUTCH_EVENT_FAILED || end.failure != HUTCH_FAILURE_GUEST ||
            end.name[0] == '\0') {
            fail_msg("%s\n  gave %s: %s", codes[i], end.name, end.message);
        }
        program_expect(*state, "return 'still here'", "\"still here\"");
    }
}

static void a_getter_that_never_ends_meets_the_deadline(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.timeout_ms = 50;
    program_reset(*state, &options);
    program_expect_failure(*state, "throw { get message() { for (;;) ; } }", HUTCH_FAILURE_TIMEOUT,
                           "TimeoutError", "50 ms");
    program_expect_failure(*state, "return { get a() { for (;;) ; } }", HUTCH_FAILURE_TIMEOUT,
                           "TimeoutError", "50 ms");
    program_expect(*state, "return 1", "1");
}

static void places_are_those_of_the_callers_code(void **state) {
    static const struct {
        const char *code;
        uint32_t line;
        uint32_t column;
        const char *stack;
    } rows[] = {
        {"throw new Error('x')", 1, 7, "    at program.ts:1:7"},
        {"\n  throw new Error('x')", 2, 9, "    at program.ts:2:9"},
        {"const s = '日本😀'; throw new Error('x')", 1, 25, "    at program.ts:1:25"},
        {"function f() {\n  null.x\n}\nf()", 2, 8,
         "    at f (program.ts:2:8)\n    at program.ts:4:1"},
        {"class A { m() { throw new Error } }\nnew A().m()", 1, 23, NULL},
        {"[1].map(function cb() { nope })", 1, 25,
         "    at cb (program.ts:1:25)\n    at program.ts:1:5"},
        {"await 0;\nnope", 2, 1, "    at program.ts:2:1"},
        {"const f = async () => {\n  await 0\n  nope\n}\nawait f()", 3, 3,
         "    at f (program.ts:3:3)"},
        {"\r\n\r\nnope", 3, 1, "    at program.ts:3:1"},
        {"`\n\n`; nope", 3, 4, "    at program.ts:3:4"},
        {"eval('nope')", 1, 1, NULL},
        {"function 日本() { nope }\n日本()", 1, 17,
         "    at 日本 (program.ts:1:17)\n    at program.ts:2:1"},
        {"throw { message: 'no error object', stack: '    at f (program.ts:7:8)' }", 7, 8,
         "    at f (program.ts:7:8)"},
        {"throw 'no place'", 0, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, rows[i].code, &end);
        if (end.line != rows[i].line || end.column != rows[i].column ||
            (rows[i].stack != NULL && strcmp(end.stack, rows[i].stack) != 0)) {
            fail_msg("%s\n  gave %u:%u\n%s", rows[i].code, end.line, end.column, end.stack);
        }
    }
}

static void frames_of_earlier_runs_are_told_from_those_of_this_one(void **state) {
    program_end end;
    program_expect(*state, "globalThis.f = function f() { nope }", "");
    program_run(*state, "\nf()", &end);
    assert_int_equal(end.line, 2);
    assert_int_equal(end.column, 1);
    assert_string_equal(end.stack, "    at f (program.ts#1:1:31)\n    at program.ts:2:1");
}

static void the_guest_sees_its_own_lines_too(void **state) {
    program_expect(
        *state, "\n\ntry { nope } catch (e) { return e.stack.includes('program.ts:3:7') }", "true");
}

static void meddling_with_stacks_hides_places_and_nothing_else(void **state) {
    static const char *const meddlings[] = {
        "Error.stackTraceLimit = 0",
        "Error.prepareStackTrace = () => 5",
        "Error.prepareStackTrace = (e) => Object.freeze(e)",
        "Object.defineProperty(Error.prototype, 'stack', { value: 'x' })",
        "Object.defineProperty(SyntaxError.prototype, 'name', { value: 'Mine' })",
    };
    for (size_t i = 0; i < sizeof meddlings / sizeof meddlings[0]; i++) {
        program_end end;
        program_reset(*state, NULL);
        program_expect(*state, meddlings[i], "");
        program_run(*state, "let x = ;", &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
        assert_string_not_equal(end.message, "Unexpected end of input");
        program_run(*state, "return 1 }", &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
        assert_string_equal(end.message, "expected a statement, found '}'");
        assert_int_equal(end.column, 10);
        program_run(*state, "await fail({ message: 'm' })", &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_GUEST);
        program_run(*state, "return 1", &end);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
    }
}

static void long_texts_are_cut_at_a_character(void **state) {
    program_start(*state, "throw new Error('日'.repeat(100_000))");
    hutch_event event = program_next(*state);
    assert_int_equal(event.as.failed.message.length, 65535);
    assert_memory_equal(event.as.failed.message.data + 65532, "日", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(errors_keep_name_message_and_code),
        program_test(hostile_values_never_break_the_host),
        program_test(a_getter_that_never_ends_meets_the_deadline),
        program_test(places_are_those_of_the_callers_code),
        program_test(frames_of_earlier_runs_are_told_from_those_of_this_one),
        program_test(the_guest_sees_its_own_lines_too),
        program_test(meddling_with_stacks_hides_places_and_nothing_else),
        program_test(long_texts_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
