/*
 * Where the engine alone would differ from what every other engine does, and a
 * patch or a function of ours mends it.
 */
#include "program.h"

typedef struct row {
    const char *code;
    const char *json;
} row;

#define COUNT(rows) (sizeof rows / sizeof((rows)[0]))

static void expect_rows(hutch_isolate *isolate, const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        program_expect(isolate, rows[i].code, rows[i].json);
    }
}

static void a_string_spread_into_an_object_gives_its_characters(void **state) {
    static const row rows[] = {
        {"return { ...'hi' }", "{\"0\":\"h\",\"1\":\"i\"}"},
        {"return { a: 1, ...'x', b: 2 }", "{\"0\":\"x\",\"a\":1,\"b\":2}"},
        {"return { ...('ab'.repeat(5000) + 'c')  }[10000]", "\"c\""},
        {"return { ...'日𝒳' }[2]", "\"\\udcb3\""},
        {"const { length, ...rest } = 'hi'; return [length, rest]",
         "[2,{\"0\":\"h\",\"1\":\"i\"}]"},
        {"const { 0: first, ...rest } = 'abc'; return [first, rest]",
         "[\"a\",{\"1\":\"b\",\"2\":\"c\"}]"},
        {"const f = ({ ...all }) => all; return f('ab')", "{\"0\":\"a\",\"1\":\"b\"}"},
        {"return { ...new String('ab') }", "{\"0\":\"a\",\"1\":\"b\"}"},
        {"return { ...1, ...true, ...null, ...undefined, ...1n, ...Symbol('s') }", "{}"},
        {"return [...'hi', ...new Set('aab')]", "[\"h\",\"i\",\"a\",\"b\"]"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void a_normal_form_that_finds_no_memory_throws_that(void **state) {
    static const row rows[] = {
        {"try { 'x'.repeat(3e7).normalize('NFKD'); return 'made' } catch (e) { return e instanceof "
         "Error "
         "&& /memory/.test(e.message) }",
         "true"},
        {"return ['e\\u0301'.normalize(), '\\ufb01'.normalize('NFKD')]", "[\"é\",\"fi\"]"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void a_call_takes_as_many_arguments_as_in_node(void **state) {
    static const row rows[] = {
        {"return Math.max(...Array(120000).fill(1), 2)", "2"},
        {"return Math.max.apply(null, Array(120000).fill(3))", "3"},
        {"const f = (...all) => all.length; return f(...Array(120000))", "120000"},
        {"function f() { return arguments.length } return f(...Array(120000))", "120000"},
        {"function f(a, b) { return [arguments.length, a, b, arguments[119999]] }"
         "return f(...Array(120000).keys())",
         "[120000,0,1,119999]"},
        {"const list = []; list.push(...Array(120000).fill(0)); return list.length", "120000"},
        {"return new Array(...Array(120000)).length", "120000"},
        {"return Array.of(...Array(120000)).length", "120000"},
        {"class A { constructor(...all) { this.n = all.length } }"
         "return [new A(...Array(120000)).n, Reflect.construct(A, Array(120000)).n]",
         "[120000,120000]"},
        {"class A { constructor(...all) { this.n = all.length } } class B extends A {}"
         "return new B(...Array(120000)).n",
         "120000"},
        {"return ((...all) => all.length).bind(null, 1)(...Array(119999))", "120000"},
        {"return ((...all) => all.length).bind(null, ...Array(119999))(1)", "120000"},
        {"return new Proxy((...all) => all.length, {})(...Array(120000))", "120000"},
        {"return await (async (...all) => all.length)(...Array(120000))", "120000"},
        {"const f = function* (...all) { yield all.length }; return [...f(...Array(120000))]",
         "[120000]"},
        {"return String.fromCharCode(...Array(120000).fill(65)).length", "120000"},
        {"return [].concat(...Array(120000).fill([1])).length", "120000"},
        {"try { return Math.max(...Array(200000).fill(1)) } catch (e) {"
         " return [e instanceof RangeError, [1, 2].map((x) => x * 2)] }",
         "[true,[2,4]]"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void what_a_weakref_has_shown_lives_until_the_job_ends(void **state) {
    static const row rows[] = {
        {"let o = { x: 1 }; const w = new WeakRef(o); o = null; return w.deref()?.x", "1"},
        {"const w = new WeakRef({ x: 1 }); return [w.deref().x, w.deref().x]", "[1,1]"},
        {"const all = Array.from({ length: 1000 }, (_, i) => new WeakRef({ i }));"
         "return all.filter((w) => w.deref()).length",
         "1000"},
        {"let s = Symbol('s'); const w = new WeakRef(s); s = null;"
         "return String(w.deref())",
         "\"Symbol(s)\""},
        /* Shown again in a later job, so alive to its end; then nobody holds it. */
        {"let o = {}; const w = new WeakRef(o); await null; await null;"
         "o = null; const seen = [typeof w.deref(), typeof w.deref()];"
         "await null; await null; return [...seen, typeof w.deref()]",
         "[\"undefined\",\"undefined\",\"undefined\"]"},
        {"let o = {}; const w = new WeakRef(o); await null; await null;"
         "w.deref(); o = null; const seen = typeof w.deref();"
         "await null; await null; return [seen, typeof w.deref()]",
         "[\"object\",\"undefined\"]"},
        {"const w = new WeakRef({}); for (let i = 0; i < 300000; i++) w.deref();"
         "return typeof w.deref()",
         "\"object\""},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void cube_roots_are_those_of_node(void **state) {
    static const row rows[] = {
        {"return [27, 216, 729, 3375, -8, 1e21, 2, 1e-300].map((x) => Math.cbrt(x))",
         "[3,6,9,15,-2,10000000,1.2599210498948732,1e-100]"},
        {"let wrong = 0; for (let i = 1; i <= 10000; i++) wrong += Math.cbrt(i ** 3) !== i;"
         "return wrong",
         "0"},
        {"return [0, -0, Infinity, -Infinity, NaN, 5e-324, 2.2e-308, Number.MAX_VALUE]"
         ".map((x) => String(Object.is(Math.cbrt(x), -0) ? '-0' : Math.cbrt(x)))",
         "[\"0\",\"-0\",\"Infinity\",\"-Infinity\",\"NaN\",\"1.7031839360032603e-108\","
         "\"2.8020393306553873e-103\",\"5.643803094122362e+102\"]"},
        /* Not the nearest double, but V8's. */
        {"return [1464013.73427633, 154580.14391658455].map((x) => Math.cbrt(x))",
         "[113.54858249383383,53.66830786723269]"},
        {"return [Math.cbrt.name, Math.cbrt.length, Math.cbrt('27'), Math.cbrt()]",
         "[\"cbrt\",1,3,null]"},
        {"try { Math.cbrt(1n) } catch (e) { return e.name }", "\"TypeError\""},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void dates_are_read_as_node_reads_them(void **state) {
    static const row rows[] = {
        {"return ['2024-06-15T10:00:00z', '2024-06-15t10:00:00Z', '2024-06-15t10:00z',"
         " '2024-06-15 10:00z', '2024-06-15T10:00:00.5z', '2024-06-15 10:00+02:00']"
         ".map((s) => Date.parse(s))",
         "[1718445600000,1718445600000,1718445600000,1718445600000,1718445600500,1718438400000]"},
        {"return ['Q1 2024', 'Week 3 2024', 'H1 2024', '1 2024', '1/2024', 'Sprint 12 2024',"
         " '2024-06-15T10:00:00+02', '2024-06-15T10:00:00,5Z', '1 50', 'January 32 2024',"
         " '2024-01-02-03', '', 'x', '1 2 3 4'].map((s) => new Date(s).getTime())",
         "[null,null,null,null,null,null,null,null,null,null,null,null,null,null]"},
        {"return ['2024', '2024 1', '1', '5 2', '1/2/24', '1/2/50', '2024/3/4', 'Jun 2024',"
         " '2024 Jun 5', '5 Jun 24', 'June 5, 2024', 'Sat, 15 Jun 2024 10:00:00 GMT',"
         " 'Mon Jan 01 2024 00:00:00 GMT+0100 (CET)', '0001-01-01 00:00:00', 'Jan -1']"
         ".map((s) => new Date(s).toISOString().slice(0, 16))",
         "[\"2024-01-01T00:00\",\"2024-01-01T00:00\",\"2001-01-01T00:00\",\"2001-05-02T00:00\","
         "\"2024-01-02T00:00\",\"1950-01-02T00:00\",\"2024-03-04T00:00\",\"2024-06-01T00:00\","
         "\"2024-06-05T00:00\",\"2024-06-05T00:00\",\"2024-06-05T00:00\",\"2024-06-15T10:00\","
         "\"2023-12-31T23:00\",\"0001-01-01T00:00\",\"2001-01-01T00:00\"]"},
        {"let wrong = 0; for (let i = -400; i < 400; i++) {"
         " const d = new Date(i * 1.0e10); wrong += Date.parse(String(d)) !== +d;"
         " wrong += Date.parse(d.toUTCString()) !== +d; wrong += Date.parse(d.toISOString()) !== "
         "+d }"
         "return wrong",
         "0"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(a_string_spread_into_an_object_gives_its_characters),
        program_test(a_normal_form_that_finds_no_memory_throws_that),
        program_test(a_call_takes_as_many_arguments_as_in_node),
        program_test(what_a_weakref_has_shown_lives_until_the_job_ends),
        program_test(cube_roots_are_those_of_node),
        program_test(dates_are_read_as_node_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
