/*
 * Each limit that the isolate keeps, at its edge: exactly at it, and one
 * beyond. Those of the console are in console.c.
 */
#include "program.h"

#include "support/patience.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void maxToolCalls_counts_the_calls_of_a_run(void **state) {
    static const char code[] = "let made = 0; try { for (;;) { await echo(); made++ } }"
                               "catch (e) { return [made, e.name, e.message] }";
    hutch_isolate_options options = program_options();
    options.limits.tool_calls = 3;
    program_reset(*state, &options);
    for (int run = 0; run < 2; run++) {
        program_expect(*state, code,
                       "[3,\"Error\",\"Exceeded the maximum of 3 tool calls per execution\"]");
    }
    options.limits.tool_calls = 0;
    program_reset(*state, &options);
    program_expect(*state, code,
                   "[0,\"Error\",\"Exceeded the maximum of 0 tool calls per execution\"]");
    program_reset(*state, NULL);
    program_expect_failure(*state, "await echo()", HUTCH_FAILURE_GUEST, "Error",
                           "Exceeded the maximum of 0 tool calls per execution");
}

static void the_default_budget_is_a_thousand_calls(void **state) {
    hutch_isolate_options options = program_options();
    program_reset(*state, &options);
    program_expect(*state,
                   "const all = await Promise.allSettled(Array.from({ length: 1001 }, echo));"
                   "return all.map((r) => r.reason?.message).filter(Boolean)",
                   "[\"Exceeded the maximum of 1000 tool calls per execution\"]");
}

static void maxOpenToolCalls_counts_calls_without_an_answer(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.open_calls = 2;
    program_reset(*state, &options);
    program_expect(*state,
                   "const open = [never(), never()]; const caught = await echo().catch((e) => e);"
                   "return [caught.name, caught.message]",
                   "[\"Error\",\"Exceeded the maximum of 2 tool calls open at once\"]");
    program_expect(*state,
                   "for (let i = 0; i < 20; i++) await Promise.all([echo(), echo()]); return 'ok'",
                   "\"ok\"");
}

/* Three inputs of five bytes are open at once, and none is left behind by calls that were answered. */
static void maxOpenToolInputSize_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.tool_input_bytes = 5;
    options.limits.open_input_bytes = 15;
    program_reset(*state, &options);
    program_expect(
        *state,
        "for (let i = 0; i < 20; i++) await Promise.all(['abc', 'def', 'ghi'].map(echo));"
        "never('abc'); never('abc'); never('ab'); const p = echo('');"
        "return p.catch((e) => [e instanceof RangeError, e.message])",
        "[true,\"The inputs of all open tool calls would have 16 bytes of JSON, more than "
        "maxOpenToolInputSize, which is 15 bytes\"]");
    program_expect(*state, "never('abc'); never('abc'); return await echo('abc')", "\"abc\"");
}

static void maxOpenToolInputSize_bounds_each_input_too(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.tool_input_bytes = 50;
    options.limits.open_input_bytes = 10;
    program_reset(*state, &options);
    program_expect(*state, "return (await echo('x'.repeat(8))).length", "8");
    program_expect(*state, "return echo('x'.repeat(9)).catch((e) => [e.name, e.message])",
                   "[\"RangeError\",\"The input has 11 bytes of JSON, more than "
                   "maxOpenToolInputSize, which is 10 bytes\"]");
    program_expect(*state,
                   "never('x'.repeat(6)); await echo(''); return echo('a').catch((e) => e.name)",
                   "\"RangeError\"");
}

static void maxOpenToolInputValues_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.tool_input_values = 3;
    options.limits.open_input_values = 6;
    program_reset(*state, &options);
    program_expect(
        *state,
        "for (let i = 0; i < 20; i++) await Promise.all([[1, 2], [3, 4]].map((a) => echo(a)));"
        "never([1, 2]); never([1]); const p = echo([1]); never(1);"
        "return p.catch((e) => [e instanceof RangeError, e.message])",
        "[true,\"The inputs of all open tool calls would have 7 JSON values, more than "
        "maxOpenToolInputValues, which is 6\"]");
}

static void maxOpenToolInputValues_bounds_each_input_too(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.tool_input_values = 5;
    options.limits.open_input_values = 3;
    program_reset(*state, &options);
    program_expect(*state, "return await echo([1, 2])", "[1,2]");
    program_expect(*state, "return echo([1, 2, 3]).catch((e) => [e.name, e.message])",
                   "[\"RangeError\",\"The input has more JSON values than maxOpenToolInputValues, "
                   "which is 3\"]");
    program_expect(*state, "never([1]); await echo(2); return echo([3]).catch((e) => e.name)",
                   "\"RangeError\"");
}

static void maxCodeSize_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.code_bytes = 8;
    program_reset(*state, &options);
    program_expect(*state, "return 1", "1");
    program_end end;
    program_run(*state, "return 12", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_LIMIT);
    assert_string_equal(end.name, "LimitError");
    assert_string_equal(end.code, "maxCodeSize");
    assert_string_equal(end.message,
                        "The program has 9 bytes, more than maxCodeSize, which is 8 bytes");
    assert_true(end.usable);
    program_expect(*state, "return 2", "2");
}

static void maxResultSize_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.result_bytes = 5;
    program_reset(*state, &options);
    program_expect(*state, "return 'abc'", "\"abc\"");
    program_expect(*state, "return '日'", "\"日\"");
    program_end end;
    program_run(*state, "return 'abcd'", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_LIMIT);
    assert_string_equal(end.code, "maxResultSize");
    assert_non_null(strstr(end.message, "6 bytes, more than maxResultSize, which is 5 bytes"));
    program_run(*state, "return '日a'", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_LIMIT);
    program_expect(*state, "return 1", "1");
}

static void expect_limit(hutch_isolate *isolate, const char *code, const char *option,
                         const char *message) {
    program_end end;
    program_run(isolate, code, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_LIMIT);
    assert_string_equal(end.name, "LimitError");
    assert_string_equal(end.code, option);
    assert_string_equal(end.message, message);
    assert_true(end.usable);
}

static void maxResultValues_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.result_values = 4;
    program_reset(*state, &options);
    program_expect(*state, "return [1, { a: 'b' }]", "[1,{\"a\":\"b\"}]");
    expect_limit(*state, "return [1, { a: 'b' }, null]", "maxResultValues",
                 "The result has more JSON values than maxResultValues, which is 4");
    program_expect(*state, "return 1", "1");
}

static void maxToolInputValues_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.tool_input_values = 3;
    program_reset(*state, &options);
    program_expect(*state, "return await echo([1, 2])", "[1,2]");
    program_expect(*state,
                   "try { await echo([1, 2, 3]) } catch (e) {"
                   " return [e instanceof RangeError, e.message] }",
                   "[true,\"The input has more JSON values than maxToolInputValues, which is 3\"]");
}

static const char nested[] =
    "const nested = (n) => { let v = []; while (--n > 0) v = [v]; return v };";

static void what_crosses_is_at_most_ten_thousand_levels_deep(void **state) {
    char code[256];
    hutch_isolate_options options = program_options();
    options.limits.stack_bytes = HUTCH_MIB;
    program_reset(*state, &options);
    snprintf(code, sizeof code, "%s await echo(nested(10000)); return 'crossed'", nested);
    program_expect(*state, code, "\"crossed\"");
    snprintf(code, sizeof code,
             "%s try { await echo(nested(10001)) } catch (e) {"
             " return [e instanceof RangeError, e.message] }",
             nested);
    program_expect(*state, code, "[true,\"The input is nested deeper than 10000 levels\"]");
    snprintf(code, sizeof code, "%s return nested(10001)", nested);
    expect_limit(*state, code, "maxResultValues", "The result is nested deeper than 10000 levels");
}

static void maxToolInputSize_is_met_exactly(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.tool_input_bytes = 5;
    program_reset(*state, &options);
    program_expect(*state, "return await echo('abc')", "\"abc\"");
    program_expect(*state,
                   "try { await echo('abcd') } catch (e) {"
                   " return [e instanceof RangeError, e.message.includes('maxToolInputSize')] }",
                   "[true,true]");
}

static void maxToolResultSize_is_met_exactly(void **state) {
    static const char code[] = "try { return await echo() } catch (e) {"
                               " return [e instanceof RangeError, e.name,"
                               " e.message.includes('maxToolResultSize')] }";
    hutch_isolate_options options = program_options();
    options.limits.tool_result_bytes = 5;
    program_reset(*state, &options);
    program_end end;
    program_start(*state, code);
    program_reply(*state, program_next(*state).as.tool_call.id, "\"abc\"");
    program_finish(*state, &end);
    assert_string_equal(end.json, "\"abc\"");
    program_start(*state, code);
    program_reply(*state, program_next(*state).as.tool_call.id, "\"abcd\"");
    program_finish(*state, &end);
    assert_string_equal(end.json, "[true,\"RangeError\",true]");
}

static void timeout_ends_a_run_that_spins_and_one_that_waits(void **state) {
    hutch_isolate_options options = program_options();
    uint64_t timeout_ms = patience_ms(50);
    options.limits.timeout_ms = timeout_ms;
    program_reset(*state, &options);
    program_end end;
    char message[64];
    double begin = now_ms();
    program_run(*state, "for (;;) ;", &end);
    assert_true(now_ms() - begin >= (double)timeout_ms);
    assert_int_equal(end.failure, HUTCH_FAILURE_TIMEOUT);
    assert_string_equal(end.name, "TimeoutError");
    (void)snprintf(message, sizeof message, "Execution timed out after %" PRIu64 " ms", timeout_ms);
    assert_string_equal(end.message, message);
    assert_string_equal(end.code, "timeout");
    assert_true(end.usable);

    uint64_t naps = 0;
    program_run(*state, "await never()", &end);
    assert_int_equal(end.type, HUTCH_EVENT_WAITING);
    for (double due = now_ms() + (double)timeout_ms; now_ms() < due;) {
        (void)patience_nap(&naps);
    }
    program_finish(*state, &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_TIMEOUT);
    program_expect(*state, "return 'usable'", "\"usable\"");
}

static void cpuTime_counts_the_guests_time_only(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.cpu_time_ms = 30;
    program_reset(*state, &options);
    program_end end;
    program_run(*state, "for (;;) ;", &end);
    assert_int_equal(end.failure, HUTCH_FAILURE_CPU_TIME);
    assert_string_equal(end.name, "TimeoutError");
    assert_string_equal(end.code, "cpuTime");
    assert_true(end.usable);

    /* The host burns more than that between the events. */
    program_start(*state, "return await echo(1)");
    hutch_event event = program_next(*state);
    for (double begin = now_ms(); now_ms() - begin < 60;) {
    }
    program_reply(*state, event.as.tool_call.id, "1");
    program_finish(*state, &end);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
}

static void memoryLimit_at_its_least_runs_an_ordinary_program(void **state) {
    hutch_isolate_options options = program_options();
    options.limits.memory_bytes = 2 * HUTCH_MIB;
    program_reset(*state, &options);
    program_expect(*state, "return (await Promise.all([1, 2, 3].map((n) => echo(n)))).length", "3");
    program_expect_failure(*state, "return 'x'.repeat(3_000_000)", HUTCH_FAILURE_MEMORY,
                           "MemoryLimitError", "memory limit of 2 MiB");
}

static void maxStackSize_decides_how_deep_calls_go(void **state) {
    static const char code[] =
        "let n = 0; function f() { n++; f() } try { f() } catch { } return n";
    hutch_isolate_options options = program_options();
    long depth[2];
    for (size_t i = 0; i < 2; i++) {
        options.limits.stack_bytes = (i + 1) * 64 * HUTCH_KIB;
        program_reset(*state, &options);
        program_end end;
        program_run(*state, code, &end);
        depth[i] = strtol(end.json, NULL, 10);
    }
    assert_true(depth[0] > 10);
    assert_true(depth[1] > depth[0] * 3 / 2);
}

static void options_outside_their_range_are_refused_and_named(void **state) {
    hutch_isolate *isolate = NULL;
    hutch_error error = {0};
    struct {
        hutch_isolate_options options;
        const char *names;
    } rows[7];
    for (size_t i = 0; i < 7; i++) {
        rows[i].options = program_options();
    }
    rows[0].options.limits.timeout_ms = 0;
    rows[0].names = "timeout";
    rows[1].options.utc_offset_minutes = 1440;
    rows[1].names = "utc_offset_minutes";
    rows[2].options.console = (hutch_console_style)7;
    rows[2].names = "console";
    rows[3].options.size = 3;
    rows[3].names = "size";
    rows[4].options.fixed_clock = true;
    rows[4].options.fixed_clock_ms = INT64_MAX;
    rows[4].names = "fixed_clock_ms";
    rows[5].options.limits.memory_bytes = 0;
    rows[5].names = "memoryLimit";
    rows[6].options.proto_keys = (hutch_proto_keys)3;
    rows[6].names = "proto_keys";
    program_expect(*state, "globalThis.kept = 1", "");
    for (size_t i = 0; i < 7; i++) {
        error = (hutch_error){0};
        assert_int_equal(hutch_isolate_new(&rows[i].options, &isolate, &error),
                         HUTCH_INVALID_ARGUMENT);
        assert_null(isolate);
        assert_non_null(strstr(error.message, rows[i].names));
        assert_non_null(strstr(error.message, "expected"));
        assert_int_equal(hutch_isolate_reset(*state, &rows[i].options, &error),
                         HUTCH_INVALID_ARGUMENT);
    }
    program_expect(*state, "return kept", "1");
}

static void structs_that_were_not_begun_by_their_init_are_refused(void **state) {
    for (int wrong = -1; wrong <= 1; wrong += 2) {
        hutch_error error = {0};
        hutch_tool tool = HUTCH_TOOL("later");
        tool.size += (size_t)wrong;
        assert_int_equal(hutch_isolate_add_tool(*state, &tool, &error), HUTCH_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "size of hutch_tool is"));
        hutch_isolate_stats stats = HUTCH_ISOLATE_STATS_INIT;
        stats.size += (size_t)wrong;
        assert_int_equal(hutch_isolate_get_stats(*state, &stats), HUTCH_INVALID_ARGUMENT);
        assert_int_equal(stats.heap_bytes, 0);
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.size += (size_t)wrong;
        assert_int_equal(hutch_isolate_reject(*state, 1, &failure, &error), HUTCH_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "size of hutch_tool_failure is"));
        hutch_event event = HUTCH_EVENT_INIT;
        event.size += (size_t)wrong;
        assert_int_equal(hutch_isolate_start(*state, "return 1", 8, &error), HUTCH_OK);
        assert_int_equal(hutch_isolate_next(*state, &event), HUTCH_INVALID_ARGUMENT);
        event = (hutch_event)HUTCH_EVENT_INIT;
        assert_int_equal(hutch_isolate_next(*state, &event), HUTCH_OK);
        assert_int_equal(event.type, HUTCH_EVENT_DONE);
        assert_int_equal(hutch_isolate_next(*state, &event), HUTCH_WRONG_STATE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(maxToolCalls_counts_the_calls_of_a_run),
        program_test(the_default_budget_is_a_thousand_calls),
        program_test(maxOpenToolCalls_counts_calls_without_an_answer),
        program_test(maxOpenToolInputSize_is_met_exactly),
        program_test(maxOpenToolInputSize_bounds_each_input_too),
        program_test(maxOpenToolInputValues_is_met_exactly),
        program_test(maxOpenToolInputValues_bounds_each_input_too),
        program_test(maxCodeSize_is_met_exactly),
        program_test(maxResultSize_is_met_exactly),
        program_test(maxResultValues_is_met_exactly),
        program_test(maxToolInputValues_is_met_exactly),
        program_test(what_crosses_is_at_most_ten_thousand_levels_deep),
        program_test(maxToolInputSize_is_met_exactly),
        program_test(maxToolResultSize_is_met_exactly),
        program_test(timeout_ends_a_run_that_spins_and_one_that_waits),
        program_test(cpuTime_counts_the_guests_time_only),
        program_test(memoryLimit_at_its_least_runs_an_ordinary_program),
        program_test(maxStackSize_decides_how_deep_calls_go),
        program_test(options_outside_their_range_are_refused_and_named),
        program_test(structs_that_were_not_begun_by_their_init_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
