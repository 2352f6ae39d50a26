/*
 * What cannot be erased and becomes JavaScript: enums, namespaces, parameters that are properties.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"an enum", "enum E { A, B, C = 5, D, E = -1, F }",
     "var E; (function (E) { E[E[\"A\"] = 0] = \"A\"; E[E[\"B\"] = 1] = \"B\"; E[E[\"C\"] =  5] = "
     "\"C\"; E[E[\"D\"] = 6] = \"D\"; E[E[\"E\"] =  -1] = \"E\"; E[E[\"F\"] = 0] = \"F\"; })(E || "
     "(E = {}));"},
    {"an enum over lines",
     "enum E {\n"
     "  A = 1, // a\n"
     "  B = 2,\n"
     "  'c-d' = 3,\n"
     "}\n"
     "let x: E",
     "var E; (function (E) {\n"
     "  E[E[\"A\"] =  1] = \"A\"; // a\n"
     "  E[E[\"B\"] =  2] = \"B\";\n"
     "  E[E['c-d'] =  3] = 'c-d';\n"
     "})(E || (E = {}));\n"
     "let x   "},
    {"strings", "enum E { A = 'a', B = `b`, C = 'a' + 'b', D = A, F = E.B }",
     "var E; (function (E) { E[\"A\"] =  'a'; E[\"B\"] =  `b`; E[\"C\"] =  'a' + 'b'; E[\"D\"] =  "
     "E.A; E[\"F\"] =  E.B; })(E || (E = {}));"},
    {"strings by their text",
     "enum E { A = ('a'), B = f + 'b', C = 'c'.length, D = A + 1, F = ('d').length }",
     "var E; (function (E) { E[\"A\"] =  ('a'); E[\"B\"] =  f + 'b'; E[E[\"C\"] =  'c'.length] = "
     "\"C\"; E[\"D\"] =  E.A + 1; E[E[\"F\"] =  ('d').length] = \"F\"; })(E || (E = {}));"},
    {"a value on the next line",
     "enum E {\n"
     "  LONG =\n"
     "    1,\n"
     "  \xc3\x84"
     " = 2,\n"
     "}",
     "var E; (function (E) {\n"
     "  E[E[\"LONG\"] =  \n"
     "    1] = \"LONG\";\n"
     " E[E[\"\xc3\x84"
     "\"] =      2] = \"\xc3\x84"
     "\";\n"
     "})(E || (E = {}));"},
    {"computed values", "enum E { A = 1 << 2, B = A | 8, C = f(A), D }",
     "var E; (function (E) { E[E[\"A\"] =  1 << 2] = \"A\"; E[E[\"B\"] =  E.A | 8] = \"B\"; "
     "E[E[\"C\"] =  f(E.A)] = \"C\"; E[E[\"D\"] = E[\"C\"] + 1] = \"D\"; })(E || (E = {}));"},
    {"a constant enum", "const enum E { A }",
     "var E; (function (E) { E[E[\"A\"] = 0] = \"A\"; })(E || (E = {}));"},
    {"an exported enum",
     "export enum E { A }\n"
     "export const enum F { B }",
     "export var E; (function (E) { E[E[\"A\"] = 0] = \"A\"; })(E || (E = {}));\n"
     "export var F; (function (F) { F[F[\"B\"] = 0] = \"B\"; })(F || (F = {}));"},
    {"an enum in two parts",
     "enum E { A }\n"
     "enum E { B = A }",
     "var E; (function (E) { E[E[\"A\"] = 0] = \"A\"; })(E || (E = {}));\n"
     ";(function (E) { E[E[\"B\"] =  E.A] = \"B\"; })(E || (E = {}));"},
    {"an enum in a block", "{ enum E { A } }",
     "{ let E; (function (E) { E[E[\"A\"] = 0] = \"A\"; })(E || (E = {})); }"},
    {"an enum behind a statement without a semicolon",
     "enum E { A }\n"
     "a\n"
     "enum E { B = 1 }",
     "var E; (function (E) { E[E[\"A\"] = 0] = \"A\"; })(E || (E = {}));\n"
     "a\n"
     ";(function (E) { E[E[\"B\"] =  1] = \"B\"; })(E || (E = {}));"},
    {"a namespace", "namespace N { export const a = 1, b: T = 2; const c = 3 }",
     "var N; (function (N) {        const a = N.a = 1, b    = N.b = 2; const c = 3 })(N || (N = "
     "{}));"},
    {"a variable of a namespace",
     "namespace N { export let a: number = 1\n"
     " export var b }",
     "var N; (function (N) {        let a         = 1; Object.defineProperty(N, \"a\", { "
     "enumerable: true, configurable: true, get: () => a, set: (_a) => { a = _a; } });\n"
     "        var b; Object.defineProperty(N, \"b\", { enumerable: true, configurable: true, get: "
     "() => b, set: (_b) => { b = _b; } }); })(N || (N = {}));"},
    {"functions and classes of a namespace",
     "namespace N { export function f(): void {} export class C {} export async function g() {} "
     "export abstract class D {} }",
     "var N; (function (N) {        function f()       {} N.f = f;        class C {} N.C = C;      "
     "  async function g() {} N.g = g;                 class D {} N.D = D; })(N || (N = {}));"},
    {"overloads in a namespace",
     "namespace N { export function f(): void; export function f(a?) {} }",
     "var N; (function (N) {                                   function f(a ) {} N.f = f; })(N || "
     "(N = {}));"},
    {"a namespace in a namespace",
     "namespace N { export namespace M { export const a = 1 } namespace O { f() } }",
     "var N; (function (N) { let M; (function (M) {        const a = M.a = 1 })(M = N.M || (N.M = "
     "{})); let O; (function (O) { f() })(O || (O = {})); })(N || (N = {}));"},
    {"a namespace with dots", "namespace N.M { export const a = 1 }",
     "var N; (function (N) {let M; (function (M) {        const a = M.a = 1 })(M = N.M || (N.M = "
     "{}));})(N || (N = {}));"},
    {"an enum in a namespace", "export namespace N { export enum E { A } }",
     "export var N; (function (N) { let E; (function (E) { E[E[\"A\"] = 0] = \"A\"; })(E = N.E || "
     "(N.E = {})); })(N || (N = {}));"},
    {"a namespace that adds to a class",
     "class N {}\n"
     "namespace N { export const a = 1 }",
     "class N {}\n"
     ";(function (N) {        const a = N.a = 1 })(N || (N = {}));"},
    {"types in a namespace", "namespace N { export interface A {} f(); export type B = C }",
     "var N; (function (N) {                       f();                   })(N || (N = {}));"},
    {"an alias",
     "import A = B.C\n"
     "namespace N { export import D = E.F }",
     "var    A = B.C\n"
     "var N; (function (N) {        var    D = N.D = E.F })(N || (N = {}));"},
    {"an import of CommonJS",
     "import a = require('b');\n"
     "import type c = require('d')",
     "const  a = require('b');\n"
     "                            "},
    {"parameters that are properties",
     "class A { constructor(private a: T, public readonly b = 1, c?: U) { f() } }",
     "class A {a;b; constructor(        a   ,                 b = 1, c    ) {this.a = a; this.b = "
     "b;  f() } }"},
    {"properties of a derived class",
     "class A extends B {\n"
     "  constructor(private a: T) {\n"
     "    f()\n"
     "    super(a)\n"
     "    g()\n"
     "  }\n"
     "}",
     "class A extends B {a;\n"
     "  constructor(        a   ) {\n"
     "    f()\n"
     "    super(a); this.a = a; \n"
     "    g()\n"
     "  }\n"
     "}"},
    {"properties and a semicolon", "class A extends B { constructor(override a) { super(); } }",
     "class A extends B {a; constructor(         a) { super(); this.a = a;  } }"},
};

static void each_source_becomes_what_the_table_says(void **state) {
    (void)state;
    strip_rows_check(rows, sizeof rows / sizeof rows[0]);
}

static void what_was_stripped_needs_no_stripping(void **state) {
    (void)state;
    strip_rows_check_again(rows, sizeof rows / sizeof rows[0]);
}

static void lines_stay_lines(void **state) {
    (void)state;
    strip_rows_check_lines(rows, sizeof rows / sizeof rows[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_source_becomes_what_the_table_says),
        cmocka_unit_test(what_was_stripped_needs_no_stripping),
        cmocka_unit_test(lines_stay_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
