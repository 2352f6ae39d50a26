/*
 * What a pool says of its confinement. That it is true is tests/worker/layers.c's
 * to find out.
 */
#include "support.h"

#include <signal.h>
#include <string.h>

static const char *path;

static void with_path(hutch_pool_options *options) {
    options->worker_path = path;
    options->spare = 0;
}

/* Until the zygote is ready, or has ended: a busy machine may need more than a moment. */
static hutch_status ask(hutch_pool *pool, hutch_confinement *found) {
    hutch_error error;
    hutch_status status;
    do {
        error = (hutch_error){0};
        *found = (hutch_confinement){.size = sizeof *found};
        status = hutch_pool_get_confinement(pool, found, &error);
    } while (status == HUTCH_UNAVAILABLE && strstr(error.message, "not ready yet") != NULL);
    return status;
}

static void assert_complete(const hutch_confinement *found) {
#ifdef HUTCH_LOCKDOWN_SECCOMP
    assert_int_equal(found->missing, 0);
    assert_true((found->on & HUTCH_LAYER_SECCOMP) != 0);
#else
    assert_int_equal(found->missing, HUTCH_LAYER_SECCOMP);
#endif
    assert_true((found->on & HUTCH_LAYER_NO_NEW_PRIVS) != 0);
}

static void test_it_is_known_before_the_first_context_and_stays_the_same(void **state) {
    hutch_confinement first = {.size = sizeof first};
    hutch_confinement second = {.size = sizeof second};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    assert_int_equal(ask(pool, &first), HUTCH_OK);
    assert_complete(&first);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    assert_int_equal(ask(pool, &second), HUTCH_OK);
    assert_int_equal(second.on, first.on);
    hutch_pool_free(pool);
}

static void test_it_is_known_again_after_the_zygote_was_killed(void **state) {
    hutch_confinement found = {.size = sizeof found};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    assert_int_equal(ask(pool, &found), HUTCH_OK);
    assert_int_equal(kill((pid_t)stats_of(pool).zygote_pid, SIGKILL), 0);
    hutch_status status;
    int tries = 1000;
    do {
        /* It may be asked of the one that is dying, which is an error that says so. */
        found = (hutch_confinement){.size = sizeof found};
        status = hutch_pool_get_confinement(pool, &found, NULL);
    } while (status == HUTCH_UNAVAILABLE && tries-- > 0);
    assert_int_equal(status, HUTCH_OK);
    assert_complete(&found);
    hutch_pool_free(pool);
}

static void test_another_size_is_refused(void **state) {
    hutch_confinement found = {.size = sizeof found - 1};
    hutch_error error = {0};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    assert_int_equal(hutch_pool_get_confinement(pool, &found, &error), HUTCH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "size of hutch_confinement is"));
    assert_int_equal(stats_of(pool).zygote_pid, 0);
    hutch_pool_free(pool);
}

static void test_a_zygote_that_ends_before_it_is_ready_is_an_error(void **state) {
    hutch_confinement found = {.size = sizeof found};
    hutch_error error = {0};
    (void)state;
    path = ZYGOTE_end_at_once;
    hutch_pool *pool = pool_new(with_path);
    assert_int_equal(hutch_pool_get_confinement(pool, &found, &error), HUTCH_UNAVAILABLE);
    assert_non_null(strstr(error.message, "before it was ready"));
    assert_int_equal(found.on, 0);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_a_zygote_that_does_nothing_is_an_error_and_not_waited_for(void **state) {
    hutch_confinement found = {.size = sizeof found};
    hutch_error error = {0};
    (void)state;
    path = ZYGOTE_be_silent;
    hutch_pool *pool = pool_new(with_path);
    assert_int_equal(hutch_pool_get_confinement(pool, &found, &error), HUTCH_UNAVAILABLE);
    assert_non_null(strstr(error.message, "not ready yet"));
    assert_int_equal(found.on, 0);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_a_zygote_that_was_stopped_holds_nobody(void **state) {
    hutch_confinement found = {.size = sizeof found};
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    assert_int_equal(hutch_pool_warm(pool, NULL), HUTCH_OK);
    assert_int_equal(kill((pid_t)stats_of(pool).zygote_pid, SIGSTOP), 0);
    (void)hutch_pool_get_confinement(pool, &found, NULL);
    hutch_context *context = context_new(pool);
    start_within(context, "return 1", 50);
    outcome end = finish(context);
    assert_int_not_equal(end.type, HUTCH_EVENT_NONE);
    hutch_context_close(context);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_known_before_the_first_context_and_stays_the_same),
        cmocka_unit_test(test_it_is_known_again_after_the_zygote_was_killed),
        cmocka_unit_test(test_another_size_is_refused),
        cmocka_unit_test(test_a_zygote_that_ends_before_it_is_ready_is_an_error),
        cmocka_unit_test(test_a_zygote_that_does_nothing_is_an_error_and_not_waited_for),
        cmocka_unit_test(test_a_zygote_that_was_stopped_holds_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
