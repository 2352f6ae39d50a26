/*
 * Types: what each form of them leaves behind.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"a type of a variable", "let x: string = 'a'", "let x         = 'a'"},
    {"a definite mark", "let x!: number", "let x         "},
    {"several variables", "let a: A, b: B = 1, c", "let a   , b    = 1, c"},
    {"patterns with types", "const { a, b = 1 }: T = x, [c, , ...d]: U = y",
     "const { a, b = 1 }    = x, [c, , ...d]    = y"},
    {"a union over lines",
     "let x:\n"
     "  | A\n"
     "  | B = 1",
     "let x \n"
     "     \n"
     "      = 1"},
    {"an object type",
     "let x: { a: string; b?(c: D): E, readonly f: G; new (x: T): U; (y): z; [k: string]: any } = "
     "y",
     "let x                                                                                     = "
     "y"},
    {"accessors in an object type", "let x: { get a(): T; set a(v: T); get: U; set?: V }",
     "let x                                              "},
    {"a mapped type", "let x: { -readonly [K in keyof T as `on${K}`]?: T[K] } = y",
     "let x                                                  = y"},
    {"a conditional type", "let x: A extends infer U extends string ? U : never = y",
     "let x                                               = y"},
    {"infer before a conditional", "let x: A extends [infer H extends B ? C : D] ? H : E = y",
     "let x                                                = y"},
    {"the idiom that compares types",
     "type E<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : "
     "false",
     "                                                                                             "
     "    "},
    {"a conditional type as a constraint", "f = <K extends A extends B ? C : D>(k: K) => k",
     "f =                                (k   ) => k"},
    {"function types",
     "let f: (a: A, b?: B, ...c: C[]) => (d) => D = e, g: new () => T, h: abstract new (x) => U",
     "let f                                       = e, g             , h                       "},
    {"a function type with patterns", "let f: ({ a, b: c }: T, [d]: U) => V = x",
     "let f                                = x"},
    {"words as parameters of a function type",
     "let f: (type: A, keyof: B, readonly?, this: C, new: D) => E = x",
     "let f                                                       = x"},
    {"a type in parentheses", "let x: (A | B)[] = y, z: (A) = w",
     "let x            = y, z      = w"},
    {"a tuple with labels", "let x: [a: A, b?: B, ...c: C[]] = y, z: [A?, ...B[]] = w",
     "let x                           = y, z               = w"},
    {"an import type", "let x: import('m', { with: { 'resolution-mode': 'import' } }).A.B<C> = y",
     "let x                                                                = y"},
    {"typeof types", "let x: typeof a.b<C> = y, z: typeof import('m') = w",
     "let x                = y, z                     = w"},
    {"a template type", "let x: `a${B}c${`d${E}`}` = y", "let x                     = y"},
    {"literal types", "let x: 1 | -2n | 'a' | true | null | void = y",
     "let x                                     = y"},
    {"unique symbol",
     "declare const s: unique symbol;\n"
     "let x: typeof s = y",
     "                               \n"
     "let x           = y"},
    {"indexed access", "let x: T['a'][number][] = y", "let x                   = y"},
    {"an array of keyof", "let x: readonly (keyof T)[] = y", "let x                       = y"},
    {"a predicate", "function f(x): x is T {}", "function f(x)         {}"},
    {"an assertion predicate",
     "function f(x): asserts x is T {}\n"
     "function g(this: T): asserts this {}",
     "function f(x)                 {}\n"
     "function g(       )               {}"},
    {"a line break where only a type can go on",
     "function f(x): asserts x\nis T {}\n"
     "type A = T extends infer U\nextends string ? 1 : 2\n"
     "interface I extends A\n<B>, C\n<D> {}\n"
     "class K implements A\n<B> {}",
     "function f(x)           \n"
     "     {}\n"
     ";                         \n"
     "                      \n"
     ";                    \n"
     "      \n"
     "      \n"
     "class K             \n"
     "    {}"},
    {"a type in parentheses, and then the arrow of the function",
     "f = (): asserts x is (void) => {}, g = (): A | (null) => 1, h = a ? (): x is (null) => 1 : 2",
     "f = ()                      => {}, g = ()             => 1, h = a ? ()              => 1 : "
     "2"},
    {"no function after an operator of types",
     "i = (): keyof (B) => 1, j = (): readonly (B)[] => 1",
     "i = ()            => 1, j = ()                 => 1"},
    {"names that are operators elsewhere", "let x: asserts = y, z: abstract.A = w",
     "let x          = y, z             = w"},
    {"variance and const", "interface I<in out T, const U> {}",
     "                                 "},
    {"shifts that close two lists", "let x: A<B<C<D>>> = y", "let x             = y"},
    {"a list that begins with a function type", "f<<T>(x: T) => T>(y)", "f                (y)"},
    {"comments inside of a type",
     "let x: /* a */ A // b\n"
     "| B = 1",
     "let x                \n"
     "    = 1"},
    {"a comment before the colon", "let x /* kept */ : A = 1", "let x /* kept */     = 1"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
