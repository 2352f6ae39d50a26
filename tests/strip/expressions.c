/*
 * Types inside of expressions, and what only looks like one.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"as", "x = y as T", "x = y;    "},
    {"as in a call", "f(x as T, y as unknown as U)", "f(x     , y                )"},
    {"as const", "x = [1, 2] as const", "x = [1, 2];        "},
    {"satisfies", "x = { a: 1 } satisfies T", "x = { a: 1 };           "},
    {"an assertion in front", "x = <T>y", "x =    y"},
    {"an assertion that it is constant", "x = <const>['a']", "x =        ['a']"},
    {"two assertions in front", "x = <T><U>y", "x =       y"},
    {"a mark that says not null", "x!.y![0]!()", "x .y [0] ()"},
    {"a mark before an assignment", "x! = 1; y!++", "x  = 1; y ++"},
    {"not equal is no mark", "x != y; x !== y; a! != b", "x != y; x !== y; a  != b"},
    {"arguments of types",
     "f<T>(x); new Map<string, Array<number>>(); tag<T>`x`; a?.<T>(b); a.b<T>?.(c)",
     "f   (x); new Map                       (); tag   `x`; a?.   (b); a.b   ?.(c)"},
    {"an instantiation", "const f = g<string>; h(k<T>, l<U>)",
     "const f = g        ; h(k   , l   )"},
    {"comparisons", "a < b; c > d; a < b > c; a < b && c > d", NULL},
    {"comparison or call", "a < b > (c)", "a       (c)"},
    {"comparison with shift", "f(a < b, c >> (d))", NULL},
    {"a list before equals", "a = b<c>=d", NULL},
    {"comparison after a plain type", "x = a.b as number < c.d", "x = a.b           < c.d"},
    {"types in a template", "x = `a${b as T}c${`d${e!}`}`", "x = `a${b     }c${`d${e }`}`"},
    {"a regular expression or a division",
     "a = b / c / d; x = /[/]</g; y = a! / 2 / b; (z) / 1; { } /re/.test(x)",
     "a = b / c / d; x = /[/]</g; y = a  / 2 / b; (z) / 1; { } /re/.test(x)"},
    {"a regular expression after a condition", "if (a as T) /re/.exec(b)",
     "if (a     ) /re/.exec(b)"},
    {"a conditional", "x = a ? b as T : c as U", "x = a ? b      : c;    "},
    {"grouping that stays", "x = a && b as T || c, y = a * b as T + c",
     "x = a && b      || c, y = a * b      + c"},
    {"new.target and import.meta", "function f() { return new.target as T } import.meta.x!",
     "function f() { return new.target;     } import.meta.x "},
    {"private names", "class A { #a?: T; b() { return #a in this && this.#a! } }",
     "class A { #a    ; b() { return #a in this && this.#a  } }"},
    {"await and as", "x = await y as T; z = (await w as T).v",
     "x = await y     ; z = (await w     ).v"},
    {"yield", "function* f() { const x = yield y as T; yield* z!; yield }",
     "function* f() { const x = yield y     ; yield* z ; yield }"},
    {"objects with methods",
     "x = { a<T>(b: T): U { return b! }, get c(): T { return 1 }, set c(v: T) {}, async *d<T>() "
     "{}, [e as T]: f, async: 1, get: 2, set, async, get() {} }",
     "x = { a   (b   )    { return b  }, get c()    { return 1 }, set c(v   ) {}, async *d   () "
     "{}, [e     ]: f, async: 1, get: 2, set, async, get() {} }"},
    {"class expressions", "x = class<T> extends Y<T> implements Z { a: T = 1 }",
     "x = class    extends Y                 { a    = 1 }"},
    {"an optional call in a conditional", "x = a?.5:b?.c", NULL},
    {"decorators stay", "@a.b<T>(c as U) class X { @d e: T; @f() g(@h i: U) {} }",
     "@a.b   (c     ) class X { @d e   ; @f() g(@h i   ) {} }"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
