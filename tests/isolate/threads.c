/*
 * Several isolates in one process, one a thread.
 */
#include "program.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define THREADS 4
#define ROUNDS 60

typedef struct job {
    int32_t offset;
    int64_t clock;
    bool good;
} job;

/* cmocka's assertions belong to the main thread. */
static bool gives(hutch_isolate *isolate, const char *code, const char *json) {
    hutch_event event = HUTCH_EVENT_INIT;
    hutch_status status = hutch_isolate_start(isolate, code, strlen(code), NULL);
    while (status == HUTCH_OK) {
        status = hutch_isolate_next(isolate, &event);
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            status = hutch_isolate_reply(isolate, event.as.tool_call.id, "[7]", 3, NULL);
        } else if (event.type == HUTCH_EVENT_DONE) {
            return program_text_is(event.as.done.json, json);
        } else if (event.type != HUTCH_EVENT_LOG) {
            return false;
        }
    }
    return false;
}

static void *work(void *argument) {
    job *mine = argument;
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    options.utc_offset_minutes = mine->offset;
    options.fixed_clock = true;
    options.fixed_clock_ms = mine->clock;
    hutch_isolate *isolate = NULL;
    if (hutch_isolate_new(&options, &isolate, NULL) != HUTCH_OK) {
        return NULL;
    }
    char expected[128];
    snprintf(expected, sizeof expected, "[%d,%lld,7,500]", (int)-mine->offset,
             (long long)mine->clock);
    mine->good = true;
    for (int i = 0; i < ROUNDS && mine->good; i++) {
        mine->good = hutch_isolate_reset(isolate, NULL, NULL) == HUTCH_OK &&
                     program_add_tool(isolate, "tool", 4, NULL) == HUTCH_OK &&
                     gives(isolate,
                           "const kept = Array.from({ length: 500 }, (_, i) => ({ i }));"
                           "console.log(new Date()); const [n] = await tool();"
                           "Atomics.notify(new Int32Array(new SharedArrayBuffer(4)), 0);"
                           "return [new Date().getTimezoneOffset(), Date.now(), n, kept.length]",
                           expected);
    }
    hutch_isolate_free(isolate);
    return NULL;
}

static void isolates_of_several_threads_do_not_see_each_other(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    job jobs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (job){.offset = i * 60, .clock = 1000 * i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(jobs[i].good);
    }
}

static void isolates_of_one_thread_take_turns(void **state) {
    hutch_isolate_options options = program_options();
    options.fixed_clock = true;
    options.fixed_clock_ms = 5;
    hutch_isolate *other = program_isolate(&options);
    program_start(*state, "globalThis.x = 1; await never(); return x");
    program_start(other, "globalThis.x = 2; await never(); return [x, Date.now()]");
    uint32_t first = program_next(*state).as.tool_call.id;
    uint32_t second = program_next(other).as.tool_call.id;
    program_reply(other, second, "0");
    program_reply(*state, first, "0");
    program_end end;
    program_finish(other, &end);
    assert_string_equal(end.json, "[2,5]");
    program_finish(*state, &end);
    assert_string_equal(end.json, "1");
    hutch_isolate_free(other);
}

static void *stop_soon(void *isolate) {
    hutch_isolate_stop(isolate);
    return NULL;
}

static void another_thread_can_stop_a_run(void **state) {
    program_start(*state, "console.log('running'); await 0; for (;;) ;");
    assert_int_equal(program_next(*state).type, HUTCH_EVENT_LOG);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, *state), 0);
    program_end end;
    program_finish(*state, &end);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(end.failure, HUTCH_FAILURE_STOPPED);
}

/* An isolate may move to another thread between two calls. */
static void *finish_elsewhere(void *isolate) {
    hutch_event event = HUTCH_EVENT_INIT;
    bool done = hutch_isolate_next(isolate, &event) == HUTCH_OK && event.type == HUTCH_EVENT_DONE &&
                program_text_is(event.as.done.json, "3");
    return done ? isolate : NULL;
}

static void an_isolate_can_move_between_threads(void **state) {
    program_start(*state, "const f = (n) => n && 1 + f(n - 1); await never(); return f(3)");
    uint32_t id = program_next(*state).as.tool_call.id;
    program_reply(*state, id, "0");
    pthread_t thread;
    void *result = NULL;
    assert_int_equal(pthread_create(&thread, NULL, finish_elsewhere, *state), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, *state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        program_test(isolates_of_several_threads_do_not_see_each_other),
        program_test(isolates_of_one_thread_take_turns),
        program_test(another_thread_can_stop_a_run),
        program_test(an_isolate_can_move_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
