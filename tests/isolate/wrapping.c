/*
 * Programs that come in a wrapping: what is taken off, called and returned, what is not, and that every place
 * in them is where the caller's text has it.
 */
#include "program.h"

#include <string.h>

typedef struct wrapped_row {
    const char *code;
    const char *json; /* "": undefined */
} wrapped_row;

static hutch_isolate *with(void **state, hutch_wrapping wrapping, bool typescript) {
    hutch_isolate_options options = program_options();
    options.wrapping = wrapping;
    options.typescript = typescript;
    program_reset(*state, &options);
    return *state;
}

#define MAIN "async function main() { return 5 }\n"
#define F "```"

/* What is right in JavaScript and TypeScript alike. */
static const wrapped_row unwrapped[] = {
    {F "js\nconst rows = [1, 2]\nreturn rows.length\n" F "\n", "2"},
    {F "\nreturn 1\n" F, "1"},
    {"~~~ts title=\"a b\"\nreturn 1\n~~~\n", "1"},
    {"````js\nreturn 1\n````\n", "1"},
    {"\n\n  " F "js\r\n  return 1\r\n  " F "\r\n", "1"},
    {"\xef\xbb\xbf" F "js\nreturn 1\n" F, "1"},
    {"Here's the program, which isn't long:\n\n" F "js\nreturn 1\n" F "\n\nIt's done `so`.\n", "1"},
    {"Solution\n" F "js\nreturn 1\n" F "\nDone\n", "1"},
    {F "js\nreturn 1\n", "1"},
    {F "js\nreturn 1" F, "1"},
    {F "js\n#!/usr/bin/env node\nreturn 1\n" F, "1"},
    {F "js\n" MAIN "main()\n" F, "5"},
    {"#!/usr/bin/env node\nreturn 1", "1"},
    {"#!/usr/bin/env node", ""},
    {"async () => 5", "5"},
    {"async () => { return 5 }", "5"},
    {"async () => { return 5 };", "5"},
    {"() => 5 // five\n", "5"},
    {"// say\n/* it */ async () => { return 5 } // so\n", "5"},
    {"'use strict'\nasync () => { return 5 }", "5"},
    {"(async () => { return 5 })", "5"},
    {"async function () { return 5 }", "5"},
    {"function () { return 5 }", "5"},
    {"async function solve() { return 5 }", "5"},
    {"function solve(a = 5, ...rest) { return a + rest.length };\n", "5"},
    {"const solve = async () => { return 5 }\n", "5"},
    {"const solve = async function () { return 5 }", "5"},
    {"async ({ a = 5 } = {}) => a", "5"},
    {MAIN, "5"},
    {"const main = async () => { return 5 }", "5"},
    {"let n = 1\nconst run = () => n + 4\n// the end", "5"},
    {MAIN "main()", "5"},
    {MAIN "main();", "5"},
    {MAIN "await main()", "5"},
    {MAIN "main", "5"},
    {"main()\n" MAIN, "5"},
    {MAIN "main().then(console.log)", "5"},
    {MAIN "main().then(console.log).catch(console.error)", "5"},
    {MAIN "main()\n  .then((r) => console.log(r))\n  .catch((e) => console.error(e))\n", "5"},
    {MAIN "await main().catch(() => {})", "5"},
    {MAIN "main().then((n) => n + 1)", "6"},
    {MAIN "main().finally(() => console.log('x'))", "5"},
    {"async function main() { throw new Error('no') }\nmain().catch((e) => e.message)", "\"no\""},
    {"async function main(n = 3) { return n > 0 ? main(n - 1) : 5 }", "5"},
    {"echo(1).then((n) => n + 4)", "5"},
    {"Promise.all([echo(1), echo(4)]).then(([a, b]) => a + b);", "5"},
    {"(async () => { return 5 })()", "5"},
    {"(async () => { return 5 })();\n", "5"},
    {";(async function () { return 5 }())", "5"},
    {"(() => 5)().toFixed(1)", "\"5.0\""},
    {"export default async function () { return 5 }", "5"},
    {"export default async function main() { return 5 }", "5"},
    {"export default async () => { return 5 }", "5"},
    {"export default async () => five\nconst five = 5", "5"},
    {"const five = 5\nexport default five;", "5"},
    {"export default { a: 1 }\n", "{\"a\":1}"},
    {MAIN "export default main", "5"},
    {"export async function main() { return 5 }", "5"},
    {"export const run = async () => 5", "5"},
    {MAIN "export { main }", "5"},
    {MAIN "export default { main }", "5"},
    {"module.exports = async () => { return 5 }", "5"},
    {"module.exports = async function () { return 5 };\n", "5"},
    {"module.exports = async function main() { return 5 }", "5"},
    {"module.exports = function main() { return 5 }\nconsole.log('x')", "5"},
    {MAIN "module.exports = main;", "5"},
    {MAIN "module.exports = { main };", "5"},
    {MAIN "module.exports = { main, other: 1 }\n", "5"},
    {"module.exports = { a: 1 }", "{\"a\":1}"},
    {"module\n  .exports = 2 + 3", "5"},
    {"module.exports.default = async () => 5", "5"},
    {"module.exports.main = async () => 5", "5"},
    {"exports.default = async () => { return 5 }", "5"},
    {"exports.run = async () => { return 5 }", "5"},
    {"exports.handler = async () => { return 5 }", "5"},
    {"module.exports.handler = async function () { return 5 }", "5"},
    {"export default { async run() { return 5 } }", "5"},
    {"export default {\n  name: 'x',\n  async main() { return 5 },\n}\n", "5"},
    {"export default { run: async () => 5 }", "5"},
    {"export default { n: 5, run: function () { return this.n } };", "5"},
    {"export default { inner: { run() { return 4 } }, handler: () => 5 }", "5"},
    {"module.exports = { async handler() { return 5 } }", "5"},
    {"module.exports = { default: () => 5 }", "5"},
    {"export default { inner: { run() { return 4 } } }", "{\"inner\":{}}"},
    {"export default { get run() { return 5 } }", "{\"run\":5}"},
    {"const o = { run() { return 4 } }\nexport default { a: 1 }", "{\"a\":1}"},
    {"const five = 5; exports.default = five", "5"},
    {F "js\n" MAIN "module.exports = main\n" F, "5"},
    {MAIN "if (require.main === module) { main() }", "5"},
    {MAIN "if (require.main === module) main();", "5"},
    {MAIN "await main();\nexport {}", "5"},
    {MAIN "await main()\nexport { main };\n", "5"},
    {"const solve = async () => { return 5 }\nexport { solve }", "5"},
    {"const a = 5\na\nexport {};", "5"},
    {MAIN "if (require.main === module) {\n  main().catch(console.error)\n}\n", "5"},
    {MAIN "if (module === require.main) { main().then(console.log) }", "5"},
    {MAIN "if (import.meta.main) { await main() }", "5"},
    {MAIN "if (require.main /* it is */ === module) { main() }", "5"},
    {MAIN "if (\n  require.main === module // started\n) {\n  main()\n}", "5"},
    {MAIN "if (typeof require !== 'undefined' && require.main === module) { main() }", "5"},
    {MAIN "if (import.meta.url === `file://${process.argv[1]}`) { await main() }", "5"},
    {MAIN "if (import.meta.url === pathToFileURL(process.argv[1]).href) main()", "5"},
    {MAIN "if (process.argv[1] === fileURLToPath(import.meta.url)) { main() }", "5"},
    {MAIN "if (import.meta.main) { globalThis.q = await main() }", ""},
    {"let n = 4\nasync function main() { return ++n }\nmodule.exports = main\nmain()", "5"},
    {"let n = 4\nasync function main() { return ++n }\nmain();\nmodule.exports = { main };", "5"},
    {"let n = 4\nexport default async function main() { return ++n }\nawait main()", "5"},
    {"let n = 4; const main = () => ++n; export default main; main() + 0", "5"},
    {"let n = 4\nmodule.exports = main\nasync function main() { return ++n "
     "}\nmain().then(console.log)",
     "5"},
    {MAIN "if (require.main === module) { main() }\nmodule.exports = { main }", "5"},
    {MAIN "module.exports = { main }\nif (require.main === module) { main() }", "5"},
    {MAIN "try { await main() } catch { }", "5"},
    {MAIN "try {\n  await main();\n} catch (e) {\n  console.error(e);\n}\n", "5"},
    {MAIN "try { main() } finally { console.log('x') }", "5"},
    {MAIN "try { console.log('x'); await main() } catch { }", "5"},
    {MAIN "try {\n  console.log('x')\n  await main() // so\n} catch { }", "5"},
    {MAIN "try { await main().then(console.log) } catch { }", "5"},
    {"async function run(n) { return n }\ntry { await run(5) } catch { }", "5"},
    {"async function main() { throw new Error('no') }\ntry { await main() } catch { }", ""},
    {MAIN "main()\nexport { main }", "5"},
    {MAIN "main();\nexport {};\n", "5"},
    {"const x = 5\nx\nexport {}", "5"},
    {"export {}\nconst x = 5\nx", "5"},
    {"const f = () => 5\nexport { f }", "5"},
    {"let x = 5\nx = 6\nexport {}", ""},
    {"export const a = 1\nexport const b = 4\na + b", "5"},
    {"const a = 2; const b = 3; a + b", "5"},
    {"const a = 2\na + 3 // five\n", "5"},
    {"const { a } = await echo({ a: 5 })\na", "5"},
    {"await echo(5)", "5"},
    {"`five`", "\"five\""},
    {"[1, 2]", "[1,2]"},
    {"{\"a\": 1, \"b\": [2]}", "{\"a\":1,\"b\":[2]}"},
    {"({ a: 1 })", "{\"a\":1}"},
    {"/a/.test('a')", "true"},
    {"let a = 1\n;[1].map((x) => x + a)", "[2]"},
    {"const f = () => { return 1 }\nf() + 4", "5"},
    {"1, 5", "5"},
    {"x: for (;;) { break x }\n5", "5"},
    {"if (true) { globalThis.q = 1 }\nq + 4", "5"},
    {"class A { m() { return 5 } }\nnew A().m()", "5"},
};

/* What has no wrapping, or none that anybody could know of. */
static const wrapped_row untouched[] = {
    {"return 1", "1"},
    {"if (true) { return 1 }\n2", "1"},
    {MAIN "return 1", "1"},
    {"const s = '" F "js'\nreturn s", "\"" F "js\""},
    {"/*\n" F "js\nreturn 2\n" F "\n*/\nreturn 1", "1"},
    {"return `\n\\`\\`\\`js\nx\n\\`\\`\\`\n`.length", "13"},
    {"return `\n~~~js\nreturn 2\n~~~\n`.length", "20"},
    {"'use strict'", ""},
    {"", ""},
    {"let a\na = 5", ""},
    {"let a = 1\na += 5", ""},
    {"let a = 1\na++", ""},
    {"let a = 1\n--a", ""},
    {"const o = { a: 1 }\ndelete o.a", ""},
    {"void 5", ""},
    {"console.log(5)", ""},
    {"await console.log(5);", ""},
    {"true && console.log(5)", ""},
    {"if (true) 5", ""},
    {MAIN "if (/'/.test('a')) { main() }", ""},
    {MAIN "if (typeof require === 'undefined') { main() }", ""},
    {"for (const a of [1]) a", ""},
    {"{ 5 }", ""},
    {"async function solve(input) { return 5 }", ""},
    {"(input) => 5", ""},
    {"async input => 5", ""},
    {"({ a }) => 5", ""},
    {"function* solve() { yield 5 }", ""},
    {"async function main(input) { return 5 }", ""},
    {"const a = 5", ""},
    {"const a = () => 5\nconst b = 1", ""},
    {"async function main() { return 5 }\n[1].forEach(main)\nconst x = 1", ""},
    {"async function main() { return 5 }\nconst o = { main }", ""},
    {MAIN "try { const a = await main() } catch { }", ""},
    {MAIN "try { if (main.length) await main() } catch { }", ""},
    {MAIN "try { await main(); console.log('x') } catch { }", ""},
    {MAIN "try { try { await main() } catch { } } catch { }", ""},
    {MAIN "try { await main() } catch { }\nconst x = 1", ""},
    {MAIN "try { () => { main() }; ; } catch { }", ""},
    {"try { await echo(1) } catch { }", ""},
    {"const module = {}\nmodule.exports = 5\nreturn module.exports", "5"},
    {"const exports = {}\nexports.main = 5\nreturn exports.main", "5"},
};

/* What only TypeScript has. */
static const wrapped_row typed[] = {
    {F "typescript\nconst rows: number[] = [1, 2]\nreturn rows.length\n" F "\n", "2"},
    {"async (): Promise<number> => { return 5 }", "5"},
    {"async <T,>(a?: T): Promise<number> => { return 5 };", "5"},
    {"async function main(n?: number): Promise<number> { return 5 }", "5"},
    {"function solve(this: void): number { return 5 }", "5"},
    {"interface A { a: number }\nconst a = { a: 5 } as A\na.a as number", "5"},
    {"interface A { a: number }\nconst a: A = { a: 5 }\na.a as number;", "5"},
    {"export interface A { a: number }\nexport default async (): Promise<A> => ({ a: 5 })",
     "{\"a\":5}"},
    {"enum E { A = 5 }\nE.A", "5"},
    {"export enum E { A = 5 }\nE.A", "5"},
    {"const a = 5 satisfies number; a!", "5"},
    {"type A = number\n<A>5", "5"},
    {MAIN "type Z = 1", "5"},
    {"module.exports = async (): Promise<number> => { return 5 as number }", "5"},
    {"module.exports = 5 as number;\n", "5"},
    {MAIN "try { await main() as number } catch (e: unknown) { }", "5"},
};

static void expect(hutch_isolate *isolate, const wrapped_row *row, bool is_told) {
    program_end end;
    program_run(isolate, row->code, &end);
    if (end.type != HUTCH_EVENT_DONE || strcmp(end.json, row->json) != 0 ||
        (strstr(end.logs, "The program was unwrapped: ") != NULL) != is_told) {
        fail_msg("%s\ngave %s%s %u:%u\nlogs %s", row->code, end.json, end.message, end.line,
                 end.column, end.logs);
    }
}

#define COUNT(rows) (sizeof rows / sizeof rows[0])

static void gives_the_value(void **state) {
    for (size_t i = 0; i < COUNT(unwrapped); i++) {
        expect(with(state, HUTCH_WRAPPING_UNWRAP, true), &unwrapped[i], true);
        expect(with(state, HUTCH_WRAPPING_UNWRAP, false), &unwrapped[i], true);
    }
    for (size_t i = 0; i < COUNT(typed); i++) {
        expect(with(state, HUTCH_WRAPPING_UNWRAP, true), &typed[i], true);
    }
}

static void leaves_other_programs_alone(void **state) {
    for (size_t i = 0; i < COUNT(untouched); i++) {
        expect(with(state, HUTCH_WRAPPING_UNWRAP, true), &untouched[i], false);
        expect(with(state, HUTCH_WRAPPING_UNWRAP, false), &untouched[i], false);
        expect(with(state, HUTCH_WRAPPING_REFUSE, true), &untouched[i], false);
    }
}

static void keeps_places(void **state) {
    static const struct {
        const char *code;
        uint32_t line;
        uint32_t column;
    } rows[] = {
        {"async () => { null.x }", 1, 20},
        {"(async () => { null.x })()", 1, 21},
        {F "js\nasync () => {\n  null.x\n}\n" F, 3, 8},
        {"prose \xc3\xa4\n" F "js\nnull.x\n" F, 3, 6},
        {"const a = 1; null.x", 1, 19},
        {"const a = '\xc3\xa4'; null.x", 1, 21},
        {"const a = 1\nnull.x", 2, 6},
        {"async function main() { null.x }\nmain().then(console.log)", 1, 30},
        {"async function main() { return null }\nmain().then((n) => n.x)", 2, 22},
        {"let a = 1; async function main() { return null }; main().then((n) => n.x)", 1, 72},
        {"export default async () => { null.x }", 1, 35},
        {"export async function main() { null.x }", 1, 37},
        {"module.exports = async () => { null.x }", 1, 37},
        {"async function main() { null.x }\nif (require.main === module) main()", 1, 30},
        {"let n = null\nasync function main() {}\nif (import.meta.main) { main(n.x) }", 3, 32},
        {"const a = 1; module.exports = () => null.x", 1, 42},
        {"async function main() { null.x }\ntry { main() } catch { }", 1, 30},
        {"async function main() { }; try { let b = 1; main((b, null.x)) } finally { }", 1, 59},
        {"#!x\nasync () => {\n null.x }", 3, 7},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        program_end end;
        program_run(with(state, HUTCH_WRAPPING_UNWRAP, true), rows[i].code, &end);
        if (end.type != HUTCH_EVENT_FAILED || end.line != rows[i].line ||
            end.column != rows[i].column) {
            fail_msg("%s\ngave %s at %u:%u\n%s", rows[i].code, end.message, end.line, end.column,
                     end.stack);
        }
    }
}

static void refuses(void **state) {
    for (size_t i = 0; i < COUNT(unwrapped); i++) {
        program_end end;
        program_run(with(state, HUTCH_WRAPPING_REFUSE, true), unwrapped[i].code, &end);
        if (end.failure != HUTCH_FAILURE_SYNTAX || strcmp(end.name, "SyntaxError") != 0 ||
            end.line == 0) {
            fail_msg("%s\ngave %s", unwrapped[i].code, end.json);
        }
    }
}

static void refuses_two_blocks(void **state) {
    static const char two[] = F "js\nreturn 1\n" F "\nor\n" F "js\nreturn 2\n" F;
    program_end end;
    program_run(with(state, HUTCH_WRAPPING_UNWRAP, true), two, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
    assert_non_null(strstr(end.message, "two fenced blocks"));
    assert_int_equal(end.line, 5);
}

static void takes_nothing_off_as_is(void **state) {
    program_expect(with(state, HUTCH_WRAPPING_AS_IS, true), "async () => 5", "");
    program_expect(*state, MAIN "5", "");
}

static void a_value_that_cannot_cross_is_undefined(void **state) {
    static const char *const codes[] = {"const a = {}\na.a = a\na",
                                        "const f = (x) => x\nf",
                                        "10n",
                                        "Symbol()",
                                        "({ toJSON() { throw new Error('no') } })",
                                        "class A {}\nA"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        program_end end;
        program_run(with(state, HUTCH_WRAPPING_UNWRAP, true), codes[i], &end);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        assert_string_equal(end.json, "");
        assert_non_null(strstr(end.logs, "cannot be turned into JSON, so the result is undefined"));
    }
}

static void comes_again(void **state) {
    hutch_isolate *isolate = with(state, HUTCH_WRAPPING_AS_IS, true);
    static const hutch_wrapping orders[] = {
        HUTCH_WRAPPING_AS_IS,  HUTCH_WRAPPING_UNWRAP, HUTCH_WRAPPING_AS_IS, HUTCH_WRAPPING_AS_IS,
        HUTCH_WRAPPING_UNWRAP, HUTCH_WRAPPING_UNWRAP, HUTCH_WRAPPING_UNWRAP};
    for (size_t i = 0; i < COUNT(orders); i++) {
        isolate = with(state, orders[i], true);
        program_expect(isolate, "async () => 5", orders[i] == HUTCH_WRAPPING_UNWRAP ? "5" : "");
        isolate = with(state, orders[i], true);
        program_expect(isolate, "const z = 2\nz + 3",
                       orders[i] == HUTCH_WRAPPING_UNWRAP ? "5" : "");
    }
}

static void says_what_to_do_instead_of_an_import(void **state) {
    static const char *const codes[] = {"import x from 'y'\nreturn x", "import { a } from 'y'\na",
                                        "import 'y'", "export * from 'y'",
                                        "const x = await import('y')"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        for (int wrapping = HUTCH_WRAPPING_AS_IS; wrapping <= HUTCH_WRAPPING_REFUSE; wrapping++) {
            program_end end;
            program_run(with(state, (hutch_wrapping)wrapping, true), codes[i], &end);
            if (end.type != HUTCH_EVENT_FAILED || strstr(end.message, "modules") == NULL) {
                fail_msg("%s\ngave %s", codes[i], end.message);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(gives_the_value),
        program_test(leaves_other_programs_alone),
        program_test(keeps_places),
        program_test(refuses),
        program_test(refuses_two_blocks),
        program_test(takes_nothing_off_as_is),
        program_test(a_value_that_cannot_cross_is_undefined),
        program_test(comes_again),
        program_test(says_what_to_do_instead_of_an_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
