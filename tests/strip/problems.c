/*
 * Sources that are refused: what was expected, what was found, and where.
 */
#include "rows.h"

#include <string.h>

typedef struct problem_row {
    const char *source;
    unsigned line;
    unsigned column;
    const char *message;
} problem_row;

static const problem_row rows[] = {
    {"let x: ;", 1, 8, "expected a type, found ';'"},
    {"let x: A<B = 1", 1, 15, "expected ',' or '>', found the end of the source"},
    {"f(a, b", 1, 7, "expected ',' or ')', found the end of the source"},
    {"let a = 1 let b", 1, 11, "expected ';', found 'let'"},
    {"x = {\n  a: 1\n  b: 2\n}", 3, 3, "expected ',' or '}', found 'b'"},
    {"interface A { a: b c: d }", 1, 20, "expected ';' or '}', found 'c'"},
    {"class A { 1 + 2 }", 1, 13, "expected ';', found '+'"},
    {"}", 1, 1, "expected a statement, found '}'"},
    {"a = ;", 1, 5, "expected an expression, found ';'"},
    {"type A B", 1, 8, "expected '=', found 'B'"},
    {"enum E { 1 }", 1, 10, "expected a member of the enum or '}', found '1'"},
    {"switch (a) { b }", 1, 14, "expected 'case', 'default' or '}', found 'b'"},
    {"try {} x", 1, 8, "expected 'catch' or 'finally', found 'x'"},
    {"do x; y", 1, 7, "expected 'while', found 'y'"},
    {"import a b from 'c'", 1, 10, "expected 'from', found 'b'"},
    {"return (x\nas T)", 2, 1, "expected ',' or ')', found 'as'"},
    {"x = (a: T)", 1, 11, "expected '=>', found the end of the source"},
    {"'abc\n", 1, 1, "expected the quote that ends the string"},
    {"/* a", 1, 1, "expected '*/' at the end of the comment"},
    {"x = `a${b;}`", 1, 10, "expected '}', found ';'"},
    {"x = `a", 1, 5, "expected the '`' that ends the template"},
    {"x = /a\n/", 1, 5, "expected '/' at the end of the regular expression"},
    {"# a", 1, 1, "expected a name after '#'"},
    {"let \xc3\xa4 = \x01", 1, 9,
     "expected a character of a program's text, found a control character"},
    {"\xff", 1, 1, "expected a character of a program's text, found a byte that is no UTF-8"},
    {"\"\xf0\x9f\x98\x80\"; let x: ;", 1, 14, "expected a type, found ';'"},
    {"a\r\nb\rc\xe2\x80\xa8"
     "d: ;;; )",
     4, 8, "expected an expression, found ')'"},
    {"x = 1 + 1 as T / 2", 1, 11,
     "put parentheses around this: without its type, the next operator would bind to a part of it"},
    {"x + y as\nT\n* z", 1, 7,
     "put parentheses around this: without its type, the next operator would bind to a part of it"},
    {"export = x", 1, 1,
     "expected 'export default' or a list of exports, found 'export =', which is not JavaScript"},
    {"function f(private a) {}", 1, 12,
     "expected a parameter, found a property, which only a constructor with a body can have"},
    {"class A { constructor(private a, public b); c }", 1, 23,
     "expected a parameter, found a property, which only a constructor with a body can have"},
    {"class A extends B { constructor(private a) { if (x) super() } }", 1, 33,
     "expected super(\xe2\x80\xa6) as a statement of its own in a constructor whose parameters are "
     "properties"},
    {"class A { constructor(private { a }) {} }", 1, 31,
     "expected the name of a property, found '{'"},
    {"namespace N { export const { a } = b }", 1, 28,
     "expected a name, since a namespace exports it, found '{'"},
    {"namespace N { export let a = 1, b }", 1, 31,
     "expected one variable in a declaration that a namespace exports, found ','"},
    {"namespace N { export const a = 1 } namespace N { f(a) }", 1, 52,
     "an earlier part of this namespace exports this name; write it as 'Namespace.name'"},
    {"x = <div className='a'>b</div>", 1, 5,
     "JSX is not supported: expected an expression, found '<'"},
    {"x = <a>b</a>", 1, 5, "JSX is not supported: expected an expression, found '<'"},
    {"x = <></>", 1, 5, "JSX is not supported: expected an expression, found '<'"},
    {"x = <A />", 1, 5, "JSX is not supported: expected an expression, found '<'"},
    {"y = () => <>{ a: 1 }", 1, 12, "expected a type, found '>'"},
    {"const x = <>5", 1, 12, "expected a type, found '>'"},
    {"namespace N { export const a = 1 } namespace N { f({ a }) }", 1, 54,
     "an earlier part of this namespace exports this name; write it as 'Namespace.name'"},
    {"namespace N { export const a = 1 } namespace N { namespace M { f(a) } }", 1, 66,
     "an earlier part of this namespace exports this name; write it as 'Namespace.name'"},
    {"enum E { a, b = f(a => a) }", 1, 19,
     "this name is a member of the enclosing enum; choose another"},
    {"enum E { a, b = f((x, a: T) => a) }", 1, 23,
     "this name is a member of the enclosing enum; choose another"},
    {"enum E { a, b = f(async a => a) }", 1, 25,
     "this name is a member of the enclosing enum; choose another"},
    {"enum E { a, b = f(function ({ a }) { return a }) }", 1, 31,
     "this name is a member of the enclosing enum; choose another"},
    {"enum E { a, b = f(() => { const a = 1; return a }) }", 1, 33,
     "this name is a member of the enclosing enum; choose another"},
    {"const a = <any>b; const html = '<b>x</b>'; let c = = 1;", 1, 52,
     "expected an expression, found '='"},
    {"x = <a.b c='d'>e</a.b>", 1, 5, "JSX is not supported: expected an expression, found '<'"},
    {"x = <A on={() => 1} />", 1, 5, "JSX is not supported: expected an expression, found '<'"},
    {"let x: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' "
     "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
     "bbbbbbbbbbbbbbbbbbbbb'",
     1, 64, "expected ';', found ''bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\xe2\x80\xa6'"},
};

static void check(const problem_row *row, hutch_strip_goal goal) {
    hutch_strip_output output = {0};
    hutch_strip_problem problem = {0};
    size_t length = strlen(row->source);
    if (strip_copy(row->source, length, goal, &output, &problem) != HUTCH_INVALID_ARGUMENT) {
        fail_msg("'%s' is not refused", row->source);
    }
    if (problem.line != row->line || problem.column != row->column ||
        strcmp(problem.message, row->message) != 0) {
        fail_msg("'%s': %u:%u: %s", row->source, problem.line, problem.column, problem.message);
    }
    assert_true(problem.offset + problem.extent <= length);
    assert_null(output.text);
}

static void a_problem_says_what_was_expected_and_where(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&rows[i], HUTCH_STRIP_MODULE);
    }
}

static const problem_row body_rows[] = {
    {"import a from 'a'", 1, 1,
     "expected a statement, found 'import': a program has no modules. Leave the import out: tools "
     "are "
     "global functions, and what a package would do has to be in the program"},
    {"f();\nexport const a = 1", 2, 1,
     "expected a statement, found 'export': a program is the body of a function, and returns what "
     "it has to give"},
    {"export default 1", 1, 1,
     "expected a statement, found 'export': a program is the body of a function, and returns what "
     "it has to give"},
    {"class A {\n  @log m() { return 1 }\n}", 2, 3,
     "decorators are not supported: call the function yourself instead of '@'"},
    {"@a @b() class A {}", 1, 1,
     "decorators are not supported: call the function yourself instead of '@'"},
    {"return f(@a class {})", 1, 10,
     "decorators are not supported: call the function yourself instead of '@'"},
    {"class A { constructor(@a private b: B) {} }", 1, 23,
     "decorators are not supported: call the function yourself instead of '@'"},
    {"class A { static accessor a: A = 1 }", 1, 27,
     "'accessor' fields are not supported: write a getter and a setter"},
};

static void a_field_may_be_called_accessor(void **state) {
    (void)state;
    const char source[] = "class A { accessor = 1; b = this.accessor }";
    hutch_strip_output output = {0};
    assert_int_equal(strip_copy(source, sizeof source - 1, HUTCH_STRIP_BODY, &output, NULL),
                     HUTCH_OK);
    assert_true(output.is_unchanged);
}

static void what_a_program_cannot_have_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof body_rows / sizeof body_rows[0]; i++) {
        check(&body_rows[i], HUTCH_STRIP_BODY);
    }
}

static void a_program_may_import_and_export_types(void **state) {
    (void)state;
    const char source[] = "import type { A } from 'a'\nexport interface B {}\nreturn await f()";
    hutch_strip_output output = {0};
    hutch_strip_problem problem = {0};
    assert_int_equal(strip_copy(source, sizeof source - 1, HUTCH_STRIP_BODY, &output, &problem),
                     HUTCH_OK);
    assert_string_equal(output.text, "                          \n                     \n"
                                     "return await f()");
    hutch_strip_output_free(&output, NULL);
}

static void arguments_that_make_no_sense_are_refused(void **state) {
    (void)state;
    hutch_strip_output output = {0};
    hutch_strip_problem problem = {0};
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    assert_int_equal(hutch_strip(NULL, 1, NULL, &output, &problem), HUTCH_INVALID_ARGUMENT);
    assert_string_equal(problem.message, "expected a source, found NULL");
    assert_int_equal(hutch_strip("", 0, NULL, NULL, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_strip("", (size_t)HUTCH_STRIP_SOURCE_MAX + 1, NULL, &output, NULL),
                     HUTCH_INVALID_ARGUMENT);
    options.size = 1;
    assert_int_equal(hutch_strip("", 0, &options, &output, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_strip("", 0, &options, &output, &problem), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(problem.message, "size of hutch_strip_options is 1, expected "));
    assert_non_null(strstr(problem.message, ": begin with HUTCH_STRIP_OPTIONS_INIT"));
    options.size = sizeof options;
    options.goal = (hutch_strip_goal)7;
    assert_int_equal(hutch_strip("", 0, &options, &output, NULL), HUTCH_INVALID_ARGUMENT);
    options.goal = HUTCH_STRIP_BODY;
    options.wrapping = (hutch_wrapping)7;
    assert_int_equal(hutch_strip("", 0, &options, &output, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_strip(NULL, 0, NULL, &output, NULL), HUTCH_OK);
    assert_true(output.is_unchanged);
    hutch_strip_output_free(NULL, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_says_what_was_expected_and_where),
        cmocka_unit_test(what_a_program_cannot_have_is_refused),
        cmocka_unit_test(a_field_may_be_called_accessor),
        cmocka_unit_test(a_program_may_import_and_export_types),
        cmocka_unit_test(arguments_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
