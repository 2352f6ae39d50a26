/*
 * A pool whose budget is far too small for its contexts, driven as an event loop
 * drives it: a context is asked once after its start, and then only when the
 * pool names it, or one of its calls has been answered. Contexts are stopped, killed and closed in
 * the middle. Whoever is not must come to its own end, with the right answer: no wake-up is lost,
 * whatever had to wait; and at the end nothing is held any more.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { SEATS = 16, ENDS = 600, OPEN = 8 };

static const char *const tools[] = {"ask", NULL};

typedef struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t rung;
    bool is_rung;
} bell;

static bell the_bell = {.mutex = PTHREAD_MUTEX_INITIALIZER, .rung = PTHREAD_COND_INITIALIZER};

static void ring(void *user) {
    bell *rung = user;
    (void)pthread_mutex_lock(&rung->mutex);
    rung->is_rung = true;
    (void)pthread_cond_signal(&rung->rung);
    (void)pthread_mutex_unlock(&rung->mutex);
}

static void await_ring(void) {
    (void)pthread_mutex_lock(&the_bell.mutex);
    while (!the_bell.is_rung) {
        (void)pthread_cond_wait(&the_bell.rung, &the_bell.mutex);
    }
    the_bell.is_rung = false;
    (void)pthread_mutex_unlock(&the_bell.mutex);
}

/* One context after another. */
typedef struct seat {
    hutch_context *context;
    size_t bytes;      /* of each input */
    size_t calls;      /* of the program */
    bool is_disturbed; /* it was stopped or killed: any end is right */
    bool is_killed;
    uint32_t ids[OPEN]; /* calls without an answer */
    size_t open;
} seat;

typedef struct storm {
    hutch_pool *pool;
    seat seats[SEATS];
    uint32_t random;
    size_t ends;
    size_t own_ends;
    size_t running;
} storm;

static uint32_t pick(storm *s, uint32_t below) {
    s->random = s->random * 1664525u + 1013904223u;
    return (s->random >> 9) % below;
}

static void read_seat(storm *s, seat *one);

/* A program that makes all its calls at once, and counts what comes back. */
static void begin(storm *s, seat *one) {
    char code[256];
    one->bytes = 2 + pick(s, pick(s, 2) == 0 ? 2000 : 700000);
    one->calls = 1 + pick(s, 4);
    one->open = 0;
    one->is_disturbed = false;
    one->is_killed = false;
    snprintf(code, sizeof code,
             "let p = []; for (let i = 0; i < %zu; i++) { console.log('x'.repeat(%u));"
             " p.push(ask('x'.repeat(%zu))) }"
             "p = await Promise.all(p); return 'y'.repeat(%zu + p.length)",
             one->calls, pick(s, 9000), one->bytes - 2, one->bytes);
    start(one->context, code);
    s->running++;
    read_seat(s, one);
}

static void open_seat(storm *s, seat *one) {
    one->context = context_recycled(s->pool, tools,
                                    pick(s, 2) == 0 ? HUTCH_RECYCLE_PROCESS : HUTCH_RECYCLE_RESET);
    if (s->ends < ENDS) {
        begin(s, one);
    }
}

/* A worker that was killed is closed when the pool knows: until then it would be given to another one. */
static void close_seat(const seat *one) {
    AWAIT(!one->is_killed || hutch_context_get_pid(one->context) == 0);
    hutch_context_close(one->context);
}

static void end_run(storm *s, seat *one, const hutch_event *event) {
    outcome end = {.type = HUTCH_EVENT_NONE};
    note_outcome(event, &end);
    s->ends++;
    s->running--;
    s->own_ends += one->is_disturbed ? 0 : 1;
    if (!one->is_disturbed) {
        if (end.type != HUTCH_EVENT_DONE) {
            fail_msg("%s: %s", end.name, end.text);
        }
        assert_int_equal(end.length, one->bytes + one->calls + 2);
    }
    hutch_context_release(one->context);
    /* A result may have been there before the kill was. */
    if (one->is_killed || (end.type == HUTCH_EVENT_FAILED && !end.usable)) {
        close_seat(one);
        open_seat(s, one);
    } else if (s->ends < ENDS) {
        begin(s, one);
    }
}

static void answer_one(storm *s, seat *one) {
    size_t i = pick(s, (uint32_t)one->open);
    uint32_t id = one->ids[i];
    one->ids[i] = one->ids[--one->open];
    assert_int_equal(hutch_context_reply(one->context, id, "7", 1, NULL), HUTCH_OK);
}

/* Everything that a context has to say; it is not asked again before the pool names it. */
static void read_seat(storm *s, seat *one) {
    for (;;) {
        hutch_event event = HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(one->context, 0, &event), HUTCH_OK);
        switch (event.type) {
        case HUTCH_EVENT_TOOL_CALL:
            assert_int_equal(event.as.tool_call.input.length, one->bytes);
            assert_true(one->open < OPEN);
            one->ids[one->open++] = event.as.tool_call.id;
            break;
        case HUTCH_EVENT_DONE:
        case HUTCH_EVENT_FAILED:
            end_run(s, one, &event);
            return;
        case HUTCH_EVENT_WAITING:
        case HUTCH_EVENT_LOG:
            break;
        case HUTCH_EVENT_NONE:
            return;
        }
    }
}

static void disturb(storm *s, seat *one) {
    one->is_disturbed = true;
    uint32_t way = pick(s, 3);
    pid_t pid = (pid_t)hutch_context_get_pid(one->context);
    if (way == 0) {
        hutch_context_stop(one->context);
    } else if (way == 1 && pid > 0) {
        (void)kill(pid, SIGKILL);
        one->is_killed = true;
    } else {
        close_seat(one);
        s->running--;
        open_seat(s, one);
    }
}

static seat *seat_of(storm *s, const hutch_context *context) {
    size_t i = 0;
    while (s->seats[i].context != context) {
        i++;
        assert_true(i < SEATS);
    }
    return &s->seats[i];
}

/* What the host's tools have ready by now: some answers, or one at least when nobody else can move. */
static bool answer_some(storm *s, bool must) {
    bool answered = false;
    for (size_t i = 0; i < SEATS; i++) {
        seat *one = &s->seats[(i + s->ends) % SEATS];
        if (one->open > 0 && (pick(s, 3) == 0 || (must && !answered))) {
            answer_one(s, one);
            answered = true;
            read_seat(s, one);
        }
    }
    return answered;
}

static void turn(storm *s) {
    hutch_context *context;
    bool moved = false;
    while ((context = hutch_pool_poll(s->pool)) != NULL) {
        moved = true;
        read_seat(s, seat_of(s, context));
    }
    if (s->ends < ENDS && pick(s, 20) == 0) {
        disturb(s, &s->seats[pick(s, SEATS)]);
        moved = true;
    }
    if (!answer_some(s, !moved) && !moved && s->running > 0) {
        await_ring();
    }
}

static void with_small_budget(hutch_pool_options *options) {
    options->max_held_bytes = HUTCH_MIB;
    options->wake = ring;
    options->wake_user = &the_bell;
}

static void test_every_run_ends_whatever_the_others_hold(void **state) {
    static storm s = {.random = 9};
    uint64_t most = 0;
    (void)state;
    s.pool = pool_new(with_small_budget);
    for (size_t i = 0; i < SEATS; i++) {
        open_seat(&s, &s.seats[i]);
    }
    /* Those that are still there come to their end as well. */
    while (s.running > 0) {
        turn(&s);
        uint64_t held = stats_of(s.pool).held_bytes;
        most = held > most ? held : most;
    }
    /* The budget, four inputs and a result of one, and a little of each. */
    assert_true(most > HUTCH_MIB / 2 &&
                most < HUTCH_MIB + 6 * 700000 + SEATS * UINT64_C(512) * 1024);
    assert_true(s.own_ends > ENDS / 3);
    for (size_t i = 0; i < SEATS; i++) {
        hutch_context_close(s.seats[i].context);
    }
    assert_int_equal(stats_of(s.pool).held_bytes, 0);
    hutch_pool_free(s.pool);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_run_ends_whatever_the_others_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
