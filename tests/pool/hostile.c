/*
 * A worker that lies (hostile_worker.c): whatever it does, its run fails with
 * the right error, it is killed, and nothing else is touched.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void with_hostile_worker(hutch_pool_options *options) {
    options->worker_path = HOSTILE_WORKER;
    options->spare = 0;
}

/* Small limits, so that they can be broken soon. */
static hutch_context *open_small(hutch_pool *pool, const char *tool) {
    hutch_context_options options;
    hutch_tool_name name = {tool, strlen(tool)};
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.tools = &name;
    options.tool_count = 1;
    options.isolate.limits.result_bytes = 1000;
    options.isolate.limits.tool_input_bytes = 1000;
    options.isolate.limits.log_units = 1000;
    options.isolate.limits.log_entries = 100;
    options.isolate.limits.tool_calls = 3;
    options.isolate.limits.open_calls = 2;
    options.isolate.limits.timeout_ms = 20000;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

/* Another context was open all the time, and a new one works. */
static void assert_pool_is_well(hutch_pool *pool, hutch_context *bystander) {
    outcome end = run(bystander, "honest");
    assert_done(&end, "1");
    hutch_context *next = open_small(pool, "ask");
    end = run(next, "honest");
    assert_done(&end, "1");
    hutch_context_close(next);
}

typedef struct lie {
    const char *name;
    const char *why;
} lie;

static const lie violations[] = {
    {"unknown_type", "unknown type"},
    {"type_of_the_other_direction", "unknown type"},
    {"endless_length", "impossible length"},
    {"length_below_struct", "impossible length"},
    {"ready_with_payload", "impossible length"},
    {"result_beyond_limit", "impossible length"},
    {"input_beyond_limit", "impossible length"},
    {"log_beyond_limit", "impossible length"},
    {"ready_unasked", "READY that nobody asked for"},
    {"another_run", "another run"},
    {"run_zero", "another run"},
    {"call_zero", "not above the last"},
    {"call_twice", "not above the last"},
    {"call_backwards", "not above the last"},
    {"unknown_tool", "tool that does not exist"},
    {"call_without_input", "without input"},
    {"call_not_utf8", "not UTF-8"},
    {"unknown_level", "unknown level"},
    {"log_not_utf8", "not UTF-8"},
    {"log_flood", "more log entries than maxLogEntries"},
    {"log_text_flood", "more log text than maxLogLength"},
    {"result_not_utf8", "not UTF-8"},
    {"unknown_failure", "unknown kind"},
    {"pools_own_failure", "unknown kind"},
    {"pools_own_verdict", "unknown kind"},
    {"half_usable", "neither usable nor not"},
    {"lengths_short_of_frame", "do not add up"},
    {"lengths_beyond_frame", "do not add up"},
    {"lengths_that_wrap", "too long"},
    {"error_text_beyond_limit", "too long"},
    {"error_without_name", "without a name"},
    {"character_across_texts", "not UTF-8"},
    {"waiting_ahead_of_answers", "more answers than were given"},
    {"waiting_flood", "WAITING again"},
    {"waiting_for_nothing", "without an open tool call"},
    {"position_ahead", "impossible position"},
    {"position_back", "impossible position"},
    {"doorbell_flood", "doorbell"},
};

static void test_every_lie_is_a_violation_and_costs_only_the_liar(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *bystander = open_small(pool, "ask");
    for (size_t i = 0; i < sizeof violations / sizeof violations[0]; i++) {
        hutch_context *liar = open_small(pool, "ask");
        pid_t pid = pid_of(liar);
        outcome end = run(liar, violations[i].name);
        if (end.type != HUTCH_EVENT_FAILED) {
            fail_msg("%s got through", violations[i].name);
        }
        assert_failed(&end, HUTCH_FAILURE_VIOLATION, violations[i].why);
        assert_string_equal(end.name, "SandboxViolationError");
        assert_false(end.usable);
        assert_true(process_ends(pid));
        assert_int_equal(hutch_context_start(liar, "honest", 6, NULL, NULL), HUTCH_DISPOSED);
        hutch_context_close(liar);
        assert_pool_is_well(pool, bystander);
    }
    hutch_context_close(bystander);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

/* The host must not answer here, or calls would be open no more. */
static void test_open_calls_and_the_budget_are_counted(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    start(liar, "calls_beyond_budget");
    expect_event(liar, HUTCH_EVENT_TOOL_CALL);
    expect_event(liar, HUTCH_EVENT_TOOL_CALL);
    outcome end = finish(liar);
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "more open tool calls than maxOpenToolCalls");
    hutch_context_close(liar);
    liar = open_small(pool, "ask");
    end = run(liar, "calls_beyond_budget");
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "more tool calls than maxToolCalls");
    assert_int_equal(end.calls, 3);
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_a_frame_before_ready_is_a_violation(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "before_ready");
    outcome end = run(liar, "honest");
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "where READY is owed");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_a_frame_after_the_end_of_a_run_is_a_violation_of_the_next(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    outcome end = run(liar, "one_more_frame");
    assert_done(&end, "1");
    end = run(liar, "honest");
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "another run");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_a_garbled_position_shows_at_the_next_answer(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    outcome end = run(liar, "consumed_ahead");
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "impossible position");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_a_worker_that_scribbles_over_all_shared_memory(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *bystander = open_small(pool, "ask");
    for (int i = 0; i < 5; i++) {
        hutch_context *liar = open_small(pool, "ask");
        outcome end = run(liar, "scribble");
        assert_int_equal(end.type, HUTCH_EVENT_FAILED);
        assert_false(end.usable);
        hutch_context_close(liar);
        assert_pool_is_well(pool, bystander);
    }
    hutch_context_close(bystander);
    hutch_pool_free(pool);
}

static void test_death_inside_a_frame_is_death_and_not_a_frame(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    outcome end = run(liar, "die_inside_frame");
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "exited with status 66");
    hutch_context_close(liar);
    liar = open_small(pool, "ask");
    end = run(liar, "die_inside_header");
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGABRT");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void expect_timeout(hutch_pool *pool, const char *name) {
    hutch_context *liar = open_small(pool, "ask");
    pid_t pid = pid_of(liar);
    start_within(liar, name, 100);
    outcome end = finish(liar);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "Execution timed out after 100 ms");
    assert_false(end.usable);
    assert_true(process_ends(pid));
    hutch_context_close(liar);
}

static void test_who_never_ends_is_killed_at_the_deadline(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    expect_timeout(pool, "trickle");
    expect_timeout(pool, "spin");
    expect_timeout(pool, "spin_saying_it_sleeps");
    expect_timeout(pool, "sleep_for_ever");
    hutch_pool_free(pool);
}

/* Its word that it sleeps does not help it, even when nobody asks for events. */
static void test_a_spinning_worker_that_says_it_sleeps_is_killed_unheard(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    pid_t pid = pid_of(liar);
    start_within(liar, "spin_saying_it_sleeps", 100);
    assert_true(process_ends(pid));
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_shared_memory_cannot_be_resized_by_a_worker(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    outcome end = run(liar, "shrink_the_memory");
    assert_done(&end, "\"sealed\"");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_a_doorbell_that_was_filled_up_still_ends_in_time(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    start_within(liar, "doorbell_full", 300);
    outcome end = finish(liar);
    assert_int_not_equal(end.type, HUTCH_EVENT_NONE);
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

/* A host that only polls hears no end of rings; each must not earn the worker another one. */
static void test_a_flooded_event_loop_gets_the_violation(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    hutch_event event = HUTCH_EVENT_INIT;
    start(liar, "doorbell_flood");
    while (event.type == HUTCH_EVENT_NONE) {
        assert_int_equal(hutch_context_next(liar, 0, &event), HUTCH_OK);
        while (event.type == HUTCH_EVENT_NONE && hutch_pool_poll(pool) == NULL) {
        }
    }
    assert_int_equal(event.type, HUTCH_EVENT_FAILED);
    assert_int_equal(event.as.failed.failure, HUTCH_FAILURE_VIOLATION);
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_closing_and_freeing_in_the_middle_of_lies(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof violations / sizeof violations[0]; i++) {
        hutch_pool *pool = pool_new(with_hostile_worker);
        hutch_context *liar = open_small(pool, "ask");
        hutch_context *other = open_small(pool, "ask");
        if (i % 2 == 0) {
            (void)pid_of(liar);
        }
        start(liar, violations[i].name);
        start(other, violations[i].name);
        hutch_context_close(liar);
        hutch_pool_free(pool);
    }
    assert_int_equal(count_children(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_lie_is_a_violation_and_costs_only_the_liar),
        cmocka_unit_test(test_open_calls_and_the_budget_are_counted),
        cmocka_unit_test(test_a_frame_before_ready_is_a_violation),
        cmocka_unit_test(test_a_frame_after_the_end_of_a_run_is_a_violation_of_the_next),
        cmocka_unit_test(test_a_garbled_position_shows_at_the_next_answer),
        cmocka_unit_test(test_a_worker_that_scribbles_over_all_shared_memory),
        cmocka_unit_test(test_death_inside_a_frame_is_death_and_not_a_frame),
        cmocka_unit_test(test_who_never_ends_is_killed_at_the_deadline),
        cmocka_unit_test(test_a_spinning_worker_that_says_it_sleeps_is_killed_unheard),
        cmocka_unit_test(test_shared_memory_cannot_be_resized_by_a_worker),
        cmocka_unit_test(test_a_doorbell_that_was_filled_up_still_ends_in_time),
        cmocka_unit_test(test_a_flooded_event_loop_gets_the_violation),
        cmocka_unit_test(test_closing_and_freeing_in_the_middle_of_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
