/*
 * Deadlines and stops, with the pool's thread busy elsewhere or not.
 */
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One call of a function of the engine's own, which looks at nothing else for days. */
static const char endless_native[] =
    "return ('a'.repeat(2 ** 24) + 'b').indexOf('a'.repeat(2 ** 23) + 'c')";

static void test_an_endless_loop_times_out_and_the_context_goes_on(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(patient);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "globalThis.kept = 1");
    assert_done(&end, "");
    start_within(context, "while (true) {}", 100);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "Execution timed out after 100 ms");
    assert_string_equal(end.name, "TimeoutError");
    assert_true(end.usable);
    end = run(context, "return kept");
    assert_done(&end, "1");
    assert_int_equal(stats_of(pool).workers_killed, 0);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_waiting_for_a_tool_counts(void **state) {
    static const char *const tools[] = {"never", NULL};
    (void)state;
    hutch_pool *pool = pool_new(patient);
    hutch_context *context = context_with(pool, tools);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    uint64_t timeout_ms = start_until_it_waits(context, "await never()", 300);
    end = finish(context);
    assert_timed_out(&end, timeout_ms);
    assert_true(end.usable);
    /* Of a run that has ended: dropped. */
    assert_int_equal(hutch_context_reply(context, 1, "1", 1, NULL), HUTCH_OK);
    end = run(context, "return 2");
    assert_done(&end, "2");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_the_contexts_own_timeout_is_the_default(void **state) {
    hutch_context_options options;
    hutch_context *context;
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.isolate.limits.timeout_ms = 60;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    outcome end = run(context, "for (;;) {}");
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "60 ms");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* Nobody asks for events: the watcher alone keeps the deadline. */
static void test_a_worker_deep_in_the_engine_is_killed_while_the_host_sleeps(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    hutch_context *other = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    pid_t pid = pid_of(context);
    /* At rest: its deadline has come before it was in the loop. Then it gets more time. */
    for (uint64_t timeout_ms = 500; !has_ended(pid); timeout_ms *= 2) {
        start_within(context, endless_native, timeout_ms);
        AWAIT(has_ended(pid) || is_at_rest(pid));
        end = finish(context);
        assert_timed_out(&end, timeout_ms);
    }
    assert_false(end.usable);
    assert_int_equal(hutch_context_start(context, "", 0, NULL, NULL), HUTCH_DISPOSED);
    assert_int_equal(stats_of(pool).workers_killed, 1);
    hutch_context_close(context);
    end = run(other, "return 'fine'");
    assert_done(&end, "\"fine\"");
    hutch_context_close(other);
    hutch_pool_free(pool);
}

static void test_a_worker_that_is_stopped_by_a_signal_is_killed(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    pid_t pid = pid_of(context);
    outcome end = {.usable = true};
    /* Usable: its deadline has come before the signal. */
    for (uint64_t timeout_ms = 200; end.usable; timeout_ms *= 2) {
        assert_int_equal(kill(pid, SIGCONT), 0);
        start_within(context, "for (;;) {}", timeout_ms);
        assert_int_equal(kill(pid, SIGSTOP), 0);
        end = finish(context);
        assert_timed_out(&end, timeout_ms);
    }
    assert_true(process_ends(pid));
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* Starts a program that does all it can before its deadline: where it does not, as the machine is busy,
 * again with twice the time. Then lets the deadline pass, and the grace behind it. */
static uint64_t start_and_come_late(hutch_context *context, const char *code, uint64_t timeout_ms) {
    pid_t pid = pid_of(context);
    for (;; timeout_ms *= 2) {
        uint64_t begin = now_ms();
        start_within(context, code, timeout_ms);
        await_rest(pid);
        if (now_ms() < begin + timeout_ms) {
            sleep_ms((unsigned)timeout_ms + 200);
            return timeout_ms;
        }
        (void)finish(context);
    }
}

/* The run has ended in time, only the host was not there to hear it. */
static void test_a_host_that_comes_late_gets_the_result_and_keeps_the_context(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "globalThis.kept = 3");
    assert_done(&end, "");
    (void)start_and_come_late(context, "return kept", 300);
    end = finish(context);
    assert_done(&end, "3");
    end = run(context, "return kept + 1");
    assert_done(&end, "4");
    assert_int_equal(stats_of(pool).workers_killed, 0);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The worker's messages do not fit the ring, so it sleeps until the host reads. */
static void test_a_worker_that_waits_for_a_late_host_is_not_killed(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 0");
    assert_done(&end, "0");
    uint64_t timeout_ms = start_and_come_late(
        context, "for (let i = 0; i < 900; i++) console.log('x'.repeat(1000))", 100);
    assert_int_equal(stats_of(pool).workers_killed, 0);
    end = finish(context);
    assert_timed_out(&end, timeout_ms);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_stop_ends_a_run_and_keeps_the_context(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(patient);
    hutch_context *context = context_new(pool);
    hutch_context_stop(context);
    outcome end = run(context, "globalThis.n = 0");
    assert_done(&end, "");
    start(context, "for (;;) n++");
    await_work(pid_of(context), 20);
    hutch_context_stop(context);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_STOPPED, "");
    assert_true(end.usable);
    end = run(context, "return n > 0");
    assert_done(&end, "true");
    hutch_context_stop(context);
    end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_stop_reaches_a_guest_that_waits_for_a_tool(void **state) {
    static const char *const tools[] = {"never", NULL};
    (void)state;
    hutch_pool *pool = pool_new(patient);
    hutch_context *context = context_with(pool, tools);
    start(context, "await never()");
    expect_event(context, HUTCH_EVENT_TOOL_CALL);
    expect_event(context, HUTCH_EVENT_WAITING);
    hutch_context_stop(context);
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_STOPPED, "");
    assert_true(end.usable);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_stop_kills_what_cannot_be_interrupted(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    start(context, endless_native);
    await_work(pid_of(context), 50);
    hutch_context_stop(context);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_STOPPED, "Execution was stopped");
    assert_false(end.usable);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The frames of the second context wait behind the CLOSE of the first. */
static void test_stop_right_after_start_on_a_worker_that_is_being_reset(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (int i = 0; i < 50; i++) {
        hutch_context *context = context_new(pool);
        start(context, "for (;;) {}");
        hutch_context_stop(context);
        outcome end = finish(context);
        assert_failed(&end, HUTCH_FAILURE_STOPPED, "");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_closing_in_mid_run_frees_the_worker_for_the_next(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (int i = 0; i < 20; i++) {
        hutch_context *context = context_new(pool);
        start(context, "for (;;) { console.log('x'.repeat(100)); await 0 }");
        if (i % 2 == 0) {
            expect_event(context, HUTCH_EVENT_LOG);
        }
        hutch_context_close(context);
    }
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_closing_kills_what_cannot_be_interrupted(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    pid_t pid = pid_of(context);
    start(context, endless_native);
    await_work(pid, 50);
    hutch_context_close(context);
    assert_true(process_ends(pid));
    assert_int_equal(stats_of(pool).workers_killed, 1);
    hutch_pool_free(pool);
}

static void without_spare(hutch_pool_options *options) {
    options->spare = 0;
    options->max_spare = 0;
}

static void test_a_deadline_passes_while_the_worker_is_still_being_made(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(without_spare);
    hutch_context *other = context_new(pool);
    (void)pid_of(other);
    pid_t zygote = (pid_t)stats_of(pool).zygote_pid;
    assert_int_equal(kill(zygote, SIGSTOP), 0);
    await_stop(zygote);
    hutch_context *first = context_new(pool);
    start_within(first, "return 1", 50);
    outcome end = finish(first);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "50 ms");
    assert_int_equal(kill(zygote, SIGCONT), 0);
    hutch_context_close(first);
    first = context_new(pool);
    end = run(first, "return 2");
    assert_done(&end, "2");
    hutch_context_close(first);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_endless_loop_times_out_and_the_context_goes_on),
        cmocka_unit_test(test_waiting_for_a_tool_counts),
        cmocka_unit_test(test_the_contexts_own_timeout_is_the_default),
        cmocka_unit_test(test_a_worker_deep_in_the_engine_is_killed_while_the_host_sleeps),
        cmocka_unit_test(test_a_worker_that_is_stopped_by_a_signal_is_killed),
        cmocka_unit_test(test_a_host_that_comes_late_gets_the_result_and_keeps_the_context),
        cmocka_unit_test(test_a_worker_that_waits_for_a_late_host_is_not_killed),
        cmocka_unit_test(test_stop_ends_a_run_and_keeps_the_context),
        cmocka_unit_test(test_stop_reaches_a_guest_that_waits_for_a_tool),
        cmocka_unit_test(test_stop_kills_what_cannot_be_interrupted),
        cmocka_unit_test(test_stop_right_after_start_on_a_worker_that_is_being_reset),
        cmocka_unit_test(test_closing_in_mid_run_frees_the_worker_for_the_next),
        cmocka_unit_test(test_closing_kills_what_cannot_be_interrupted),
        cmocka_unit_test(test_a_deadline_passes_while_the_worker_is_still_being_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
