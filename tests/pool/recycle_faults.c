/*
 * What can go wrong with a stock of spare workers and processes of one context
 * each. Every fault ends in a clear error or is made up for, and the next run
 * works.
 */
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CONTEXTS = 12, MOST = 64 };

static hutch_context *fresh(hutch_pool *pool) {
    return context_recycled(pool, NULL, HUTCH_RECYCLE_PROCESS);
}

/* Returns who was used, and has been told to go. */
static pid_t use_one(hutch_pool *pool) {
    hutch_context *context = fresh(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    pid_t used = pid_of(context);
    hutch_context_close(context);
    return used;
}

static void use_once(hutch_pool *pool) {
    (void)use_one(pool);
}

/* Opens and closes until there is demand for a good stock. */
static void make_demand(hutch_pool *pool) {
    for (int i = 0; i < 40; i++) {
        hutch_context_close(fresh(pool));
    }
}

/* The zygote's children, zombies included. */
static size_t workers_of(pid_t zygote, pid_t *pids) {
    char path[64];
    size_t count = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)zygote, (int)zygote);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }
    while (count < MOST && fscanf(file, "%d", &pids[count]) == 1) {
        count++;
    }
    (void)fclose(file);
    return count;
}

static pid_t zygote_of(hutch_pool *pool) {
    return (pid_t)stats_of(pool).zygote_pid;
}

static void expect_nothing_left(hutch_pool *pool, size_t descriptors) {
    assert_int_equal(stats_of(pool).contexts, 0);
    hutch_pool_free(pool);
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
}

static void test_a_zygote_killed_while_the_stock_is_refilled(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(NULL);
    for (unsigned delay = 0; delay < 12; delay++) {
        use_once(pool);
        make_demand(pool);
        sleep_ms(delay);
        pid_t zygote = zygote_of(pool);
        assert_int_equal(kill(zygote, SIGKILL), 0);
        hutch_context *context = fresh(pool);
        outcome end = run(context, "return 1");
        if (end.type == HUTCH_EVENT_FAILED) {
            /* It was the dead one's. */
            assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "");
        }
        hutch_context_close(context);
        AWAIT(zygote_of(pool) != zygote);
        use_once(pool);
    }
    expect_nothing_left(pool, descriptors);
}

/* Nobody may have noticed yet: each of the dead costs one run at most, and then all is well. */
static void use_up_the_dead(hutch_pool *pool, size_t count) {
    for (size_t i = 0;; i++) {
        hutch_context *context = fresh(pool);
        outcome end = run(context, "return 1");
        hutch_context_close(context);
        if (end.type != HUTCH_EVENT_FAILED) {
            assert_done(&end, "1");
            return;
        }
        assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
        assert_true(i < count);
    }
}

static void test_all_spare_workers_killed_at_once(void **state) {
    pid_t pids[MOST];
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(NULL);
    for (int round = 0; round < 10; round++) {
        make_demand(pool);
        use_once(pool);
        size_t count = workers_of(zygote_of(pool), pids);
        for (size_t i = 0; i < count; i++) {
            (void)kill(pids[i], SIGKILL);
        }
        use_up_the_dead(pool, count);
    }
    make_demand(pool);
    use_once(pool);
    expect_nothing_left(pool, descriptors);
}

static void test_all_leased_workers_killed_at_once(void **state) {
    hutch_context *contexts[CONTEXTS];
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(NULL);
    for (size_t i = 0; i < CONTEXTS; i++) {
        contexts[i] = fresh(pool);
        start(contexts[i], "for (;;) {}");
    }
    for (size_t i = 0; i < CONTEXTS; i++) {
        assert_int_equal(kill(pid_of(contexts[i]), SIGKILL), 0);
    }
    for (size_t i = 0; i < CONTEXTS; i++) {
        outcome end = finish(contexts[i]);
        assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
        hutch_context_close(contexts[i]);
    }
    use_once(pool);
    expect_nothing_left(pool, descriptors);
}

static void one_spare_hasty(hutch_pool_options *options) {
    options->max_spare = 1;
    options->kill_grace_ms = 1;
}

/* Whoever gets the frozen one waits for its deadline; all others do not notice. */
static void test_a_stopped_spare_worker_costs_one_run_its_time(void **state) {
    pid_t pids[MOST];
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(one_spare_hasty);
    pid_t used = use_one(pool);
    await_idle(pool, 1);
    /* The used one is gone, and the spare one, which is another, sleeps. */
    AWAIT(workers_of(zygote_of(pool), pids) == 1 && pids[0] != used && is_at_rest(pids[0]));
    assert_int_equal(kill(pids[0], SIGSTOP), 0);
    hutch_context *context = fresh(pool);
    start_within(context, "return 1", 100);
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_TIMEOUT, "100 ms");
    assert_false(end.usable);
    hutch_context_close(context);
    assert_true(process_ends(pids[0]));
    use_once(pool);
    expect_nothing_left(pool, descriptors);
}

static void test_a_stopped_worker_is_killed_when_its_context_is_closed(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(NULL);
    for (int i = 0; i < 5; i++) {
        hutch_context *context = fresh(pool);
        pid_t pid = pid_of(context);
        if (i % 2 == 0) {
            start(context, "for (;;) {}");
        }
        assert_int_equal(kill(pid, SIGSTOP), 0);
        hutch_context_close(context);
        assert_true(process_ends(pid));
        use_once(pool);
    }
    expect_nothing_left(pool, descriptors);
}

/* It can neither fork nor reap; the pool goes on with what there is, and ends. */
static void test_a_stopped_zygote_ends_runs_in_time_and_goes_on_later(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(one_spare_hasty);
    use_once(pool);
    pid_t zygote = zygote_of(pool);
    assert_int_equal(kill(zygote, SIGSTOP), 0);
    await_stop(zygote);
    unsigned late = 0;
    for (int i = 0; i < 4; i++) {
        hutch_context *context = fresh(pool);
        start_within(context, "return 1", 100);
        outcome end = finish(context);
        late += end.type == HUTCH_EVENT_FAILED ? 1 : 0;
        assert_true(end.type == HUTCH_EVENT_DONE || end.failure == HUTCH_FAILURE_TIMEOUT);
        hutch_context_close(context);
    }
    /* One spare worker there was, and another may have been on its way. */
    assert_true(late >= 2);
    assert_int_equal(kill(zygote, SIGCONT), 0);
    use_once(pool);
    assert_int_equal(zygote_of(pool), zygote);
    expect_nothing_left(pool, descriptors);
}

static void limit_descriptors_of(pid_t pid, rlim_t most, struct rlimit *before) {
    struct rlimit limit = {0};
    assert_int_equal(prlimit(pid, RLIMIT_NOFILE, NULL, &limit), 0);
    if (before != NULL) {
        *before = limit;
    }
    limit.rlim_cur = most;
    assert_int_equal(prlimit(pid, RLIMIT_NOFILE, &limit, NULL), 0);
}

/* The zygote has no number left for what it is sent, or for its own child. */
static void test_a_zygote_without_descriptors_says_so_and_goes_on_later(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(one_spare_hasty);
    use_once(pool);
    await_idle(pool, 1);
    for (rlim_t most = 4; most <= 6; most++) {
        struct rlimit before;
        pid_t zygote = zygote_of(pool);
        limit_descriptors_of(zygote, most, &before);
        outcome end = {.type = HUTCH_EVENT_NONE};
        for (int i = 0; i < 4 && end.type != HUTCH_EVENT_FAILED; i++) {
            hutch_context *context = fresh(pool);
            end = run(context, "return 1");
            hutch_context_close(context);
        }
        assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "EMFILE");
        limit_descriptors_of(zygote, before.rlim_cur, NULL);
        /* A refused spare worker may still be there to be heard of. */
        hutch_context *context = fresh(pool);
        end = run(context, "return 1");
        if (end.type == HUTCH_EVENT_FAILED) {
            assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "EMFILE");
        }
        hutch_context_close(context);
        use_once(pool);
    }
    expect_nothing_left(pool, descriptors);
}

static void from_refusing_zygote(hutch_pool_options *options) {
    options->worker_path = ZYGOTE_refuse;
}

/* Nothing is asked for again and again while nobody needs it. */
static void test_refused_forks_are_said_and_not_repeated_without_need(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(from_refusing_zygote);
    for (int i = 0; i < 20; i++) {
        hutch_context *context = fresh(pool);
        outcome end = run(context, "return 1");
        assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "EAGAIN");
        hutch_context_close(context);
    }
    for (int i = 0; i < 30; i++) {
        sleep_ms(10);
        assert_null(hutch_pool_poll(pool));
    }
    struct rusage before;
    struct rusage after;
    assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
    for (int i = 0; i < 30; i++) {
        sleep_ms(10);
        assert_null(hutch_pool_poll(pool));
    }
    assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
    /* Sleeps are switches, too: these and a few of the watcher's, no more. */
    assert_true(after.ru_nvcsw - before.ru_nvcsw < 200);
    assert_int_equal(stats_of(pool).workers_forked, 0);
    expect_nothing_left(pool, descriptors);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_zygote_killed_while_the_stock_is_refilled),
        cmocka_unit_test(test_all_spare_workers_killed_at_once),
        cmocka_unit_test(test_all_leased_workers_killed_at_once),
        cmocka_unit_test(test_a_stopped_spare_worker_costs_one_run_its_time),
        cmocka_unit_test(test_a_stopped_worker_is_killed_when_its_context_is_closed),
        cmocka_unit_test(test_a_stopped_zygote_ends_runs_in_time_and_goes_on_later),
        cmocka_unit_test(test_a_zygote_without_descriptors_says_so_and_goes_on_later),
        cmocka_unit_test(test_refused_forks_are_said_and_not_repeated_without_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
