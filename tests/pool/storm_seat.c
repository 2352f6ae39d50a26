/*
 * The contexts of a storm: what they run, and how that may end.
 */
#include "storm_seat.h"

#include <string.h>

enum { ENDLESS = 3, LONG_REPLY = 100000 };

static const program programs[] = {
    /* The first three never end by themselves, and are not run so often. */
    {"for (;;) {}", NULL, NULL, false, true, false},
    {"for (;;) await ask()", NULL, NULL, true, true, false},
    {"const all = []; for (;;) all.push('x'.repeat(1e6) + all.length)", NULL, NULL, false, true,
     true},
    {"return 1", "1", NULL, false, false, false},
    {"return typeof await ask(1)", "\"number\"", "\"string\"", true, true, false},
    {"for (let i = 0; i < 5; i++) await ask(i); return 'all'", "\"all\"", NULL, true, true, false},
    {"await Promise.all(Array.from({ length: 30 }, (_, i) => ask(i))); return 'fan'", "\"fan\"",
     NULL, true, true, false},
    {"for (let i = 0; i < 200; i++) console.log('line', i); return 'logs'", "\"logs\"", NULL, false,
     true, false},
    {"return (await ask('x'.repeat(2e5))).length ?? 1", "1", "100000", true, true, false},
    {"throw new Error('on purpose')", NULL, NULL, true, false, false},
};

static uint32_t state_of_chance = 20240607;

uint32_t chance(uint32_t below) {
    state_of_chance = state_of_chance * 1664525u + 1013904223u;
    return (state_of_chance >> 8) % below;
}

void seat_close(seat *used) {
    hutch_context_close(used->context);
    *used = (seat){0};
}

static void note_failure(storm *all, const seat *used, const hutch_failed *failed) {
    bool expected = false;
    switch (failed->failure) {
    case HUTCH_FAILURE_WORKER_DIED:
    case HUTCH_FAILURE_STOPPED:
        expected = used->disturbed;
        break;
    case HUTCH_FAILURE_GUEST:
        expected = used->program->may_throw;
        break;
    case HUTCH_FAILURE_TIMEOUT:
        /* A busy machine may take its time for any of them. */
        expected = true;
        break;
    case HUTCH_FAILURE_MEMORY:
        expected = used->program->may_lack_memory;
        break;
    default:
        break;
    }
    if (!expected) {
        fail_msg("%s: %.*s: %.*s", used->program->code, (int)failed->name.length, failed->name.data,
                 (int)failed->message.length, failed->message.data);
    }
    all->failed++;
}

static void note_done(storm *all, const seat *used, hutch_text json) {
    const program *ran = used->program;
    bool expected = (ran->json != NULL && text_equals(json, ran->json)) ||
                    (ran->other_json != NULL && text_equals(json, ran->other_json));
    if (!expected) {
        fail_msg("%s gave %.*s", ran->code, (int)json.length, json.data);
    }
    all->done++;
}

/* Takes what a context has to say, without waiting. */
void seat_listen(storm *all, seat *used, uint64_t wait_us) {
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
            note_failure(all, used, &event.as.failed);
            used->running = false;
            if (!event.as.failed.usable) {
                seat_close(used);
            }
            return;
        case HUTCH_EVENT_DONE:
            note_done(all, used, event.as.done.json);
            used->running = false;
            return;
        default:
            break;
        }
    }
}

void seat_answer(seat *used) {
    static char long_json[LONG_REPLY + 2];
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
    switch (chance(24)) {
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

void seat_begin(storm *all, seat *used) {
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    hutch_error error = {0};
    bool is_endless = chance(32) == 0;
    size_t count = sizeof programs / sizeof programs[0];
    used->program =
        &programs[is_endless ? chance(ENDLESS) : ENDLESS + chance((uint32_t)(count - ENDLESS))];
    options.timeout_ms = is_endless ? 20 + chance(100) : 2000 + chance(8000);
    hutch_status status = hutch_context_start(used->context, used->program->code,
                                              strlen(used->program->code), &options, &error);
    assert_int_equal(status, HUTCH_OK);
    used->running = true;
    used->open_count = 0;
    seat_listen(all, used, 0);
}

/* The pool has done what it does for itself. Always true. */
static bool has_looked_after(hutch_pool *pool) {
    (void)stats_of(pool);
    return true;
}

void seat_open(storm *all, seat *used) {
    hutch_context_options options;
    hutch_tool tool = HUTCH_TOOL("ask");
    hutch_error error = {0};
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.trust_domain = chance(3);
    options.recycle = all->recycle;
    options.isolate.limits.memory_bytes = 16 * HUTCH_MIB;
    options.user = used;
    /* On a busy machine the workers that were killed by the hundred may still have their places. */
    hutch_status status = HUTCH_UNAVAILABLE;
    AWAIT(has_looked_after(all->pool) &&
          (status = hutch_context_open(all->pool, &options, &used->context, &error)) !=
              HUTCH_UNAVAILABLE);
    if (status != HUTCH_OK) {
        fail_msg("hutch_context_open: %s", error.message);
    }
    /* An idle or spare worker may have been killed a moment ago. */
    used->disturbed = all->with_kills;
}
