/*
 * A worker that lies (hostile_worker.c): whatever it does, its run fails with
 * the right error, it is killed, and nothing else is touched.
 */
#include "support.h"

#include "wire/frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void with_hostile_worker(hutch_pool_options *options) {
    options->worker_path = HOSTILE_WORKER;
    options->spare = 0;
}

/* Small limits, so that they can be broken soon. */
static hutch_context *open_small(hutch_pool *pool, const char *tool) {
    hutch_context_options options;
    hutch_tool name = hutch_tool_named(tool, strlen(tool));
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.tools = &name;
    options.tool_count = 1;
    options.isolate.limits.result_bytes = 1000;
    options.isolate.limits.tool_input_bytes = 1000;
    options.isolate.limits.open_input_bytes = 1000;
    options.isolate.limits.tool_input_values = 10;
    options.isolate.limits.open_input_values = 10;
    options.isolate.limits.result_values = 10;
    options.isolate.limits.log_units = 1000;
    options.isolate.limits.log_entries = 100;
    options.isolate.limits.tool_calls = 3;
    options.isolate.limits.open_calls = 2;
    options.isolate.limits.timeout_ms = patience_ms(20000);
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
    {"log_not_utf8", "not UTF-8"},
    {"log_flood", "more log entries than maxLogEntries"},
    {"log_text_flood", "more log text than maxLogLength"},
    {"result_not_utf8", "not UTF-8"},
    {"input_not_json", "input is not JSON"},
    {"input_cut_off", "input is not JSON"},
    {"input_of_many_values", "more values than maxToolInputValues"},
    {"input_of_open_arrays", "more values than maxToolInputValues"},
    {"result_not_json", "a result that is not JSON"},
    {"result_cut_off", "a result that is not JSON"},
    {"result_of_many_values", "more values than maxResultValues"},
    {"broken_result_without_end", "a result that is not JSON"},
    {"half_usable", "neither usable nor not"},
    {"lengths_short_of_frame", "do not add up"},
    {"lengths_beyond_frame", "do not add up"},
    {"lengths_that_wrap", "too long"},
    {"error_text_beyond_limit", "too long"},
    {"error_without_name", "without a name"},
    {"character_across_texts", "not UTF-8"},
    {"settled_twice", "SETTLED for the second time"},
    {"settled_and_done_with_result", "DONE with a result after SETTLED"},
    {"settled_and_failed", "FAILED after SETTLED"},
    {"settled_not_json", "a result that is not JSON"},
    {"settled_of_many_values", "more values than maxResultValues"},
    {"settled_beyond_limit", "impossible length"},
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

/* What comes of a program that has a number to say. */
static outcome say_number(hutch_pool *pool, const char *program, uint32_t number) {
    char code[64];
    (void)snprintf(code, sizeof code, "%s %" PRIu32, program, number);
    hutch_context *liar = open_small(pool, "ask");
    outcome end = run(liar, code);
    hutch_context_close(liar);
    return end;
}

/* Numbers that no enum of the protocol has, at the edges of what would be cut to one that it has. */
static const uint32_t far_numbers[] = {64, 255, 256, 256 + 17, 65536 + 17, INT32_MAX, UINT32_MAX};
enum { FAR_NUMBERS = sizeof far_numbers / sizeof far_numbers[0] };

static void refuses_numbers(hutch_pool *pool, const char *program, uint32_t first,
                            const char *why) {
    for (uint32_t number = first; number < 64; number++) {
        outcome end = say_number(pool, program, number);
        assert_failed(&end, HUTCH_FAILURE_VIOLATION, why);
    }
    for (size_t i = 0; i < FAR_NUMBERS; i++) {
        outcome end = say_number(pool, program, far_numbers[i]);
        assert_failed(&end, HUTCH_FAILURE_VIOLATION, why);
    }
}

static void test_a_worker_may_claim_what_the_table_says_and_nothing_else(void **state) {
    (void)state;
    static const bool claimable[] = {
#define CLAIMABLE(constant, text, name, survives, claimable) [constant] = claimable,
        HUTCH_FAILURE_TABLE(CLAIMABLE)
#undef CLAIMABLE
    };
    enum { KINDS = sizeof claimable / sizeof claimable[0] };
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (uint32_t kind = 0; kind < KINDS; kind++) {
        outcome end = say_number(pool, "claim_failure", kind);
        assert_int_equal(end.type, HUTCH_EVENT_FAILED);
        assert_int_equal(end.failure, claimable[kind] ? kind : HUTCH_FAILURE_VIOLATION);
    }
    refuses_numbers(pool, "claim_failure", KINDS, "no worker may claim");
    hutch_pool_free(pool);
}

static void test_a_level_out_of_range_is_a_violation(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (uint32_t level = HUTCH_LOG_LOG; level <= HUTCH_LOG_DEBUG; level++) {
        outcome end = say_number(pool, "log_at_level", level);
        assert_done(&end, "1");
    }
    refuses_numbers(pool, "log_at_level", HUTCH_LOG_DEBUG + 1, "unknown level");
    hutch_pool_free(pool);
}

/* Those of the other direction are none of a worker's. */
static void test_a_type_out_of_range_is_a_violation(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (uint32_t type = 0; type < HUTCH_FRAME_READY; type++) {
        outcome end = say_number(pool, "send_type", type);
        assert_failed(&end, HUTCH_FAILURE_VIOLATION, "unknown type");
    }
    refuses_numbers(pool, "send_type", HUTCH_FRAME_SETTLED + 1, "unknown type");
    hutch_pool_free(pool);
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

static void test_open_inputs_are_judged_in_sum_and_by_their_heads(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    start(liar, "inputs_beyond_sum");
    expect_event(liar, HUTCH_EVENT_TOOL_CALL);
    outcome end = finish(liar);
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "more bytes of open tool inputs");
    hutch_context_close(liar);
    liar = open_small(pool, "ask");
    start(liar, "values_beyond_sum");
    expect_event(liar, HUTCH_EVENT_TOOL_CALL);
    end = finish(liar);
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "more values of open tool inputs");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static hutch_context *open_with_proto_keys(hutch_pool *pool, hutch_proto_keys proto_keys) {
    hutch_context_options options;
    hutch_tool name = HUTCH_TOOL("ask");
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.tools = &name;
    options.tool_count = 1;
    options.isolate.proto_keys = proto_keys;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

/* An honest worker does it itself; it is the host that has to. */
static void test_members_proto_are_the_hosts_to_judge(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_with_proto_keys(pool, HUTCH_PROTO_KEYS_DROP);
    outcome end = run(liar, "result_with_proto");
    assert_done(&end, "{\"a\":1}");
    start(liar, "input_with_proto");
    hutch_event event = expect_event(liar, HUTCH_EVENT_TOOL_CALL);
    assert_true(text_equals(event.as.tool_call.input, "[{\"a\":1}]"));
    assert_int_equal(event.as.tool_call.values, 5);
    hutch_context_close(liar);
    liar = open_with_proto_keys(pool, HUTCH_PROTO_KEYS_KEEP);
    end = run(liar, "result_with_proto");
    assert_done(&end, "{\"a\":1,\"\\u005F_proto__\":{\"b\":2}}");
    hutch_context_close(liar);
    liar = open_with_proto_keys(pool, HUTCH_PROTO_KEYS_ERROR);
    end = run(liar, "result_with_proto");
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "a result with a member __proto__");
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static void test_a_result_that_is_too_deep_is_a_violation_before_it_ends(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_with_proto_keys(pool, HUTCH_PROTO_KEYS_DROP);
    outcome end = run(liar, "result_too_deep");
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "a result that is nested too deep");
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

/* A run that was over when its worker was killed ends as it was, and the next one is no timeout. */
static void test_a_worker_killed_behind_its_result_fails_the_next_run(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_small(pool, "ask");
    pid_t pid = pid_of(liar);
    start_within(liar, "done_and_spin", 100);
    assert_true(process_ends(pid));
    outcome end = finish(liar);
    assert_done(&end, "1");
    end = run(liar, "honest");
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "an earlier run went over its time");
    assert_int_equal(hutch_context_start(liar, "honest", 6, NULL, NULL), HUTCH_DISPOSED);
    hutch_context_close(liar);
    hutch_pool_free(pool);
}

static hutch_context *open_limited(hutch_pool *pool, uint64_t memory_bytes, uint64_t cpu_time_ms) {
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.isolate.limits.memory_bytes = memory_bytes;
    options.isolate.limits.cpu_time_ms = cpu_time_ms;
    options.isolate.limits.timeout_ms = INT32_MAX;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

static void expect_watched(hutch_pool *pool, const char *name, uint64_t cpu_time_ms,
                           hutch_failure failure, const char *code) {
    hutch_context *bystander = open_limited(pool, 2 * HUTCH_MIB, HUTCH_NO_LIMIT);
    hutch_context *liar = open_limited(pool, 2 * HUTCH_MIB, cpu_time_ms);
    pid_t pid = pid_of(liar);
    hutch_pool_stats before = stats_of(pool);
    start(liar, name);
    outcome end = finish(liar);
    assert_failed(&end, failure, "the pool's watcher killed the worker");
    assert_string_equal(end.code, code);
    assert_false(end.usable);
    assert_true(process_ends(pid));
    assert_int_equal(stats_of(pool).workers_killed, before.workers_killed + 1);
    assert_int_equal(stats_of(pool).workers_died, before.workers_died);
    hutch_context_close(liar);
    assert_pool_is_well(pool, bystander);
    hutch_context_close(bystander);
}

/* The default limits of a context stay out of it: each of these has time without end. */
static void test_memory_beyond_the_limit_is_seen_from_outside(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    expect_watched(pool, "touch_memory", HUTCH_NO_LIMIT, HUTCH_FAILURE_MEMORY, "memoryLimit");
    hutch_pool_free(pool);
}

static void test_processor_time_beyond_the_limit_is_seen_from_outside(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    expect_watched(pool, "spin", 100, HUTCH_FAILURE_CPU_TIME, "cpuTime");
    expect_watched(pool, "spin_saying_it_sleeps", 100, HUTCH_FAILURE_CPU_TIME, "cpuTime");
    hutch_pool_free(pool);
}

/* Nobody asks for events, and the pool's thread does nothing. */
static void test_use_beyond_the_limits_ends_unheard(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t cpu_time_ms;
    } lies[] = {{"touch_memory", HUTCH_NO_LIMIT},
                {"touch_memory_slowly", HUTCH_NO_LIMIT},
                {"spin", 200},
                {"spin_saying_it_sleeps", 200}};
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        hutch_context *liar = open_limited(pool, 2 * HUTCH_MIB, lies[i].cpu_time_ms);
        pid_t pid = pid_of(liar);
        start(liar, lies[i].name);
        assert_true(process_ends(pid));
        hutch_context_close(liar);
    }
    hutch_pool_free(pool);
}

/* A run that its context has left is watched until its end. */
static void test_use_beyond_the_limits_of_an_abandoned_run(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *liar = open_limited(pool, 2 * HUTCH_MIB, HUTCH_NO_LIMIT);
    pid_t pid = pid_of(liar);
    start(liar, "touch_memory_slowly");
    hutch_context_close(liar);
    assert_true(process_ends(pid));
    hutch_pool_free(pool);
}

/* The next context is there before the worker is ready for it. */
static void test_what_the_guest_before_had_is_not_held_against_the_next(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (int i = 0; i < 2; i++) {
        hutch_context *context = open_limited(pool, 256 * HUTCH_MIB, HUTCH_NO_LIMIT);
        outcome end = run(context, "keep_memory");
        assert_done(&end, "1");
        hutch_context_close(context);
        context = open_limited(pool, 2 * HUTCH_MIB, 100);
        end = run(context, "honest");
        assert_done(&end, "1");
        hutch_context_close(context);
    }
    assert_int_equal(stats_of(pool).workers_forked, 1);
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

/* A frame that is longer than the ring is looked for, not only waited for; with room for it. */
static hutch_context *open_large(hutch_pool *pool) {
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

static const struct {
    const char *name;
    hutch_failure failure;
    const char *why;
} breaks[] = {
    {"die_inside_long_frame", HUTCH_FAILURE_WORKER_DIED, "exited with status 66"},
    {"stop_inside_long_frame", HUTCH_FAILURE_TIMEOUT, "timed out"},
    {"lie_inside_long_frame", HUTCH_FAILURE_VIOLATION, "impossible position"},
    {"go_back_inside_long_frame", HUTCH_FAILURE_VIOLATION, "impossible position"},
    {"break_long_frame", HUTCH_FAILURE_VIOLATION, "not JSON"},
};
enum { BREAKS = sizeof breaks / sizeof breaks[0] };

static void test_a_long_frame_that_breaks_off_ends_the_run(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    hutch_context *bystander = open_small(pool, "ask");
    for (size_t i = 0; i < BREAKS; i++) {
        /* The bystander's result, which is not released yet. */
        uint64_t held = stats_of(pool).held_bytes;
        hutch_context *liar = open_large(pool);
        pid_t pid = pid_of(liar);
        bool is_late = breaks[i].failure == HUTCH_FAILURE_TIMEOUT;
        start_within(liar, breaks[i].name, is_late ? 300 : patience_ms(20000));
        outcome end = finish(liar);
        assert_failed(&end, breaks[i].failure, breaks[i].why);
        assert_true(process_ends(pid));
        hutch_context_close(liar);
        assert_int_equal(stats_of(pool).held_bytes, held);
        assert_pool_is_well(pool, bystander);
    }
    hutch_pool_free(pool);
}

/* Slow is no lie: it arrives, whether the host waits long, or comes back again and again. */
static void test_a_long_frame_that_drips_arrives(void **state) {
    static const char *const names[] = {"send_in_bursts", "drip"};
    static const uint64_t waits_us[] = {0, 1, 100, 1000000};
    (void)state;
    hutch_pool *pool = pool_new(with_hostile_worker);
    for (size_t i = 0; i < 2 * sizeof waits_us / sizeof waits_us[0]; i++) {
        hutch_context *context = open_large(pool);
        hutch_event event = HUTCH_EVENT_INIT;
        start(context, names[i % 2]);
        while (event.type == HUTCH_EVENT_NONE) {
            assert_int_equal(hutch_context_next(context, waits_us[i / 2], &event), HUTCH_OK);
        }
        assert_int_equal(event.type, HUTCH_EVENT_DONE);
        assert_int_equal(event.as.done.json.length, 400000);
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

/* Between two looks that were in vain, with all that each of them has got. */
static void test_closing_and_freeing_inside_a_long_frame(void **state) {
    (void)state;
    for (size_t i = 0; i < 2 * BREAKS; i++) {
        hutch_pool *pool = pool_new(with_hostile_worker);
        hutch_context *closed = open_large(pool);
        hutch_context *freed = open_large(pool);
        hutch_context *const both[] = {closed, freed};
        for (size_t j = 0; j < 2; j++) {
            hutch_event event = HUTCH_EVENT_INIT;
            start(both[j], breaks[i % BREAKS].name);
            for (size_t looks = 0; looks < 20 * (i / BREAKS) && event.type == HUTCH_EVENT_NONE;
                 looks++) {
                assert_int_equal(hutch_context_next(both[j], 500, &event), HUTCH_OK);
            }
        }
        hutch_context_close(closed);
        hutch_pool_free(pool);
    }
    assert_int_equal(count_children(), 0);
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
        cmocka_unit_test(test_a_worker_may_claim_what_the_table_says_and_nothing_else),
        cmocka_unit_test(test_a_level_out_of_range_is_a_violation),
        cmocka_unit_test(test_a_type_out_of_range_is_a_violation),
        cmocka_unit_test(test_open_calls_and_the_budget_are_counted),
        cmocka_unit_test(test_open_inputs_are_judged_in_sum_and_by_their_heads),
        cmocka_unit_test(test_members_proto_are_the_hosts_to_judge),
        cmocka_unit_test(test_a_result_that_is_too_deep_is_a_violation_before_it_ends),
        cmocka_unit_test(test_a_frame_before_ready_is_a_violation),
        cmocka_unit_test(test_a_frame_after_the_end_of_a_run_is_a_violation_of_the_next),
        cmocka_unit_test(test_a_garbled_position_shows_at_the_next_answer),
        cmocka_unit_test(test_a_worker_that_scribbles_over_all_shared_memory),
        cmocka_unit_test(test_death_inside_a_frame_is_death_and_not_a_frame),
        cmocka_unit_test(test_who_never_ends_is_killed_at_the_deadline),
        cmocka_unit_test(test_a_spinning_worker_that_says_it_sleeps_is_killed_unheard),
        cmocka_unit_test(test_a_worker_killed_behind_its_result_fails_the_next_run),
        cmocka_unit_test(test_memory_beyond_the_limit_is_seen_from_outside),
        cmocka_unit_test(test_processor_time_beyond_the_limit_is_seen_from_outside),
        cmocka_unit_test(test_use_beyond_the_limits_ends_unheard),
        cmocka_unit_test(test_use_beyond_the_limits_of_an_abandoned_run),
        cmocka_unit_test(test_what_the_guest_before_had_is_not_held_against_the_next),
        cmocka_unit_test(test_shared_memory_cannot_be_resized_by_a_worker),
        cmocka_unit_test(test_a_doorbell_that_was_filled_up_still_ends_in_time),
        cmocka_unit_test(test_a_flooded_event_loop_gets_the_violation),
        cmocka_unit_test(test_a_long_frame_that_breaks_off_ends_the_run),
        cmocka_unit_test(test_a_long_frame_that_drips_arrives),
        cmocka_unit_test(test_closing_and_freeing_inside_a_long_frame),
        cmocka_unit_test(test_closing_and_freeing_in_the_middle_of_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
