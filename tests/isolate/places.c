/*
 * Where calls and properties are placed: line and column of every frame, as
 * Node.js has them. A call is at the last name of what is called, at its parenthesis
 * if that has no name, at `new`; a property is at its name or its bracket.
 */
#include "program.h"

#include <stdio.h>
#include <string.h>

static const char *const places[][2] = {
    {"foo()", "1:1"},
    {" const x = 1; x()", "1:15"},
    {"const o = {}; o.foo()", "1:17"},
    {"const o = {}; o.a.b()", "1:19"},
    {"const o = {a:{}}; o.a.b.c()", "1:25"},
    {"const o = {a:{}}; o.a.b(o.a, o)", "1:23"},
    {"const o={}; o.foo(o, o.x)", "1:15"},
    {"const o={}; const p=1; o.foo(\n  p,\n  o)", "1:26"},
    {"const o={};\no\n  .foo()\n", "3:4"},
    {"const o={a:{}};\no\n  .a\n  .foo(1)", "4:4"},
    {"const o={}; o[\"foo\"]()", "1:21"},
    {"const o={}; o[ \"foo\" ](1, o)", "1:23"},
    {"const o={}; o?.foo()", "1:16"},
    {"const o={}; o.foo?.bar.baz(); o.bar()", "1:33"},
    {"const f = () => 1; f()()", "1:23"},
    {"const f = () => 1; f(2)(3)(4)", "1:24"},
    {"(1)()", "1:4"},
    {"(function(){ throw new Error(\"x\") })()", "1:20 1:37"},
    {"(() => { throw new Error(\"x\") })()", "1:16 1:33"},
    {"new Error; new (class A { constructor() { throw new Error(\"y\") } })()", "1:49 1:12"},
    {"function f() { throw new Error(\"a\") } f()", "1:22 1:39"},
    {"function f() { throw new Error(\"a\") } const g = 1; f(g)", "1:22 1:52"},
    {"function f() { throw new Error(\"a\") } const o = { f }; o.f(o)", "1:22 1:58"},
    {"function f() { throw new Error(\"a\") } const o = { f }; o[\"f\"](o)", "1:22 1:62"},
    {"function f() { throw new Error(\"a\") }\nfunction g(x) { return f(x) }\ng(g)",
     "1:22 2:24 3:1"},
    {"const x = 5; new x()", "1:14"},
    {"const x = 5; new x", "1:14"},
    {"const o={}; new o.Foo(o)", "1:13"},
    {"const o={x:1}; new o.x", "1:16"},
    {"const a=[1]; a.map(1)", "1:16"},
    {"const a=[1]; a.map(x => x.y.z)", "1:29 1:16"},
    {"const a=[1]; a.map(x => x.y())", "1:27 1:16"},
    {"JSON.parse(\"{\")", "1:6"},
    {"const s=\"{\"; JSON.parse(s)", "1:19"},
    {"null.foo", "1:6"},
    {"const n=null; n.foo", "1:17"},
    {"const n=null; n.foo()", "1:17"},
    {"const n=null; n.foo(n)", "1:17"},
    {"const n=undefined; n[0]", "1:21"},
    {"undefinedVar", "1:1"},
    {"undefinedVar.x", "1:1"},
    {"undefinedFn(1)", "1:1"},
    {"throw new Error(\"x\")", "1:7"},
    {"throw  new  Error(\"x\")", "1:8"},
    {"const e = new Error(\"x\"); throw e", "1:11"},
    {"const o={}; await o.foo()", "1:21"},
    {"const o={}; await o.foo(await 1)", "1:21"},
    {"const c = 1; c = 2", "1:16"},
    {"const c = 1;\nc += 2\nlet d = 3", "2:3"},
    {"const rows = [1]\nlet n = 0\nrows = rows.sort()\nreturn n", "3:6"},
    {"let u; const { a } = u", "1:16"},
    {"const o = {}\n\nconst { a } = o.b\nreturn a", "3:9"},
    /* Node.js: 2:13, the value; here the pattern. */
    {"const o = {}\nconst [a] = o.b\nreturn a", "2:7"},
    {"let u\nfor (const a of u) ;", "2:17"},
    {"class E extends Error { constructor(m) { super(m) } }\n"
     "class D extends E {}\nfunction f() { throw new D('x') }\nf()",
     "3:22 4:1"},
    {"const o={}; [...o]", "1:17"},
    {"const o={}; for (const x of o) ;", "1:29"},
    {"Math.max(...1)", "1:6"},
    {"const f=1; f(...[1])", "1:12"},
    {"const o={}; o.f(...[1], o)", "1:15"},
    {"`${Symbol()}`", "1:4"},
    {"class A { #x; static t(o) { return o.#x } } A.t({})", "1:38 1:47"},
    {"class A { #x() {} static t(o) { return o.#x() } } A.t({})", "1:42 1:53"},
    {"class A { m() { super.x() } } new A().m()", "1:23 1:39"},
    {"const t = 1; t`a`", "1:15"},
    {"class A {}\nA()", "2:1"},
    {"class A {}\nfunction f(x) {\n  return A(x)\n}\nf(1)", "3:10 5:1"},
    {"class A extends Object {\n  constructor() { super() }\n}\n[1].map(A)", "4:5"},
    {"const o={}; o.t`a${1}`", "1:16"},
    {"const o = { get x() { throw new Error(\"g\") } }; o.x", "1:29 1:51"},
    {"const o = { get x() { throw new Error(\"g\") } }; const y = 1; y + o.x", "1:29 1:68"},
    {"decodeURIComponent(\"%\")", "1:1"},
    {"\"a\".repeat(-1)", "1:5"},
    {"const n=-1; \"a\".repeat(n)", "1:17"},
    {"new Array(-1)", "1:1"},
    {"(1.5).toFixed(1000)", "1:7"},
    {"x; let x = 1", "1:1"},
    {"const o={}; o.a.b.c = 1", "1:17"},
    {"const o={}; typeof o.a.b", "1:24"},
    {"const o={}; o.foo() ; o.bar()", "1:15"},
    {"const o={}; if (o.foo(1)) {}", "1:19"},
    {"const o={}; return o.foo(1)", "1:22"},
    {"const o={}; const v = [1, o.foo(1)]", "1:29"},
    {"const o={}; const v = { a: o.foo(1) }", "1:30"},
    {"const o={}; o.foo(o.bar(1))", "1:21"},
    {"const f=()=>{}; f(o9)", "1:19"},
    {"const o={f(){}}; o.f(1, o.g(2))", "1:27"},
};

/* "1:5 2:3" of "    at f (program.ts:1:5)\n    at program.ts:2:3". */
static void read_places(const char *stack, char *found, size_t size) {
    static const char file[] = "program.ts:";
    found[0] = '\0';
    for (const char *at = strstr(stack, file); at != NULL; at = strstr(at, file)) {
        size_t used = strlen(found);
        at += sizeof file - 1;
        (void)snprintf(found + used, size - used, "%s%.*s", used == 0 ? "" : " ",
                       (int)strspn(at, "0123456789:"), at);
    }
}

static void calls_and_properties_have_their_places(void **state) {
    unsigned wrong = 0;
    hutch_isolate_options options = program_options();
    options.typescript = false;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        program_end end;
        char found[256];
        program_reset(*state, &options);
        program_run(*state, places[i][0], &end);
        read_places(end.stack, found, sizeof found);
        if (end.type != HUTCH_EVENT_FAILED || strcmp(found, places[i][1]) != 0) {
            print_error("%s\n  is at %s, in Node.js at %s\n", places[i][0], found, places[i][1]);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* It is found when the program is compiled. */
static void a_regular_expression_is_placed_at_its_literal(void **state) {
    program_end end;
    program_run(*state, "const a = 1\nconst b = ['a'].filter((n) => /[z-a]/.test(n))", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
    assert_int_equal(end.line, 2);
    assert_int_equal(end.column, 31);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(calls_and_properties_have_their_places),
        program_test(a_regular_expression_is_placed_at_its_literal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
