/*
 * Tool calls that nobody awaits: each is made; and when the run ends.
 */
#include "program.h"

#include <string.h>

static void with(hutch_isolate *isolate, hutch_detached detached, uint64_t timeout_ms) {
    hutch_isolate_options options = program_options();
    options.detached = detached;
    options.detached_timeout_ms = timeout_ms;
    program_reset(isolate, &options);
}

static void has(const char *text, const char *part) {
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, text);
    }
}

/* A program, how often it calls with each way of going on, and the value. */
static const struct {
    const char *code;
    uint32_t delivered;
    uint32_t waited;
    const char *json;
} programs[] = {
    {"echo(1); return 'ok'", 1, 1, "\"ok\""},
    {"[1, 2, 3].forEach(async (n) => { await echo(n) }); return 1", 3, 3, "1"},
    {"async function main() { await echo(1); await echo(2) } main()", 1, 2, ""},
    {"(async () => { for (let i = 0; i < 5; i++) await echo(i) })(); return 1", 1, 5, "1"},
    {"echo(1).then(() => echo(2)).then(() => echo(3)); return 1", 1, 3, "1"},
    {"Promise.resolve().then(() => echo(1)); return 1", 1, 1, "1"},
    {"queueMicrotask(() => queueMicrotask(() => echo(1))); return 1", 1, 1, "1"},
    {"return await Promise.race([echo(1), (async () => { await echo(2); await echo(3) })()])", 2, 3,
     "1"},
    {"const a = await echo(1); echo(2); echo(3); return a", 1, 3, "1"},
    {"return 1", 0, 0, "1"},
    {"return await echo(1)", 1, 1, "1"},
};

/* How many calls a run makes that nobody answers, up to its end, or until it waits. */
static uint32_t calls_without_answers(hutch_isolate *isolate, const char *code,
                                      hutch_event_type *last) {
    uint32_t calls = 0;
    program_start(isolate, code);
    do {
        *last = program_next(isolate).type;
        calls += *last == HUTCH_EVENT_TOOL_CALL ? 1 : 0;
    } while (*last == HUTCH_EVENT_TOOL_CALL || *last == HUTCH_EVENT_LOG);
    return calls;
}

static void each_call_is_made_however_the_run_ends(void **state) {
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        program_end end;
        hutch_event_type last;
        with(*state, HUTCH_DETACHED_DELIVER, 5000);
        uint32_t calls = calls_without_answers(*state, programs[i].code, &last);
        if (calls != programs[i].delivered) {
            fail_msg("%s: %u calls", programs[i].code, calls);
        }
        with(*state, HUTCH_DETACHED_WAIT, 60000);
        program_run(*state, programs[i].code, &end);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        assert_string_equal(end.json, programs[i].json);
        if (end.call_count != programs[i].waited) {
            fail_msg("%s: %u calls", programs[i].code, end.call_count);
        }
    }
}

static void a_program_that_throws_has_made_its_calls_too(void **state) {
    static const char *const codes[] = {
        "echo(1); throw new Error('thrown')",
        "[1].forEach(async (n) => { await null; await echo(n) }); throw new Error('thrown')",
        "Promise.resolve().then(() => echo(1)); throw new Error('thrown')",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_end end;
        with(*state, HUTCH_DETACHED_WAIT, 60000);
        program_run(*state, codes[i], &end);
        assert_int_equal(end.failure, HUTCH_FAILURE_GUEST);
        assert_string_equal(end.message, "thrown");
        assert_int_equal(end.line, 1);
        assert_int_equal(end.call_count, 1);
    }
}

static void the_value_is_taken_when_the_program_returns(void **state) {
    program_end end;
    with(*state, HUTCH_DETACHED_WAIT, 60000);
    program_start(*state, "const o = { n: 0 }; echo(5).then((n) => { o.n = n }); return o");
    uint32_t id = program_next(*state).as.tool_call.id;
    hutch_event event = program_next(*state);
    assert_int_equal(event.type, HUTCH_EVENT_LOG);
    assert_int_equal(event.as.log.level, HUTCH_LOG_WARN);
    assert_true(program_text_is(event.as.log.text,
                                "1 tool call (echo) that nobody awaits: the result was taken when "
                                "the program returned, and what they do later does not change it"));
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_WAITING);
    program_reply(*state, id, "5");
    program_finish(*state, &end);
    assert_string_equal(end.json, "{\"n\":0}");
    assert_int_equal(end.log_count, 0);
    program_run(*state, "const o = { n: 0 }; await echo(5).then((n) => { o.n = n }); return o",
                &end);
    assert_string_equal(end.json, "{\"n\":5}");
    assert_int_equal(end.log_count, 0);
}

/* Whatever ends the waiting, the program has its value, and the context goes on. */
static void what_ends_the_waiting_is_no_failure(void **state) {
    static const char code[] = "never(1); never(2); return 'value'";
    program_end end;
    with(*state, HUTCH_DETACHED_WAIT, 60000);
    program_run(*state, code, &end);
    assert_int_equal(end.type, HUTCH_EVENT_WAITING);
    hutch_isolate_stop(*state);
    program_finish(*state, &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_string_equal(end.json, "\"value\"");
    has(end.logs, "2 tool calls (never, never) that nobody awaits had no answer when the run was "
                  "stopped");
    with(*state, HUTCH_DETACHED_WAIT, 0);
    program_run(*state, code, &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_string_equal(end.json, "\"value\"");
    has(end.logs, "(never, never) that nobody awaits had no answer when detachedTimeout");
    program_expect(*state, "await 0; return 1", "1");
}

static void guest_code_that_goes_on_for_ever_after_the_return_is_no_failure(void **state) {
    static const char *const codes[] = {
        "(function f() { Promise.resolve().then(f) })(); return 1",
        "Promise.resolve().then(() => { for (;;) {} }); return 1",
        "echo(1).then(() => { for (;;) {} }); return 1",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_end end;
        with(*state, HUTCH_DETACHED_WAIT, 50);
        program_run(*state, codes[i], &end);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        assert_string_equal(end.json, "1");
        has(end.logs, "had not come to its end when detachedTimeout was over");
        program_expect(*state, "return 2", "2");
    }
}

static void memory_that_runs_out_after_the_return_is_no_failure(void **state) {
    program_end end;
    hutch_error error = {0};
    with(*state, HUTCH_DETACHED_WAIT, 60000);
    program_run(*state,
                "queueMicrotask(() => { const a = []; for (;;) a.push(new Array(1000)) });"
                "return 'value'",
                &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_string_equal(end.json, "\"value\"");
    has(end.logs, "when the memory limit was met, and the context is gone");
    assert_int_equal(hutch_isolate_start(*state, "return 1", 8, &error), HUTCH_DISPOSED);
    with(*state, HUTCH_DETACHED_WAIT, 60000);
    program_expect(*state, "return 1", "1");
}

static void fail_names_the_calls(void **state) {
    program_end end;
    with(*state, HUTCH_DETACHED_FAIL, 60000);
    program_run(*state, "never(1); never(2); return 1", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_DETACHED);
    assert_string_equal(end.name, "DetachedCallError");
    has(end.message, "2 tool calls (never, never) had no answer");
    assert_int_equal(end.call_count, 2);
    assert_true(end.usable);
    program_expect(*state, "return await echo(1)", "1");
    program_expect(*state, "await Promise.all([echo(1), echo(2)]); return 1", "1");
}

static void the_warning_is_short(void **state) {
    program_end end;
    with(*state, HUTCH_DETACHED_WAIT, 0);
    program_run(*state, "for (let i = 0; i < 50; i++) never(i); return 1", &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    has(end.logs, "50 tool calls (never, never, never, never, never, never, never, never, …)");
    assert_true(strlen(end.last_log) < 255);
}

/* A program, and what it says of rejections that nobody handles. */
static const char *const rejections[][2] = {
    {"Promise.reject(new TypeError('x')); return 1",
     "error Unhandled rejection: TypeError: x (line 1, column 16)\n"},
    {"(async () => { throw new RangeError('first\\nsecond') })(); return 1",
     "error Unhandled rejection: RangeError: first (line 1, column 22)\n"},
    {"Promise.reject(5); return 1", "error Unhandled rejection: Error: 5\n"},
    {"Promise.reject(1); Promise.reject(2); return 1",
     "error Unhandled rejection: Error: 1\nerror Unhandled rejection: Error: 2\n"},
    {"const p = Promise.reject(1); await 0; await 0; p.catch(() => {}); return 1", ""},
    {"try { await Promise.reject(1) } catch {} return 1", ""},
    {"await Promise.allSettled([Promise.reject(1)]); return 1", ""},
    {"const f = async () => { throw 1 }; try { await f() } catch {} return 1", ""},
    {"[1].forEach(async () => { await 0; throw new Error('late') }); return 1",
     "error Unhandled rejection: Error: late (line 1, column 42)\n"},
};

static void rejections_that_nobody_handles_are_told(void **state) {
    program_end end;
    hutch_isolate_options options = program_options();
    for (size_t i = 0; i < sizeof rejections / sizeof rejections[0]; i++) {
        options.unhandled_rejections = HUTCH_UNHANDLED_LOG;
        program_reset(*state, &options);
        program_run(*state, rejections[i][0], &end);
        assert_string_equal(end.json, "1");
        if (strcmp(end.logs, rejections[i][1]) != 0) {
            fail_msg("%s\n  said %s", rejections[i][0], end.logs);
        }
        program_expect(*state, "return 1", "1");
        options.unhandled_rejections = HUTCH_UNHANDLED_IGNORE;
        program_reset(*state, &options);
        program_run(*state, rejections[i][0], &end);
        assert_string_equal(end.logs, "");
    }
}

/* Promises that wait for one another take all memory there is, that of an error too. */
static void a_rejection_for_which_there_is_no_memory_says_so(void **state) {
    program_end end;
    hutch_isolate_options options = program_options();
    options.unhandled_rejections = HUTCH_UNHANDLED_LOG;
    options.limits.memory_bytes = (uint64_t)16 << 20;
    program_reset(*state, &options);
    program_run(*state, "const go = () => Promise.resolve().then(go); go(); return 1", &end);
    has(end.logs, "error Unhandled rejection: InternalError: out of memory\n");
    assert_null(strstr(end.logs, "null"));
}

static void the_programs_own_error_is_no_rejection_that_nobody_handles(void **state) {
    program_end end;
    hutch_isolate_options options = program_options();
    options.unhandled_rejections = HUTCH_UNHANDLED_LOG;
    program_reset(*state, &options);
    program_run(*state, "throw new Error('own')", &end);
    assert_string_equal(end.message, "own");
    assert_string_equal(end.logs, "");
    program_run(*state, "Promise.reject(1); await 0; throw new Error('own')", &end);
    assert_string_equal(end.message, "own");
    assert_string_equal(end.logs, "error Unhandled rejection: Error: 1\n");
}

static void of_many_rejections_a_hundred_are_told_and_the_rest_counted(void **state) {
    program_end end;
    hutch_isolate_options options = program_options();
    options.unhandled_rejections = HUTCH_UNHANDLED_LOG;
    program_reset(*state, &options);
    program_run(*state, "for (let i = 0; i < 150; i++) Promise.reject(i); return 1", &end);
    assert_int_equal(end.log_count, 101);
    assert_string_equal(end.last_log, "Unhandled rejections: 50 more");
    program_run(*state, "return 1", &end);
    assert_int_equal(end.log_count, 0);
}

/* What an error reads itself by runs when it is told, within the limits of the run. */
static void getters_of_rejections_do_no_harm(void **state) {
    static const char *const codes[] = {
        "Promise.reject({ get message() { throw 1 } }); return 1",
        "Promise.reject({ get message() { Promise.reject(2); return 'm' } }); return 1",
        "Promise.reject({ get message() { echo(1); console.log('x'); return 'm' } }); return 1",
        "Promise.reject(new Proxy({}, { get() { throw 1 } })); return 1",
    };
    program_end end;
    hutch_isolate_options options = program_options();
    options.unhandled_rejections = HUTCH_UNHANDLED_LOG;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        program_reset(*state, &options);
        program_run(*state, codes[i], &end);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        assert_string_equal(end.json, "1");
        program_expect(*state, "return 2", "2");
    }
    options.limits.timeout_ms = 100;
    program_reset(*state, &options);
    program_run(*state, "Promise.reject({ get message() { for (;;) {} } }); return 1", &end);
    assert_true(end.type == HUTCH_EVENT_DONE || end.failure == HUTCH_FAILURE_TIMEOUT);
    program_expect(*state, "return 2", "2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(each_call_is_made_however_the_run_ends),
        program_test(a_program_that_throws_has_made_its_calls_too),
        program_test(the_value_is_taken_when_the_program_returns),
        program_test(what_ends_the_waiting_is_no_failure),
        program_test(guest_code_that_goes_on_for_ever_after_the_return_is_no_failure),
        program_test(memory_that_runs_out_after_the_return_is_no_failure),
        program_test(fail_names_the_calls),
        program_test(the_warning_is_short),
        program_test(rejections_that_nobody_handles_are_told),
        program_test(a_rejection_for_which_there_is_no_memory_says_so),
        program_test(the_programs_own_error_is_no_rejection_that_nobody_handles),
        program_test(of_many_rejections_a_hundred_are_told_and_the_rest_counted),
        program_test(getters_of_rejections_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
