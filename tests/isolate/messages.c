/*
 * What an error says: messages.golden has the words of Node.js, made by
 * messages.mjs; its path is the program's argument.
 */
#include "program.h"

#include <stdio.h>

static const char *golden_path;

/* messages.mjs has the same around each. */
static const char before[] =
    "const o = {a: {}, s: 'str', num: 5, bool: true, list: [{}], m(){}}, n = null, "
    "f = () => ({}), f2 = async () => ({}), F = class {}; let k = 5, u\ntry {\n";
static const char after[] =
    "\nreturn 'nothing thrown'\n} catch (e) { return e.name + ': ' + e.message }";

static void expect_message(hutch_isolate *isolate, const char *mistake, const char *json) {
    char code[2048];
    (void)snprintf(code, sizeof code, "%s%s%s", before, mistake, after);
    program_expect(isolate, code, json);
}

static void mistakes_are_named_as_in_node(void **state) {
    assert_true(program_check_rows(*state, golden_path, expect_message) > 150);
}

/* Their text is no longer there. */
static void functions_of_an_earlier_run_keep_the_engines_words(void **state) {
    program_expect(*state, "globalThis.g = (o) => o.foo()", "");
    program_expect(*state, "try { g({}) } catch (e) { return e.message }", "\"not a function\"");
}

static void what_is_not_known_keeps_other_words(void **state) {
    char code[512];
    program_expect(*state, "try { (() => 1).y() } catch (e) { return e.message }",
                   "\"(intermediate value).y is not a function\"");
    (void)snprintf(code, sizeof code, "try { ({})['%0300d']() } catch (e) { return e.message }", 0);
    program_expect(*state, code, "\"not a function\"");
    /* A text that is a string for who does not know that a slash begins a regular expression. */
    program_expect(*state,
                   "const o = {}; if (o) {} /'/.test('a')\n"
                   "try { o.foo() } catch (e) { return e.message }",
                   "\"not a function\"");
}

static void what_is_no_code_is_none_of_a_name(void **state) {
    static const char *const ways[] = {
        "o // b.c()\n.foo()",
        "o /* ( */ . /* ' */ foo /* ) */ ()",
        "o\n  // it's the last one\n  .foo(')', /[)]'/, `}${'`'}`)",
        "if (o) {}\n/'/.test(\"'\"); o.foo()",
        "const n = o.a / 2 / 1, s = 'a/b'; o.foo('/')",
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char code[256];
        (void)snprintf(code, sizeof code, "const o = {}; try { %s } catch (e) { return e.message }",
                       ways[i]);
        program_expect(*state, code, "\"o.foo is not a function\"");
    }
}

/* Mistakes as models make them, with TypeScript's types. */
static void the_lines_of_typescript_are_read(void **state) {
    program_expect_failure(
        *state,
        "const api: any = {}, config = { page: 1 }\nconst rows = await api.fetchAll({\n"
        "  page: config.page,\n  filter: String(config.page),\n})\nreturn rows",
        HUTCH_FAILURE_GUEST, "TypeError", "api.fetchAll is not a function");
    program_expect_failure(*state,
                           "const user: any = { id: 1 }\nconst { street } = user.address\n"
                           "return street",
                           HUTCH_FAILURE_GUEST, "TypeError",
                           "Cannot destructure property 'street' of 'user.address' as it is "
                           "undefined.");
    program_expect_failure(*state, "const [first] = ({} as any).rows\nreturn first",
                           HUTCH_FAILURE_GUEST, "TypeError",
                           "undefined is not iterable (cannot read property "
                           "Symbol(Symbol.iterator))");
}

static void reasons_are_in_the_message(void **state) {
    program_expect_failure(
        *state,
        "const load = async (url) => { throw new Error('quota exceeded at ' + url) }\n"
        "return await Promise.any([load('a'), load('b')])",
        HUTCH_FAILURE_GUEST, "AggregateError",
        "Error: quota exceeded at a; Error: quota exceeded at b");
    program_expect_failure(*state,
                           "try { throw new Error('quota exceeded') } catch (e) {"
                           " throw new Error('step 2 failed', { cause: e }) }",
                           HUTCH_FAILURE_GUEST, "Error",
                           "step 2 failed; cause: Error: quota exceeded");
    program_expect_failure(*state, "const e = new Error('a'); e.cause = e; throw e",
                           HUTCH_FAILURE_GUEST, "Error", "a; cause: Error: a; cause: Error: a");
    program_expect_failure(*state, "throw new Error('a', { cause: { status: 5 } })",
                           HUTCH_FAILURE_GUEST, "Error", "a; cause: { status: 5 }");
}

/* The program's own errors are not the engine's. */
static void own_messages_stay(void **state) {
    program_expect(*state,
                   "try { throw new TypeError('not a function') } catch (e) { return e.message }",
                   "\"not a function\"");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        program_test(mistakes_are_named_as_in_node),
        program_test(functions_of_an_earlier_run_keep_the_engines_words),
        program_test(what_is_not_known_keeps_other_words),
        program_test(what_is_no_code_is_none_of_a_name),
        program_test(the_lines_of_typescript_are_read),
        program_test(own_messages_stay),
        program_test(reasons_are_in_the_message),
    };
    if (argc != 2) {
        return 2;
    }
    golden_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
