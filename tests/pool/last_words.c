/*
 * What a program has logged before its worker is killed: all of it arrives,
 * before the failure.
 */
#include "support.h"

#include <signal.h>
#include <stdio.h>

/* One call of a function of the engine's own, which looks at nothing else for days. */
#define ENDLESS "('a'.repeat(2 ** 24) + 'b').indexOf('a'.repeat(2 ** 23) + 'c');"

static void expect_log(hutch_context *context, hutch_log_level level, const char *text) {
    hutch_event event = expect_event(context, HUTCH_EVENT_LOG);
    assert_int_equal(event.as.log.level, level);
    assert_true(text_equals(event.as.log.text, text));
}

/* Time that is ample for a program to come to its endless loop: twice what it once had to have so that
 * its worker was killed, and not interrupted before. */
static uint64_t ample_ms(hutch_pool *pool, const char *code) {
    static const char *const tools[] = {"tell", NULL};
    outcome end = {.usable = true};
    uint64_t timeout_ms = 250;
    while (end.usable) {
        hutch_context *context = context_with(pool, tools);
        timeout_ms *= 2;
        start_within(context, code, timeout_ms);
        end = finish(context);
        assert_timed_out(&end, timeout_ms);
        hutch_context_close(context);
    }
    return timeout_ms * 2;
}

static void test_logs_before_a_native_loop_arrive_before_the_timeout(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    static const char code[] = "console.log('one'); console.warn('two', 2);" ENDLESS;
    uint64_t timeout_ms = ample_ms(pool, code);
    start_within(context, code, timeout_ms);
    expect_log(context, HUTCH_LOG_LOG, "one");
    expect_log(context, HUTCH_LOG_WARN, "two 2");
    end = finish(context);
    assert_timed_out(&end, timeout_ms);
    assert_false(end.usable);
    assert_int_equal(end.logs, 0);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_logs_arrive_while_the_guest_goes_on(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    start_within(context, "console.log('one'); await null; console.log('two'); while (true) {}",
                 INT32_MAX);
    expect_log(context, HUTCH_LOG_LOG, "one");
    expect_log(context, HUTCH_LOG_LOG, "two");
    hutch_context_stop(context);
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_STOPPED, "");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_more_logs_than_the_ring_holds_arrive_from_a_killed_worker(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    static const char code[] =
        "for (let i = 0; i < 3000; i++) console.log(i + 'x'.repeat(150));" ENDLESS;
    uint64_t timeout_ms = ample_ms(pool, code);
    start_within(context, code, timeout_ms);
    end = finish(context);
    assert_timed_out(&end, timeout_ms);
    assert_false(end.usable);
    assert_int_equal(end.logs, 3000);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_call_keeps_its_place_before_the_log_behind_it(void **state) {
    static const char *const tools[] = {"tell", NULL};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, tools);
    static const char code[] = "tell(1); console.log('told'); tell(2);" ENDLESS;
    uint64_t timeout_ms = ample_ms(pool, code);
    start_within(context, code, timeout_ms);
    hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_true(text_equals(event.as.tool_call.name, "tell"));
    assert_true(text_equals(event.as.tool_call.input, "1"));
    expect_log(context, HUTCH_LOG_LOG, "told");
    outcome end = finish(context);
    assert_timed_out(&end, timeout_ms);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The answer comes while the guest is still at work; it is for later. */
static void test_an_answer_to_a_call_that_went_ahead_is_kept(void **state) {
    static const char *const tools[] = {"ask", NULL};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, tools);
    start(context, "const asked = ask('x'.repeat(1e5));"
                   "for (let i = 0; i < 2000; i++) console.log('x'.repeat(100));"
                   "return (await asked).length");
    outcome end = finish(context);
    assert_done(&end, "100000");
    assert_int_equal(end.calls, 1);
    assert_int_equal(end.logs, 2000);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_logs_of_a_worker_that_somebody_kills_arrive(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    pid_t pid = pid_of(context);
    start(context, "console.log('last words');" ENDLESS);
    await_work(pid, 100);
    assert_int_equal(kill(pid, SIGKILL), 0);
    expect_log(context, HUTCH_LOG_LOG, "last words");
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The guest stands in console.log(), as the ring is full, when it is asked to stop. */
static void test_a_guest_that_waits_for_room_to_log_can_be_stopped_and_closed(void **state) {
    static const char flood[] = "for (let i = 0; ; i++) console.log(i + 'x'.repeat(90))";
    (void)state;
    hutch_pool *pool = pool_new(patient);
    hutch_context *context = context_new(pool);
    start(context, flood);
    expect_event(context, HUTCH_EVENT_LOG);
    await_rest(pid_of(context));
    hutch_context_stop(context);
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_STOPPED, "");
    assert_true(end.usable);
    start(context, flood);
    expect_event(context, HUTCH_EVENT_LOG);
    await_rest(pid_of(context));
    hutch_context_close(context);
    context = context_new(pool);
    end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logs_before_a_native_loop_arrive_before_the_timeout),
        cmocka_unit_test(test_logs_arrive_while_the_guest_goes_on),
        cmocka_unit_test(test_more_logs_than_the_ring_holds_arrive_from_a_killed_worker),
        cmocka_unit_test(test_a_call_keeps_its_place_before_the_log_behind_it),
        cmocka_unit_test(test_an_answer_to_a_call_that_went_ahead_is_kept),
        cmocka_unit_test(test_logs_of_a_worker_that_somebody_kills_arrive),
        cmocka_unit_test(test_a_guest_that_waits_for_room_to_log_can_be_stopped_and_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
