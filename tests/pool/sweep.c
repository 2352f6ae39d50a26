/*
 * A scripted run, in which every step of the host's is a point where it may
 * change its mind: at step 0, 1, 2, … the context is closed, or the run is
 * stopped, or both, or the pool is freed. Each time the run ends in order, and
 * the next one works.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const char *const tools[] = {"ask", NULL};

/* Logs, calls in a row and together, more than fits into a ring in both directions, a long end. */
static const char script[] =
    "console.log('begin');"
    "let sum = await ask(1);"
    "sum += (await Promise.all([ask(2), ask(3), ask(4)])).reduce((a, b) => a + b);"
    "console.log('middle');"
    "const echo = await ask('x'.repeat(2e5));"
    "for (let i = 0; i < 3; i++) sum += await ask(i);"
    "console.log('end');"
    "return echo.length + sum";
#define SCRIPT_RESULT "200013"

/* The script's end is far from here. */
enum { STEPS_MOST = 200 };

/* What the host does at the point. */
typedef enum change {
    CHANGE_CLOSE,
    CHANGE_STOP,
    CHANGE_STOP_AND_CLOSE,
    CHANGE_FREE_POOL,
} change;

/* One pass through the script. */
typedef struct walk {
    hutch_pool *pool;
    hutch_context *context;
    hutch_recycle recycle;
    change change;
    int steps_left; /* until the host changes its mind */
    bool is_over;   /* no context, or no pool any more */
    outcome end;
} walk;

static void change_mind(walk *self) {
    if (self->change == CHANGE_STOP || self->change == CHANGE_STOP_AND_CLOSE) {
        hutch_context_stop(self->context);
    }
    if (self->change == CHANGE_CLOSE || self->change == CHANGE_STOP_AND_CLOSE) {
        hutch_context_close(self->context);
        self->is_over = true;
    }
    if (self->change == CHANGE_FREE_POOL) {
        hutch_pool_free(self->pool);
        self->pool = pool_new(NULL);
        self->is_over = true;
    }
}

/* A point has come. @return false: nothing more is to be done with the context */
static bool step(walk *self) {
    if (self->steps_left-- == 0) {
        change_mind(self);
    }
    return !self->is_over;
}

/* The event's texts live until the next call on the context. */
static bool answer(walk *self, const hutch_event *event) {
    const hutch_tool_call *call = &event->as.tool_call;
    char *input = malloc(call->input.length);
    assert_non_null(input);
    memcpy(input, call->input.data, call->input.length);
    bool goes_on = step(self);
    if (goes_on) {
        assert_int_equal(
            hutch_context_reply(self->context, call->id, input, call->input.length, NULL),
            HUTCH_OK);
        goes_on = step(self);
    }
    free(input);
    return goes_on;
}

static void note_end(walk *self, const hutch_event *event) {
    self->end.type = event->type;
    if (event->type == HUTCH_EVENT_DONE) {
        assert_true(text_equals(event->as.done.json, SCRIPT_RESULT));
    } else {
        self->end.failure = event->as.failed.failure;
        self->end.usable = event->as.failed.usable;
    }
}

/* @return false: the run is over, or the context gone */
static bool take_event(walk *self) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(self->context, LONG_US, &event), HUTCH_OK);
    switch (event.type) {
    case HUTCH_EVENT_TOOL_CALL:
        return answer(self, &event);
    case HUTCH_EVENT_LOG:
    case HUTCH_EVENT_WAITING:
        return step(self);
    case HUTCH_EVENT_DONE:
    case HUTCH_EVENT_FAILED:
        note_end(self, &event);
        return false;
    default:
        fail_msg("the run does not end");
        return false;
    }
}

static void expect_next_run(walk *self) {
    hutch_context *context = context_recycled(self->pool, tools, self->recycle);
    outcome end = run(context, "return 1 + await ask(6)");
    assert_done(&end, "7");
    hutch_context_close(context);
}

/* @return false: the script ended before the point */
static bool pass(walk *self, int point) {
    self->steps_left = point;
    self->is_over = false;
    self->end = (outcome){0};
    self->context = context_recycled(self->pool, tools, self->recycle);
    if (step(self)) {
        start(self->context, script);
        for (bool goes_on = step(self); goes_on;) {
            goes_on = take_event(self);
        }
    }
    if (!self->is_over) {
        /* Asked to stop, it may have been as fast to end. */
        bool stopped = self->end.type == HUTCH_EVENT_FAILED;
        assert_true(!stopped || self->end.failure == HUTCH_FAILURE_STOPPED);
        assert_true(!stopped || self->steps_left < 0);
        if (self->end.type == HUTCH_EVENT_DONE || self->end.usable) {
            outcome again = run(self->context, "return 'again'");
            assert_done(&again, "\"again\"");
        }
        hutch_context_close(self->context);
    }
    expect_next_run(self);
    return self->steps_left < 0;
}

static void sweep(hutch_recycle recycle, change made) {
    walk self = {.recycle = recycle, .change = made};
    size_t descriptors = count_descriptors();
    self.pool = pool_new(NULL);
    int points = 0;
    while (pass(&self, points)) {
        points++;
        assert_true(points < STEPS_MOST);
    }
    /* Open, started, ten calls with an answer each, and three logs, at least. */
    assert_true(points > 20);
    assert_int_equal(stats_of(self.pool).contexts, 0);
    assert_int_equal(stats_of(self.pool).workers_died, 0);
    hutch_pool_free(self.pool);
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
}

static void test_a_context_closed_at_every_step(void **state) {
    (void)state;
    sweep(HUTCH_RECYCLE_RESET, CHANGE_CLOSE);
    sweep(HUTCH_RECYCLE_PROCESS, CHANGE_CLOSE);
}

static void test_a_run_stopped_at_every_step(void **state) {
    (void)state;
    sweep(HUTCH_RECYCLE_RESET, CHANGE_STOP);
    sweep(HUTCH_RECYCLE_PROCESS, CHANGE_STOP);
}

static void test_a_run_stopped_and_its_context_closed_at_every_step(void **state) {
    (void)state;
    sweep(HUTCH_RECYCLE_RESET, CHANGE_STOP_AND_CLOSE);
    sweep(HUTCH_RECYCLE_PROCESS, CHANGE_STOP_AND_CLOSE);
}

static void test_a_pool_freed_at_every_step(void **state) {
    (void)state;
    sweep(HUTCH_RECYCLE_RESET, CHANGE_FREE_POOL);
    sweep(HUTCH_RECYCLE_PROCESS, CHANGE_FREE_POOL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_context_closed_at_every_step),
        cmocka_unit_test(test_a_run_stopped_at_every_step),
        cmocka_unit_test(test_a_run_stopped_and_its_context_closed_at_every_step),
        cmocka_unit_test(test_a_pool_freed_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
