/*
 * Every run ends by an event: whatever was known to the pool before the host
 * came to ask, and however it asks. Here with real processes; explore.c tries
 * all orders.
 *
 * What the host must hear of has happened before it asks: the tests wait for
 * that, and then for `wake`, and for no time.
 */
#include "pool/state.h"
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

static const char *const tools[] = {"ask", NULL};

/* ---- an event loop that is turned by `wake` alone ---- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken = PTHREAD_COND_INITIALIZER;
static bool is_woken;

static void wake(void *user) {
    (void)user;
    (void)pthread_mutex_lock(&mutex);
    is_woken = true;
    (void)pthread_cond_signal(&woken);
    (void)pthread_mutex_unlock(&mutex);
}

static void await_wake(void) {
    (void)pthread_mutex_lock(&mutex);
    while (!is_woken) {
        (void)pthread_cond_wait(&woken, &mutex);
    }
    is_woken = false;
    (void)pthread_mutex_unlock(&mutex);
}

static void with_wake(hutch_pool_options *options) {
    options->wake = wake;
}

static void with_liars(hutch_pool_options *options) {
    options->wake = wake;
    options->worker_path = HOSTILE_WORKER;
}

/* How a host asks. */
typedef enum manner {
    UNTIL_NONE,
    UNTIL_WAITING,
    ONCE,
    MANNERS,
} manner;

/* @return the end of the run; NONE when it is not over */
static hutch_event ask(hutch_context *context, manner how) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        event = (hutch_event)HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
        if (event.type == HUTCH_EVENT_DONE || event.type == HUTCH_EVENT_FAILED) {
            return event;
        }
    } while (how != ONCE && event.type != HUTCH_EVENT_NONE &&
             !(how == UNTIL_WAITING && event.type == HUTCH_EVENT_WAITING));
    return (hutch_event)HUTCH_EVENT_INIT;
}

/* Polls when woken, and only then. */
static hutch_failure loop_until_failed(hutch_pool *pool, hutch_context *context, manner how) {
    hutch_event end = ask(context, how);
    while (end.type == HUTCH_EVENT_NONE) {
        await_wake();
        while (hutch_pool_poll(pool) != NULL) {
            end = end.type == HUTCH_EVENT_NONE ? ask(context, how) : end;
        }
    }
    assert_int_equal(end.type, HUTCH_EVENT_FAILED);
    return end.as.failed.failure;
}

/* ---- what has happened before ---- */

static const hutch_watched *watched_of(const hutch_context *context) {
    return &context->worker->watched;
}

static void await_loss(const hutch_context *context) {
    while (!atomic_load(&watched_of(context)->is_lost)) {
        sleep_ms(1);
    }
}

/* Its time is over, and it was found asleep, or killed where it did not say so. */
static void await_verdict(const hutch_context *context) {
    while (!atomic_load(&watched_of(context)->is_overdue) &&
           !atomic_load(&watched_of(context)->is_lost)) {
        sleep_ms(1);
    }
}

/* The worker has written something that nobody has read. False: it was lost before. */
static bool await_words(const hutch_context *context, size_t count) {
    size_t bytes = 0;
    while (hutch_ring_readable(&context->worker->to_pool, &bytes) == HUTCH_RING_SOUND &&
           bytes < count) {
        if (atomic_load(&watched_of(context)->is_lost)) {
            return false;
        }
        sleep_ms(1);
    }
    return true;
}

/* A run whose CALL and WAITING are in the ring. On a busy machine its time may be over before that: then
 * it is tried again, with twice the time. */
static hutch_context *begin(hutch_pool *pool, uint64_t timeout_ms) {
    for (;; timeout_ms *= 2) {
        hutch_context *context = context_with(pool, tools);
        outcome end = run(context, "return 1");
        assert_done(&end, "1");
        start_within(context, "return await ask({})", timeout_ms);
        if (await_words(context, 2 * sizeof(hutch_frame_header) + sizeof(hutch_frame_call) + 2 +
                                     sizeof(hutch_frame_waiting))) {
            return context;
        }
        hutch_context_close(context);
    }
}

static void test_a_worker_that_was_killed_before_anything_was_read(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    for (int how = 0; how < MANNERS; how++) {
        hutch_context *context = begin(pool, 60000);
        assert_int_equal(kill(pid_of(context), SIGKILL), 0);
        await_loss(context);
        assert_int_equal(loop_until_failed(pool, context, (manner)how), HUTCH_FAILURE_WORKER_DIED);
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

/* Polls until there is no more, as `wake` is called again only after that. */
static bool is_among_those_with_news(hutch_pool *pool, const hutch_context *context) {
    bool is_among = false;
    const hutch_context *next;
    while ((next = hutch_pool_poll(pool)) != NULL) {
        is_among |= next == context;
    }
    return is_among;
}

static void test_stop_and_answers_do_not_hide_the_loss(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    for (int how = 0; how < MANNERS; how++) {
        hutch_context *context = begin(pool, 60000);
        hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
        assert_int_equal(kill(pid_of(context), SIGKILL), 0);
        await_loss(context);
        while (hutch_pool_poll(pool) != NULL) {
        }
        if (how % 2 == 0) {
            hutch_context_stop(context);
        } else {
            assert_int_equal(hutch_context_reply(context, event.as.tool_call.id, "1", 1, NULL),
                             HUTCH_OK);
        }
        await_wake();
        assert_true(is_among_those_with_news(pool, context));
        assert_int_equal(loop_until_failed(pool, context, (manner)how), HUTCH_FAILURE_WORKER_DIED);
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

/* The worker has ended the run by then, in good order: so the context goes on. */
static void test_a_deadline_that_passed_before_anything_was_read(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    for (int how = 0; how < MANNERS; how++) {
        hutch_context *context = begin(pool, 100);
        sleep_ms(300);
        assert_int_equal(loop_until_failed(pool, context, (manner)how), HUTCH_FAILURE_TIMEOUT);
        outcome end = run(context, "return 2");
        assert_done(&end, "2");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_a_caller_that_waits_in_next_hears_of_each_at_once(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = begin(pool, 100);
    sleep_ms(300);
    outcome end = finish(context);
    assert_int_equal(end.type, HUTCH_EVENT_FAILED);
    hutch_context_close(context);
    context = begin(pool, 60000);
    assert_int_equal(kill(pid_of(context), SIGKILL), 0);
    await_loss(context);
    end = finish(context);
    assert_failed(&end, HUTCH_FAILURE_WORKER_DIED, "SIGKILL");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_worker_that_was_lost_before_its_first_run(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    for (int how = 0; how < MANNERS; how++) {
        hutch_context *context = context_with(pool, tools);
        assert_int_equal(kill(pid_of(context), SIGKILL), 0);
        await_loss(context);
        while (hutch_pool_poll(pool) != NULL) {
        }
        start(context, "return 1");
        assert_int_equal(loop_until_failed(pool, context, (manner)how), HUTCH_FAILURE_WORKER_DIED);
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

/* ---- workers that lie ---- */

static void test_a_liar_that_calls_waits_and_exits(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_liars);
    for (int how = 0; how < MANNERS; how++) {
        hutch_context *context = context_with(pool, tools);
        start(context, "call_wait_and_exit");
        await_loss(context);
        assert_int_equal(loop_until_failed(pool, context, (manner)how), HUTCH_FAILURE_WORKER_DIED);
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_a_liar_that_calls_waits_and_sleeps_past_its_deadline(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_liars);
    for (int how = 0; how < MANNERS; how++) {
        hutch_context *context = context_with(pool, tools);
        pid_t pid = pid_of(context);
        start_within(context, "call_wait_and_sleep", 100);
        await_verdict(context);
        assert_int_equal(loop_until_failed(pool, context, (manner)how), HUTCH_FAILURE_TIMEOUT);
        assert_true(process_ends(pid));
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void with_lying_idlers(hutch_pool_options *options) {
    with_liars(options);
    options->kill_grace_ms = 1;
}

/* The watcher's second is not over yet, or it is: the next context does not get it. One that wakes up
 * now and then may be awake just when it is looked at, and be taken for one that had no processor. */
static void test_a_worker_that_has_not_said_ready_in_time_is_not_given_away(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_lying_idlers);
    hutch_context *context = context_with(pool, tools);
    pid_t pid = pid_of(context);
    outcome end = run(context, "never_ready_and_still");
    assert_done(&end, "1");
    hutch_context_close(context);
    sleep_ms(2);
    await_rest(pid);
    context = context_with(pool, tools);
    assert_int_not_equal(pid_of(context), pid);
    end = run(context, "honest");
    assert_done(&end, "1");
    assert_true(process_ends(pid));
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static void test_a_worker_that_never_says_ready_is_killed(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_liars);
    hutch_context *context = context_with(pool, tools);
    pid_t pid = pid_of(context);
    outcome end = run(context, "never_ready_again");
    assert_done(&end, "1");
    hutch_context_close(context);
    while (stats_of(pool).workers_killed == 0) {
        await_wake();
        assert_null(hutch_pool_poll(pool));
    }
    assert_true(process_ends(pid));
    context = context_with(pool, tools);
    end = run(context, "honest");
    assert_done(&end, "1");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_that_was_killed_before_anything_was_read),
        cmocka_unit_test(test_stop_and_answers_do_not_hide_the_loss),
        cmocka_unit_test(test_a_deadline_that_passed_before_anything_was_read),
        cmocka_unit_test(test_a_caller_that_waits_in_next_hears_of_each_at_once),
        cmocka_unit_test(test_a_worker_that_was_lost_before_its_first_run),
        cmocka_unit_test(test_a_liar_that_calls_waits_and_exits),
        cmocka_unit_test(test_a_liar_that_calls_waits_and_sleeps_past_its_deadline),
        cmocka_unit_test(test_a_worker_that_has_not_said_ready_in_time_is_not_given_away),
        cmocka_unit_test(test_a_worker_that_never_says_ready_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
