/*
 * What a pool holds for its contexts has a budget (pool/budget.h): who does not
 * fit waits and comes through later, who is small goes on, and one of those that
 * do not fit goes on as well; answers that nobody reads are refused at last.
 */
#include "pool/state.h"
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const tools[] = {"ask", NULL};

static void with_least_budget(hutch_pool_options *options) {
    options->max_held_bytes = HUTCH_MIB;
    options->spare = 0;
}

/* A call whose input has this many bytes, of one value; the result is the answer. */
static void start_call(hutch_context *context, size_t bytes, uint64_t timeout_ms) {
    char code[128];
    snprintf(code, sizeof code, "return await ask('x'.repeat(%zu))", bytes - 2);
    start_within(context, code, timeout_ms);
}

static uint64_t held(hutch_pool *pool) {
    return stats_of(pool).held_bytes;
}

/* Asks until all that there is has been read. */
static void expect_none(hutch_context *context) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(context, 0, &event), HUTCH_OK);
    assert_int_equal(event.type, HUTCH_EVENT_NONE);
}

/* Reads from a context until the pool does not read on, however often it is asked. */
static void read_until_it_waits(hutch_context *context) {
    do {
        expect_none(context);
    } while (context->worker == NULL || !hutch_account_waits(&context->worker->account));
    const hutch_account *account = &context->worker->account;
    uint64_t before = account->held;
    for (int i = 0; i < 1000; i++) {
        expect_none(context);
    }
    assert_int_equal(account->held, before);
    assert_true(hutch_account_waits(account));
}

static uint32_t expect_call(hutch_context *context, size_t bytes) {
    hutch_event event = expect_event(context, HUTCH_EVENT_TOOL_CALL);
    assert_int_equal(event.as.tool_call.input.length, bytes);
    return event.as.tool_call.id;
}

static void reply(hutch_context *context, uint32_t id, const char *json) {
    assert_int_equal(hutch_context_reply(context, id, json, strlen(json), NULL), HUTCH_OK);
}

/* A pool in which `first` has more than the budget, by its turn, and `second` waits in the middle of
 * its input. */
typedef struct scene {
    hutch_pool *pool;
    hutch_context *first;
    hutch_context *second;
    uint32_t call; /* of the first */
} scene;

enum { FIRST_BYTES = 2 * 1024 * 1024, SECOND_BYTES = 900 * 1024 };

static scene set_scene(uint64_t timeout_ms) {
    scene made = {.pool = pool_new(with_least_budget)};
    made.first = context_with(made.pool, tools);
    made.second = context_with(made.pool, tools);
    start_call(made.first, FIRST_BYTES, 0);
    made.call = expect_call(made.first, FIRST_BYTES);
    hutch_context_release(made.first);
    assert_int_equal(held(made.pool), FIRST_BYTES + HUTCH_BUDGET_OF_VALUE);
    start_call(made.second, SECOND_BYTES, timeout_ms);
    read_until_it_waits(made.second);
    return made;
}

static void end_scene(scene *made) {
    hutch_context_close(made->first);
    hutch_context_close(made->second);
    assert_int_equal(held(made->pool), 0);
    hutch_pool_free(made->pool);
}

/* The second comes through with all its bytes, and ends as it should. */
static void expect_second_goes_on(scene *made) {
    uint32_t id = expect_call(made->second, SECOND_BYTES);
    reply(made->second, id, "\"late\"");
    outcome end = finish(made->second);
    assert_done(&end, "\"late\"");
}

static void test_who_does_not_fit_waits_until_there_is_room(void **state) {
    (void)state;
    scene made = set_scene(0);
    reply(made.first, made.call, "1");
    expect_second_goes_on(&made);
    outcome end = finish(made.first);
    assert_done(&end, "1");
    end_scene(&made);
}

static void test_the_pool_says_who_may_go_on(void **state) {
    (void)state;
    scene made = set_scene(0);
    while (hutch_pool_poll(made.pool) != NULL) {
    }
    reply(made.first, made.call, "1");
    /* Its bytes may be on their way only now. */
    while (hutch_pool_poll(made.pool) != made.second) {
        sleep_ms(1);
    }
    expect_second_goes_on(&made);
    end_scene(&made);
}

static void test_others_that_are_small_go_on_meanwhile(void **state) {
    (void)state;
    scene made = set_scene(0);
    hutch_context *small = context_with(made.pool, tools);
    outcome end = run(small, "let n = 0; for (let i = 0; i < 50; i++) {"
                             " console.log('x'.repeat(1000)); n += await ask(i) }"
                             "return [n, 'y'.repeat(100000).length]");
    assert_done(&end, "[1225,100000]");
    assert_int_equal(end.logs, 50);
    hutch_context_close(small);
    end_scene(&made);
}

static void test_the_end_of_who_holds_makes_room(void **state) {
    (void)state;
    for (int way = 0; way < 3; way++) {
        scene made = set_scene(0);
        if (way == 0) {
            hutch_context_close(made.first);
            made.first = NULL;
        } else if (way == 1) {
            assert_int_equal(kill(pid_of(made.first), SIGKILL), 0);
            outcome end = finish(made.first);
            assert_int_equal(end.failure, HUTCH_FAILURE_WORKER_DIED);
        } else {
            hutch_context_stop(made.first);
            outcome end = finish(made.first);
            assert_int_equal(end.failure, HUTCH_FAILURE_STOPPED);
        }
        expect_second_goes_on(&made);
        end_scene(&made);
    }
}

static void test_who_waits_ends_in_time_when_stopped_and_when_killed(void **state) {
    static const hutch_failure failures[] = {HUTCH_FAILURE_TIMEOUT, HUTCH_FAILURE_STOPPED,
                                             HUTCH_FAILURE_WORKER_DIED};
    (void)state;
    for (int way = 0; way < 3; way++) {
        scene made = set_scene(way == 0 ? 2000 : 0);
        if (way == 1) {
            hutch_context_stop(made.second);
        } else if (way == 2) {
            assert_int_equal(kill(pid_of(made.second), SIGKILL), 0);
        }
        outcome end = finish(made.second);
        assert_int_equal(end.type, HUTCH_EVENT_FAILED);
        assert_int_equal(end.failure, failures[way]);
        /* And the first is none the worse for it. */
        reply(made.first, made.call, "1");
        end = finish(made.first);
        assert_done(&end, "1");
        end_scene(&made);
    }
}

static void test_who_waits_can_be_closed(void **state) {
    (void)state;
    scene made = set_scene(0);
    hutch_context_close(made.second);
    made.second = NULL;
    assert_int_equal(held(made.pool), FIRST_BYTES + HUTCH_BUDGET_OF_VALUE);
    end_scene(&made);
}

/* One that waited and was closed is given no turn: the next one behind it is. */
static void test_the_turn_passes_over_who_is_gone(void **state) {
    enum { ALMOST_ALL = 1000000 };
    (void)state;
    hutch_pool *pool = pool_new(with_least_budget);
    hutch_context *holder = context_with(pool, tools);
    hutch_context *first = context_with(pool, tools);
    hutch_context *gone = context_with(pool, tools);
    hutch_context *next = context_with(pool, tools);
    start_call(holder, ALMOST_ALL, 0);
    (void)expect_call(holder, ALMOST_ALL);
    start_call(first, FIRST_BYTES, 0);
    (void)expect_call(first, FIRST_BYTES);
    hutch_context_release(holder);
    hutch_context_release(first);
    /* Whose values make it want more than is always free. */
    start(gone, "return await ask(Array(400000).fill(0))");
    read_until_it_waits(gone);
    start_call(next, SECOND_BYTES, 0);
    read_until_it_waits(next);
    hutch_context_close(gone);
    /* Its worker is idle, or was killed because it took too long to stop. */
    AWAIT(stats_of(pool).workers - stats_of(pool).idle == 3);
    hutch_context_close(first);
    /* Of the budget there is nothing left; so it is its turn. */
    assert_true(held(pool) > ALMOST_ALL);
    (void)expect_call(next, SECOND_BYTES);
    hutch_context_close(next);
    hutch_context_close(holder);
    assert_int_equal(held(pool), 0);
    hutch_pool_free(pool);
}

/* Many that do not fit together: all come through, in turns. */
static void test_all_come_through_whatever_the_others_hold(void **state) {
    enum { COUNT = 12, BYTES = 700 * 1024 };
    hutch_context *contexts[COUNT];
    uint32_t calls[COUNT] = {0};
    size_t done = 0;
    (void)state;
    hutch_pool *pool = pool_new(with_least_budget);
    for (size_t i = 0; i < COUNT; i++) {
        contexts[i] = context_with(pool, tools);
        start_call(contexts[i], BYTES, 0);
    }
    /* Each answer is given when the call of another one has come, or when nobody else moves. */
    while (done < COUNT) {
        for (size_t i = 0; i < COUNT; i++) {
            hutch_event event = HUTCH_EVENT_INIT;
            assert_int_equal(hutch_context_next(contexts[i], 1000, &event), HUTCH_OK);
            assert_int_not_equal(event.type, HUTCH_EVENT_FAILED);
            done += event.type == HUTCH_EVENT_DONE ? 1 : 0;
            if (event.type == HUTCH_EVENT_TOOL_CALL) {
                assert_int_equal(event.as.tool_call.input.length, BYTES);
                calls[i] = event.as.tool_call.id;
            } else if (event.type == HUTCH_EVENT_WAITING) {
                reply(contexts[i], calls[i], "1");
            }
        }
        /* The budget; what one has by its turn; and a little of the others. */
        assert_true(held(pool) <= HUTCH_MIB + 2 * BYTES + COUNT * UINT64_C(512) * 1024);
    }
    for (size_t i = 0; i < COUNT; i++) {
        hutch_context_close(contexts[i]);
    }
    assert_int_equal(held(pool), 0);
    hutch_pool_free(pool);
}

/* Values count while they come in: two inputs of many fit by their bytes, and not by what hosts make of
 * them. */
static void test_values_count_as_well_as_bytes(void **state) {
    static const char many[] = "return await ask(Array(100000).fill(0))";
    enum { BYTES = 200001, COST = BYTES + 64 * 100001 };
    (void)state;
    hutch_pool *pool = pool_new(with_least_budget);
    hutch_context *first = context_with(pool, tools);
    hutch_context *second = context_with(pool, tools);
    start(first, many);
    uint32_t call = expect_call(first, BYTES);
    hutch_context_release(first);
    assert_int_equal(held(pool), COST);
    start(second, many);
    read_until_it_waits(second);
    assert_true(second->worker->body.length < BYTES);
    reply(first, call, "1");
    reply(second, expect_call(second, BYTES), "2");
    outcome end = finish(second);
    assert_done(&end, "2");
    hutch_context_close(first);
    hutch_context_close(second);
    assert_int_equal(held(pool), 0);
    hutch_pool_free(pool);
}

/* ---- answers ---- */

static hutch_context *open_queue(hutch_pool *pool, uint64_t most) {
    static const hutch_tool name = HUTCH_TOOL("ask");
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.tools = &name;
    options.tool_count = 1;
    options.isolate.limits.queued_result_bytes = most;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

static const char four_calls[] =
    "return (await Promise.allSettled([ask(0), ask(1), ask(2), ask(3)]))"
    ".map((r) => r.value?.length ?? r.reason.name + ': ' + /max\\w+/.exec(r.reason.message)[0])";

/* Answers of this length to the four calls of a worker that does not read. */
static outcome answer_deaf(hutch_context *context, size_t length) {
    static char json[2 * 1024 * 1024];
    uint32_t ids[4];
    start(context, four_calls);
    for (size_t i = 0; i < 4; i++) {
        ids[i] = expect_call(context, 1);
    }
    pid_t pid = pid_of(context);
    expect_event(context, HUTCH_EVENT_WAITING);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    memset(json, 'a', length);
    json[0] = json[length - 1] = '"';
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(hutch_context_reply(context, ids[i], json, length, NULL), HUTCH_OK);
    }
    assert_int_equal(kill(pid, SIGCONT), 0);
    return finish(context);
}

/* Of the first answer the ring takes what it can, but its memory stays; so two fit into the queue. */
static void test_answers_that_nobody_takes_are_bounded(void **state) {
    enum { LENGTH = 100000, FRAMES = 2 * 1024 };
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = open_queue(pool, 2 * LENGTH + FRAMES);
    outcome end = answer_deaf(context, LENGTH);
    assert_done(&end, "[99998,99998,\"RangeError: maxQueuedToolResultSize\","
                      "\"RangeError: maxQueuedToolResultSize\"]");
    hutch_context_close(context);
    context = open_queue(pool, 2 * LENGTH - 1);
    end = answer_deaf(context, LENGTH);
    assert_done(&end, "[99998,\"RangeError: maxQueuedToolResultSize\","
                      "\"RangeError: maxQueuedToolResultSize\","
                      "\"RangeError: maxQueuedToolResultSize\"]");
    /* And with a reader there is no queue. */
    end =
        run(context, "let n = 0; for (let i = 0; i < 20; i++) n += (await ask('x'.repeat(150000)))"
                     ".length; return n");
    assert_done(&end, "3000000");
    hutch_context_close(context);
    assert_int_equal(held(pool), 0);
    hutch_pool_free(pool);
}

static void test_one_answer_always_fits(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = open_queue(pool, 2);
    outcome end = answer_deaf(context, 1000000);
    assert_done(&end, "[999998,\"RangeError: maxQueuedToolResultSize\","
                      "\"RangeError: maxQueuedToolResultSize\","
                      "\"RangeError: maxQueuedToolResultSize\"]");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* Another context has the turn, and with it the whole budget. */
static void test_answers_keep_to_the_budget_of_the_pool(void **state) {
    (void)state;
    scene made = set_scene(0);
    hutch_context *context = open_queue(made.pool, 128 * HUTCH_MIB);
    outcome end = answer_deaf(context, 200000);
    assert_done(&end, "[199998,\"RangeError: maxHeldSize\",\"RangeError: maxHeldSize\","
                      "\"RangeError: maxHeldSize\"]");
    hutch_context_close(context);
    end_scene(&made);
}

/* The message of a rejection is an answer as well. */
static void test_rejections_are_bounded_too(void **state) {
    static char text[300000];
    uint32_t ids[2];
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = open_queue(pool, 1000);
    start(context, "return (await Promise.allSettled([ask(0), ask(1)]))"
                   ".map((r) => r.reason.name + r.reason.message.length)");
    ids[0] = expect_call(context, 1);
    ids[1] = expect_call(context, 1);
    pid_t pid = pid_of(context);
    expect_event(context, HUTCH_EVENT_WAITING);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < 2; i++) {
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.message = (hutch_text){text, sizeof text};
        assert_int_equal(hutch_context_reject(context, ids[i], &failure, NULL), HUTCH_OK);
    }
    assert_int_equal(kill(pid, SIGCONT), 0);
    outcome end = finish(context);
    assert_int_equal(end.type, HUTCH_EVENT_DONE);
    assert_non_null(strstr(end.text, "[\"Error300000\",\"RangeError1"));
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The text of a result is held until it has been read, and no longer. */
static void test_a_result_is_held_until_it_is_released(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 'x'.repeat(999998)");
    assert_int_equal(end.length, 1000000);
    assert_int_equal(held(pool), 1000000 + HUTCH_BUDGET_OF_VALUE);
    hutch_context_release(context);
    assert_int_equal(held(pool), 0);
    end = run(context, "return 'x'.repeat(999998)");
    hutch_context_close(context);
    assert_int_equal(held(pool), 0);
    hutch_pool_free(pool);
}

/* ---- what is left over ---- */

/* Others' small runs end, whatever is held: an input and answers beyond what is always free. */
static void expect_others_go_on(hutch_pool *pool) {
    hutch_context *other = context_with(pool, tools);
    start_call(other, SECOND_BYTES, 0);
    reply(other, expect_call(other, SECOND_BYTES), "1");
    outcome end = finish(other);
    assert_done(&end, "1");
    hutch_context_close(other);
}

/* A program with an answer of which its worker has read a part at most, and one behind it. */
static hutch_context *open_with_answers(hutch_pool *pool) {
    static char json[2 * 1024 * 1024];
    hutch_context *context = open_queue(pool, 128 * HUTCH_MIB);
    start_within(context, "ask(0); ask(1); for (;;);", 500);
    memset(json, 'a', sizeof json);
    json[0] = json[sizeof json - 1] = '"';
    for (size_t i = 0; i < 2; i++) {
        uint32_t id = expect_call(context, 1);
        assert_int_equal(hutch_context_reply(context, id, json, sizeof json, NULL), HUTCH_OK);
    }
    return context;
}

static void test_answers_of_a_run_that_is_over_are_dropped(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_least_budget);
    hutch_context *context = open_with_answers(pool);
    assert_true(held(pool) > HUTCH_MIB);
    outcome end = finish(context);
    assert_int_equal(end.failure, HUTCH_FAILURE_TIMEOUT);
    hutch_context_release(context);
    assert_int_equal(held(pool), 0);
    expect_others_go_on(pool);
    /* What was being written is in the way of nothing: the context goes on. */
    for (int i = 0; i < 3; i++) {
        end = run(context, "return await ask(1) + 1");
        assert_done(&end, "2");
        hutch_context_release(context);
        assert_int_equal(held(pool), 0);
    }
    hutch_context_close(context);
    expect_others_go_on(pool);
    assert_int_equal(held(pool), 0);
    hutch_pool_free(pool);
}

static void test_who_is_at_its_end_and_is_not_looked_at_holds_up_nobody(void **state) {
    (void)state;
    for (int way = 0; way < 2; way++) {
        hutch_pool *pool = pool_new(with_least_budget);
        hutch_context *first = context_with(pool, tools);
        start_call(first, FIRST_BYTES, way == 0 ? 3000 : 0);
        (void)expect_call(first, FIRST_BYTES);
        hutch_context_release(first);
        if (way == 1) {
            assert_int_equal(kill(pid_of(first), SIGKILL), 0);
        }
        /* The other one's own deadline is 30 s away. */
        expect_others_go_on(pool);
        while (hutch_pool_poll(pool) != NULL) {
        }
        assert_int_equal(held(pool), 0);
        outcome end = finish(first);
        assert_int_equal(end.failure, way == 0 ? HUTCH_FAILURE_TIMEOUT : HUTCH_FAILURE_WORKER_DIED);
        hutch_context_close(first);
        hutch_pool_free(pool);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_does_not_fit_waits_until_there_is_room),
        cmocka_unit_test(test_the_pool_says_who_may_go_on),
        cmocka_unit_test(test_others_that_are_small_go_on_meanwhile),
        cmocka_unit_test(test_the_end_of_who_holds_makes_room),
        cmocka_unit_test(test_who_waits_ends_in_time_when_stopped_and_when_killed),
        cmocka_unit_test(test_who_waits_can_be_closed),
        cmocka_unit_test(test_the_turn_passes_over_who_is_gone),
        cmocka_unit_test(test_all_come_through_whatever_the_others_hold),
        cmocka_unit_test(test_values_count_as_well_as_bytes),
        cmocka_unit_test(test_answers_that_nobody_takes_are_bounded),
        cmocka_unit_test(test_one_answer_always_fits),
        cmocka_unit_test(test_answers_keep_to_the_budget_of_the_pool),
        cmocka_unit_test(test_rejections_are_bounded_too),
        cmocka_unit_test(test_a_result_is_held_until_it_is_released),
        cmocka_unit_test(test_answers_of_a_run_that_is_over_are_dropped),
        cmocka_unit_test(test_who_is_at_its_end_and_is_not_looked_at_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
