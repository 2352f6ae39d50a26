/*
 * Programs that wait for a worker: who gets one when, and what becomes of those
 * that get none.
 */
#include "support.h"

#include "pool/state.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BURST = 64, MANY_CONTEXTS = 1000 };

static const char *const tools[] = {"ask", NULL};

static hutch_status try_start(hutch_context *context, const char *code, hutch_error *error) {
    return hutch_context_start(context, code, strlen(code), NULL, error);
}

static void expect_none(hutch_context *context) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_NONE);
}

/* A pool with one worker, which a program keeps by a call that nobody answers. */
static hutch_pool *keep_the_only_worker(void (*change)(hutch_pool_options *options),
                                        hutch_context **keeper) {
    hutch_pool *pool = pool_new(change);
    *keeper = context_with(pool, tools);
    start(*keeper, "return await ask(1)");
    expect_event(*keeper, HUTCH_EVENT_TOOL_CALL);
    expect_event(*keeper, HUTCH_EVENT_WAITING);
    return pool;
}

static void one_worker(hutch_pool_options *options) {
    options->max_workers = 1;
    options->spare = 0;
}

static void one_worker_two_waiting(hutch_pool_options *options) {
    one_worker(options);
    options->max_queue = 2;
}

static void one_worker_little_held(hutch_pool_options *options) {
    one_worker(options);
    options->max_held_bytes = (uint64_t)1 << 20;
}

static void test_open_contexts_hold_no_process(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *contexts[MANY_CONTEXTS];
    for (size_t i = 0; i < MANY_CONTEXTS; i++) {
        contexts[i] = context_with(pool, tools);
        assert_int_equal(hutch_context_get_pid(contexts[i]), 0);
    }
    assert_int_equal(stats_of(pool).contexts, MANY_CONTEXTS);
    assert_in_range(stats_of(pool).workers, 0, 1);
    for (size_t i = 0; i < MANY_CONTEXTS; i++) {
        outcome end = run(contexts[i], "return 1");
        assert_done(&end, "1");
        hutch_context_close(contexts[i]);
    }
    /* One after another, they need no more than one and the spare one that takes its place. */
    assert_in_range(stats_of(pool).workers, 1, 2);
    hutch_pool_free(pool);
}

/* What came of a burst: which of the contexts have ended, in their order. */
typedef struct burst {
    hutch_context *contexts[BURST];
    size_t order[BURST];
    size_t ended;
} burst;

static void note_end(burst *all, hutch_context *context) {
    for (size_t i = 0; i < BURST; i++) {
        if (all->contexts[i] == context) {
            all->order[all->ended++] = i;
            all->contexts[i] = NULL;
        }
    }
    hutch_context_close(context);
}

/* Takes what a context has to say. */
static void serve(burst *all, hutch_context *context) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        event = (hutch_event)HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
        assert_int_not_equal(event.type, HUTCH_EVENT_FAILED);
    } while (event.type != HUTCH_EVENT_NONE && event.type != HUTCH_EVENT_DONE);
    if (event.type == HUTCH_EVENT_DONE) {
        note_end(all, context);
    }
}

/* Whoever starts many at once and then serves them as they speak. */
static burst serve_burst(hutch_pool *pool, const char *code) {
    burst all = {.ended = 0};
    for (size_t i = 0; i < BURST; i++) {
        all.contexts[i] = context_new(pool);
        start(all.contexts[i], code);
        serve(&all, all.contexts[i]);
    }
    while (all.ended < BURST) {
        hutch_context *context = hutch_pool_wait(pool, LONG_US);
        assert_non_null(context);
        serve(&all, context);
    }
    return all;
}

static void test_a_burst_of_short_programs_is_done_by_few_workers(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *first = context_new(pool);
    outcome end = run(first, "return 1");
    assert_done(&end, "1");
    hutch_context_close(first);
    uint64_t before = stats_of(pool).workers_forked;
    /* One that waits in vain is helped, as soon as a worker would be born: so a machine that is very busy
     * may do with some more, but not with one for each. */
    (void)serve_burst(pool, "let n = 0; for (let i = 0; i < 100; i++) n += i; return n");
    assert_in_range(stats_of(pool).workers_forked - before, 0, 3 * BURST / 4);
    hutch_pool_free(pool);
}

static void test_long_programs_keep_nobody_waiting(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *endless[8];
    for (size_t i = 0; i < 8; i++) {
        endless[i] = context_new(pool);
        start(endless[i], "while (true) {}");
    }
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    for (size_t i = 0; i < 8; i++) {
        assert_true(pid_of(endless[i]) > 0);
        hutch_context_close(endless[i]);
    }
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* All wait for answers, which the caller gives only when each has asked. */
static void test_programs_that_wait_for_tools_keep_nobody_waiting(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *contexts[BURST];
    for (size_t i = 0; i < BURST; i++) {
        contexts[i] = context_with(pool, tools);
        start(contexts[i], "return await ask(7)");
    }
    for (size_t i = 0; i < BURST; i++) {
        expect_event(contexts[i], HUTCH_EVENT_TOOL_CALL);
        expect_event(contexts[i], HUTCH_EVENT_WAITING);
    }
    for (size_t i = 0; i < BURST; i++) {
        assert_int_equal(hutch_context_reply(contexts[i], 1, "7", 1, NULL), HUTCH_OK);
        outcome end = finish(contexts[i]);
        assert_done(&end, "7");
        hutch_context_close(contexts[i]);
    }
    hutch_pool_free(pool);
}

/* The caller sleeps for one context alone; those that wait get their workers all the same. */
static void test_who_waits_for_one_context_holds_up_no_other(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *contexts[4];
    for (size_t i = 0; i < 4; i++) {
        contexts[i] = context_with(pool, tools);
        start(contexts[i], "return await ask(1)");
    }
    expect_event(contexts[0], HUTCH_EVENT_TOOL_CALL);
    expect_event(contexts[0], HUTCH_EVENT_WAITING);
    hutch_event event = HUTCH_EVENT_INIT;
    while (hutch_context_get_pid(contexts[3]) == 0) {
        assert_int_equal(hutch_context_next(contexts[0], 10000, &event), HUTCH_OK);
        assert_int_equal(event.type, HUTCH_EVENT_NONE);
    }
    for (size_t i = 0; i < 4; i++) {
        hutch_context_close(contexts[i]);
    }
    hutch_pool_free(pool);
}

static void test_each_gets_its_turn_in_order(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_pool *pool = keep_the_only_worker(one_worker, &keeper);
    burst all = {.ended = 0};
    for (size_t i = 0; i < BURST; i++) {
        all.contexts[i] = context_new(pool);
    }
    /* No more than four wait for the one worker, unless more are allowed. */
    for (size_t i = 0; i < 4; i++) {
        start(all.contexts[i], "return 1");
        expect_none(all.contexts[i]);
    }
    assert_int_equal(try_start(all.contexts[4], "return 1", NULL), HUTCH_UNAVAILABLE);
    hutch_context_close(keeper);
    while (all.ended < 4) {
        hutch_context *context = hutch_pool_wait(pool, LONG_US);
        assert_non_null(context);
        serve(&all, context);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(all.order[i], i);
    }
    hutch_pool_free(pool);
}

static void test_beyond_max_queue_a_start_is_refused_and_says_why(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_error error = {0};
    hutch_pool *pool = keep_the_only_worker(one_worker_two_waiting, &keeper);
    hutch_context *contexts[3];
    for (size_t i = 0; i < 3; i++) {
        contexts[i] = context_new(pool);
    }
    start(contexts[0], "return 1");
    start(contexts[1], "return 2");
    assert_int_equal(try_start(contexts[2], "return 3", &error), HUTCH_UNAVAILABLE);
    assert_non_null(strstr(error.message, "maxQueue"));
    hutch_context_close(contexts[0]);
    start(contexts[2], "return 3");
    hutch_context_close(keeper);
    outcome end = finish(contexts[1]);
    assert_done(&end, "2");
    hutch_context_close(contexts[1]);
    end = finish(contexts[2]);
    assert_done(&end, "3");
    hutch_pool_free(pool);
}

static void test_programs_that_wait_have_no_more_bytes_than_the_pool_may_hold(void **state) {
    enum { LENGTH = 600 * 1024 };
    (void)state;
    hutch_context *keeper;
    hutch_error error = {0};
    hutch_pool *pool = keep_the_only_worker(one_worker_little_held, &keeper);
    hutch_context *first = context_new(pool);
    hutch_context *second = context_new(pool);
    char *code = malloc(LENGTH + 1);
    assert_non_null(code);
    memset(code, ' ', LENGTH);
    code[LENGTH] = '\0';
    start(first, code);
    assert_int_equal(try_start(second, code, &error), HUTCH_UNAVAILABLE);
    assert_non_null(strstr(error.message, "maxHeldSize"));
    start(second, "return 2");
    hutch_context_close(keeper);
    outcome end = finish(first);
    assert_done(&end, "");
    hutch_context_close(first);
    end = finish(second);
    assert_done(&end, "2");
    free(code);
    hutch_pool_free(pool);
}

static void expect_end_in_the_queue(hutch_pool *pool, hutch_context *context) {
    outcome end = {.type = HUTCH_EVENT_NONE};
    hutch_event event = HUTCH_EVENT_INIT;
    assert_ptr_equal(hutch_pool_wait(pool, LONG_US), context);
    assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_FAILED);
    note_outcome(&event, &end);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "in the queue for a worker");
    assert_non_null(strstr(end.text, "suspended in tool calls"));
    assert_non_null(strstr(end.text, "maxWorkers is 1"));
    assert_string_equal(end.code, "queue");
    assert_true(end.usable);
}

static void test_a_run_that_never_got_a_worker_times_out(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_pool *pool = keep_the_only_worker(one_worker, &keeper);
    hutch_context *context = context_new(pool);
    start_within(context, "return 1", 50);
    expect_end_in_the_queue(pool, context);
    /* Who sleeps for the context alone hears of it too. */
    start_within(context, "return 1", 50);
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "after 50 ms in the queue");
    /* The context is usable, and so is the other one. */
    assert_int_equal(hutch_context_reply(keeper, 1, "4", 1, NULL), HUTCH_OK);
    end = finish(keeper);
    assert_done(&end, "4");
    hutch_context_close(keeper);
    end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_pool_free(pool);
}

/* When the watcher tells the caller to look at the queue. */
static uint64_t call_of(hutch_pool *pool) {
    hutch_watcher_lock(&pool->watcher);
    uint64_t at = pool->watcher.queue_at;
    hutch_watcher_unlock(&pool->watcher);
    return at;
}

static void test_where_there_is_no_place_nobody_is_woken_before_the_deadline(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_pool *pool = keep_the_only_worker(one_worker, &keeper);
    hutch_context *context = context_new(pool);
    start(context, "return 1");
    for (int i = 0; i < 5; i++) {
        assert_true(call_of(pool) == context->deadline_ns);
        sleep_ms(30);
        assert_null(hutch_pool_poll(pool));
    }
    hutch_pool_free(pool);
}

static void test_a_program_that_waits_can_be_stopped_and_closed(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_pool *pool = keep_the_only_worker(one_worker, &keeper);
    hutch_context *stopped = context_new(pool);
    hutch_context *closed = context_new(pool);
    start(stopped, "return 1");
    start(closed, "return 1");
    expect_none(stopped);
    hutch_context_stop(stopped);
    assert_ptr_equal(hutch_pool_wait(pool, LONG_US), stopped);
    outcome end = finish(stopped);
    assert_failed(&end, HUTCH_FAILURE_STOPPED, "stopped");
    assert_true(end.usable);
    hutch_context_close(closed);
    hutch_context_close(keeper);
    end = run(stopped, "return 1");
    assert_done(&end, "1");
    hutch_pool_free(pool);
}

/* With the pool, whatever waits. */
static void test_a_pool_is_freed_with_those_that_wait(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_pool *pool = keep_the_only_worker(one_worker, &keeper);
    start(context_new(pool), "return 1");
    start_within(context_new(pool), "return 1", 1);
    sleep_ms(10);
    (void)hutch_pool_poll(pool);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_the_loss_of_a_worker_is_the_next_ones_place(void **state) {
    (void)state;
    hutch_context *keeper;
    hutch_pool *pool = keep_the_only_worker(one_worker, &keeper);
    hutch_context *context = context_new(pool);
    start(context, "return 1");
    expect_none(context);
    assert_int_equal(kill(pid_of(keeper), SIGKILL), 0);
    outcome end = finish(keeper);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
    end = finish(context);
    assert_done(&end, "1");
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_contexts_hold_no_process),
        cmocka_unit_test(test_a_burst_of_short_programs_is_done_by_few_workers),
        cmocka_unit_test(test_long_programs_keep_nobody_waiting),
        cmocka_unit_test(test_programs_that_wait_for_tools_keep_nobody_waiting),
        cmocka_unit_test(test_who_waits_for_one_context_holds_up_no_other),
        cmocka_unit_test(test_each_gets_its_turn_in_order),
        cmocka_unit_test(test_beyond_max_queue_a_start_is_refused_and_says_why),
        cmocka_unit_test(test_programs_that_wait_have_no_more_bytes_than_the_pool_may_hold),
        cmocka_unit_test(test_a_run_that_never_got_a_worker_times_out),
        cmocka_unit_test(test_where_there_is_no_place_nobody_is_woken_before_the_deadline),
        cmocka_unit_test(test_a_program_that_waits_can_be_stopped_and_closed),
        cmocka_unit_test(test_a_pool_is_freed_with_those_that_wait),
        cmocka_unit_test(test_the_loss_of_a_worker_is_the_next_ones_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
