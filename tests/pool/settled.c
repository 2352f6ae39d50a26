/*
 * A program that has returned keeps its result, also when its worker has to be killed while calls that
 * nobody awaits are waited for. First a worker that never comes to rest (hostile_worker.c), then real ones.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void with_hostile_worker(hutch_pool_options *options) {
    options->worker_path = HOSTILE_WORKER;
    options->spare = 0;
}

typedef struct settings {
    hutch_detached detached;
    uint64_t detached_timeout_ms;
    uint64_t timeout_ms;
    uint64_t cpu_time_ms;
} settings;

#define WAITS                                                                                      \
    { HUTCH_DETACHED_WAIT, INT32_MAX, INT32_MAX, HUTCH_NO_LIMIT }

static hutch_context *open_with(hutch_pool *pool, settings chosen) {
    hutch_tool tool = hutch_tool_named("ask", 3);
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.isolate.detached = chosen.detached;
    options.isolate.detached_timeout_ms = chosen.detached_timeout_ms;
    options.isolate.limits.timeout_ms = chosen.timeout_ms;
    options.isolate.limits.cpu_time_ms = chosen.cpu_time_ms;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    /* The time of a run is not that of a birth. */
    (void)pid_of(context);
    return context;
}

typedef struct ending {
    outcome end;
    unsigned warnings;
    char warning[512];
} ending;

/* To the end; no call is answered. */
static ending leave_open(hutch_context *context) {
    ending all = {.end = {.type = HUTCH_EVENT_NONE}};
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
        if (event.type == HUTCH_EVENT_LOG && event.as.log.level == HUTCH_LOG_WARN) {
            size_t length = event.as.log.text.length;
            assert_true(length < sizeof all.warning);
            memcpy(all.warning, event.as.log.text.data, length);
            all.warning[length] = '\0';
            all.warnings++;
        }
    } while (event.type != HUTCH_EVENT_DONE && event.type != HUTCH_EVENT_FAILED &&
             event.type != HUTCH_EVENT_NONE);
    note_outcome(&event, &all.end);
    return all;
}

static void assert_warned(const ending *all, const char *part) {
    assert_int_equal(all->warnings, 1);
    if (strstr(all->warning, part) == NULL) {
        fail_msg("'%s' is not in '%s'", part, all->warning);
    }
}

static void expect_kept(settings chosen, bool is_stopped, const char *why) {
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *context = open_with(pool, chosen);
    pid_t pid = pid_of(context);
    start(context, "settled_and_spin");
    (void)expect_event(context, HUTCH_EVENT_TOOL_CALL);
    if (is_stopped) {
        hutch_context_stop(context);
    }
    ending all = leave_open(context);
    assert_done(&all.end, "[\"kept\"]");
    assert_warned(&all, "2 tool calls (ask, ask) that nobody awaits had no answer when ");
    assert_warned(&all, why);
    assert_true(process_ends(pid));
    assert_int_equal(hutch_context_start(context, "1", 1, NULL, NULL), HUTCH_DISPOSED);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_worker_that_is_killed_at_the_deadline(void **state) {
    (void)state;
    settings chosen = WAITS;
    chosen.timeout_ms = 300;
    expect_kept(chosen, false, "the run's timeout was over");
}

static void test_detached_timeout_is_kept_from_outside(void **state) {
    (void)state;
    settings chosen = WAITS;
    chosen.detached_timeout_ms = 50;
    expect_kept(chosen, false, "detachedTimeout was over");
}

static void test_a_worker_that_is_killed_for_its_processor_time(void **state) {
    (void)state;
    settings chosen = WAITS;
    chosen.cpu_time_ms = 100;
    expect_kept(chosen, false, "the run's cpuTime was used up");
}

static void test_a_run_that_is_stopped(void **state) {
    (void)state;
    settings chosen = WAITS;
    expect_kept(chosen, true, "the run was stopped");
}

static void test_a_worker_that_dies_fails_its_run(void **state) {
    (void)state;
    settings chosen = WAITS;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *context = open_with(pool, chosen);
    start(context, "settled_and_gone");
    ending all = leave_open(context);
    assert_failed(&all.end, HUTCH_FAILURE_WORKER_DIED, "exited with status 66");
    assert_int_equal(all.warnings, 0);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_result_where_no_run_waits_is_a_violation(void **state) {
    (void)state;
    static const hutch_detached others[] = {HUTCH_DETACHED_DELIVER, HUTCH_DETACHED_FAIL};
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        settings chosen = WAITS;
        chosen.detached = others[i];
        hutch_context *context = open_with(pool, chosen);
        start(context, "settled_twice");
        ending all = leave_open(context);
        assert_failed(&all.end, HUTCH_FAILURE_VIOLATION, "SETTLED where no run waits");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

/* Nothing of it is left for the next context: the sanitizers see what is not given back. */
static void test_a_context_that_is_closed_meanwhile(void **state) {
    (void)state;
    settings chosen = WAITS;
    hutch_pool *pool = pool_new(NULL);
    for (int i = 0; i < 4; i++) {
        hutch_context *context = open_with(pool, chosen);
        start(context, "ask(); return 'x'.repeat(100000)");
        (void)expect_event(context, HUTCH_EVENT_TOOL_CALL);
        hutch_event event = HUTCH_EVENT_INIT;
        while (event.type != HUTCH_EVENT_WAITING) {
            assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
        }
        hutch_context_close(context);
    }
    hutch_context *last = open_with(pool, chosen);
    outcome end = run(last, "return 1");
    assert_done(&end, "1");
    hutch_context_close(last);
    hutch_pool_free(pool);
}

static void test_the_result_comes_whole_when_the_calls_are_answered(void **state) {
    (void)state;
    settings chosen = WAITS;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = open_with(pool, chosen);
    outcome end = run(context, "ask(1); return 'x'.repeat(1000000)");
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_int_equal(end.length, 1000002);
    assert_int_equal(end.calls, 1);
    end = run(context, "ask(1).then(() => ask(2)); return undefined");
    assert_done(&end, "");
    assert_int_equal(end.calls, 2);
    end = run(context, "Promise.resolve().then(() => ask(2)); return [1]");
    assert_done(&end, "[1]");
    end = run(context, "return 2");
    assert_done(&end, "2");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The engine seldom looks up in it: mostly the worker is killed, now and then it stops in time. */
static void test_a_job_that_seldom_looks_up(void **state) {
    (void)state;
    settings chosen = WAITS;
    chosen.timeout_ms = 300;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = open_with(pool, chosen);
    start(context, "Promise.resolve().then(() => {"
                   "    ask();"
                   "    for (;;) 'x'.repeat(5e6).normalize('NFKD')"
                   "});"
                   "return { a: 1 }");
    ending all = leave_open(context);
    assert_done(&all.end, "{\"a\":1}");
    assert_warned(&all, "the run's timeout was over");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_that_is_killed_at_the_deadline),
        cmocka_unit_test(test_detached_timeout_is_kept_from_outside),
        cmocka_unit_test(test_a_worker_that_is_killed_for_its_processor_time),
        cmocka_unit_test(test_a_run_that_is_stopped),
        cmocka_unit_test(test_a_worker_that_dies_fails_its_run),
        cmocka_unit_test(test_a_result_where_no_run_waits_is_a_violation),
        cmocka_unit_test(test_a_context_that_is_closed_meanwhile),
        cmocka_unit_test(test_the_result_comes_whole_when_the_calls_are_answered),
        cmocka_unit_test(test_a_job_that_seldom_looks_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
