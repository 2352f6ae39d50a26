/*
 * Arrow functions, and parentheses that might be one.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"types of parameters and result", "f = (a: A, b?: B, c: C = d, ...e: E[]): F => g",
     "f = (a   , b    , c    = d, ...e     )    => g"},
    {"a pattern as a parameter", "f = ({ a, b: [c] }: T, [d = 1]: U) => e",
     "f = ({ a, b: [c] }   , [d = 1]   ) => e"},
    {"an optional parameter alone", "f = (a?) => b; g = (a?, b?: T) => c; h = (a? = 1) => d",
     "f = (a ) => b; g = (a , b    ) => c; h = (a  = 1) => d"},
    {"a parameter this", "f = function (this: T, a: A) {}; g = (this: T) => 1",
     "f = function (         a   ) {}; g = (       ) => 1"},
    {"generic", "f = <T>(a: T) => a; g = <T,>(a) => a; h = <const T extends U = V>(a: T): T => a",
     "f =    (a   ) => a; g =     (a) => a; h =                        (a   )    => a"},
    {"async",
     "f = async (a: A): Promise<B> => c; g = async a => b; h = async <T>(a: T): Promise<T> => a",
     "f = async (a   )             => c; g = async a => b; h = async    (a   )             => a"},
    {"async called", "async(a, ...b); async<T>(c); async as T; async < d",
     "async(a, ...b); async   (c); async     ; async < d"},
    {"a result over lines",
     "f = (a: string): Array<\n"
     "  string\n"
     "> => [a]",
     "f = (a                 \n"
     "        \n"
     ") => [a]"},
    {"parameters over lines",
     "f = (\n"
     "  a: A,\n"
     "): B => a",
     "f = (\n"
     "  a   ,\n"
     "   ) => a"},
    {"generics over lines",
     "f = async <\n"
     "  T\n"
     ">(v: T) => {}",
     "f = async (\n"
     "   \n"
     "  v   ) => {}"},
    {"a function as result", "f = (): (() => A) => async (): Promise<B> => c",
     "f = ()            => async ()             => c"},
    {"a result that is an object type", "f = (): { a: A } => ({ a })",
     "f = ()           => ({ a })"},
    {"a predicate as result", "f = (a: any): a is B => a", "f = (a     )         => a"},
    {"a conditional with parentheses", "x = a ? (b) : c => d", NULL},
    {"a conditional with an arrow function", "x = a ? (b): c => d : e", "x = a ? (b)    => d : e"},
    {"a conditional with both", "x = a ? (b, c): D => e : (f): G => h",
     "x = a ? (b, c)    => e : (f)    => h"},
    {"a conditional in a conditional", "x = a ? (b) : c ? (d) : e => f", NULL},
    {"a conditional with a typed parameter", "x = a ? (b: B): C => d : e",
     "x = a ? (b   )    => d : e"},
    {"a conditional with an async function", "x = a ? async (b): Promise<C> => d : e",
     "x = a ? async (b)             => d : e"},
    {"a conditional in parentheses", "x = a ? ((b): c => d) : e", "x = a ? ((b)    => d) : e"},
    {"a case", "switch (a) { case (b): c; case (d): e => f; default: }", NULL},
    {"nested functions", "f = (a: A) => (b: B): C => ({ d }: D) => e as E",
     "f = (a   ) => (b   )    => ({ d }   ) => e;    "},
    {"an arrow function as an argument", "f((a: A): B => c, (d?) => e)",
     "f((a   )    => c, (d ) => e)"},
    {"a default that is a function", "f = (a: A = (b: B) => c) => d",
     "f = (a    = (b   ) => c) => d"},
    {"an assertion before a body that is an object", "f = () => <T>{ a: 1 }",
     "f = () => 0||{ a: 1 }"},
    {"such a body with what does not go with an or", "f = () => <any>{ a: null }.a ?? b",
     "f = () => 0?0: { a: null }.a ?? b"},
    {"such a body that is assigned to", "f = () => <any>{ a: null }.a = b",
     "f = () => 0?0: { a: null }.a = b"},
    {"the same inside of another one", "f = () => <any>{ a: () => <T>{} }.a ?? b",
     "f = () => 0?0: { a: () => 0||{} }.a ?? b"},
    {"such a body with a conditional", "f = () => <T>{ a: null }.a ? b : c || d",
     "f = () => 0||{ a: null }.a ? b : c || d"},
    {"a result in parentheses", "f = (a: A): (void) => {}", "f = (a   )         => {}"},
    {"a result in parentheses that is a name", "f = (a): (B) => c; d", "f = (a)      => c; d"},
    {"a result in parentheses that could be a pattern", "f = (a): ({ b: B }) => ({ b: a })",
     "f = (a)             => ({ b: a })"},
    {"a result that begins in parentheses", "f = (a): (B)[] | null => c",
     "f = (a)               => c"},
    {"a result that is a list with arguments", "f = (a): (B<C>[]) => <D>c",
     "f = (a)           =>    c"},
    {"a result that is a function", "f = (a): (b) => C => d", "f = (a)           => d"},
    {"a result that is a function in parentheses", "f = (a): ((b) => C) => d",
     "f = (a)             => d"},
    {"a result in parentheses in a conditional", "x = a ? (b: B): (C) => d : e",
     "x = a ? (b   )      => d : e"},
    {"an async function with a result in parentheses", "f = async (a): (Promise<B>) => {}",
     "f = async (a)               => {}"},
    {"a generic function with a result in parentheses", "f = <T>(a: T): (T) => a",
     "f =    (a   )      => a"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
