/*
 * Workers, zygotes and hosts that are killed.
 */
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const tools[] = {"ask", NULL};

static void test_a_worker_killed_in_mid_run_fails_that_run_alone(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *victim = context_with(pool, tools);
    hutch_context *other = context_with(pool, tools);
    start(other, "return await ask(1)");
    start(victim, "return await ask(2)");
    expect_event(victim, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(kill(pid_of(victim), SIGKILL), 0);
    outcome end;
    do {
        end = finish(victim);
    } while (end.type == HUTCH_EVENT_NONE);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
    assert_non_null(strstr(end.text, "out-of-memory"));
    assert_string_equal(end.name, "WorkerDiedError");
    assert_false(end.usable);
    assert_int_equal(hutch_context_get_pid(victim), 0);
    assert_int_equal(hutch_context_reply(victim, 1, "1", 1, NULL), HUTCH_OK);
    assert_int_equal(hutch_context_reply(victim, 2, "1", 1, NULL), HUTCH_INVALID_ARGUMENT);
    assert_int_equal(hutch_context_start(victim, "", 0, NULL, NULL), HUTCH_DISPOSED);
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(victim, 0, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_NONE);
    hutch_context_close(victim);
    end = finish(other);
    assert_done(&end, "1");
    hutch_context_close(other);
    hutch_context *next = context_new(pool);
    end = run(next, "return 3");
    assert_done(&end, "3");
    hutch_context_close(next);
    assert_int_equal(stats_of(pool).workers_died, 1);
    hutch_pool_free(pool);
}

static void test_the_signal_of_a_crash_is_named(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    pid_t pid = pid_of(context);
    start(context, "for (;;) {}");
    assert_int_equal(kill(pid, SIGSEGV), 0);
    outcome end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGSEGV");
    hutch_context_close(context);
    context = context_new(pool);
    pid = pid_of(context);
    start(context, "for (;;) {}");
    assert_int_equal(kill(pid, SIGSYS), 0);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_VIOLATION, "forbidden system call");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The loss is told by the run that meets it, once. */
static void assert_next_run_tells(hutch_context *context, const char *how) {
    outcome end = run(context, "return 1");
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, how);
    assert_string_equal(end.name, "WorkerDiedError");
    assert_false(end.usable);
    assert_int_equal(hutch_context_start(context, "", 0, NULL, NULL), HUTCH_DISPOSED);
}

/* The result was whole in the ring before the worker died. */
static void test_a_result_written_before_death_counts(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    pid_t pid = pid_of(context);
    outcome end = run(context, "return 1");
    start(context, "return 'last words'");
    await_rest(pid);
    assert_int_equal(kill(pid, SIGKILL), 0);
    AWAIT(hutch_context_get_pid(context) == 0);
    end = finish(context);
    assert_done(&end, "\"last words\"");
    assert_next_run_tells(context, "SIGKILL");
    hutch_error error = {0};
    assert_int_equal(hutch_context_start(context, "", 0, NULL, &error), HUTCH_DISPOSED);
    assert_non_null(strstr(error.message, "disposed"));
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_worker_that_dies_between_runs_fails_the_next_one(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    pid_t pid = pid_of(context);
    assert_int_equal(kill(pid, SIGKILL), 0);
    AWAIT(hutch_context_get_pid(context) == 0);
    assert_next_run_tells(context, "SIGKILL");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_zygote_that_dies_between_runs_fails_the_next_one_of_each(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *contexts[] = {context_new(pool), context_new(pool)};
    for (size_t i = 0; i < 2; i++) {
        outcome end = run(contexts[i], "return 1");
        assert_done(&end, "1");
    }
    assert_int_equal(kill((pid_t)stats_of(pool).zygote_pid, SIGKILL), 0);
    for (size_t i = 0; i < 2; i++) {
        AWAIT(hutch_context_get_pid(contexts[i]) == 0);
        assert_next_run_tells(contexts[i], "zygote");
        hutch_context_close(contexts[i]);
    }
    hutch_pool_free(pool);
}

/* Limits of the program come first: nobody has asked the worker yet. */
static void test_a_program_that_is_too_long_does_not_hide_the_loss(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.isolate.limits.code_bytes = 8;
    hutch_context *context;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    assert_int_equal(kill(pid_of(context), SIGKILL), 0);
    AWAIT(hutch_context_get_pid(context) == 0);
    end = run(context, "return 12");
    assert_failed(&end, HUTCH_FAILURE_LIMIT, "maxCodeSize");
    assert_true(end.usable);
    assert_next_run_tells(context, "SIGKILL");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_an_idle_worker_that_dies_is_not_used_again(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    pid_t pid = pid_of(context);
    hutch_context_close(context);
    assert_int_equal(kill(pid, SIGKILL), 0);
    AWAIT(stats_of(pool).workers_died > 0);
    context = context_new(pool);
    end = run(context, "return 2");
    assert_done(&end, "2");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_killed_zygote_loses_its_workers_and_the_next_open_works(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *first = context_with(pool, tools);
    hutch_context *second = context_new(pool);
    start(first, "return await ask(1)");
    start(second, "for (;;) {}");
    expect_event(first, HUTCH_EVENT_TOOL_CALL);
    pid_t pids[] = {pid_of(first), pid_of(second)};
    assert_int_equal(kill((pid_t)stats_of(pool).zygote_pid, SIGKILL), 0);
    outcome end = finish(second);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "zygote process was killed by SIGKILL");
    assert_false(end.usable);
    end = finish(first);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "zygote");
    assert_true(process_ends(pids[0]));
    assert_true(process_ends(pids[1]));
    hutch_context_close(first);
    hutch_context_close(second);
    first = context_new(pool);
    end = run(first, "return 'again'");
    assert_done(&end, "\"again\"");
    assert_true(stats_of(pool).zygote_pid > 0);
    hutch_context_close(first);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_all_workers_killed_at_once(void **state) {
    enum { COUNT = 20 };
    hutch_context *contexts[COUNT];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (size_t i = 0; i < COUNT; i++) {
        contexts[i] = context_new(pool);
        start(contexts[i], "for (;;) {}");
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(kill(pid_of(contexts[i]), SIGKILL), 0);
    }
    for (size_t i = 0; i < COUNT; i++) {
        outcome end = finish(contexts[i]);
        assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
        hutch_context_close(contexts[i]);
    }
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_freeing_the_pool_while_everything_is_under_way(void **state) {
    (void)state;
    for (unsigned delay = 0; delay < 24; delay += 3) {
        hutch_pool *pool = pool_new(NULL);
        hutch_context *waiting = context_with(pool, tools);
        hutch_context *busy = context_new(pool);
        start(waiting, "return await ask('x'.repeat(1e5))");
        start(busy, "for (;;) {}");
        hutch_context_close(context_new(pool));
        sleep_ms(delay);
        hutch_pool_free(pool);
        assert_int_equal(count_children(), 0);
    }
}

static void test_freeing_a_pool_whose_zygote_is_stopped(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    (void)pid_of(context);
    assert_int_equal(kill((pid_t)stats_of(pool).zygote_pid, SIGSTOP), 0);
    hutch_pool_free(pool);
    /* The workers are orphans now; whoever adopts them reaps them. */
    assert_int_equal(count_children(), 0);
}

static void test_a_pool_that_was_never_used_or_only_warmed(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    hutch_pool_free(NULL);
    hutch_pool_free(pool_new(NULL));
    hutch_pool *pool = pool_new(NULL);
    assert_int_equal(hutch_pool_warm(pool, NULL), HUTCH_OK);
    hutch_pool_free(pool);
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
}

/* A host that ignores SIGCHLD has its children reaped by the kernel. */
static void test_a_host_that_ignores_sigchld(void **state) {
    (void)state;
    assert_true(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    int64_t zygote = stats_of(pool).zygote_pid;
    assert_int_equal(kill((pid_t)zygote, SIGKILL), 0);
    /* Not until its worker has no pid: here the kernel may have reaped that before the pool knows. */
    AWAIT(stats_of(pool).zygote_pid != zygote);
    hutch_context_close(context);
    context = context_new(pool);
    end = run(context, "return 2");
    assert_done(&end, "2");
    hutch_pool_free(pool);
    assert_true(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
    assert_int_equal(count_children(), 0);
}

/* The host that is going to be killed. */
static void be_a_host(int ready, bool with_stopped_zygote) {
    hutch_pool *pool = pool_new(NULL);
    for (int i = 0; i < 5; i++) {
        hutch_context *context = context_new(pool);
        (void)pid_of(context);
        start(context, "for (;;) {}");
    }
    if (with_stopped_zygote && kill((pid_t)stats_of(pool).zygote_pid, SIGSTOP) != 0) {
        _exit(1);
    }
    if (write(ready, "r", 1) == 1) {
        for (;;) {
            sleep_ms(1000);
        }
    }
    _exit(1);
}

static void kill_a_host(bool with_stopped_zygote) {
    int ready[2];
    char byte;
    pid_t left[32];
    assert_int_equal(pipe(ready), 0);
    pid_t host = fork();
    assert_true(host >= 0);
    if (host == 0) {
        be_a_host(ready[1], with_stopped_zygote);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    size_t count = find_descendants(host, left, 32);
    assert_true(count >= 6 && count <= 32);
    assert_int_equal(kill(host, SIGKILL), 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(process_ends(left[i]));
    }
    assert_int_equal(waitpid(host, NULL, 0), host);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void test_a_killed_host_leaves_no_process(void **state) {
    (void)state;
    kill_a_host(false);
}

/* It cannot see that its socket has closed. */
static void test_a_killed_host_leaves_no_stopped_zygote(void **state) {
    (void)state;
    kill_a_host(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_killed_in_mid_run_fails_that_run_alone),
        cmocka_unit_test(test_the_signal_of_a_crash_is_named),
        cmocka_unit_test(test_a_result_written_before_death_counts),
        cmocka_unit_test(test_a_worker_that_dies_between_runs_fails_the_next_one),
        cmocka_unit_test(test_a_zygote_that_dies_between_runs_fails_the_next_one_of_each),
        cmocka_unit_test(test_a_program_that_is_too_long_does_not_hide_the_loss),
        cmocka_unit_test(test_an_idle_worker_that_dies_is_not_used_again),
        cmocka_unit_test(test_a_killed_zygote_loses_its_workers_and_the_next_open_works),
        cmocka_unit_test(test_all_workers_killed_at_once),
        cmocka_unit_test(test_freeing_the_pool_while_everything_is_under_way),
        cmocka_unit_test(test_freeing_a_pool_whose_zygote_is_stopped),
        cmocka_unit_test(test_a_pool_that_was_never_used_or_only_warmed),
        cmocka_unit_test(test_a_host_that_ignores_sigchld),
        cmocka_unit_test(test_a_killed_host_leaves_no_process),
        cmocka_unit_test(test_a_killed_host_leaves_no_stopped_zygote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
