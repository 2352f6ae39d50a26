/*
 * An event loop of the host's own: `wake`, hutch_pool_poll(), next without
 * waiting.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const tools[] = {"ask", NULL};

/* What an event loop's wake-up handle is. */
typedef struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t rung;
    unsigned rings; /* not taken yet */
    unsigned total;
    pthread_t ringer;
} bell;

static bell the_bell = {.mutex = PTHREAD_MUTEX_INITIALIZER, .rung = PTHREAD_COND_INITIALIZER};

static void ring(void *user) {
    bell *rung = user;
    (void)pthread_mutex_lock(&rung->mutex);
    rung->rings++;
    rung->total++;
    rung->ringer = pthread_self();
    (void)pthread_cond_signal(&rung->rung);
    (void)pthread_mutex_unlock(&rung->mutex);
}

static void await_ring(void) {
    (void)pthread_mutex_lock(&the_bell.mutex);
    while (the_bell.rings == 0) {
        (void)pthread_cond_wait(&the_bell.rung, &the_bell.mutex);
    }
    the_bell.rings = 0;
    (void)pthread_mutex_unlock(&the_bell.mutex);
}

static unsigned total_rings(void) {
    (void)pthread_mutex_lock(&the_bell.mutex);
    unsigned total = the_bell.total;
    (void)pthread_mutex_unlock(&the_bell.mutex);
    return total;
}

static void with_wake(hutch_pool_options *options) {
    options->wake = ring;
    options->wake_user = &the_bell;
}

/* Handles what a context has to say. @return whether its run is over */
static bool drain(hutch_context *context, hutch_event_type *last) {
    for (;;) {
        hutch_event event = HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
        switch (event.type) {
        case HUTCH_EVENT_NONE:
            return false;
        case HUTCH_EVENT_TOOL_CALL:
            assert_int_equal(hutch_context_reply(context, event.as.tool_call.id, "1", 1, NULL),
                             HUTCH_OK);
            break;
        case HUTCH_EVENT_DONE:
        case HUTCH_EVENT_FAILED:
            *last = event.type;
            return true;
        default:
            break;
        }
    }
}

/* Goes on until `count` runs are over, only by being woken. */
static void loop_until(hutch_pool *pool, size_t count, hutch_event_type expected) {
    while (count > 0) {
        hutch_context *context;
        await_ring();
        while ((context = hutch_pool_poll(pool)) != NULL) {
            hutch_event_type last = HUTCH_EVENT_NONE;
            if (drain(context, &last)) {
                assert_int_equal(last, expected);
                count--;
            }
        }
    }
}

static void test_an_event_loop_hears_of_everything_by_wake_alone(void **state) {
    enum { COUNT = 30 };
    hutch_context *contexts[COUNT];
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    size_t running = 0;
    for (size_t i = 0; i < COUNT; i++) {
        hutch_event_type last;
        contexts[i] = context_with(pool, tools);
        start(contexts[i], "let n = 0; for (let i = 0; i < 20; i++) n += await ask(i); return n");
        running += drain(contexts[i], &last) ? 0 : 1;
    }
    loop_until(pool, running, HUTCH_EVENT_DONE);
    for (size_t i = 0; i < COUNT; i++) {
        hutch_context_close(contexts[i]);
    }
    assert_false(pthread_equal(the_bell.ringer, pthread_self()));
    hutch_pool_free(pool);
}

static void test_a_megabyte_goes_through_without_waiting_anywhere(void **state) {
    hutch_event_type last;
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    hutch_context *context = context_with(pool, tools);
    char *code = malloc(1100000);
    assert_non_null(code);
    memset(code, ' ', 1100000);
    static const char program[] = "await ask('y'.repeat(1e6)); return 'x'.repeat(1e6)";
    memcpy(code, program, sizeof program - 1);
    assert_int_equal(hutch_context_start(context, code, 1100000, NULL, NULL), HUTCH_OK);
    free(code);
    if (!drain(context, &last)) {
        loop_until(pool, 1, HUTCH_EVENT_DONE);
    }
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* Nobody asks for events after the answer, which does not fit the ring: that the worker has made
 * room must be heard all the same. */
static void test_a_long_answer_travels_although_nobody_asks(void **state) {
    enum { LENGTH = 1000002 };
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    hutch_context *context = context_with(pool, tools);
    start(context, "return (await ask()).length");
    hutch_event event;
    do {
        event = (hutch_event)HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
    } while (event.type != HUTCH_EVENT_WAITING);
    assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_NONE);
    while (hutch_pool_poll(pool) != NULL) {
    }
    char *json = malloc(LENGTH);
    assert_non_null(json);
    memset(json, 'x', LENGTH);
    json[0] = '"';
    json[LENGTH - 1] = '"';
    assert_int_equal(hutch_context_reply(context, 1, json, LENGTH, NULL), HUTCH_OK);
    free(json);
    loop_until(pool, 1, HUTCH_EVENT_DONE);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The deadline must come after the loop has nothing more to do: where the machine is so busy that it
 * does not, the next attempt has more time. */
static void expect_woken_at_deadline(hutch_pool *pool, const char *code) {
    hutch_event_type last;
    bool is_over = true;
    for (uint64_t timeout_ms = 100; is_over; timeout_ms *= 2) {
        hutch_context *context = context_new(pool);
        start_within(context, code, timeout_ms);
        is_over = drain(context, &last);
        if (!is_over) {
            loop_until(pool, 1, HUTCH_EVENT_FAILED);
        }
        hutch_context_close(context);
    }
}

static void test_a_deadline_wakes_the_loop(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    expect_woken_at_deadline(pool, "for (;;) {}");
    expect_woken_at_deadline(
        pool, "return ('a'.repeat(2 ** 24) + 'b').indexOf('a'.repeat(2 ** 23) + 'c')");
    hutch_pool_free(pool);
}

/* However many contexts speak, the host is woken once until it has polled. Their workers are stopped
 * until the host has seen that none of them has anything to say. */
static void test_wake_comes_once_until_the_next_poll(void **state) {
    enum { COUNT = 10 };
    hutch_context *contexts[COUNT];
    pid_t pids[COUNT];
    hutch_event_type last;
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    for (size_t i = 0; i < COUNT; i++) {
        contexts[i] = context_with(pool, tools);
        outcome end = run(contexts[i], "return 0");
        assert_done(&end, "0");
        pids[i] = pid_of(contexts[i]);
        assert_int_equal(kill(pids[i], SIGSTOP), 0);
        await_stop(pids[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        start(contexts[i], "return 1");
        assert_false(drain(contexts[i], &last));
    }
    while (hutch_pool_poll(pool) != NULL) {
    }
    unsigned before = total_rings();
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(kill(pids[i], SIGCONT), 0);
    }
    for (size_t i = 0; i < COUNT; i++) {
        await_rest(pids[i]);
    }
    AWAIT(total_rings() > before);
    /* What does not come cannot be waited for. */
    sleep_ms(20);
    assert_int_equal(total_rings(), before + 1);
    (void)pthread_mutex_lock(&the_bell.mutex);
    the_bell.rings = 1;
    (void)pthread_mutex_unlock(&the_bell.mutex);
    loop_until(pool, COUNT, HUTCH_EVENT_DONE);
    for (size_t i = 0; i < COUNT; i++) {
        hutch_context_close(contexts[i]);
    }
    hutch_pool_free(pool);
}

static void test_poll_has_nothing_to_say_of_a_quiet_pool(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_wake);
    assert_null(hutch_pool_poll(pool));
    hutch_context *context = context_new(pool);
    assert_null(hutch_pool_poll(pool));
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    assert_null(hutch_pool_poll(pool));
    hutch_context_close(context);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_event_loop_hears_of_everything_by_wake_alone),
        cmocka_unit_test(test_a_megabyte_goes_through_without_waiting_anywhere),
        cmocka_unit_test(test_a_long_answer_travels_although_nobody_asks),
        cmocka_unit_test(test_a_deadline_wakes_the_loop),
        cmocka_unit_test(test_wake_comes_once_until_the_next_poll),
        cmocka_unit_test(test_poll_has_nothing_to_say_of_a_quiet_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
