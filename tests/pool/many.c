/*
 * Many contexts: at once, one after another, and what they leave behind.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 200 };

static const char *const tools[] = {"ask", NULL};

static void shuffle(size_t *order, size_t count) {
    uint32_t random = 12345;
    for (size_t i = count - 1; i > 0; i--) {
        random = random * 1664525u + 1013904223u;
        size_t j = (random >> 8) % (i + 1);
        size_t held = order[i];
        order[i] = order[j];
        order[j] = held;
    }
}

static void test_two_hundred_contexts_each_with_an_open_call(void **state) {
    hutch_context *contexts[AT_ONCE];
    size_t order[AT_ONCE];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    for (size_t i = 0; i < AT_ONCE; i++) {
        contexts[i] = context_with(pool, tools);
        start(contexts[i], "return 'got ' + await ask()");
        order[i] = i;
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        expect_event(contexts[i], HUTCH_EVENT_TOOL_CALL);
    }
    assert_int_equal(stats_of(pool).contexts, AT_ONCE);
    shuffle(order, AT_ONCE);
    for (size_t i = 0; i < AT_ONCE; i++) {
        char json[16];
        int length = snprintf(json, sizeof json, "%zu", order[i]);
        assert_int_equal(hutch_context_reply(contexts[order[i]], 1, json, (size_t)length, NULL),
                         HUTCH_OK);
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        char expected[32];
        outcome end = finish(contexts[i]);
        (void)snprintf(expected, sizeof expected, "\"got %zu\"", i);
        assert_done(&end, expected);
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        hutch_context_close(contexts[i]);
    }
    assert_int_equal(stats_of(pool).contexts, 0);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

static void test_two_thousand_contexts_leave_nothing_behind(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    size_t descriptors = 0;
    size_t children = 0;
    for (int i = 0; i < 2000; i++) {
        hutch_context *context = context_with(pool, tools);
        outcome end = run(context, "return await ask(5)");
        assert_done(&end, "5");
        hutch_context_close(context);
        if (i == 100) {
            /* The one that works, and the spare one. */
            AWAIT(stats_of(pool).workers_forked == 2);
            descriptors = count_descriptors();
            children = count_children();
        }
    }
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), children);
    assert_int_equal(stats_of(pool).workers_forked, 2);
    hutch_pool_free(pool);
    assert_int_equal(count_children(), 0);
}

/* Nobody asks them for anything: what they say must not pile up. */
static void test_ten_thousand_contexts_that_are_only_opened_and_closed(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_context_close(context);
    for (int i = 0; i < 10000; i++) {
        hutch_context_close(context_with(pool, tools));
    }
    context = context_new(pool);
    end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_context_close(context);
    assert_int_equal(stats_of(pool).workers_died, 0);
    hutch_pool_free(pool);
}

static void test_pools_come_and_go_without_a_trace(void **state) {
    (void)state;
    size_t descriptors = count_descriptors();
    for (int i = 0; i < 20; i++) {
        hutch_pool *pool = pool_new(NULL);
        hutch_context *context = context_new(pool);
        if (i % 2 == 0) {
            outcome end = run(context, "return 1");
            assert_done(&end, "1");
        }
        hutch_pool_free(pool);
    }
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
}

static void test_two_pools_do_not_know_of_each_other(void **state) {
    (void)state;
    hutch_pool *first = pool_new(NULL);
    hutch_pool *second = pool_new(NULL);
    hutch_context *a = context_new(first);
    hutch_context *b = context_new(second);
    start(a, "return 'a'");
    start(b, "return 'b'");
    outcome end = finish(b);
    assert_done(&end, "\"b\"");
    hutch_pool_free(second);
    end = finish(a);
    assert_done(&end, "\"a\"");
    hutch_context_close(a);
    hutch_pool_free(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_hundred_contexts_each_with_an_open_call),
        cmocka_unit_test(test_two_thousand_contexts_leave_nothing_behind),
        cmocka_unit_test(test_ten_thousand_contexts_that_are_only_opened_and_closed),
        cmocka_unit_test(test_pools_come_and_go_without_a_trace),
        cmocka_unit_test(test_two_pools_do_not_know_of_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
