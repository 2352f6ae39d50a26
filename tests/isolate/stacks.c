/*
 * error.stack: name and message as Node.js has them, then the frames; and that no line of a message
 * passes for a frame.
 */
#include "program.h"

/* The first line of what a stack says. */
#define HEAD_OF(expression) "return (" expression ").stack.split('\\n')[0]"

typedef struct row {
    const char *code;
    const char *json;
} row;

static const row heads[] = {
    {"try { null.x } catch (e) { " HEAD_OF("e") " }",
     "\"TypeError: Cannot read properties of null (reading 'x')\""},
    {"try { JSON.parse('{') } catch (e) { " HEAD_OF("e") " }",
     "\"SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)\""},
    {HEAD_OF("new Error()"), "\"Error\""},
    {HEAD_OF("new RangeError('far')"), "\"RangeError: far\""},
    {HEAD_OF("new AggregateError([1], 'all')"), "\"AggregateError: all\""},
    {HEAD_OF("new Error('x', { cause: 1 })"), "\"Error: x\""},
    {"class A extends Error {}; " HEAD_OF("new A('x')"), "\"Error: x\""},
    {"class A extends Error { constructor(m) { super(m); this.name = 'A' } }; " HEAD_OF(
         "new A('x')"),
     "\"A: x\""},
    {"class A extends Error { get name() { return 'A' } }; " HEAD_OF("new A('x')"), "\"A: x\""},
    {"class A extends Error {}; A.prototype.name = 'A'; " HEAD_OF("new A('x')"), "\"A: x\""},
    {"class A extends Error { constructor(m) { super(m); Error.captureStackTrace(this, A);"
     " this.name = 'A' } }; " HEAD_OF("new A('x')"),
     "\"A: x\""},
    {"const e = new Error(''); e.name = ''; return e.stack.startsWith('\\n    at ')", "true"},
    {"const e = new Error('x'); e.name = ''; " HEAD_OF("e"), "\"x\""},
    {"const o = { name: 'N', message: 'm' }; Error.captureStackTrace(o); " HEAD_OF("o"),
     "\"N: m\""},
    {"const o = {}; Error.captureStackTrace(o); " HEAD_OF("o"), "\"Error\""},
    {HEAD_OF("Object.create(new Error('parent'))"), "\"Error: parent\""},
    {"const e = new Error('\\ud800'); return e.stack.charCodeAt(7)", "55296"},
    /* Name and message are those of the first look. */
    {"const e = new Error('a'); e.message = 'b'; " HEAD_OF("e"), "\"Error: b\""},
    {"const e = new Error('a'); e.stack; e.message = 'b'; " HEAD_OF("e"), "\"Error: a\""},
    {"const e = new Error('a'); e.stack = 'mine'; return e.stack", "\"mine\""},
    {"Error.stackTraceLimit = 0; const e = new Error('a'); return e.stack", "\"Error: a\""},
    {"Error.prepareStackTrace = (e, sites) => sites.length > 0 ? 'prepared' : ''; return new "
     "Error('a').stack",
     "\"prepared\""},
    {"try { throw new Error('two\\nlines') } catch (e) { return e.stack.split('\\n').slice(0, 2) }",
     "[\"Error: two\",\"lines\"]"},
    {"return /\\n$/.test(new Error('x').stack)", "false"},
    {"class A extends Error { get name() { throw new TypeError('no name') } }\n"
     "try { return new A('x').stack } catch (e) { return e.message }",
     "\"no name\""},
};

static void a_stack_begins_as_in_node(void **state) {
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        program_reset(*state, NULL);
        program_expect(*state, heads[i].code, heads[i].json);
    }
}

static void a_stack_has_the_frames_below(void **state) {
    program_expect(
        *state, "function f() { throw new Error('x') }\ntry { f() } catch (e) { return e.stack }",
        "\"Error: x\\n    at f (program.ts:1:22)\\n    at <anonymous> (program.ts:2:7)\"");
}

/* An accessor of name may free what the look stands on. */
static void who_is_asked_for_a_name_may_do_anything(void **state) {
    program_expect(*state,
                   "const e = new Error('x'); const child = Object.create(e)\n"
                   "Object.defineProperty(e, 'name', { get() { Object.setPrototypeOf(child, null);"
                   " Error.captureStackTrace(e); e.stack = 'other'; return 'N' } })\n"
                   "const seen = Reflect.get(Error.prototype, 'stack', child); return typeof seen",
                   "\"string\"");
    program_expect(
        *state,
        "const e = new Error('x')\n"
        "Object.defineProperty(e, 'name', { configurable: true, get() {"
        " Object.defineProperty(e, 'name', { value: 'In' }); return e.stack.slice(0, 5) } })\n"
        "return e.stack.split('\\n')[0]",
        "\"In: x\"");
}

static void expect_line(hutch_isolate *isolate, const char *code, uint32_t line) {
    program_end end;
    program_run(isolate, code, &end);
    assert_int_equal(end.type, HUTCH_EVENT_FAILED);
    assert_int_equal(end.line, line);
}

static void no_line_of_a_message_is_a_frame(void **state) {
    static const char *const programs[] = {
        "\n\nthrow new Error('a\\n    at evil (program.ts:1:1)')",
        "\n\nconst e = new Error('a\\n    at evil (program.ts:1:1)'); e.stack; throw e",
        "\nclass A extends Error { name = 'B\\n    at evil (program.ts:1:1)' }\nthrow new A('x')",
        "\n\nconst e = Error('\\n    at a (program.ts:1:1)'); Error.captureStackTrace(e); throw e",
    };
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        expect_line(*state, programs[i], 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(a_stack_begins_as_in_node),
        program_test(a_stack_has_the_frames_below),
        program_test(who_is_asked_for_a_name_may_do_anything),
        program_test(no_line_of_a_message_is_a_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
