/*
 * Where a line break ends a statement, and types that stood there are gone.
 * Most rows are what ts-blank-space makes of the same source, byte for byte.
 */
#include "rows.h"

static const strip_row rows[] = {
    {"an erased statement before a parenthesis",
     "a\n"
     "type B = C\n"
     "(d)",
     "a\n"
     ";         \n"
     "(d)"},
    {"an erased statement before a bracket",
     "a\n"
     "interface B {}\n"
     "[d]",
     "a\n"
     ";             \n"
     "[d]"},
    {"an erased statement before a template",
     "a\n"
     "declare let b\n"
     "`c`",
     "a\n"
     ";            \n"
     "`c`"},
    {"an erased statement after a semicolon",
     "a;\n"
     "type B = C\n"
     "(d)",
     "a;\n"
     "          \n"
     "(d)"},
    {"an erased statement at the beginning",
     "type B = C\n"
     "(d)",
     "          \n"
     "(d)"},
    {"two erased statements",
     "a\n"
     "type B = C\n"
     "type D = E\n"
     "(f)",
     "a\n"
     ";         \n"
     ";         \n"
     "(f)"},
    {"an erased export",
     "a\n"
     "export type { B } from 'c'\n"
     "(d)",
     "a\n"
     ";                         \n"
     "(d)"},
    {"as at the end of a statement",
     "let a = b as T\n"
     "(c)",
     "let a = b;    \n"
     "(c)"},
    {"as at the end of a function",
     "f = () => a as T\n"
     "[b]",
     "f = () => a;    \n"
     "[b]"},
    {"as at the end of a ruled statement",
     "if (a) b as T\n"
     "(c)",
     "if (a) b;    \n"
     "(c)"},
    {"as before a semicolon",
     "a = b as T;\n"
     "(c)",
     "a = b     ;\n"
     "(c)"},
    {"as at the beginning of a line",
     "x\n"
     "as\n"
     "y",
     NULL},
    {"a mark after a line break",
     "x\n"
     "!y",
     NULL},
    {"satisfies at the beginning of a line",
     "x\n"
     "satisfies\n"
     "y",
     NULL},
    {"return and an assertion over lines",
     "function f() { return <T>\n"
     "(x) }",
     "function f() { return (  \n"
     " x) }"},
    {"return and an assertion of a name over lines",
     "function f() { return <T>\n"
     "x + y }",
     "function f() { return 0||\n"
     "x + y }"},
    {"return and types over lines",
     "function f() { return <\n"
     "T\n"
     ">(x) => y }",
     "function f() { return (\n"
     " \n"
     "  x) => y }"},
    {"throw and an assertion over lines",
     "throw <T>\n"
     "x",
     "throw 0||\n"
     "x"},
    {"yield and an assertion over lines",
     "function* f() { yield <T>\n"
     "x }",
     "function* f() { yield 0||\n"
     "x }"},
    {"return and an assertion of a function with an arrow over lines",
     "function f() { return <any>\n"
     "x => y }",
     "function f() { return 0?0: \n"
     "x => y }"},
    {"an assertion of an async function as a statement", "<any>async () => {}",
     "0?0: async () => {}"},
    {"an assertion of an object in which is assigned", "<any>{ a: 1 }.b = 2",
     "0?0: { a: 1 }.b = 2"},
    {"return and an assertion of an alternative over lines",
     "function f() { return <any>\n"
     "x ?? y }",
     "function f() { return 0?0: \n"
     "x ?? y }"},
    {"an assertion of an object as a statement", "<T>{ a: 1 }.b", "0||{ a: 1 }.b"},
    {"an assertion of a function as a statement", "<T>function () {}", "0||function () {}"},
    {"a default export of an assertion", "export default <T>class {}",
     "export default 0||class {}"},
    {"an erased statement in a block",
     "if (a) {\n"
     "  type B = C\n"
     "}",
     "if (a) {\n"
     "  ;         \n"
     "}"},
    {"an erased statement in a function",
     "function f() {\n"
     "  type B = C\n"
     "  return 1\n"
     "}",
     "function f() {\n"
     "            \n"
     "  return 1\n"
     "}"},
};

int main(void) {
    return strip_rows_run(rows, sizeof rows / sizeof rows[0], STRIP_PLACES_STAY);
}
