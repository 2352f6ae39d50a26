/*
 * Programs run to their end in a worker: results, tools, logs, sizes.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const echo[] = {"echo", NULL};

static void test_a_program_returns_its_value(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1 + 1");
    assert_done(&end, "2");
    end = run(context, "return");
    assert_done(&end, "");
    end = run(context, "return [1, 'two', { three: null }]");
    assert_done(&end, "[1,\"two\",{\"three\":null}]");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_globals_stay_from_run_to_run_and_go_with_the_context(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "globalThis.kept = 7; Array.prototype.more = 1");
    assert_done(&end, "");
    end = run(context, "return [kept, [].more]");
    assert_done(&end, "[7,1]");
    hutch_context_close(context);
    context = context_new(pool);
    end = run(context, "return [typeof kept, typeof [].more]");
    assert_done(&end, "[\"undefined\",\"undefined\"]");
    hutch_context_close(context);
    assert_int_equal(stats_of(pool).workers_killed, 0);
    hutch_pool_free(pool);
}

static void test_a_thrown_error_is_a_failed_event_with_its_place(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    start(context, "const a = 1;\n  throw new TypeError('no way')");
    hutch_event event = expect_event(context, HUTCH_EVENT_FAILED);
    assert_int_equal(event.as.failed.failure, HUTCH_FAILURE_GUEST);
    assert_true(event.as.failed.usable);
    assert_true(text_equals(event.as.failed.name, "TypeError"));
    assert_true(text_equals(event.as.failed.message, "no way"));
    assert_int_equal(event.as.failed.line, 2);
    assert_true(event.as.failed.stack.length > 0);
    outcome end = run(context, "return 'still here'");
    assert_done(&end, "\"still here\"");
    end = run(context, "return (");
    assert_failed(&end, HUTCH_FAILURE_SYNTAX, "");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_tool_call_carries_its_name_and_input(void **state) {
    static const char *const names[] = {"first", "second", NULL};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, names);
    start(context, "const a = await second({ x: 1 }); return a.y + await first()");
    hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(event.run, 1);
    assert_int_equal(event.as.tool_call.id, 1);
    assert_int_equal(event.as.tool_call.tool, 1);
    assert_true(text_equals(event.as.tool_call.name, "second"));
    assert_true(text_equals(event.as.tool_call.input, "{\"x\":1}"));
    expect_event(context, HUTCH_EVENT_WAITING);
    assert_int_equal(hutch_context_reply(context, 1, "{\"y\":40}", 8, NULL), HUTCH_OK);
    event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_true(text_equals(event.as.tool_call.name, "first"));
    assert_true(text_equals(event.as.tool_call.input, "{}"));
    assert_int_equal(hutch_context_reply(context, event.as.tool_call.id, "2", 1, NULL), HUTCH_OK);
    outcome end = finish(context);
    assert_done(&end, "42");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_rejected_call_is_an_error_inside(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, echo);
    start(context, "try { await echo() } catch (e) { return [e.name, e.message, e.code] }");
    hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    failure.name = (hutch_text){"NetError", 8};
    failure.message = (hutch_text){"gone away", 9};
    failure.code = (hutch_text){"ENET", 4};
    assert_int_equal(hutch_context_reject(context, event.as.tool_call.id, &failure, NULL),
                     HUTCH_OK);
    outcome end = finish(context);
    assert_done(&end, "[\"NetError\",\"gone away\",\"ENET\"]");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_thousand_sequential_calls(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, echo);
    outcome end = run(context, "let n = 0; for (let i = 0; i < 1000; i++) n += await echo(i);"
                               "return n");
    assert_done(&end, "499500");
    assert_int_equal(end.calls, 1000);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* All calls are open before the first answer, which is for the last one. */
static void test_a_thousand_parallel_calls_answered_backwards(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, echo);
    start(context, "const all = Array.from({ length: 1000 }, (_, i) => echo(i));"
                   "return (await Promise.all(all)).every((v, i) => v === i * 2)");
    for (uint32_t i = 1; i <= 1000; i++) {
        hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
        assert_int_equal(event.as.tool_call.id, i);
    }
    for (uint32_t i = 1000; i >= 1; i--) {
        char json[16];
        int length = snprintf(json, sizeof json, "%u", (i - 1) * 2);
        assert_int_equal(hutch_context_reply(context, i, json, (size_t)length, NULL), HUTCH_OK);
    }
    outcome end = finish(context);
    assert_done(&end, "true");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_ten_megabytes_go_both_ways(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, echo);
    start(context, "const big = await echo('x'.repeat(10e6));"
                   "return big.replaceAll('y', 'z')");
    hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(event.as.tool_call.input.length, 10000002);
    char *answer = malloc(10000002);
    assert_non_null(answer);
    memset(answer, 'y', 10000002);
    answer[0] = '"';
    answer[10000001] = '"';
    assert_int_equal(hutch_context_reply(context, 1, answer, 10000002, NULL), HUTCH_OK);
    free(answer);
    do {
        assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
    } while (event.type == HUTCH_EVENT_WAITING);
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    assert_int_equal(event.as.done.json.length, 10000002);
    for (size_t i = 1; i < 10000001; i++) {
        if (event.as.done.json.data[i] != 'z') {
            fail_msg("byte %zu is wrong", i);
        }
    }
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_logs_keep_their_order_and_level(void **state) {
    static const hutch_log_level levels[] = {HUTCH_LOG_LOG, HUTCH_LOG_INFO, HUTCH_LOG_WARN,
                                             HUTCH_LOG_ERROR, HUTCH_LOG_DEBUG};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    start(context, "for (const m of ['log', 'info', 'warn', 'error', 'debug']) console[m](m)");
    for (size_t i = 0; i < 5; i++) {
        hutch_event event = expect_event(context, HUTCH_EVENT_LOG);
        assert_int_equal(event.as.log.level, levels[i]);
    }
    expect_event(context, HUTCH_EVENT_DONE);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_more_logs_than_fit_the_ring_all_arrive(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "for (let i = 0; i < 9000; i++) console.log('line ' + i)");
    assert_done(&end, "");
    assert_int_equal(end.logs, 9000);
    end = run(context, "for (let i = 0; i < 20000; i++) console.log(i)");
    assert_done(&end, "");
    assert_int_equal(end.logs, 10001);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_code_beyond_its_limit_fails_and_the_context_goes_on(void **state) {
    hutch_context_options options;
    hutch_context *context;
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.isolate.limits.code_bytes = 12;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    outcome end = run(context, "return 12345");
    assert_done(&end, "12345");
    end = run(context, "return 123456");
    assert_failed(&end, HUTCH_FAILURE_LIMIT, "maxCodeSize");
    assert_string_equal(end.name, "LimitError");
    assert_string_equal(end.code, "maxCodeSize");
    assert_true(end.usable);
    end = run(context, "return 12");
    assert_done(&end, "12");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_tool_result_beyond_its_limit_is_a_range_error_inside(void **state) {
    hutch_tool tool = HUTCH_TOOL("echo");
    hutch_context_options options;
    hutch_context *context;
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.isolate.limits.tool_result_bytes = 4;
    options.tools = &tool;
    options.tool_count = 1;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    start(context, "const a = await echo();"
                   "try { await echo() } catch (e) { return [a, e.name, e.message] }");
    expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(hutch_context_reply(context, 1, "1234", 4, NULL), HUTCH_OK);
    hutch_event event;
    do {
        event = (hutch_event)HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
    } while (event.type == HUTCH_EVENT_WAITING);
    assert_int_equal(event.type, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(hutch_context_reply(context, 2, "12345", 5, NULL), HUTCH_OK);
    outcome end = finish(context);
    assert_done(&end, "[1234,\"RangeError\",\"The tool's result has 5 bytes of JSON, more than "
                      "maxToolResultSize, which is 4 bytes\"]");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_code_with_invalid_utf8_runs_with_replacements(void **state) {
    static const char code[] = "return '\xff'.charCodeAt(0)";
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, code);
    assert_done(&end, "65533");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_memory_error_disposes_the_context_and_not_its_worker(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    pid_t pid = pid_of(context);
    outcome end = run(context, "const a = []; for (;;) a.push('x'.repeat(1e6) + a.length)");
    assert_failed(&end, HUTCH_FAILURE_MEMORY, "memory limit");
    assert_false(end.usable);
    hutch_error error = {0};
    assert_int_equal(hutch_context_start(context, "", 0, NULL, &error), HUTCH_DISPOSED);
    assert_non_null(strstr(error.message, "Context has been disposed"));
    hutch_context_close(context);
    context = context_new(pool);
    end = run(context, "return 1");
    assert_done(&end, "1");
    assert_int_equal(pid_of(context), pid);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_fixed_seed_and_clock_repeat(void **state) {
    hutch_context_options options;
    char first[512];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.isolate.fixed_random = true;
    options.isolate.random_seed = 1234;
    options.isolate.fixed_clock = true;
    options.isolate.fixed_clock_ms = 86400000;
    for (int i = 0; i < 2; i++) {
        hutch_context *context;
        assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
        outcome end = run(context, "return [Math.random(), Math.random(), Date.now()]");
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        assert_non_null(strstr(end.text, ",86400000]"));
        if (i > 0) {
            assert_string_equal(end.text, first);
        }
        memcpy(first, end.text, sizeof first);
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_what_programs_are_and_whether_errors_hint_is_the_contexts_choice(void **state) {
    static const hutch_tool tools[] = {HUTCH_TOOL("lookup")};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (int on = 1; on >= 0; on--) {
        hutch_context_options options;
        hutch_context *context;
        hutch_context_options_init(&options);
        assert_true(options.isolate.typescript && options.isolate.hints);
        options.isolate.typescript = on;
        options.isolate.hints = on;
        options.tools = tools;
        options.tool_count = 1;
        assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
        outcome end = run(context, "const a: number = 1; return a");
        assert_int_equal(end.type, on ? HUTCH_EVENT_DONE : HUTCH_EVENT_FAILED);
        end = run(context, "lokup()");
        assert_string_equal(end.text, on ? "lokup is not defined; did you mean 'lookup'?"
                                         : "lokup is not defined");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_every_context_has_random_numbers_of_its_own(void **state) {
    char seen[100][512];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (int i = 0; i < 100; i++) {
        hutch_context *context = context_new(pool);
        outcome end = run(context, "return Math.random()");
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
        memcpy(seen[i], end.text, sizeof seen[i]);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(seen[i], seen[j]);
        }
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_program_returns_its_value),
        cmocka_unit_test(test_globals_stay_from_run_to_run_and_go_with_the_context),
        cmocka_unit_test(test_a_thrown_error_is_a_failed_event_with_its_place),
        cmocka_unit_test(test_a_tool_call_carries_its_name_and_input),
        cmocka_unit_test(test_a_rejected_call_is_an_error_inside),
        cmocka_unit_test(test_a_thousand_sequential_calls),
        cmocka_unit_test(test_a_thousand_parallel_calls_answered_backwards),
        cmocka_unit_test(test_ten_megabytes_go_both_ways),
        cmocka_unit_test(test_logs_keep_their_order_and_level),
        cmocka_unit_test(test_more_logs_than_fit_the_ring_all_arrive),
        cmocka_unit_test(test_code_beyond_its_limit_fails_and_the_context_goes_on),
        cmocka_unit_test(test_a_tool_result_beyond_its_limit_is_a_range_error_inside),
        cmocka_unit_test(test_code_with_invalid_utf8_runs_with_replacements),
        cmocka_unit_test(test_a_memory_error_disposes_the_context_and_not_its_worker),
        cmocka_unit_test(test_a_fixed_seed_and_clock_repeat),
        cmocka_unit_test(test_what_programs_are_and_whether_errors_hint_is_the_contexts_choice),
        cmocka_unit_test(test_every_context_has_random_numbers_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
