/*
 * A storm: many contexts in all states at once, started, answered, stopped and
 * closed at random, their workers and now and then their zygote killed. Every
 * run ends, and with an end that can be explained; afterwards the pool works
 * and nothing is left.
 */
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEATS = 24, STEPS = 4000, CALLS = 64 };

static const char *const tools[] = {"ask", NULL};

static const char *const programs[] = {
    "return 1",
    "return await ask(1)",
    "for (let i = 0; i < 5; i++) await ask(i); return 'all'",
    "await Promise.all(Array.from({ length: 30 }, (_, i) => ask(i))); return 'fan'",
    "for (let i = 0; i < 200; i++) console.log('line', i); return 'logs'",
    "return (await ask('x'.repeat(2e5))).length",
    "throw new Error('on purpose')",
    "for (;;) {}",
    "for (;;) await ask()",
    "const all = []; for (;;) all.push('x'.repeat(1e6) + all.length)",
};

/* One context, as the host sees it. */
typedef struct seat {
    hutch_context *context;
    bool running;
    bool disturbed; /* stopped or killed: any failure of the pool's own may come */
    uint32_t open[CALLS];
    size_t open_count;
} seat;

static uint32_t state_of_chance = 20240607;

static uint32_t chance(uint32_t below) {
    state_of_chance = state_of_chance * 1664525u + 1013904223u;
    return (state_of_chance >> 8) % below;
}

static void leave(seat *used) {
    hutch_context_close(used->context);
    *used = (seat){0};
}

static void note_failure(const seat *used, const hutch_failed *failed) {
    switch (failed->failure) {
    case HUTCH_FAILURE_WORKER_DIED:
    case HUTCH_FAILURE_STOPPED:
        assert_true(used->disturbed);
        break;
    case HUTCH_FAILURE_GUEST:
    case HUTCH_FAILURE_TIMEOUT:
    case HUTCH_FAILURE_MEMORY:
        break;
    default:
        fail_msg("%.*s: %.*s", (int)failed->name.length, failed->name.data,
                 (int)failed->message.length, failed->message.data);
    }
}

/* Takes what a context has to say, without waiting. */
static void listen_to(seat *used, uint64_t wait_us) {
    for (;;) {
        hutch_event event = HUTCH_EVENT_INIT;
        assert_int_equal(hutch_context_next(used->context, wait_us, &event), HUTCH_OK);
        switch (event.type) {
        case HUTCH_EVENT_NONE:
            return;
        case HUTCH_EVENT_TOOL_CALL:
            if (used->open_count < CALLS) {
                used->open[used->open_count++] = event.as.tool_call.id;
            }
            break;
        case HUTCH_EVENT_FAILED:
            note_failure(used, &event.as.failed);
            used->running = false;
            if (!event.as.failed.usable) {
                leave(used);
            }
            return;
        case HUTCH_EVENT_DONE:
            used->running = false;
            return;
        default:
            break;
        }
    }
}

static void answer_one(seat *used) {
    static char long_json[100002];
    memset(long_json, 'x', sizeof long_json);
    long_json[0] = '"';
    long_json[sizeof long_json - 1] = '"';
    if (used->open_count == 0) {
        return;
    }
    size_t place = chance((uint32_t)used->open_count);
    uint32_t id = used->open[place];
    used->open[place] = used->open[--used->open_count];
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    switch (chance(4)) {
    case 0:
        failure.message = (hutch_text){"no", 2};
        assert_int_equal(hutch_context_reject(used->context, id, &failure, NULL), HUTCH_OK);
        break;
    case 1:
        assert_int_equal(hutch_context_reply(used->context, id, long_json, sizeof long_json, NULL),
                         HUTCH_OK);
        break;
    default:
        assert_int_equal(hutch_context_reply(used->context, id, "7", 1, NULL), HUTCH_OK);
        break;
    }
}

/* A worker that was lost between two runs takes the context with it. */
static void begin(seat *used) {
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    hutch_error error = {0};
    const char *code = programs[chance(sizeof programs / sizeof programs[0])];
    options.timeout_ms = 200 + chance(300);
    hutch_status status = hutch_context_start(used->context, code, strlen(code), &options, &error);
    if (status == HUTCH_DISPOSED) {
        assert_true(used->disturbed);
        leave(used);
        return;
    }
    assert_int_equal(status, HUTCH_OK);
    used->running = true;
    used->open_count = 0;
    listen_to(used, 0);
}

static void disturb_all(seat *seats) {
    for (size_t i = 0; i < SEATS; i++) {
        seats[i].disturbed = true;
    }
}

static void kill_something(hutch_pool *pool, seat *seats, seat *used) {
    pid_t pid = (pid_t)hutch_context_get_pid(used->context);
    if (chance(20) == 0 && stats_of(pool).zygote_pid > 0) {
        disturb_all(seats);
        (void)kill((pid_t)stats_of(pool).zygote_pid, SIGKILL);
    } else if (pid > 0) {
        used->disturbed = true;
        (void)kill(pid, SIGKILL);
    }
}

static void sit_down(hutch_pool *pool, seat *used, bool disturbed) {
    hutch_context_options options;
    hutch_tool_name tool = {"ask", 3};
    hutch_error error = {0};
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.trust_domain = chance(3);
    options.isolate.limits.memory_bytes = 16 * HUTCH_MIB;
    options.user = used;
    if (hutch_context_open(pool, &options, &used->context, &error) != HUTCH_OK) {
        fail_msg("hutch_context_open: %s", error.message);
    }
    /* An idle worker may have been killed a moment ago. */
    used->disturbed = disturbed;
}

static void step(hutch_pool *pool, seat *seats, bool with_kills) {
    seat *used = &seats[chance(SEATS)];
    if (used->context == NULL) {
        sit_down(pool, used, with_kills);
        return;
    }
    switch (chance(16)) {
    case 0:
        if (with_kills) {
            kill_something(pool, seats, used);
        }
        break;
    case 1:
        leave(used);
        break;
    case 2:
        used->disturbed = true;
        hutch_context_stop(used->context);
        break;
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
        answer_one(used);
        break;
    default:
        if (used->running) {
            listen_to(used, chance(3) == 0 ? 200 : 0);
        } else {
            begin(used);
        }
        break;
    }
}

/* What an event loop does. */
static void serve(hutch_pool *pool) {
    hutch_context *context;
    while ((context = hutch_pool_poll(pool)) != NULL) {
        listen_to(hutch_context_get_user(context), 0);
    }
}

/* Every run ends, answered or by its deadline. */
static void settle(seat *seats) {
    for (size_t i = 0; i < SEATS; i++) {
        seat *used = &seats[i];
        while (used->context != NULL && used->running) {
            while (used->open_count > 0) {
                answer_one(used);
            }
            listen_to(used, 1000000);
        }
        if (used->context != NULL) {
            leave(used);
        }
    }
}

/* A machine that is busy with other things may not let a worker stop within the default. */
static void patient(hutch_pool_options *options) {
    options->kill_grace_ms = 60000;
}

static void storm(bool with_kills) {
    static seat seats[SEATS];
    memset(seats, 0, sizeof seats);
    size_t descriptors = count_descriptors();
    hutch_pool *pool = pool_new(patient);
    for (int i = 0; i < STEPS; i++) {
        step(pool, seats, with_kills);
        if (i % 8 == 0) {
            serve(pool);
        }
    }
    settle(seats);
    hutch_context *context = context_with(pool, tools);
    outcome end = run(context, "return await ask('fine')");
    if (with_kills && end.type == HUTCH_EVENT_FAILED) {
        /* Its worker was among the killed. */
        hutch_context_close(context);
        context = context_with(pool, tools);
        end = run(context, "return await ask('fine')");
    }
    assert_done(&end, "\"fine\"");
    hutch_context_close(context);
    assert_int_equal(stats_of(pool).contexts, 0);
    hutch_pool_free(pool);
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
}

static void test_contexts_in_all_states_at_once(void **state) {
    (void)state;
    storm(false);
}

static void test_contexts_in_all_states_with_workers_and_zygotes_killed(void **state) {
    (void)state;
    storm(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contexts_in_all_states_at_once),
        cmocka_unit_test(test_contexts_in_all_states_with_workers_and_zygotes_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
