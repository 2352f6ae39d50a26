/*
 * How deep programs may go with the default limits: at least as deep as with
 * other hosts of the engine, and a program that catches the RangeError goes on.
 *
 * The sanitizers' frames are several times as large, so there the numbers say
 * nothing.
 */
#include "program.h"

#include <stdio.h>
#include <string.h>

typedef struct depth {
    const char *what;
    const char *code;
    const char *json;
} depth;

#ifndef HUTCH_SANITIZED
static const depth reached[] = {
    {"plain", "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(2400)", "2400"},
    {"memo",
     "const memo = new Map(); const fib = (n) => n < 2 ? n : memo.get(n) ?? "
     "(memo.set(n, fib(n - 1) + fib(n - 2)), memo.get(n)); return fib(1000)",
     "4.346655768693743e+208"},
    {"method", "class A { m(n) { return n === 0 ? 0 : 1 + this.m(n - 1) } } return new A().m(2400)",
     "2400"},
    {"locals",
     "const f = (a, b, c, d) => { let e = a, g = b, h = c, i = d;"
     " return a === 0 ? 0 : 1 + f(e - 1, g, h, i) }; return f(2400, 1, 2, 3)",
     "2400"},
    {"async", "const f = async (n) => n === 0 ? 0 : 1 + await f(n - 1); return await f(800)",
     "800"},
    {"async after a tool",
     "const f = async (n) => { if (n === 0) return await echo(0); return 1 + await f(n - 1) };"
     "return await f(800)",
     "800"},
    {"flatMap",
     "const f = (n) => n === 0 ? [0] : [1].flatMap(() => f(n - 1)); return f(750).length", "1"},
    {"map", "const f = (n) => n === 0 ? [] : [1].map(() => f(n - 1)); return f(750).length", "1"},
    {"reduce", "const f = (n) => n === 0 ? 0 : [1, 2].reduce(() => 1 + f(n - 1)); return f(750)",
     "750"},
    {"getter",
     "let n = 2000; const o = { get x() { return n-- === 0 ? 0 : 1 + this.x } }; return o.x",
     "2000"},
    {"generator",
     "const f = function* (n) { if (n > 0) yield* f(n - 1); yield n };"
     "return [...f(1000)].length",
     "1001"},
    {"JSON both ways",
     "const text = '['.repeat(5000) + ']'.repeat(5000);"
     "return JSON.stringify(JSON.parse(text)) === text",
     "true"},
    {"objects in JSON",
     "const text = '{\"a\":'.repeat(4999) + '1' + '}'.repeat(4999);"
     "return JSON.stringify(JSON.parse(text)) === text",
     "true"},
    {"a reviver",
     "let n = 0; JSON.parse('['.repeat(5000) + ']'.repeat(5000), (k, v) => { n++; return v });"
     "return n",
     "5000"},
    {"a tool's input and result",
     "let deep = []; for (let i = 1; i < 5000; i++) deep = [deep];"
     "let back = await echo(deep); let n = 0; while (back) { back = back[0]; n++ } return n",
     "5000"},
    {"source", "return eval('('.repeat(2400) + '1' + ')'.repeat(2400))", "1"},
};

static void programs_go_as_deep_as_elsewhere(void **state) {
    for (size_t i = 0; i < sizeof reached / sizeof reached[0]; i++) {
        program_end end;
        program_reset(*state, NULL);
        program_run(*state, reached[i].code, &end);
        if (end.type != HUTCH_EVENT_DONE) {
            print_error("%s: %s\n", reached[i].what, end.message);
        }
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        assert_string_equal(end.json, reached[i].json);
    }
}

static void a_result_may_have_5000_levels(void **state) {
    program_end end;
    program_run(*state, "let a = []; for (let i = 1; i < 5000; i++) a = [a]; return a", &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_int_equal(end.json_length, 10000);
}

static void depth_grows_with_the_limit(void **state) {
    program_expect(*state,
                   "let n = 0; const f = () => { n++; f() }; try { f() } catch {} return n < 20000",
                   "true");
    hutch_isolate_options options = program_options();
    options.limits.stack_bytes = 64 * HUTCH_KIB;
    program_reset(*state, &options);
    program_expect(*state,
                   "let n = 0; const f = () => { n++; f() }; try { f() } catch {}"
                   "return n > 300 && n < 2400",
                   "true");
}
#endif

/* Every way into too deep a recursion, each caught three times and then with work to do. */
static void a_program_that_catches_the_error_goes_on(void **state) {
    static const char *const recursions[] = {
        "const f = () => 1 + f();",
        "const f = () => [1].flatMap(f);",
        "const f = () => [2, 1].sort(f);",
        "const f = () => 'a'.replace(/a/g, f);",
        "const f = () => JSON.stringify({ toJSON: f });",
        "const o = { get x() { return this.x } }; const f = () => o.x;",
        "const p = new Proxy({}, { get: (t, k, r) => r[k] }); const f = () => p.x;",
        "class A { constructor() { new A() } } const f = () => new A();",
        "const g = function* () { yield* g() }; const f = () => [...g()];",
        "const f = () => { try { return f() } catch (e) { throw e } };",
        "const f = () => JSON.parse('['.repeat(100000));",
        "const f = () => eval('('.repeat(100000));",
        /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one program */
        ("const f = () => { let a = []; for (let i = 0; i < 50000; i++) a = [a];"
         " return JSON.stringify(a) };"),
    };
    char code[1024];
    for (size_t i = 0; i < sizeof recursions / sizeof recursions[0]; i++) {
        program_reset(*state, NULL);
        (void)snprintf(code, sizeof code,
                       "%s\nlet caught = 0; for (let i = 0; i < 3; i++) "
                       "try { f() } catch (e) { caught += e instanceof RangeError }\n"
                       "const rows = await Promise.all([1, 2, 3].map((x) => echo(x)));"
                       "return [caught, rows, [3, 1, 2].sort(), new Map([[1, 2]]).size]",
                       recursions[i]);
        program_expect(*state, code, "[3,[1,2,3],[1,2,3],1]");
    }
}

static void an_async_recursion_without_end_is_caught(void **state) {
    program_expect(*state,
                   "const f = async () => 1 + await f(); let name = '';"
                   "try { await f() } catch (e) { name = e.name } return [name, await echo(7)]",
                   "[\"RangeError\",7]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#ifndef HUTCH_SANITIZED
        program_test(programs_go_as_deep_as_elsewhere),
        program_test(a_result_may_have_5000_levels),
        program_test(depth_grows_with_the_limit),
#endif
        program_test(a_program_that_catches_the_error_goes_on),
        program_test(an_async_recursion_without_end_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
