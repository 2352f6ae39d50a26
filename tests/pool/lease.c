/*
 * Which worker a context gets: reuse, trust domains, limits, spare workers.
 */
#include "held_clock.h"
#include "support.h"

#include "pool/state.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The linker's names. */
int __real_memfd_create(const char *name, unsigned flags);
int __wrap_memfd_create(const char *name, unsigned flags);

static pthread_t main_thread;
static atomic_bool others_wait;
static atomic_bool one_waits;

/* Whoever makes a worker makes its memory, and can be held there. */
int __wrap_memfd_create(const char *name, unsigned flags) {
    uint64_t naps = 0;
    while (!pthread_equal(pthread_self(), main_thread) && atomic_load(&others_wait)) {
        atomic_store(&one_waits, true);
        if (!patience_nap(&naps)) {
            break;
        }
    }
    return __real_memfd_create(name, flags);
}

static void hold_other_threads(void) {
    main_thread = pthread_self();
    atomic_store(&one_waits, false);
    atomic_store(&others_wait, true);
}

static bool is_holding(void) {
    return atomic_load(&one_waits);
}

static void let_other_threads_go(void) {
    atomic_store(&others_wait, false);
}

static hutch_status open_in(hutch_pool *pool, uint64_t trust_domain, hutch_context **context,
                            hutch_error *error) {
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.trust_domain = trust_domain;
    return hutch_context_open(pool, &options, context, error);
}

/* Opens, runs and closes; returns who did it. */
static pid_t use_once(hutch_pool *pool, uint64_t trust_domain) {
    hutch_context *context;
    assert_int_equal(open_in(pool, trust_domain, &context, NULL), HUTCH_OK);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    pid_t pid = pid_of(context);
    hutch_context_close(context);
    return pid;
}

static void test_a_worker_serves_one_context_after_another(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    pid_t pid = use_once(pool, 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(use_once(pool, 0), pid);
    }
    hutch_pool_free(pool);
}

static void test_a_worker_never_serves_two_trust_domains(void **state) {
    pid_t pids[4];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (uint64_t domain = 0; domain < 4; domain++) {
        pids[domain] = use_once(pool, domain);
        for (uint64_t other = 0; other < domain; other++) {
            assert_int_not_equal(pids[domain], pids[other]);
        }
    }
    for (uint64_t domain = 0; domain < 4; domain++) {
        assert_int_equal(use_once(pool, domain), pids[domain]);
    }
    hutch_pool_free(pool);
}

static void keep_two(hutch_pool_options *options) {
    options->max_idle = 2;
    options->max_spare = 0;
}

static void test_beyond_max_idle_the_longest_unused_worker_goes(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(keep_two);
    pid_t first = use_once(pool, 1);
    pid_t second = use_once(pool, 2);
    assert_int_equal(use_once(pool, 1), first);
    (void)use_once(pool, 3);
    assert_true(process_ends(second));
    assert_int_equal(use_once(pool, 1), first);
    assert_int_equal(stats_of(pool).workers_killed, 1);
    hutch_pool_free(pool);
}

static void keep_one_for_long(hutch_pool_options *options) {
    options->max_idle = 1;
    options->spare = 0;
    options->max_spare = 4;
    options->kill_grace_ms = 60000;
}

static void test_after_a_burst_workers_stay_for_a_moment(void **state) {
    hutch_context *contexts[6];
    pid_t pids[6];
    (void)state;
    hutch_pool *pool = pool_new(keep_one_for_long);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(open_in(pool, 0, &contexts[i], NULL), HUTCH_OK);
        outcome end = run(contexts[i], "return 1");
        assert_done(&end, "1");
        pids[i] = pid_of(contexts[i]);
    }
    clock_hold();
    for (size_t i = 0; i < 6; i++) {
        hutch_context_close(contexts[i]);
    }
    assert_int_equal(stats_of(pool).idle, 4);
    for (size_t i = 2; i < 6; i++) {
        await_rest(pids[i]);
    }
    clock_move(1000);
    clock_let_go();
    await_idle(pool, 1);
    assert_true(process_ends(pids[0]));
    assert_int_equal(use_once(pool, 0), pids[5]);
    hutch_pool_free(pool);
}

static void test_workers_that_were_closed_in_mid_run_go_after_a_moment_too(void **state) {
    hutch_context *contexts[4];
    pid_t pids[4];
    (void)state;
    hutch_pool *pool = pool_new(keep_one_for_long);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(open_in(pool, 0, &contexts[i], NULL), HUTCH_OK);
        start(contexts[i], "while (true) {}");
        pids[i] = pid_of(contexts[i]);
    }
    clock_hold();
    for (size_t i = 0; i < 4; i++) {
        hutch_context_close(contexts[i]);
    }
    await_idle(pool, 4);
    for (size_t i = 0; i < 4; i++) {
        await_rest(pids[i]);
    }
    clock_move(1000);
    clock_let_go();
    await_idle(pool, 1);
    hutch_pool_free(pool);
}

static void keep_none(hutch_pool_options *options) {
    options->max_idle = 0;
    options->spare = 0;
}

static void test_without_idle_workers_each_context_has_a_fresh_process(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(keep_none);
    pid_t last = 0;
    for (int i = 0; i < 5; i++) {
        pid_t pid = use_once(pool, 0);
        assert_int_not_equal(pid, last);
        assert_true(process_ends(pid));
        last = pid;
    }
    assert_int_equal(stats_of(pool).workers, 0);
    hutch_pool_free(pool);
}

static void most_three(hutch_pool_options *options) {
    options->max_workers = 3;
    options->spare = 2;
}

static void test_beyond_max_workers_programs_wait(void **state) {
    hutch_context *contexts[4];
    (void)state;
    hutch_pool *pool = pool_new(most_three);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(open_in(pool, i, &contexts[i], NULL), HUTCH_OK);
        start(contexts[i], "return 1");
        assert_true(stats_of(pool).workers <= 3);
    }
    for (size_t i = 0; i < 3; i++) {
        outcome end = finish(contexts[i]);
        assert_done(&end, "1");
    }
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(contexts[3], 100000, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_NONE);
    assert_int_equal(hutch_context_get_pid(contexts[3]), 0);
    /* Another domain's idle worker makes place. */
    hutch_context_close(contexts[1]);
    outcome end = finish(contexts[3]);
    assert_done(&end, "1");
    hutch_context_close(contexts[0]);
    hutch_context_close(contexts[2]);
    hutch_context_close(contexts[3]);
    hutch_pool_free(pool);
}

static void five_spare(hutch_pool_options *options) {
    options->spare = 5;
}

/* The watcher is about a spare worker, which is not there yet: it must take no place from a context. */
static void test_a_spare_worker_that_is_being_made_takes_no_place(void **state) {
    hutch_context *contexts[3];
    (void)state;
    hutch_pool *pool = pool_new(most_three);
    pool->queue.at_once = 3;
    hold_other_threads();
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(open_in(pool, i, &contexts[i], NULL), HUTCH_OK);
        start(contexts[i], "return 1");
        assert_non_null(contexts[i]->worker);
        AWAIT(is_holding());
    }
    let_other_threads_go();
    outcome end = finish(contexts[2]);
    assert_done(&end, "1");
    assert_int_equal(stats_of(pool).workers, 3);
    hutch_pool_free(pool);
}

/* Both threads are about the same spare workers. */
static void test_no_more_spare_workers_are_made_than_are_wanted(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(five_spare);
    hold_other_threads();
    hutch_context *context = context_new(pool);
    start(context, "return 1");
    AWAIT(is_holding());
    assert_int_equal(hutch_pool_warm(pool, NULL), HUTCH_OK);
    assert_int_equal(stats_of(pool).workers, 6);
    let_other_threads_go();
    outcome end = finish(context);
    assert_done(&end, "1");
    assert_int_equal(stats_of(pool).workers, 6);
    hutch_pool_free(pool);
}

static void test_spare_workers_are_forked_ahead_of_need(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(five_spare);
    assert_int_equal(stats_of(pool).zygote_pid, 0);
    assert_int_equal(hutch_pool_warm(pool, NULL), HUTCH_OK);
    assert_int_equal(stats_of(pool).workers, 5);
    assert_true(stats_of(pool).zygote_pid > 0);
    assert_int_equal(hutch_pool_warm(pool, NULL), HUTCH_OK);
    assert_int_equal(stats_of(pool).workers, 5);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "");
    assert_done(&end, "");
    await_idle(pool, 5);
    assert_int_equal(stats_of(pool).workers, 6);
    (void)pid_of(context);
    hutch_context_close(context);
    assert_int_equal(stats_of(pool).idle, 6);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_user_comes_back_from_a_context(void **state) {
    hutch_context_options options;
    hutch_context *context;
    int mine;
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options_init(&options);
    options.user = &mine;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    assert_ptr_equal(hutch_context_get_user(context), &mine);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_serves_one_context_after_another),
        cmocka_unit_test(test_a_worker_never_serves_two_trust_domains),
        cmocka_unit_test(test_beyond_max_idle_the_longest_unused_worker_goes),
        cmocka_unit_test(test_after_a_burst_workers_stay_for_a_moment),
        cmocka_unit_test(test_workers_that_were_closed_in_mid_run_go_after_a_moment_too),
        cmocka_unit_test(test_without_idle_workers_each_context_has_a_fresh_process),
        cmocka_unit_test(test_beyond_max_workers_programs_wait),
        cmocka_unit_test(test_a_spare_worker_that_is_being_made_takes_no_place),
        cmocka_unit_test(test_no_more_spare_workers_are_made_than_are_wanted),
        cmocka_unit_test(test_spare_workers_are_forked_ahead_of_need),
        cmocka_unit_test(test_user_comes_back_from_a_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
