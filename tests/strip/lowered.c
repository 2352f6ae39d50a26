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
     "  E[E[\"\xc3\x84"
     "\"] =     2] = \"\xc3\x84"
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
    {"an enum after a statement without a semicolon",
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
    {"a name beyond ASCII", "enum E {A,é=1}",
     "var E; (function (E) {E[E[\"A\"] = 0] = \"A\";E[E[\"é\"] =   1] = \"é\";})(E || (E = {}));"},
    {"a name beyond ASCII after a wide space",
     "enum E {A,\xc2\xa0"
     "é=1}",
     "var E; (function (E) {E[E[\"A\"] = 0] = \"A\";\xc2\xa0"
     "E[E[\"é\"] =   1] = \"é\";})(E || (E = {}));"},
    {"a part without values declares nothing",
     "namespace N { type T = 1 }\nnamespace N { export const a = 1 }",
     "                          \nvar N; (function (N) {        const a = N.a = 1 })(N || (N = "
     "{}));"},
    {"a part without values before an enum", "namespace A { interface I {} } enum A { X }",
     "                               var A; (function (A) { A[A[\"X\"] = 0] = \"X\"; })(A || (A = "
     "{}));"},
    {"a part without values in a namespace",
     "namespace N { namespace M { type T = 1 } namespace M { f() } }",
     "var N; (function (N) {                            let M; (function (M) { f() })(M || (M = "
     "{})); })(N || (N = {}));"},
    {"a part without values and with dots", "namespace A.B { type T = 1 } namespace A.B { f() }",
     "                             var A; (function (A) {let B; (function (B) { f() })(B = A.B || "
     "(A.B = {}));})(A || (A = {}));"},
    {"an exported part without values",
     "export namespace N { type T = 1 } export namespace N { f() }",
     "                                  export var N; (function (N) { f() })(N || (N = {}));"},
    {"a declared part does not undo a class",
     "class C {} declare namespace C { type T = 1 } namespace C { f() }",
     "class C {} ;                                  ;(function (C) { f() })(C || (C = {}));"},
    {"an enum in two parts of a namespace",
     "namespace N { export enum E {A} } namespace N { export enum E {B} f(E.B) }",
     "var N; (function (N) { let E; (function (E) {E[E[\"A\"] = 0] = \"A\";})(E = N.E || (N.E = "
     "{})); })(N || (N = {})); ;(function (N) { let E; (function (E) {E[E[\"B\"] = 0] = \"B\";})(E "
     "= N.E || (N.E = {})); f(E.B) })(N || (N = {}));"},
    {"a class and a later part's namespace",
     "namespace N { export class C {} } namespace N { export namespace C { f() } }",
     "var N; (function (N) {        class C {} N.C = C; })(N || (N = {})); ;(function (N) { let C; "
     "(function (C) { f() })(C = N.C || (N.C = {})); })(N || (N = {}));"},
    {"a function and a later part's namespace",
     "namespace N { function h() {} } namespace N { namespace h { f() } }",
     "var N; (function (N) { function h() {} })(N || (N = {})); ;(function (N) { let h; (function "
     "(h) { f() })(h || (h = {})); })(N || (N = {}));"},
    {"an export that hides one of an earlier part",
     "namespace N { export const a = 1 } namespace N { namespace M { export const a = 2; f(a) } }",
     "var N; (function (N) {        const a = N.a = 1 })(N || (N = {})); ;(function (N) { let M; "
     "(function (M) {        const a = M.a = 2; f(a) })(M || (M = {})); })(N || (N = {}));"},
    {"a member's short form", "enum E { a, c = f({a}), d = f({a, b}), e = f({a = 1} = {}) }",
     "var E; (function (E) { E[E[\"a\"] = 0] = \"a\"; E[E[\"c\"] =  f({a: E.a})] = \"c\"; "
     "E[E[\"d\"] =  f({a: E.a, b})] = \"d\"; E[E[\"e\"] =  f({a: E.a = 1} = {})] = \"e\"; })(E || "
     "(E = {}));"},
    {"an enum right before a namespace without values", "enum E {A}namespace X{}",
     "var E; (function (E) {E[E[\"A\"] = 0] = \"A\";})(E || (E = {}));;            "},
    {"a function right before a namespace without values",
     "namespace N { export function f() {}namespace X {} }",
     "var N; (function (N) {        function f() {} N.f = f;;              })(N || (N = {}));"},
    {"a namespace without values before super",
     "class A extends B { constructor(private a) { namespace X { type T = 1 } super(); } }",
     "class A extends B {a; constructor(        a) {                            super(); this.a = "
     "a;  } }"},
    {"properties of constructors in parameters",
     "class A { constructor(private a, b = class { constructor(public c) {} }, private d) {} }",
     "class A {a;d; constructor(        a, b = class {c; constructor(       c) {this.c = c; } },   "
     "      d) {this.a = a; this.d = d; } }"},
    {"fields before the constructor",
     "class A { b = class { constructor(public c) {} }; constructor(private a) {} }",
     "class A {a; b = class {c; constructor(       c) {this.c = c; } }; constructor(        a) "
     "{this.a = a; } }"},
    {"members called async", "enum E { async, b = async, c = async < 1, d = f(async\n) }",
     "var E; (function (E) { E[E[\"async\"] = 0] = \"async\"; E[E[\"b\"] =  E.async] = \"b\"; "
     "E[E[\"c\"] =  E.async < 1] = \"c\"; E[E[\"d\"] =  f(E.async\n)] = \"d\"; })(E || (E = {}));"},
    {"parameters beside members", "enum E { a, b = f((a), (a + 1), (x = a) => x, (b) => b) }",
     "var E; (function (E) { E[E[\"a\"] = 0] = \"a\"; E[E[\"b\"] =  f((E.a), (E.a + 1), (x = E.a) "
     "=> x, (b) => b)] = \"b\"; })(E || (E = {}));"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_LINES_STAY);
}
