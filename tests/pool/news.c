/*
 * Who waits for a pool: by its descriptor, in an event loop, or in
 * hutch_pool_wait(). Nothing here asks a context that the pool has not named.
 */
#include "pool/state.h"
#include "support.h"

#include <poll.h>
#include <signal.h>

static const char *const tools[] = {"ask", NULL};

enum { FOR_EVER = -1 };

static int descriptor_of(hutch_pool *pool) {
    int descriptor = -1;
    assert_int_equal(hutch_pool_get_descriptor(pool, &descriptor, NULL), HUTCH_OK);
    return descriptor;
}

/* @return whether it is readable, within the time in milliseconds */
static bool is_readable(int descriptor, int within) {
    struct pollfd waits = {.fd = descriptor, .events = POLLIN};
    int ready;
    do {
        ready = poll(&waits, 1, within);
    } while (ready < 0);
    return ready == 1;
}

/* The next context with news, in one of the two ways. */
typedef hutch_context *next_with_news(hutch_pool *pool);

static hutch_context *by_descriptor(hutch_pool *pool) {
    int descriptor = descriptor_of(pool);
    hutch_context *context;
    while ((context = hutch_pool_poll(pool)) == NULL) {
        assert_true(is_readable(descriptor, FOR_EVER));
    }
    return context;
}

static hutch_context *by_wait(hutch_pool *pool) {
    hutch_context *context = hutch_pool_wait(pool, UINT64_MAX);
    assert_non_null(context);
    return context;
}

static next_with_news *const ways[] = {by_descriptor, by_wait};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* Takes all that there is; calls are answered, unless `silent`. @return the end of the run, or NONE */
static hutch_event drain(hutch_context *context, bool silent) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        assert_int_equal(hutch_context_poll(context, 0, &event), HUTCH_OK);
        if (event.type == HUTCH_EVENT_TOOL_CALL && !silent) {
            assert_int_equal(hutch_context_reply(context, event.as.tool_call.id, "1", 1, NULL),
                             HUTCH_OK);
        }
    } while (event.type != HUTCH_EVENT_NONE && event.type != HUTCH_EVENT_DONE &&
             event.type != HUTCH_EVENT_FAILED);
    return event;
}

static hutch_event await_end(hutch_pool *pool, next_with_news *next, bool silent) {
    hutch_event event = HUTCH_EVENT_INIT;
    while (event.type == HUTCH_EVENT_NONE) {
        event = drain(next(pool), silent);
    }
    return event;
}

static void test_many_contexts_are_served(void **state) {
    enum { COUNT = 30 };
    hutch_context *contexts[COUNT];
    (void)state;
    for (size_t way = 0; way < WAYS; way++) {
        hutch_pool *pool = pool_new(NULL);
        size_t running = 0;
        for (size_t i = 0; i < COUNT; i++) {
            contexts[i] = context_with(pool, tools);
            start(contexts[i],
                  "let n = 0; for (let i = 0; i < 20; i++) n += await ask(i); return n");
            running += drain(contexts[i], false).type == HUTCH_EVENT_NONE ? 1 : 0;
        }
        for (; running > 0; running--) {
            assert_int_equal(await_end(pool, ways[way], false).type, HUTCH_EVENT_DONE);
        }
        hutch_pool_free(pool);
    }
}

static void test_a_deadline_and_a_loss_are_heard_of(void **state) {
    (void)state;
    for (size_t way = 0; way < WAYS; way++) {
        hutch_pool *pool = pool_new(patient);
        hutch_context *context = context_with(pool, tools);
        (void)start_until_it_waits(context, "return await ask({})", 100);
        hutch_event end = await_end(pool, ways[way], true);
        assert_int_equal(end.type, HUTCH_EVENT_FAILED);
        assert_int_equal(end.as.failed.failure, HUTCH_FAILURE_TIMEOUT);
        start(context, "return await ask({})");
        (void)drain(context, true);
        assert_int_equal(kill(pid_of(context), SIGKILL), 0);
        end = await_end(pool, ways[way], true);
        assert_int_equal(end.type, HUTCH_EVENT_FAILED);
        assert_int_equal(end.as.failed.failure, HUTCH_FAILURE_WORKER_DIED);
        hutch_pool_free(pool);
    }
}

static void test_the_descriptor_is_readable_while_there_is_news_and_no_longer(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    int descriptor = descriptor_of(pool);
    assert_false(is_readable(descriptor, 0));
    hutch_context *context = context_with(pool, tools);
    start(context, "return await ask({})");
    (void)drain(context, true);
    /* The call, or WAITING after it. It stays readable until a poll has found nothing. */
    for (int i = 0; i < 2; i++) {
        assert_true(is_readable(descriptor, FOR_EVER));
    }
    hutch_context_stop(context);
    assert_int_equal(await_end(pool, by_descriptor, true).type, HUTCH_EVENT_FAILED);
    hutch_context_close(context);
    /* What the worker still does at the end of a context is the pool's to look after. */
    AWAIT(hutch_pool_poll(pool) == NULL && !is_readable(descriptor, 0));
    assert_int_equal(descriptor_of(pool), descriptor);
    hutch_pool_free(pool);
}

static bool is_woken(hutch_watcher *watcher) {
    hutch_watcher_lock(watcher);
    bool woken = watcher->is_woken;
    hutch_watcher_unlock(watcher);
    return woken;
}

static void test_a_descriptor_that_is_asked_for_late_knows_of_the_news(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, tools);
    start(context, "return await ask({})");
    assert_int_equal(drain(context, true).type, HUTCH_EVENT_NONE);
    hutch_watcher *watcher = &pool->watcher;
    AWAIT(is_woken(watcher));
    assert_true(is_readable(descriptor_of(pool), 0));
    hutch_pool_free(pool);
}

static void test_waiting_ends_with_its_time(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    assert_null(hutch_pool_wait(pool, 0));
    assert_null(hutch_pool_wait(pool, 1000));
    hutch_context *context = context_with(pool, tools);
    start(context, "return await ask({})");
    (void)expect_event(context, HUTCH_EVENT_TOOL_CALL);
    (void)expect_event(context, HUTCH_EVENT_WAITING);
    (void)drain(context, true);
    while (hutch_pool_poll(pool) != NULL) {
        (void)drain(context, true);
    }
    assert_null(hutch_pool_wait(pool, 1000));
    hutch_pool_free(pool);
}

static void test_poll_never_sleeps(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_with(pool, tools);
    start(context, "return await ask({})");
    (void)expect_event(context, HUTCH_EVENT_TOOL_CALL);
    hutch_event event = drain(context, true);
    /* However long it may look: at most as long as the pool looks. */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(hutch_context_poll(context, UINT64_MAX, &event), HUTCH_OK);
        assert_int_equal(event.type, HUTCH_EVENT_NONE);
    }
    event.size = 0;
    assert_int_equal(hutch_context_poll(context, 0, &event), HUTCH_INVALID_ARGUMENT);
    hutch_pool_free(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_contexts_are_served),
        cmocka_unit_test(test_a_deadline_and_a_loss_are_heard_of),
        cmocka_unit_test(test_the_descriptor_is_readable_while_there_is_news_and_no_longer),
        cmocka_unit_test(test_a_descriptor_that_is_asked_for_late_knows_of_the_news),
        cmocka_unit_test(test_waiting_ends_with_its_time),
        cmocka_unit_test(test_poll_never_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
