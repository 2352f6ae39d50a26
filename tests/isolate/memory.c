/*
 * Memory and stack: bombs of many kinds, what the guest can catch, and what
 * comes after.
 */
#include "program.h"

#include <stdio.h>
#include <string.h>

static void limit_memory(hutch_isolate *isolate, uint64_t bytes) {
    hutch_isolate_options options = program_options();
    options.limits.memory_bytes = bytes;
    program_reset(isolate, &options);
}

static void expect_gone(hutch_isolate *isolate, const char *code) {
    hutch_error error = {0};
    if (hutch_isolate_start(isolate, "return 1", 8, &error) != HUTCH_DISPOSED) {
        fail_msg("still usable after: %s", code);
    }
    assert_string_equal(error.message, "Context has been disposed");
    assert_int_equal(program_add_tool(isolate, "x", 1, &error), HUTCH_DISPOSED);
}

static void bombs_meet_the_memory_limit(void **state) {
    static const char *const bombs[] = {
        "const a = []; for (;;) a.push({})",
        "const a = []; for (;;) a.push(new Array(1000).fill(0))",
        "const a = []; for (;;) a.push('x'.repeat(1000) + a.length)",
        "const a = []; for (;;) a.push(Symbol())",
        "const a = []; for (;;) a.push(new Uint8Array(100_000))",
        "const a = []; for (;;) a.push(() => a)",
        "const a = []; for (;;) a.push(new Map([[a, a]]))",
        "const a = []; for (;;) a.push(2n ** 100_000n)",
        "const o = {}; for (let i = 0; ; i++) o['key' + i] = i",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, i)",
        "let s = 'x'; for (;;) { s += s; s.charCodeAt(0) }",
        "const a = []; for (;;) a.push(Promise.resolve().then(() => {}))",
        "const a = []; for (;;) { await 0; a.push(new Promise(() => {})) }",
        "for (;;) new Promise(() => {}).then((globalThis.a ||= []).push({}))",
        "const f = async () => { await 0; await Promise.all([f(), f(), f()]) }; await f()",
        "return new Array(1e8).fill(0)",
        "return 'x'.repeat(2 ** 29)",
        "return new ArrayBuffer(1e9)",
        "return [...'x'.repeat(8_000_000)]",
        "return 'x'.repeat(8_000_000).split('')",
        "return JSON.stringify(Array(5_000_000).fill('xx'))",
        "return JSON.parse('[' + '0,'.repeat(3_000_000) + '0]')",
        "const a = ['x'.repeat(4_000_000)]; a.push(a[0], a[0], a[0], a[0]); return a",
        "await echo('x'.repeat(10_000_000))",
        "for (;;) never('x'.repeat(900_000))",
        "eval('x=[' + '{a:1},'.repeat(1_000_000) + ']')",
        "new Function('a', 'return ' + 'a+'.repeat(3_000_000) + 'a')",
        "for (const a = []; ; ) a.push(new RegExp('a'.repeat(1000) + a.length))",
        "const a = []; for (;;) a.push(function* () { yield* a }())",
        "const a = []; for (;;) { class A { #x = a; static y = 1 } a.push(new A()) }",
        "for (const a = []; ; ) a.push(new WeakRef({}), new Proxy({}, {}))",
        "'x'.repeat(1_000_000).replace(/x/g, 'y'.repeat(100))",
        "const a = []; a.length = 2 ** 32 - 1; a.fill(1)",
        ("Object.defineProperties({}, Object.fromEntries(Array(1e6).fill(0).map((_, i) =>"
         " ['k' + i, { value: i }])))"),
    };
    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        limit_memory(*state, 16 * HUTCH_MIB);
        program_end end;
        program_run(*state, bombs[i], &end);
        if (end.type != HUTCH_EVENT_FAILED || end.failure != HUTCH_FAILURE_MEMORY ||
            strcmp(end.name, "MemoryLimitError") != 0 || end.usable ||
            strstr(end.message, "memory limit") == NULL || strcmp(end.code, "memoryLimit") != 0) {
            fail_msg("%s\n  gave %s: %s%s", bombs[i], end.name, end.message, end.json);
        }
        expect_gone(*state, bombs[i]);
    }
    program_reset(*state, NULL);
    program_expect(*state, "return 'new'", "\"new\"");
}

/* Where a large block is refused there is room for the error; where not even that fits, the engine
 * throws null. */
static void a_guest_can_catch_running_out_of_memory(void **state) {
    limit_memory(*state, 8 * HUTCH_MIB);
    program_expect(*state,
                   "let a = []; try { for (;;) a.push(new Array(20_000).fill(0)) }"
                   "catch (e) { a = null; return [e.name, e.message] }",
                   "[\"InternalError\",\"out of memory\"]");
    program_expect(*state, "return 'x'.repeat(1_000_000).length", "1000000");
    /* An error of its own afterwards is its own. */
    program_expect_failure(*state,
                           "let a = []; try { for (;;) a.push(new Array(1000).fill(0)) }"
                           "catch { a = null } throw new Error('mine')",
                           HUTCH_FAILURE_GUEST, "Error", "mine");
}

static void words_alone_are_no_failure_of_memory(void **state) {
    program_expect_failure(*state, "throw new InternalError('out of memory')", HUTCH_FAILURE_GUEST,
                           "InternalError", "out of memory");
    program_expect_failure(*state, "throw null", HUTCH_FAILURE_GUEST, "Error", "null");
    program_expect(*state, "return 'usable'", "\"usable\"");
}

static void garbage_is_collected_before_the_limit_is_reached(void **state) {
    limit_memory(*state, 16 * HUTCH_MIB);
    program_expect(*state,
                   "for (let i = 0; i < 200_000; i++) { const a = { pad: [1, 2, 3] }; a.self = a }"
                   "return 'done'",
                   "\"done\"");
    program_expect(
        *state,
        "const keep = []; for (let i = 0; i < 60; i++) keep.push(new Uint8Array(200_000));"
        "for (let i = 0; i < 200_000; i++) { const a = {}; a.self = a } return 'done'",
        "\"done\"");
}

static void an_answer_that_does_not_fit_is_a_failure_of_memory(void **state) {
    static char json[6 * 1024 * 1024];
    memset(json, '1', sizeof json);
    json[0] = '"';
    json[sizeof json - 1] = '"';
    limit_memory(*state, 8 * HUTCH_MIB);
    program_start(*state, "try { await never() } catch { } return 1");
    uint32_t id = program_next(*state).as.tool_call.id;
    assert_int_equal(hutch_isolate_reply(*state, id, json, sizeof json, NULL), HUTCH_OK);
    program_end end;
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_MEMORY);
    expect_gone(*state, "an answer");

    limit_memory(*state, 4 * HUTCH_MIB);
    program_start(*state, "try { await never() } catch { } return 1");
    id = program_next(*state).as.tool_call.id;
    assert_int_equal(hutch_isolate_reply(*state, id, json, sizeof json, NULL), HUTCH_OK);
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_MEMORY);
}

static void a_program_that_does_not_fit_is_a_failure_of_memory(void **state) {
    static char code[3 * 1024 * 1024];
    memset(code, ' ', sizeof code);
    limit_memory(*state, 2 * HUTCH_MIB);
    assert_int_equal(hutch_isolate_start(*state, code, sizeof code, NULL), HUTCH_OK);
    program_end end;
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_MEMORY);
    expect_gone(*state, "a program");
}

static void recursion_meets_the_stack_limit(void **state) {
    static const char *const codes[] = {
        "function f() { f() } f()",
        "const o = { get x() { return this.x } }; o.x",
        "const o = { toString() { return '' + this } }; '' + o",
        "const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x",
        "class A { constructor() { new A } } new A",
        "function f() { [1].map(f) } f()",
        "function f() { 'a'.replace(/a/, f) } f()",
        "function f() { Reflect.apply(f, null, []) } f()",
        "const f = () => JSON.stringify({ toJSON: f }); f()",
        "const f = () => [0, 0].sort(f); f()",
        "let f = () => 0; for (let i = 0; i < 30_000; i++) {"
        " f = f.bind(); Object.defineProperty(f, 'name', { value: '' }) } f()",
        "eval('('.repeat(100_000))",
        "new Function('['.repeat(100_000))",
        "eval('-'.repeat(100_000) + '1')",
        "eval('a?'.repeat(100_000))",
        "JSON.parse('['.repeat(1_000_000))",
        "let a = []; for (let i = 0; i < 100_000; i++) a = [a]; JSON.stringify(a)",
        "let a = []; for (let i = 0; i < 100_000; i++) a = [a]; a.flat(Infinity)",
        "let a = []; for (let i = 0; i < 100_000; i++) a = [a]; return a",
        "let a = []; for (let i = 0; i < 100_000; i++) a = [a]; '' + a",
        "function* g() { yield* g() } [...g()]",
        "const f = async () => f(); await f()",
        ("class A extends Array { static get [Symbol.species]() { return new A().map(x => x) } }"
         "new A(1, 2).map(x => x)"),
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_reset(*state, NULL);
        program_end end;
        program_run(*state, codes[i], &end);
        if (end.type != HUTCH_EVENT_FAILED || end.failure != HUTCH_FAILURE_STACK ||
            strcmp(end.name, "StackOverflowError") != 0 || end.usable ||
            strstr(end.message, "stack") == NULL || strcmp(end.code, "maxStackSize") != 0) {
            fail_msg("%s\n  gave %s: %s%s", codes[i], end.name, end.message, end.json);
        }
        expect_gone(*state, codes[i]);
    }
}

static void deep_things_that_need_no_stack_do_no_harm(void **state) {
    program_end end;
    static const char *const codes[] = {
        "let a = []; for (let i = 0; i < 500_000; i++) a = [a]; a = null; return 1",
        "let s = ''; for (let i = 0; i < 100_000; i++) s = s + 'x' + s.length; return 1",
        "let p = Promise.resolve(); for (let i = 0; i < 100_000; i++) p = p.then(() => {});"
        " await p; return 1",
        "let o = null; for (let i = 0; i < 100_000; i++) o = Object.create(o); return 1",
        "try { new RegExp('('.repeat(50_000) + ')'.repeat(50_000)) } catch { } return 1",
        "try { new RegExp('(?:'.repeat(50_000) + 'a' + ')*'.repeat(50_000)).test('aaa') }"
        " catch { } return 1",
        "try { /^(?:a|b)*c/.test('ab'.repeat(500_000)) } catch { } return 1",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_reset(*state, NULL);
        program_run(*state, codes[i], &end);
        if (strcmp(end.json, "1") != 0) {
            fail_msg("%s\n  gave %s: %s", codes[i], end.name, end.message);
        }
    }
}

static void a_program_nested_too_deep_is_a_failure_of_the_stack(void **state) {
    static char code[200001];
    memset(code, '(', sizeof code - 1);
    program_end end;
    program_run(*state, code, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_STACK);
    assert_false(end.usable);
}

static void a_guest_can_catch_an_overflow_of_the_stack(void **state) {
    program_expect(*state,
                   "function f() { f() } try { f() } catch (e) {"
                   " return [e instanceof RangeError, e.message] }",
                   "[true,\"Maximum call stack size exceeded\"]");
    program_expect(*state, "return 'usable'", "\"usable\"");
}

static void a_print_of_something_deep_stays_within_the_stack(void **state) {
    program_expect(*state,
                   "let a = []; for (let i = 0; i < 100_000; i++) a = [a]; console.log(a);"
                   "let m = new Map(); for (let i = 0; i < 100_000; i++) m = new Map([[m, m]]);"
                   "console.log('%o', m); return 1",
                   "1");
}

/* What the guest's own code ran into, and dealt with, on the way to a log or while an answer is read
 * is not taken for what went wrong there. */
static void a_refusal_that_the_guest_got_over_is_not_the_runs(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.log_units = 10;
    program_reset(*state, &options);
    program_expect(*state,
                   "const toJSON = () => { try { new ArrayBuffer(2 ** 30) } catch { return 1 } };"
                   "console.log('%j%s', { toJSON }, 'x'.repeat(100)); return 'fine'",
                   "\"fine\"");
    program_start(*state, "Error.prepareStackTrace = () => { Error.prepareStackTrace = undefined;"
                          " try { new ArrayBuffer(2 ** 30) } catch {} return '' };"
                          "const p = echo(1); Error.prepareStackTrace = () => {"
                          " try { new ArrayBuffer(2 ** 30) } catch {} return '' };"
                          "return await p.catch((e) => e.message.slice(0, 20))");
    program_end end;
    program_reply(*state, program_next(*state).as.tool_call.id, "{");
    program_finish(*state, &end);
    assert_string_equal(end.json, "\"The tool's result is\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(a_refusal_that_the_guest_got_over_is_not_the_runs),
        program_test(bombs_meet_the_memory_limit),
        program_test(a_guest_can_catch_running_out_of_memory),
        program_test(words_alone_are_no_failure_of_memory),
        program_test(garbage_is_collected_before_the_limit_is_reached),
        program_test(an_answer_that_does_not_fit_is_a_failure_of_memory),
        program_test(a_program_that_does_not_fit_is_a_failure_of_memory),
        program_test(recursion_meets_the_stack_limit),
        program_test(deep_things_that_need_no_stack_do_no_harm),
        program_test(a_program_nested_too_deep_is_a_failure_of_the_stack),
        program_test(a_guest_can_catch_an_overflow_of_the_stack),
        program_test(a_print_of_something_deep_stays_within_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
