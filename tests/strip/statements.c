/*
 * Statements and declarations, and the words that are also names.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"interfaces",
     "interface A<T> extends B, C<T> { a: T }\n"
     "let x",
     "                                       \n"
     "let x"},
    {"aliases",
     "type A<T> = { a: T }\n"
     "let x",
     "                    \n"
     "let x"},
    {"declare",
     "declare let a: A, b;\n"
     "declare function f(): void;\n"
     "declare class C { a; b(): void }\n"
     "declare enum E { A = 1 }\n"
     "declare namespace N.M { let x; export default y; function g(); }\n"
     "declare module 'm' { import x = require('y'); export = x }\n"
     "declare global { interface W {} }\n"
     "declare module 'n';\n"
     "declare abstract class D {}\n"
     "declare const enum F {}\n"
     "declare type T = U\n"
     "declare interface I {}",
     "                    \n"
     "                           \n"
     "                                \n"
     "                        \n"
     "                                                                \n"
     "                                                          \n"
     "                                 \n"
     "                   \n"
     "                           \n"
     "                       \n"
     "                  \n"
     "                      "},
    {"overloads",
     "function f(a: string): void;\n"
     "function f(a: any) {}",
     "                            \n"
     "function f(a     ) {}"},
    {"generators and async functions",
     "async function f<T>(a: T): Promise<T> {}\n"
     "function* g(): Generator<T> {}",
     "async function f   (a   )             {}\n"
     "function* g()               {}"},
    {"for",
     "for (const x of y as T[]) {}\n"
     "for (let i: number = 0; i < n!; i++) {}\n"
     "for (const k in o as any) {}\n"
     "for await (const x of y!) {}\n"
     "for (x as any of y) {}",
     "for (const x of y       ) {}\n"
     "for (let i         = 0; i < n ; i++) {}\n"
     "for (const k in o       ) {}\n"
     "for await (const x of y ) {}\n"
     "for (x        of y) {}"},
    {"catch", "try {} catch (e: unknown) {} finally {}", "try {} catch (e         ) {} finally {}"},
    {"labels",
     "a: for (;;) { continue a }\n"
     "type: while (0) break type",
     NULL},
    {"control flow",
     "if (a as T) b!; else if (c!) d; else { e as T }\n"
     "while (f!) g\n"
     "do h!; while (i as T) j\n"
     "switch (k as T) { case l!: m; default: n as T }\n"
     "throw o as T",
     "if (a     ) b ; else if (c ) d; else { e;     }\n"
     "while (f ) g\n"
     "do h ; while (i     ) j\n"
     "switch (k     ) { case l : m; default: n;     }\n"
     "throw o;    "},
    {"words as names",
     "type = 1; declare = 2; namespace.a; module(b); abstract; interface\n"
     "= 3; of = as; let async = await_; global.c; type\n"
     "A\n"
     "= d; declare\n"
     "const e = 1; using; satisfies = is = keyof = infer",
     NULL},
    {"words as names of types",
     "type type = type\n"
     "type of = as\n"
     "interface declare {}",
     "                \n"
     "            \n"
     "                    "},
    {"using",
     "using a: T = b;\n"
     "{ await using c = d as U }",
     "using a    = b;\n"
     "{ await using c = d;     }"},
    {"an abstract class after a break",
     "abstract\n"
     "class A {}",
     NULL},
    {"a namespace without values",
     "namespace N { interface A {} export type B = C; namespace M {} }\n"
     "let x",
     "                                                                \n"
     "let x"},
    {"destructuring", "({ a: b as any } = c); [d!, e as any] = f",
     "({ a: b        } = c); [d , e       ] = f"},
    {"line breaks of all kinds",
     "let a: {\r\n"
     "  b: C;\r  d: E;\xe2\x80\xa8"
     "  f: G\xe2\x80\xa9"
     "} = 1",
     "let a   \r\n"
     "       \r       \xe2\x80\xa8"
     "      \xe2\x80\xa9"
     "  = 1"},
    {"wide characters",
     "let \xc3\xa9"
     ": \xc3\x84"
     "rger<\"\xf0\x9f\x98\x80"
     "\"> = \"\xc3\xbc"
     "\" as \xe5\x90\x8d"
     "; x",
     "let \xc3\xa9"
     "              = \"\xc3\xbc"
     "\"     ; x"},
    {"a hash bang",
     "#!/usr/bin/env node\n"
     "let x: T",
     "#!/usr/bin/env node\n"
     "let x   "},
    {"a function in parentheses after an overload",
     "f()\n"
     "function g(): void\n"
     "function g() {}",
     "f()\n"
     "                  \n"
     "function g() {}"},
    {"an empty statement for an erased one after else", "if (a) b; else type T = 1\nfoo()",
     "if (a) b; else ;         \nfoo()"},
    {"in a loop", "for(;;) type T = 1;\nx()", "for(;;) ;          \nx()"},
    {"an erased overload that is ruled", "while (x) function f(): void\nfoo()",
     "while (x) ;                 \nfoo()"},
    {"an erased namespace that is ruled", "if (a) namespace X { type T = 1 }\nfoo()",
     "if (a) ;                         \nfoo()"},
    {"an erased type after a label", "a: type T = 1\nb", "a: ;         \nb"},
    {"an erased type after do", "do type T = 1\nwhile (x)", "do ;         \nwhile (x)"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
