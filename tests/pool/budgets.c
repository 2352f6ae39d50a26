/*
 * Budgets are judged when the last of a program's own code has run: programs
 * that call tools and log inside of what makes an input or a log entry keep to
 * every limit, so that the session, which counts the same from outside, never
 * has a reason to call them hostile.
 */
#include "support.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- programs that are known ---- */

typedef struct limits {
    uint64_t tool_calls;
    uint64_t open_calls;
    uint64_t log_entries;
    uint64_t log_units;
    hutch_console_style console;
    uint64_t input_bytes; /* of one call, and of all open ones; 0: the default */
} limits;

static const limits plenty = {1000, 4096, 10000, 1000000, HUTCH_CONSOLE_INSPECT, 0};

static hutch_context *open_with(hutch_pool *pool, const limits *chosen) {
    static const hutch_tool tools[] = {HUTCH_TOOL("tool")};
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    /* What is left open is left so. */
    options.isolate.detached = HUTCH_DETACHED_DELIVER;
    options.isolate.unhandled_rejections = HUTCH_UNHANDLED_IGNORE;
    options.isolate.limits.tool_calls = chosen->tool_calls;
    options.isolate.limits.open_calls = chosen->open_calls;
    options.isolate.limits.log_entries = chosen->log_entries;
    options.isolate.limits.log_units = chosen->log_units;
    options.isolate.console = chosen->console;
    if (chosen->input_bytes > 0) {
        options.isolate.limits.tool_input_bytes = chosen->input_bytes;
        options.isolate.limits.open_input_bytes = chosen->input_bytes;
    }
    options.tools = tools;
    options.tool_count = 1;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

/* All calls stay open for as long as the program has anything else to do. */
static outcome finish_late(hutch_context *context) {
    enum { MOST = 4096 };
    static uint32_t open[MOST];
    size_t count = 0;
    outcome end = {.type = HUTCH_EVENT_NONE};
    while (end.type == HUTCH_EVENT_NONE) {
        hutch_event event = HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
        assert_int_not_equal(event.type, HUTCH_EVENT_NONE);
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            assert_true(count < MOST);
            open[count++] = event.as.tool_call.id;
            end.calls++;
        } else if (event.type == HUTCH_EVENT_LOG) {
            end.logs++;
        } else if (event.type == HUTCH_EVENT_WAITING) {
            assert_true(count > 0);
            assert_int_equal(hutch_context_reply(context, open[--count], "{\"a\":1}", 7, NULL),
                             HUTCH_OK);
        } else {
            note_outcome(&event, &end);
        }
    }
    return end;
}

#define NESTED_LOG(head, hook)                                                                     \
    "function n(d) { console." head "{ " hook "() { if (d) n(d - 1); return 'd' + d } }) }"        \
    "n(6); return 'fine'"

typedef struct row {
    limits limits;
    const char *code;
    const char *json;  /* of DONE; or NULL */
    const char *error; /* of FAILED */
    unsigned calls;
    unsigned logs;
} row;

static const row rows[] = {
    /* Of two calls one inside the other the inner one comes first, and is the one that fits. */
    {{1000, 1, 10, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "const p = tool({ toJSON() { tool({}); return 1 } }); await p; return 'fine'",
     NULL,
     "Exceeded the maximum of 1 tool calls open at once",
     1,
     0},
    /* Together they have more than five bytes. */
    {{1000, 10, 10, 1000, HUTCH_CONSOLE_INSPECT, 5},
     "const p = tool({ toJSON() { tool('a'); return 'b' } }); await p; return 'fine'",
     NULL,
     "more than maxOpenToolInputSize",
     1,
     0},
    {{1000, 2, 10, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "const p = tool({ toJSON() { tool({}); return 1 } }); await p; return 'fine'",
     "\"fine\"",
     NULL,
     2,
     0},
    {{1, 10, 10, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "const p = tool({ get x() { tool({}); return 1 } }); await p; return 'fine'",
     NULL,
     "Exceeded the maximum of 1 tool calls per execution",
     1,
     0},
    {{1, 10, 10, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "const p = tool(new Proxy({}, { ownKeys() { tool(); return [] } })); await p",
     NULL,
     "Exceeded the maximum of 1 tool calls per execution",
     1,
     0},
    {{2, 10, 10, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "Error.prepareStackTrace = () => { Error.prepareStackTrace = undefined; tool(); tool() };"
     "return await tool().catch((e) => e.message)",
     "\"Exceeded the maximum of 2 tool calls per execution\"",
     NULL,
     2,
     0},
    {{5, 5, 2, 1000, HUTCH_CONSOLE_INSPECT, 0},
     NESTED_LOG("log('%j', ", "toJSON"),
     "\"fine\"",
     NULL,
     0,
     3},
    {{5, 5, 2, 1000, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("log(", "toString"),
     "\"fine\"",
     NULL,
     0,
     3},
    {{5, 5, 2, 1000, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("error('', ", "[Symbol.toPrimitive]"),
     "\"fine\"",
     NULL,
     0,
     3},
    {{5, 5, 2, 1000, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("assert(false, ", "toString"),
     "\"fine\"",
     NULL,
     0,
     3},
    {{5, 5, 2, 1000, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("count(", "toString"),
     "\"fine\"",
     NULL,
     0,
     3},
    {{5, 5, 2, 1000, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("group(", "toString"),
     "\"fine\"",
     NULL,
     0,
     3},
    {{5, 5, 0, 1000, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("log(", "toString"),
     "\"fine\"",
     NULL,
     0,
     1},
    /* Each is longer than what is left: that is said once. */
    {{5, 5, 100, 1, HUTCH_CONSOLE_STRING, 0},
     NESTED_LOG("log(", "toString"),
     "\"fine\"",
     NULL,
     0,
     1},
    {{5, 5, 100, 3, HUTCH_CONSOLE_INSPECT, 0},
     "function n(d) { console.log('%j%s', { toJSON() { if (d) n(d - 1) } }, 'x'.repeat(99)) }"
     "n(6); return 'fine'",
     "\"fine\"",
     NULL,
     0,
     1},
    /* What is thrown, returned and resolved is read by the guest's own getters. */
    {{2, 5, 2, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "const f = () => { for (let i = 0; i < 4; i++) { console.log(i); tool().catch(() => 0) } };"
     "throw { get name() { f() }, get message() { f(); return 'mine' }, get stack() { f() },"
     " get code() { f() } }",
     NULL,
     "mine",
     2,
     3},
    {{2, 5, 2, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "return { toJSON() { for (let i = 0; i < 4; i++) { console.log(i); tool().catch(() => 0) }"
     " return 'mine' } }",
     "\"mine\"",
     NULL,
     2,
     3},
    {{3, 2, 2, 1000, HUTCH_CONSOLE_INSPECT, 0},
     "const get = () => { for (let i = 0; i < 4; i++) { console.log(i); tool().catch(() => 0) } };"
     "Object.defineProperty(Object.prototype, 'then', { get, configurable: true });"
     "const { a } = await tool(); delete Object.prototype.then; return a",
     "1",
     NULL,
     3,
     3},
};

static void check_row(hutch_pool *pool, const row *known) {
    hutch_context *context = open_with(pool, &known->limits);
    start(context, known->code);
    outcome end = finish_late(context);
    const char *expected = known->json != NULL ? known->json : known->error;
    if (end.failure == HUTCH_FAILURE_VIOLATION || strstr(end.text, expected) == NULL ||
        (end.type == HUTCH_EVENT_DONE) != (known->json != NULL) || end.calls != known->calls ||
        end.logs != known->logs) {
        fail_msg("%s\n gave %s %s, %u calls, %u logs", known->code, end.name, end.text, end.calls,
                 end.logs);
    }
    /* And the context is as good as before. */
    outcome next = run(context, "return 1");
    assert_done(&next, "1");
    hutch_context_close(context);
}

static void test_budgets_hold_inside_of_what_is_judged(void **state) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row(*state, &rows[i]);
    }
}

static void test_default_budgets_hold_at_their_edge(void **state) {
    hutch_context *context = open_with(*state, &plenty);
    start(context,
          "for (let i = 0; i < 9999; i++) console.log(i);" NESTED_LOG("log('%j', ", "toJSON"));
    outcome end = finish_late(context);
    assert_done(&end, "\"fine\"");
    assert_int_equal(end.logs, 10001);
    hutch_context_close(context);
}

/* ---- programs that nobody has thought of ---- */

typedef struct writer {
    char text[64 * 1024];
    size_t length;
    uint32_t random;
} writer;

static uint32_t pick(writer *w, uint32_t below) {
    w->random = w->random * 1664525u + 1013904223u;
    return (w->random >> 10) % below;
}

static void write_text(writer *w, const char *text) {
    size_t length = strlen(text);
    if (length < sizeof w->text - w->length) {
        memcpy(w->text + w->length, text, length + 1);
        w->length += length;
    }
}

static void write_statements(writer *w, unsigned depth, unsigned most);

/* A value, most of whose ways to be looked at run statements. */
static void write_value(writer *w, unsigned depth) {
    static const char *const plain[] = {"1",   "'text'",    "null", "undefined", "'x'.repeat(40)",
                                        "[1]", "{ a: {} }", "10n",  "() => 1"};
    static const struct {
        const char *before;
        const char *after;
    } hooks[] = {
        {"{ toJSON() {", "return 1 } }"},
        {"{ get x() {", "return 'x'.repeat(9) } }"},
        {"{ toString() {", "return 'x'.repeat(9) } }"},
        {"{ valueOf() {", "return 7 }, toString: undefined }"},
        {"{ [Symbol.toPrimitive]() {", "return 'p' } }"},
        {"{ toJSON() {", "throw { get message() { console.log('m'); tool() } } } }"},
        {"new Proxy({ a: 1 }, { get(t, k) {", "return t[k] } })"},
        {"new Proxy([1, 2], { ownKeys(t) {", "return Reflect.ownKeys(t) } })"},
        {"[{ get [0]() {", "return [] } }]"},
    };
    if (depth == 0 || pick(w, 4) == 0) {
        write_text(w, plain[pick(w, sizeof plain / sizeof plain[0])]);
        return;
    }
    size_t hook = pick(w, sizeof hooks / sizeof hooks[0]);
    write_text(w, hooks[hook].before);
    write_statements(w, depth - 1, 3);
    write_text(w, hooks[hook].after);
}

static void write_values(writer *w, unsigned depth) {
    for (uint32_t i = pick(w, 3) + 1; i > 0; i--) {
        write_value(w, depth);
        write_text(w, i > 1 ? ", " : "");
    }
}

static void write_statement(writer *w, unsigned depth) {
    static const char *const heads[] = {
        "console.log(",
        "console.log('%j %s %d', ",
        "console.error('%o %O %i', ",
        "console.group(",
        "console.count(",
        "console.assert(false, ",
        "console.table(",
        "console.time(",
        "console.timeLog(",
        "console.trace('%f%c%j', ",
    };
    if (pick(w, 2) == 0) {
        write_text(w, "kept.push(tool(");
        write_values(w, depth);
        write_text(w, ").catch(String));\n");
    } else {
        write_text(w, "try { ");
        write_text(w, heads[pick(w, sizeof heads / sizeof heads[0])]);
        write_values(w, depth);
        write_text(w, ") } catch {}\n");
    }
}

static void write_statements(writer *w, unsigned depth, unsigned most) {
    for (uint32_t i = pick(w, most + 1); i > 0; i--) {
        write_statement(w, depth);
    }
}

static void write_hook(writer *w, const char *before, const char *after) {
    if (pick(w, 4) == 0) {
        write_text(w, before);
        write_statements(w, 1, 2);
        write_text(w, after);
    }
}

static void write_program(writer *w) {
    w->length = 0;
    write_text(w, "const kept = []; let budget = 400;\n");
    /* Depth is bounded, but what runs at each error or answer could still multiply. */
    write_hook(w, "Error.prepareStackTrace = () => { if (budget-- < 0) return;", "return '' };\n");
    write_hook(w,
               "Object.defineProperty(Object.prototype, 'then', { configurable: true,"
               " get() { if (budget-- < 0) return;",
               "} });\n");
    write_statements(w, 3, 6);
    write_text(w, pick(w, 2) == 0 ? "await Promise.all(kept);\n" : "");
    write_statements(w, 2, 4);
    write_text(w, pick(w, 3) == 0 ? "throw " : "return ");
    write_value(w, 3);
}

static void random_limits(writer *w, limits *chosen) {
    *chosen = (limits){.tool_calls = pick(w, 8),
                       .open_calls = 1 + pick(w, 3),
                       .log_entries = pick(w, 6),
                       .log_units = pick(w, 120),
                       .console = pick(w, 2) == 0 ? HUTCH_CONSOLE_STRING : HUTCH_CONSOLE_INSPECT,
                       .input_bytes = 2 + pick(w, 60)};
}

static bool is_end_of_its_own(const outcome *end) {
    return end->type == HUTCH_EVENT_DONE || end->failure == HUTCH_FAILURE_GUEST ||
           end->failure == HUTCH_FAILURE_STALLED;
}

static void test_random_programs_are_never_violations(void **state) {
    enum { PROGRAMS = 1000 };
    static writer w = {.random = 20261126};
    for (int i = 0; i < PROGRAMS; i++) {
        limits chosen;
        random_limits(&w, &chosen);
        hutch_context *context = open_with(*state, &chosen);
        write_program(&w);
        start(context, w.text);
        outcome end = finish_late(context);
        if (!is_end_of_its_own(&end)) {
            fail_msg("program %d ended as %s: %s\n%s", i, end.name, end.text, w.text);
        }
        assert_true(end.calls <= chosen.tool_calls && end.logs <= chosen.log_entries + 1);
        hutch_context_close(context);
    }
}

static int set_up(void **state) {
    *state = pool_new(NULL);
    return 0;
}

static int tear_down(void **state) {
    hutch_pool_free(*state);
    return 0;
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budgets_hold_inside_of_what_is_judged),
        cmocka_unit_test(test_default_budgets_hold_at_their_edge),
        cmocka_unit_test(test_random_programs_are_never_violations),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
