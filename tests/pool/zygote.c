/*
 * Worker programs that cannot be started, and zygotes that do not do their
 * work (hostile_zygote.c).
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path;

static void with_path(hutch_pool_options *options) {
    options->worker_path = path;
    options->spare = 0;
}

static void test_a_worker_path_that_is_not_there_is_refused_with_the_pool(void **state) {
    hutch_pool_options options;
    hutch_pool *pool = NULL;
    hutch_error error = {0};
    (void)state;
    hutch_pool_options_init(&options);
    options.worker_path = "/no/such/worker";
    assert_int_equal(hutch_pool_new(&options, &pool, &error), HUTCH_UNAVAILABLE);
    assert_non_null(strstr(error.message, "/no/such/worker"));
    assert_non_null(strstr(error.message, "ENOENT"));
    assert_true(error.os_error != 0);
    assert_null(pool);
}

/* A file of our own with these bytes and this mode. */
static void make_file(char *name, const char *bytes, mode_t mode) {
    int descriptor = mkstemp(name);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    assert_int_equal(fchmod(descriptor, mode), 0);
    (void)close(descriptor);
}

static void expect_no_start(const char *constant) {
    hutch_context *context = NULL;
    hutch_error error = {0};
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(with_path);
    hutch_status status = hutch_context_open(pool, NULL, &context, &error);
    if (status == HUTCH_OK) {
        /* The machine is busy, and nobody waits that long: the first run is told. */
        outcome end = run(context, "return 1");
        assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, constant);
        hutch_context_close(context);
    } else {
        assert_int_equal(status, HUTCH_UNAVAILABLE);
        assert_null(context);
        if (strstr(error.message, constant) == NULL) {
            fail_msg("message '%s' does not have %s", error.message, constant);
        }
        status = hutch_pool_warm(pool, &error);
        assert_true(status == HUTCH_UNAVAILABLE || status == HUTCH_OK);
    }
    assert_int_equal(stats_of(pool).workers, 0);
    hutch_pool_free(pool);
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
}

static void test_a_file_that_is_no_program_is_refused(void **state) {
    char not_executable[] = "/tmp/hutch-test-XXXXXX";
    char not_a_program[] = "/tmp/hutch-test-XXXXXX";
    (void)state;
    make_file(not_executable, "x", 0600);
    path = not_executable;
    expect_no_start("EACCES");
    make_file(not_a_program, "this is no program", 0700);
    path = not_a_program;
    expect_no_start("ENOEXEC");
    path = "/tmp";
    expect_no_start("EACCES");
    (void)unlink(not_executable);
    (void)unlink(not_a_program);
}

/* The first run fails like this, and the pool can be freed; also in the middle of it. */
static void expect_first_run(const char *program, hutch_failure failure, const char *text) {
    path = program;
    hutch_pool *pool = pool_new(with_path);
    for (int i = 0; i < 3; i++) {
        hutch_context *context = context_new(pool);
        start_within(context, "return 1", failure == HUTCH_FAILURE_TIMEOUT ? 100 : 0);
        outcome end = finish(context);
        assert_failed(&end, failure, text);
        assert_false(end.usable);
        hutch_context_close(context);
    }
    hutch_context *context = context_new(pool);
    start(context, "return 1");
    hutch_context_close(context);
    context = context_new(pool);
    start(context, "return 1");
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_a_zygote_that_ends_before_it_is_ready(void **state) {
    (void)state;
    expect_first_run(ZYGOTE_end_at_once, HUTCH_FAILURE_WORKER_DIED,
                     "The zygote process exited with status 65 (no memory for the image or the "
                     "guest's stack) before it was ready");
}

static void test_a_zygote_that_ends_at_its_first_order(void **state) {
    (void)state;
    expect_first_run(ZYGOTE_end_at_order, HUTCH_FAILURE_WORKER_DIED,
                     "exited with status 3 (not a status of the worker program), and its workers "
                     "with it");
}

static void test_a_refused_fork_says_why(void **state) {
    (void)state;
    expect_first_run(ZYGOTE_refuse, HUTCH_FAILURE_WORKER_DIED,
                     "No worker process could be made: a limit on processes or a resource is "
                     "reached (EAGAIN)");
}

static void test_a_silent_zygote_ends_in_a_timeout(void **state) {
    (void)state;
    expect_first_run(ZYGOTE_be_silent, HUTCH_FAILURE_TIMEOUT, "100 ms");
}

static void test_a_zygote_that_talks_nonsense_is_put_down(void **state) {
    (void)state;
    expect_first_run(ZYGOTE_talk_nonsense, HUTCH_FAILURE_WORKER_DIED, "zygote");
    expect_first_run(ZYGOTE_say_unknown_kind, HUTCH_FAILURE_WORKER_DIED, "zygote");
}

static void test_a_pidfd_that_was_dropped_on_the_way(void **state) {
    (void)state;
    expect_first_run(ZYGOTE_send_no_descriptor, HUTCH_FAILURE_WORKER_DIED, "EMFILE");
}

/* Neither a zombie nor gone. */
static bool is_running(int64_t pid) {
    char name[64];
    char state = 'Z';
    (void)snprintf(name, sizeof name, "/proc/%lld/stat", (long long)pid);
    FILE *file = fopen(name, "re");
    if (file != NULL) {
        (void)fscanf(file, "%*d (%*[^)]) %c", &state);
        (void)fclose(file);
    }
    return state != 'Z' && state != 'X';
}

/* The zygote is gone for the pool, and its process goes on until it is killed, some time later. A
 * program that is started meanwhile goes on at once. @return false: too late to see that, or how it ends */
static bool open_beside_the_dying(hutch_pool *pool) {
    hutch_context *first = context_new(pool);
    int64_t zygote = 0;
    start(first, "return 1");
    while (stats_of(pool).zygote_pid != 0) {
        zygote = stats_of(pool).zygote_pid != 0 ? stats_of(pool).zygote_pid : zygote;
    }
    hutch_context *next = context_new(pool);
    start(next, "return 1");
    bool is_beside = zygote != 0 && is_running(zygote);
    outcome end = finish(first);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "The zygote process ");
    /* Where the first one, too, was opened after its end, how it ends is not known yet. */
    bool is_known = strstr(end.text, "was killed by SIGKILL") != NULL;
    hutch_context_close(first);
    /* The next one ends as the first, and does not wait for its grave. */
    end = finish(next);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "zygote");
    hutch_context_close(next);
    return is_beside && is_known;
}

static void test_nobody_waits_for_a_zygote_that_does_not_end(void **state) {
    (void)state;
    bool is_seen = false;
    path = ZYGOTE_linger;
    hutch_pool *pool = pool_new(with_path);
    /* On a machine that is busy it may be dead when it is looked at. */
    for (int i = 0; i < 100 && !is_seen; i++) {
        is_seen = open_beside_the_dying(pool);
    }
    assert_true(is_seen);
    hutch_context *context = context_new(pool);
    start(context, "return 1");
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_path_that_is_not_there_is_refused_with_the_pool),
        cmocka_unit_test(test_a_file_that_is_no_program_is_refused),
        cmocka_unit_test(test_a_zygote_that_ends_before_it_is_ready),
        cmocka_unit_test(test_a_zygote_that_ends_at_its_first_order),
        cmocka_unit_test(test_a_refused_fork_says_why),
        cmocka_unit_test(test_a_silent_zygote_ends_in_a_timeout),
        cmocka_unit_test(test_a_zygote_that_talks_nonsense_is_put_down),
        cmocka_unit_test(test_a_pidfd_that_was_dropped_on_the_way),
        cmocka_unit_test(test_nobody_waits_for_a_zygote_that_does_not_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
