/*
 * Contexts that use up a worker process each, and the stock of spare workers
 * that follows them.
 */
#include "held_clock.h"
#include "support.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    STOCK_PERIOD_MS = 100, /* the stock's, over which it counts demand */
    STOCK_LATER_MS = 2,    /* and from the last demand to work that is not urgent */
};

static const char *const tools[] = {"ask", NULL};

static hutch_context *fresh(hutch_pool *pool) {
    return context_recycled(pool, tools, HUTCH_RECYCLE_PROCESS);
}

/* Opens, runs and closes; returns who did it. */
static pid_t use_once(hutch_pool *pool, hutch_recycle recycle) {
    hutch_context *context = context_recycled(pool, tools, recycle);
    outcome end = run(context, "return globalThis.mark = (globalThis.mark ?? 0) + await ask(1)");
    assert_done(&end, "1");
    pid_t pid = pid_of(context);
    hutch_context_close(context);
    return pid;
}

static void test_every_context_has_a_process_of_its_own(void **state) {
    enum { CONTEXTS = 100 };
    pid_t pids[CONTEXTS];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (size_t i = 0; i < CONTEXTS; i++) {
        pids[i] = use_once(pool, HUTCH_RECYCLE_PROCESS);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(pids[i], pids[j]);
        }
    }
    for (size_t i = 0; i < CONTEXTS; i++) {
        assert_true(process_ends(pids[i]));
    }
    assert_int_equal(stats_of(pool).workers_died, 0);
    hutch_pool_free(pool);
}

static void test_a_context_keeps_its_process_from_run_to_run(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = fresh(pool);
    outcome end = run(context, "globalThis.kept = 'kept'");
    pid_t pid = pid_of(context);
    end = run(context, "return kept");
    assert_done(&end, "\"kept\"");
    assert_int_equal(pid_of(context), pid);
    hutch_context_close(context);
    assert_true(process_ends(pid));
    hutch_pool_free(pool);
}

static void test_both_ways_to_recycle_live_in_one_pool(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    pid_t kept = use_once(pool, HUTCH_RECYCLE_RESET);
    for (int i = 0; i < 10; i++) {
        assert_int_not_equal(use_once(pool, HUTCH_RECYCLE_PROCESS), kept);
        assert_int_equal(use_once(pool, HUTCH_RECYCLE_RESET), kept);
    }
    hutch_pool_free(pool);
}

static void test_a_context_closed_in_mid_run_ends_its_process(void **state) {
    static const char *const programs[] = {"for (;;) {}", "await ask()", "for (;;) await ask()"};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (size_t i = 0; i < 30; i++) {
        hutch_context *context = fresh(pool);
        pid_t pid = i % 2 == 0 ? pid_of(context) : 0;
        start(context, programs[i % 3]);
        if (i % 3 != 0) {
            expect_event(context, HUTCH_EVENT_TOOL_CALL);
        }
        hutch_context_close(context);
        assert_true(pid == 0 || process_ends(pid));
    }
    (void)use_once(pool, HUTCH_RECYCLE_PROCESS);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void up_to_twelve(hutch_pool_options *options) {
    options->spare = 2;
    options->max_spare = 12;
}

/* Until the stock has shrunk to this. The end of the period that had the demand cannot be seen; so
 * where nothing happens in a long time, there is another one. */
static void pass_periods(hutch_pool *pool, uint32_t expected) {
    enum { LONG = 500 };
    uint64_t naps = 0;
    assert_true(stats_of(pool).idle > expected);
    do {
        if (naps % LONG == 0) {
            clock_move(STOCK_PERIOD_MS);
        }
        assert_true(patience_nap(&naps));
    } while (stats_of(pool).idle > expected);
    assert_int_equal(stats_of(pool).idle, expected);
}

/* Twenty contexts within one period, and periods without demand after it. */
static void test_the_stock_grows_with_demand_and_shrinks_at_rest(void **state) {
    static const uint32_t shrinking[] = {9, 7, 5, 4, 3, 2};
    (void)state;
    hutch_pool *pool = pool_new(up_to_twelve);
    clock_hold();
    assert_int_equal(hutch_pool_warm(pool, NULL), HUTCH_OK);
    assert_int_equal(stats_of(pool).idle, 2);
    for (int i = 0; i < 20; i++) {
        hutch_context *context = fresh(pool);
        start(context, "");
        hutch_context_close(context);
        assert_true(stats_of(pool).idle <= 12);
    }
    clock_move(STOCK_LATER_MS);
    await_idle(pool, 12);
    for (size_t i = 0; i < sizeof shrinking / sizeof shrinking[0]; i++) {
        pass_periods(pool, shrinking[i]);
    }
    clock_let_go();
    hutch_pool_free(pool);
}

static void only_spare(hutch_pool_options *options) {
    options->spare = 3;
    options->max_spare = 0;
}

static void test_a_max_spare_below_spare_is_without_effect(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(only_spare);
    for (int i = 0; i < 50; i++) {
        (void)use_once(pool, HUTCH_RECYCLE_PROCESS);
        assert_true(stats_of(pool).idle <= 3);
    }
    await_idle(pool, 3);
    hutch_pool_free(pool);
}

static void no_stock(hutch_pool_options *options) {
    options->spare = 0;
    options->max_spare = 0;
    options->max_workers = 2;
}

static void test_without_a_stock_each_process_is_forked_when_it_is_needed(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(no_stock);
    for (int i = 0; i < 20; i++) {
        (void)use_once(pool, HUTCH_RECYCLE_PROCESS);
    }
    hutch_context *first = fresh(pool);
    hutch_context *second = fresh(pool);
    hutch_context *third = fresh(pool);
    (void)pid_of(first);
    (void)pid_of(second);
    start(third, "return 3");
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(third, 100000, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_NONE);
    hutch_context_close(first);
    outcome end = finish(third);
    assert_done(&end, "3");
    hutch_context_close(third);
    hutch_context_close(second);
    assert_int_equal(stats_of(pool).workers, 0);
    hutch_pool_free(pool);
}

/* An idle worker that is kept for a reset context makes place for one that is to be fresh. */
static void test_a_fresh_process_takes_the_place_of_an_idle_one(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(no_stock);
    pid_t first = use_once(pool, HUTCH_RECYCLE_RESET);
    hutch_context *held = fresh(pool);
    hutch_context *other = fresh(pool);
    (void)pid_of(held);
    (void)pid_of(other);
    assert_true(process_ends(first));
    hutch_context_close(other);
    hutch_context_close(held);
    hutch_pool_free(pool);
}

static void test_hundreds_of_contexts_leave_nothing_behind(void **state) {
    (void)state;
    size_t before = count_descriptors();
    hutch_pool *pool = pool_new(up_to_twelve);
    for (int i = 0; i < 600; i++) {
        hutch_context *context = fresh(pool);
        if (i % 4 != 0) {
            outcome end = run(context, "return await ask(5)");
            assert_done(&end, "5");
        }
        hutch_context_close(context);
    }
    /* The pool's own, and each spare worker's doorbell and process. */
    AWAIT(count_descriptors() <= before + 5 + 2 * 2 + 2 * 2);
    AWAIT(count_children() <= 1 + 2 + 2);
    await_idle(pool, 2);
    hutch_pool_free(pool);
    assert_int_equal(count_descriptors(), before);
    assert_int_equal(count_children(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_context_has_a_process_of_its_own),
        cmocka_unit_test(test_a_context_keeps_its_process_from_run_to_run),
        cmocka_unit_test(test_both_ways_to_recycle_live_in_one_pool),
        cmocka_unit_test(test_a_context_closed_in_mid_run_ends_its_process),
        cmocka_unit_test(test_the_stock_grows_with_demand_and_shrinks_at_rest),
        cmocka_unit_test(test_a_max_spare_below_spare_is_without_effect),
        cmocka_unit_test(test_without_a_stock_each_process_is_forked_when_it_is_needed),
        cmocka_unit_test(test_a_fresh_process_takes_the_place_of_an_idle_one),
        cmocka_unit_test(test_hundreds_of_contexts_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
