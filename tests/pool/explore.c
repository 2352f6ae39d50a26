/*
 * Every run ends: an exploration of everything that can happen to a run with one
 * tool call. The host asks, polls, answers, stops, closes or is busy; the
 * watcher turns, in time or late; the worker goes on or goes astray; one step
 * each, in every order. Also in the middle of the host's asking, where the
 * worker's moves and the watcher's turns fall between its looks (INTERRUPTIONS
 * of them).
 *
 * The pool's code is the real one, in a world without threads and time
 * (explore_world.h). In each state that is reached, whatever the worker does
 * from there on, the host goes back to turning its loop: it polls when it has
 * been woken, and only then. The run must end by an event after a few turns; and
 * a worker that has been given back must come to rest, or be gone.
 */
#include "explore_world.h"

#include "plat/clock.h"
#include "plat/watch.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 100
#define LONG_US UINT64_C(1000000000)
#define GRACE_NS (50 * HUTCH_NS_PER_MS)

enum {
    MOST_TURNS = 400, /* of everybody together, until a run has ended */
    PLACES = 1 << 22, /* for digests */
    DEEPEST = 1000,
};

/* How a host asks a context that poll has given it. */
typedef enum host_habit {
    ASKS_UNTIL_NONE,    /* as the contract says */
    ASKS_UNTIL_WAITING, /* as if nothing could come without an answer */
    ASKS_ONCE,
    WATCHES_DESCRIPTOR, /* as ASKS_UNTIL_NONE, and knows nothing of `wake` */
    SLEEPS_IN_NEXT,     /* never polls: `next` waits */
    HABITS,
} host_habit;

/* How the present state was reached. */
static const char *path[DEEPEST];
static size_t path_length;

/* What has been seen. */
static struct {
    uint64_t (*digests)[2];
    size_t states;
    size_t steps;
    size_t ends[2]; /* runs that ended with DONE, with FAILED */
    size_t deepest;
} seen;

/* ---- the host ---- */

static void note(const hutch_event *event) {
    state.must_ask = false;
    if (event->type == HUTCH_EVENT_TOOL_CALL) {
        state.open_call = event->as.tool_call.id;
    } else if (event->type == HUTCH_EVENT_DONE || event->type == HUTCH_EVENT_FAILED) {
        state.end = event->type;
        state.usable = event->type == HUTCH_EVENT_DONE || event->as.failed.usable;
    }
}

static hutch_event_type ask(uint64_t wait_us) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(state.context, wait_us, &event), HUTCH_OK);
    note(&event);
    return event.type;
}

static void poll_once(void) {
    state.wake = false;
    state.is_polling = hutch_pool_poll(state.pool) != NULL;
    assert_int_equal(state.news, state.pool->watcher.is_woken);
    state.must_ask |= state.is_polling;
}

static void reply(void) {
    assert_int_equal(hutch_context_reply(state.context, state.open_call, "1", 1, NULL), HUTCH_OK);
    state.open_call = 0;
}

static void close_context(void) {
    hutch_context_close(state.context);
    state.context = NULL;
    state.is_closed = true;
}

/* ---- going back to the loop ---- */

static bool is_over(void) {
    return state.end != HUTCH_EVENT_NONE || state.is_closed;
}

static void ask_as_usual(host_habit habit) {
    hutch_event_type type;
    do {
        type = ask(0);
    } while (!is_over() && type != HUTCH_EVENT_NONE && habit != ASKS_ONCE &&
             !(habit == ASKS_UNTIL_WAITING && type == HUTCH_EVENT_WAITING));
}

static void serve_wake(host_habit habit) {
    do {
        poll_once();
        if (state.is_polling && !is_over()) {
            ask_as_usual(habit);
        }
    } while (state.is_polling);
}

static bool is_woken(host_habit habit) {
    return habit == WATCHES_DESCRIPTOR ? state.news : state.wake;
}

/* Whoever can move does. False: nobody can, and no time will come. */
static bool turn(host_habit habit) {
    if (script_can_step(&state.worker)) {
        state.doorbell |= script_step(&state.worker, true);
    } else if (world_watcher_is_due()) {
        world_turn_watcher(state.doorbell, state.end_is_news);
    } else if (habit != SLEEPS_IN_NEXT && state.must_ask && !is_over()) {
        ask_as_usual(habit);
    } else if (habit != SLEEPS_IN_NEXT && (is_woken(habit) || state.is_polling)) {
        serve_wake(habit);
    } else {
        return world_pass_time(0);
    }
    return true;
}

static bool can_go_astray(void) {
    return state.worker.misdeed == SCRIPT_IS_HONEST && !state.worker.is_killed;
}

static void go_astray(script_misdeed misdeed) {
    script_go_astray(&state.worker, misdeed);
    state.end_is_news = misdeed == SCRIPT_EXITS;
}

static int turns_left;
static bool exits_after_call;

/* In the place of a sleep on a condition variable. */
bool __wrap_hutch_watcher_await(hutch_watcher *watcher, hutch_watched *watched, uint64_t until_ns,
                                bool *is_queue_due);
bool __wrap_hutch_watcher_await(hutch_watcher *watcher, hutch_watched *watched, uint64_t until_ns,
                                bool *is_queue_due) {
    (void)until_ns;
    *is_queue_due = false;
    watcher->awaited = watched;
    while (!watched->has_news && turns_left > 0) {
        if (exits_after_call && can_go_astray() && state.worker.place == SCRIPT_HAS_CALLED &&
            !state.worker.has_written) {
            go_astray(SCRIPT_EXITS);
        }
        turns_left = turn(SLEEPS_IN_NEXT) ? turns_left - 1 : 0;
    }
    watcher->awaited = NULL;
    watched->has_news = false;
    return turns_left > 0;
}

static void tell_path(void) {
    for (size_t i = 0; i < path_length; i++) {
        printf("%s, ", path[i]);
    }
    printf("then back to the loop\n");
}

static void expect_the_end(host_habit habit) {
    turns_left = MOST_TURNS;
    while (!is_over() && turns_left > 0) {
        turns_left--;
        if (habit == SLEEPS_IN_NEXT) {
            (void)ask(LONG_US);
        } else if (!turn(habit)) {
            turns_left = 0;
        }
    }
    if (!is_over()) {
        tell_path();
        fail_msg("a run never ends: habit %d, misdeed %d, place %d", (int)habit,
                 (int)state.worker.misdeed, (int)state.worker.place);
    }
    seen.ends[state.end == HUTCH_EVENT_FAILED]++;
}

/* A worker without a context has said READY, or is on its way out. */
static void expect_rest(void) {
    const hutch_leases *leases = &state.pool->leases;
    int left = MOST_TURNS;
    while (left > 0 && turn(ASKS_UNTIL_NONE)) {
        left--;
    }
    assert_true(hutch_list_is_empty(&leases->closing));
    assert_true(hutch_list_is_empty(&leases->leased));
    if (!hutch_list_is_empty(&leases->idle)) {
        const hutch_worker *idle = HUTCH_LINK_OWNER(leases->idle.next, hutch_worker, place);
        if (idle->session.ready_owed > 0) {
            tell_path();
            fail_msg("a worker never says READY and stays: misdeed %d", (int)state.worker.misdeed);
        }
    }
}

/* Whatever the worker does from here on. */
static void check_state(const world_copy *here) {
    static const script_misdeed futures[] = {SCRIPT_IS_HONEST, SCRIPT_EXITS,  SCRIPT_SPINS,
                                             SCRIPT_SLEEPS,    SCRIPT_STANDS, SCRIPT_STARVES};
    for (size_t i = 0; i < sizeof futures / sizeof futures[0]; i++) {
        for (int habit = 0; habit < HABITS; habit++) {
            if (futures[i] != SCRIPT_IS_HONEST && state.worker.misdeed != SCRIPT_IS_HONEST) {
                continue;
            }
            if (futures[i] != SCRIPT_IS_HONEST) {
                script_go_astray(&state.worker, futures[i]);
                state.end_is_news = futures[i] == SCRIPT_EXITS && !state.worker.is_killed;
            }
            if (!is_over()) {
                expect_the_end((host_habit)habit);
            }
            if (!state.is_closed) {
                close_context();
            }
            expect_rest();
            world_bring_back(here);
        }
    }
}

/* ---- one step of somebody ---- */

static void work(void) {
    state.doorbell |= script_step(&state.worker, false);
}

static void stop_working(void) {
    state.doorbell |= script_step(&state.worker, true);
}

static bool can_hear(bool doorbell, bool end) {
    return (!doorbell || state.doorbell) && (!end || state.end_is_news) &&
           (doorbell || end || state.bell || state.now >= state.until);
}

static bool can_work(void) {
    return script_can_step(&state.worker);
}

static bool can_stop_working(void) {
    return script_may_stop(&state.worker);
}

static bool can_turn(void) {
    return can_hear(false, false);
}

static void just_turn(void) {
    world_turn_watcher(false, false);
}

static bool can_hear_doorbell(void) {
    return can_hear(true, false);
}

static void hear_doorbell(void) {
    world_turn_watcher(true, false);
}

static bool can_hear_end(void) {
    return can_hear(false, true);
}

static void hear_end(void) {
    world_turn_watcher(false, true);
}

static bool can_ask(void) {
    return !is_over();
}

static void ask_now(void) {
    (void)ask(0);
}

static void ask_and_sleep(void) {
    turns_left = MOST_TURNS;
    (void)ask(LONG_US);
}

/* The worker calls and exits while the host sleeps. */
static void ask_and_sleep_and_lose(void) {
    exits_after_call = true;
    ask_and_sleep();
    exits_after_call = false;
}

static bool can_poll(void) {
    return (state.wake || state.is_polling) && !state.must_ask;
}

static bool can_reply(void) {
    return !is_over() && state.open_call != 0;
}

static bool can_stop(void) {
    return !is_over() && !state.has_stopped;
}

static void stop(void) {
    state.has_stopped = true;
    hutch_context_stop(state.context);
}

/* Times are long: who has only a step to make has made it. The host may take its time anywhere, the
 * guest where it computes, and the watcher once. */
static bool can_pass_time(void) {
    return state.until != HUTCH_WATCH_FOREVER && state.until > state.now && !state.bell &&
           !state.doorbell && !state.end_is_news && !script_is_in_haste(&state.worker);
}

static void pass_time(void) {
    (void)world_pass_time(0);
}

static bool can_be_late(void) {
    return state.until != HUTCH_WATCH_FOREVER && state.until > state.now && !state.was_late &&
           !script_is_in_haste(&state.worker);
}

static void be_late(void) {
    (void)world_pass_time(3 * GRACE_NS);
    state.was_late = true;
}

static void exit_now(void) {
    go_astray(SCRIPT_EXITS);
}

typedef struct step {
    const char *name;
    bool (*is_possible)(void);
    void (*make)(void);
} step;

/* Those of the worker and the watcher first: they may also come while the host asks. */
static const step steps[] = {
    {"work", can_work, work},
    {"stop working", can_stop_working, stop_working},
    {"just turn", can_turn, just_turn},
    {"hear doorbell", can_hear_doorbell, hear_doorbell},
    {"hear end", can_hear_end, hear_end},
    {"exit now", can_go_astray, exit_now},
    /* ---- */
    {"pass time", can_pass_time, pass_time},
    {"be late", can_be_late, be_late},
    {"ask now", can_ask, ask_now},
    {"ask and sleep", can_ask, ask_and_sleep},
    {"ask and sleep and lose", can_ask, ask_and_sleep_and_lose},
    {"poll once", can_poll, poll_once},
    {"reply", can_reply, reply},
    {"stop", can_stop, stop},
    {"close context", can_ask, close_context},
};

enum { STEPS = sizeof steps / sizeof steps[0], INTERRUPTING = 6 };

/* ---- others move while the host asks ---- */

static int looks_to_go;
static const step *interruption;
static bool has_interrupted;

static void interrupt(void) {
    if (looks_to_go-- == 0 && interruption->is_possible()) {
        void (*again)(void) = world_interrupt;
        world_interrupt = NULL;
        interruption->make();
        world_interrupt = again;
        has_interrupted = true;
    }
}

/* @return false: there are not so many looks, or nobody can move there */
static bool ask_and_be_interrupted(const step *by, int look) {
    interruption = by;
    looks_to_go = look;
    has_interrupted = false;
    world_interrupt = interrupt;
    ask_now();
    world_interrupt = NULL;
    return has_interrupted;
}

/* ---- the exploration ---- */

/* @return false: it has been seen before */
static bool is_new(void) {
    uint64_t digest[2];
    world_digest(digest);
    size_t at = (size_t)digest[0] & (PLACES - 1);
    while (seen.digests[at][1] != 0) {
        if (memcmp(seen.digests[at], digest, sizeof digest) == 0) {
            return false;
        }
        at = (at + 1) & (PLACES - 1);
    }
    memcpy(seen.digests[at], digest, sizeof digest);
    seen.states++;
    assert_true(seen.states < PLACES / 2);
    return true;
}

static void explore(void);

static void go_on(const world_copy *here, const char *made) {
    seen.steps++;
    if (is_new()) {
        assert_true(path_length < DEEPEST);
        path[path_length++] = made;
        explore();
        path_length--;
    }
    world_bring_back(here);
}

/* Others move before the given look of a `next`. */
static void ask_among_others(const world_copy *here, int look) {
    for (int i = 0; i < INTERRUPTING; i++) {
        if (ask_and_be_interrupted(&steps[i], look)) {
            go_on(here, steps[i].name);
        }
        world_bring_back(here);
    }
}

static void explore(void) {
    world_copy *here = world_keep();
    seen.deepest = path_length > seen.deepest ? path_length : seen.deepest;
    check_state(here);
    for (size_t i = 0; i < STEPS && !is_over(); i++) {
        if (steps[i].is_possible()) {
            steps[i].make();
            go_on(here, steps[i].name);
        }
    }
    for (int look = 0; look < INTERRUPTIONS && !is_over(); look++) {
        ask_among_others(here, look);
    }
    world_forget(here);
}

static void test_every_run_ends(void **test) {
    (void)test;
    seen.digests = calloc(PLACES, sizeof *seen.digests);
    assert_non_null(seen.digests);
    world_begin(TIMEOUT_MS);
    (void)is_new();
    explore();
    printf("states: %zu, steps: %zu, depth: %zu, ways to the end: %zu DONE, %zu FAILED\n",
           seen.states, seen.steps, seen.deepest, seen.ends[0], seen.ends[1]);
    assert_true(seen.ends[0] > 0 && seen.ends[1] > 0);
    free(seen.digests);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_run_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
