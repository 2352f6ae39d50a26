/*
 * A program is the body of an async function, on its own: what it may contain,
 * and that no text gets out of it.
 */
#include "program.h"

#include <string.h>

static void bodies_of_many_kinds_run(void **state) {
    static const struct {
        const char *code;
        const char *json;
    } rows[] = {
        {"return 1 // a comment at the end", "1"},
        {"return 1 /* a comment at the end */", "1"},
        {"return 1 <!-- an old comment", "1"},
        {"\n--> an old comment\nreturn 1", "1"},
        {"#!shebang", NULL},
        {"let x = 5; while (x --> 0) ; return x", "-1"},
        {"return await 7", "7"},
        {"for await (const x of [1]) return x", "1"},
        {"return this === globalThis", "true"},
        {"'use strict'; return this", ""},
        {"'use strict'; try { undeclared = 1 } catch (e) { return e.name }", "\"ReferenceError\""},
        {"undeclared2 = 1; return undeclared2", "1"},
        {"return arguments.length", "0"},
        {"return new.target === undefined", "true"},
        {"return f(); function f() { return 'hoisted' }", "\"hoisted\""},
        {"var Object = 1; return Object", "1"},
        {"return /}/.test('}')", "true"},
        {"return /[/}]/.exec('}')[0] + `}${'}'}${`${'}'}`}`", "\"}}}}\""},
        {"return 4 / 2 / 1", "2"},
        {"a: { break a } return { }", "{}"},
        {"return '\\'}' + \"\\\"}\"", "\"'}\\\"}\""},
        {"return `\\`}`", "\"`}\""},
        {"return (() => { return 1 })()", "1"},
        {"class A { #p = 1; static s = 2; get p() { return this.#p } } return new A().p + A.s",
         "3"},
        {"return \\u{61}b; var ab", ""},
        {"return eval('1 + 1')", "2"},
        {"return new Function('return 3')()", "3"},
        {"return (async x => { return await x })(4)", "4"},
        {"// a comment with \r a carriage return\nreturn 1", NULL},
        {"label: for (;;) { break label } return { m() {}, get g() { return 1 } }.g", "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].json != NULL) {
            program_expect(*state, rows[i].code, rows[i].json);
        }
    }
}

/* Texts that would end the body, were it only put between braces. */
static const char *const beyond[] = {
    "}",
    "}{",
    "} {",
    "}, async function() {",
    "}, function() {",
    "}, function function_() {",
    "}, async function x() {",
    "}, evil(), async function() {",
    "}), evil(), (async function() {",
    "})(), (async function() {",
    "}(), function() {",
    "}.name, function() {",
    "} : evil(), 0 ? function() {",
    "} : 0), evil(), (1 ? async function() {",
    "}:0);evil();(1?async function(){",
    "}, x() {",
    "}, async x() {",
    "}, get x() {",
    "}, set x(v) {",
    "}, *x() {",
    "}, [evil()]() {",
    "}, [evil()]: function() {",
    "}, x: function() {",
    "}, 'x': async () => {",
    "}, ...{",
    "}, async x => {",
    "}, async (x) => {",
    "}, (x) => {",
    "}, x = {",
    "}, x = () => {",
    "}, class {",
    "}, new class {",
    "}, `${function() {",
    "} `${function() {",
    "} / evil() / function() {",
    "} /evil()/ {",
    "}\n/evil()/g, function() {",
    "} + function() {",
    "} in { a() {",
    "} instanceof function() {",
    "} ? function() {} : function() {",
    "} ?? function() {",
    "} || function() {",
    "} = function() {",
    "} => {",
    "}; evil(); {",
    "} evil() {",
    "}\nevil()\n{",
    "} // , function() {",
    "} /* */, /* */ function() {",
    "} <!-- \n , function() {",
    "}\n--> \n, function() {",
    "}\xE2\x80\xA8, function() {",
    "}\r, function() {",
    "/[/]/ }, function() { /[/]/",
    "/}/ }, function() {",
    "x = /}/; }, function() {",
    "a++ /}, function() { / 1",
    "`${ `}` }` }, function() {",
    "`${ } }`, function() {",
    "'}' }, function() {",
    "\"\\\"\" }, function() {",
    "'\\\n' }, function() {",
    "// }\n}, function() {",
    "/* } */ }, function() {",
    "return super.x",
    "super()",
    "}, super.x, {",
    "if (1) { } }, function() {",
    "if (1) {",
    "(",
    "[",
    "`",
    "`${",
    "'",
    "/*",
    "/",
    "/[",
    "\\",
    "\\u{7d}, function() {",
    "\\u007d, function() {",
    "({}) }, function() {",
    "function f() { } }, function() {",
    "async () => { } }, function() {",
    "import x from 'y'",
    "export default 1",
    "}\0, function() {",
};

static void text_that_gets_out_of_the_body_is_a_syntax_error(void **state) {
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        program_end end;
        program_run(*state, beyond[i], &end);
        if (end.type != HUTCH_EVENT_FAILED || end.failure != HUTCH_FAILURE_SYNTAX ||
            strcmp(end.name, "SyntaxError") != 0 || !end.usable || end.message[0] == '\0') {
            fail_msg("%s\n  gave %s %s: %s", beyond[i], end.json, end.name, end.message);
        }
    }
    program_expect(*state, "return typeof evil", "\"undefined\"");
}

static void nothing_of_a_program_with_a_syntax_error_runs(void **state) {
    program_expect_failure(*state, "globalThis.ran = 1; let let = 2", HUTCH_FAILURE_SYNTAX,
                           "SyntaxError", "");
    program_expect_failure(*state, "globalThis.ran = 1; } , function() { /x/", HUTCH_FAILURE_SYNTAX,
                           "SyntaxError", "");
    program_expect(*state, "return typeof ran", "\"undefined\"");
}

typedef struct place {
    const char *code;
    uint32_t line;
    uint32_t column;
} place;

static void errors_of_syntax_tell_line_and_column_of_the_callers_code(void **state) {
    static const place places[] = {
        {"let x = ;", 1, 9},
        {"\nlet x = ;", 2, 9},
        {"\r\n\r\n  let x = ;", 3, 11},
        {"const s = 'é'; let x = ;", 1, 24},
        {"const s = '日本😀'; let x = ;", 1, 27},
        {"/* 日\n本 */ let x = ;", 2, 14},
        {"`a\n日${1}`; let x = ;", 2, 17},
        {"return 1 }", 1, 10},
        {"{ {} } }", 1, 8},
        {"{\n'日' }\n }", 3, 2},
        {"if (x) {", 1, 9},
        {"if (x) {\n", 2, 1},
        {"f(", 1, 3},
        {"'日' + (", 1, 8},
        {"\n\n}, function() {", 3, 1},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        program_end end;
        program_run(*state, places[i].code, &end);
        if (end.failure != HUTCH_FAILURE_SYNTAX || end.line != places[i].line ||
            end.column != places[i].column) {
            fail_msg("%s\n  gave %u:%u %s", places[i].code, end.line, end.column, end.message);
        }
    }
}

static void an_end_that_comes_too_early_is_called_so(void **state) {
    program_end end;
    program_run(*state, "if (x) {\n  f(1)", &end);
    assert_string_equal(end.message, "expected '}', found the end of the source");
    assert_string_equal(end.stack, "    at program.ts:2:7");
    program_run(*state, "return 1 }", &end);
    assert_string_equal(end.message, "expected a statement, found '}'");
    hutch_isolate_options options = program_options();
    options.typescript = false;
    program_reset(*state, &options);
    program_run(*state, "if (x) {\n  f(1)", &end);
    assert_string_equal(end.message, "Unexpected end of input");
    assert_string_equal(end.stack, "    at program.ts:2:7");
    program_run(*state, "return 1 }", &end);
    assert_string_equal(end.message, "Unexpected token '}'");
}

/* Where only the engine looks at it. */
static void errors_of_syntax_are_about_the_program(void **state) {
    hutch_isolate_options options = program_options();
    options.typescript = false;
    program_reset(*state, &options);
    static const struct {
        const char *code;
        const char *message;
        uint32_t line;
        uint32_t column;
    } rows[] = {
        {"let x = ;", "expected an expression, found ';'", 1, 9},
        {"return 1 +* 2", "expected an expression, found '*'", 1, 11},
        {"let a; let a", "'a' is declared twice", 1, 12},
        {"let é = 1;\nconst é = 2; f()", "'é' is declared twice", 2, 7},
        {"const x", "the constant 'x' has no value", 1, 7},
        {"break", "'break' is outside of a loop or switch", 1, 1},
        {"if (1) { continue }", "'continue' is outside of a loop", 1, 10},
        {"for (;;) { break nowhere }", "there is no label 'nowhere' around this", 1, 18},
        {"const s = 'abc", "the string does not end on its line", 1, 11},
        {"import x from 'y'",
         "a program has no modules, so nothing can be imported: tools are global functions, what a "
         "package would do has to be in the program, and what it returns is its result",
         1, 1},
        {"f(x.import 5)", "Unexpected number", 1, 12},
        {"1;\n  export const a = 1",
         "a program has no modules, so nothing can be imported: tools are global functions, what a "
         "package would do has to be in the program, and what it returns is its result",
         2, 3},
        {"try { }", "Unexpected end of input", 1, 8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        program_end end;
        program_run(*state, rows[i].code, &end);
        if (end.failure != HUTCH_FAILURE_SYNTAX || strcmp(end.message, rows[i].message) != 0 ||
            end.line != rows[i].line || end.column != rows[i].column) {
            fail_msg("%s\n  gave %u:%u %s", rows[i].code, end.line, end.column, end.message);
        }
    }
}

static void long_words_are_cut_in_errors_of_syntax(void **state) {
    char code[2048] = "let ";
    char name[512];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    strcat(code, name);
    strcat(code, ", ");
    strcat(code, name);
    program_end end;
    program_run(*state, code, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
    assert_int_equal(end.column, 4 + 511 + 2 + 1);
    assert_string_equal(end.message,
                        "'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn' is declared twice");
}

static void invalid_utf8_is_read_as_replacement_characters(void **state) {
    static const char code[] = "return 'a\xFF\xED\xA0\x80z'";
    assert_int_equal(hutch_isolate_start(*state, code, strlen(code), NULL), HUTCH_OK);
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

static void a_nul_in_the_code_is_no_end_of_it(void **state) {
    static const char inside_string[] = "return 'a\0b'.length";
    assert_int_equal(hutch_isolate_start(*state, inside_string, sizeof inside_string - 1, NULL),
                     HUTCH_OK);
    program_end end;
    program_finish(*state, &end);
    assert_string_equal(end.json, "3");
    static const char outside[] = "return 1\0; }, evil";
    assert_int_equal(hutch_isolate_start(*state, outside, sizeof outside - 1, NULL), HUTCH_OK);
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_SYNTAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(bodies_of_many_kinds_run),
        program_test(text_that_gets_out_of_the_body_is_a_syntax_error),
        program_test(nothing_of_a_program_with_a_syntax_error_runs),
        program_test(errors_of_syntax_tell_line_and_column_of_the_callers_code),
        program_test(an_end_that_comes_too_early_is_called_so),
        program_test(errors_of_syntax_are_about_the_program),
        program_test(long_words_are_cut_in_errors_of_syntax),
        program_test(invalid_utf8_is_read_as_replacement_characters),
        program_test(a_nul_in_the_code_is_no_end_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
