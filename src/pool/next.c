/*
 * The next event of a context: read, look, sleep.
 *
 * Once `next` has said NONE, the worker has been asked to ring, and whatever it
 * sends comes to hutch_pool_poll(). Nothing it sent before is missed: after
 * asking, the ring is looked at once more.
 *
 * Each look ends: a worker that writes as fast as it is read says MORE at the
 * end of it. Who has time left looks again; otherwise `next` says NONE, and the
 * worker is put after the others with news, so that they have their turn.
 *
 * That a worker is lost, or overdue, is a state and no news: every look sees it.
 * Events that were whole before come first; with each of them the pool is told
 * again, so that also who asks no further hears of the end.
 */
#include "base/failure.h"
#include "plat/clock.h"
#include "pool/deadline.h"
#include "pool/detach.h"
#include "pool/ending.h"
#include "pool/failure.h"
#include "pool/state.h"
#include "pool/usage.h"

enum {
    LOOKS_PER_CLOCK = 32,
    MUCH_OF_A_FRAME = HUTCH_RING_SIZE / 4,
};

static void end_run(hutch_context *context) {
    context->is_running = false;
    hutch_context_set_active(context, false);
    hutch_worker_end_run(context->worker);
    hutch_worker_settle(context->worker);
}

static void give_call(const hutch_context *context, const hutch_worker *worker,
                      hutch_event *event) {
    const hutch_frame_call *call = &worker->reader.fixed.call;
    event->type = HUTCH_EVENT_TOOL_CALL;
    event->as.tool_call = (hutch_tool_call){.id = call->call_id,
                                            .tool = call->tool,
                                            .name = context->tools.names[call->tool],
                                            .input = {worker->body.data, worker->body.length},
                                            .values = worker->session.json.values};
}

static void give_log(const hutch_worker *worker, hutch_event *event) {
    event->type = HUTCH_EVENT_LOG;
    event->as.log = (hutch_log){.level = (hutch_log_level)worker->reader.fixed.log.level,
                                .text = {worker->body.data, worker->body.length}};
}

static void give_done(hutch_context *context, const hutch_worker *worker, hutch_event *event) {
    event->type = HUTCH_EVENT_DONE;
    event->as.done = (hutch_done){.json = {worker->body.data, worker->body.length},
                                  .values = hutch_worker_result_values(worker)};
    end_run(context);
}

static hutch_text take_text(const char **at, uint32_t length) {
    hutch_text text = {.data = length == 0 ? NULL : *at, .length = length};
    *at += length;
    return text;
}

static void give_failed(hutch_context *context, const hutch_worker *worker, hutch_event *event) {
    const hutch_frame_failed *failed = &worker->reader.fixed.failed;
    const char *at = worker->body.data;
    bool usable = failed->usable == 1 && !hutch_worker_is_lost(worker) &&
                  hutch_failure_keeps_context((hutch_failure)failed->failure);
    event->type = HUTCH_EVENT_FAILED;
    event->as.failed = (hutch_failed){.failure = (hutch_failure)failed->failure,
                                      .usable = usable,
                                      .line = failed->line,
                                      .column = failed->column};
    event->as.failed.name = take_text(&at, failed->name_length);
    event->as.failed.message = take_text(&at, failed->message_length);
    event->as.failed.stack = take_text(&at, failed->stack_length);
    event->as.failed.code = take_text(&at, failed->code_length);
    if (failed->failure == HUTCH_FAILURE_TIMEOUT) {
        /* The worker knows the moment, not what the caller asked for. */
        event->as.failed.message = hutch_failure_timeout_text(context);
        event->as.failed.code = (hutch_text){HUTCH_TIMEOUT_CODE, sizeof HUTCH_TIMEOUT_CODE - 1};
    }
    context->is_disposed = !usable;
    end_run(context);
}

/* READY may have wiped out a request to stop that came before it. */
static void take_ready(const hutch_context *context) {
    hutch_usage_settle(context->worker->watcher, &context->worker->watched);
    if (context->is_stopping) {
        hutch_deadline_ask(context->worker->watched.shared, context->worker->session.run);
    }
}

static void fail_violation(hutch_context *context, const char *why) {
    hutch_failure_set(context, HUTCH_FAILURE_VIOLATION, false, "The worker broke the protocol: %s",
                      why);
    hutch_context_detach(context);
}

/* Turns a frame into an event. False: it is none for the caller. */
static bool give_event(hutch_context *context, hutch_event *event) {
    const hutch_worker *worker = context->worker;
    switch ((hutch_frame_type)worker->reader.header.type) {
    case HUTCH_FRAME_CALL:
        give_call(context, worker, event);
        return true;
    case HUTCH_FRAME_LOG:
        give_log(worker, event);
        return true;
    case HUTCH_FRAME_DONE:
        give_done(context, worker, event);
        return true;
    case HUTCH_FRAME_FAILED:
        give_failed(context, worker, event);
        return true;
    case HUTCH_FRAME_WAITING:
        /* Otherwise an answer is on its way to it. */
        if (worker->reader.fixed.waiting.answers == worker->session.answers) {
            event->type = HUTCH_EVENT_WAITING;
            hutch_context_set_active(context, false);
            return true;
        }
        return false;
    case HUTCH_FRAME_SETTLED:
        hutch_ending_expect(context);
        return false;
    case HUTCH_FRAME_READY:
        take_ready(context);
        return false;
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    fail_violation(context, "a frame of an unknown type");
    return hutch_failure_take(context, event);
}

static void fail_no_memory(hutch_context *context) {
    hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, false,
                      "The host had no memory for what the worker sent, and killed it");
    hutch_context_detach(context);
}

static void fail_lost(hutch_context *context) {
    hutch_failure_set_lost(context);
    hutch_ending_keep(context);
    hutch_context_detach(context);
}

/* What the pool itself has to say. */
static bool take_own(hutch_context *context, hutch_event *event) {
    return hutch_ending_take(context, event) || hutch_failure_take(context, event);
}

/* Reads until there is an event (FRAME), NOTHING more is there, or the look is over (MORE). */
static hutch_reading read_event(hutch_context *context, hutch_event *event, hutch_status *status) {
    for (;;) {
        const char *why;
        hutch_reading reading = hutch_worker_read(context->worker, &why);
        switch (reading) {
        case HUTCH_READING_FRAME:
            if (give_event(context, event)) {
                return reading;
            }
            break;
        case HUTCH_READING_NOTHING:
        case HUTCH_READING_MORE:
            return reading;
        case HUTCH_READING_VIOLATION:
            fail_violation(context, why);
            (void)hutch_failure_take(context, event);
            return HUTCH_READING_FRAME;
        case HUTCH_READING_NO_MEMORY:
            fail_no_memory(context);
            *status = HUTCH_OUT_OF_MEMORY;
            return HUTCH_READING_FRAME;
        }
    }
}

/* One look: what the ring holds; then, if the worker is lost or its time is over, the end of the
 * run. A frame that was whole before its worker died counts. */
static hutch_reading look_once(hutch_context *context, hutch_event *event, hutch_status *status) {
    hutch_worker *worker = context->worker;
    bool lost = hutch_worker_is_lost(worker);
    bool overdue = !lost && hutch_worker_has_had_its_time(worker);
    hutch_worker_begin_look(worker);
    hutch_reading reading = read_event(context, event, status);
    if (reading == HUTCH_READING_FRAME) {
        return reading;
    }
    if (overdue) {
        hutch_worker_lose(worker, HUTCH_END_OVERDUE);
    }
    if (lost || overdue) {
        fail_lost(context);
        (void)take_own(context, event);
        return HUTCH_READING_FRAME;
    }
    return reading;
}

/* Looks at the rings again and again. False: nothing has moved in time. */
static bool watch_rings(const hutch_worker *worker, uint64_t until_ns) {
    bool moved = false;
    do {
        for (int i = 0; i < LOOKS_PER_CLOCK && !moved; i++) {
            hutch_spin_pause();
            moved = hutch_worker_has_spoken(worker) || hutch_worker_has_room(worker);
        }
    } while (!moved && hutch_clock_now() < until_ns);
    return moved;
}

/* How a context is waited for. */
typedef struct patience {
    uint64_t look_us; /* longest look, after which the caller returns or sleeps */
    bool is_full;     /* it is as long as the pool looks at all: it teaches, whatever it finds */
    bool may_sleep;   /* the caller has nothing else to do, and looks on for as long as it pays */
    uint64_t until_ns;
} patience;

/* Who may sleep looks no longer than he would have slept. */
static uint64_t look_until(const patience *how) {
    uint64_t until_ns = hutch_clock_now() + how->look_us * HUTCH_NS_PER_US;
    return how->may_sleep && how->until_ns < until_ns ? how->until_ns : until_ns;
}

/* Bytes that have gone through both rings, modulo 2^32. */
static uint32_t bytes_moved(const hutch_worker *worker) {
    return worker->to_pool.consumed + worker->to_worker.written;
}

/* Gives a worker more of what is too long for the ring, where there is room. */
static void push_more(hutch_worker *worker) {
    if (hutch_worker_has_room(worker)) {
        hutch_worker_push(worker);
    }
}

/* Whether a frame that is longer than a look gets on: then looking on pays, for a caller who would only
 * sleep. A worker that drips a few bytes at a time does not hold him awake. */
static bool gets_on(const hutch_worker *worker, uint32_t *moved_before) {
    bool much = bytes_moved(worker) - *moved_before >= MUCH_OF_A_FRAME;
    *moved_before = much ? bytes_moved(worker) : *moved_before;
    return much;
}

/* Looks for an event for a while: not every frame is one. A short look that was in vain teaches
 * nothing, because a longer one might have paid. */
static bool spin_for_event(hutch_context *context, const patience *how, hutch_event *event,
                           hutch_status *status) {
    hutch_worker *worker = context->worker;
    uint64_t until = look_until(how);
    uint32_t moved_before = bytes_moved(worker);
    bool teaches = how->is_full;
    bool found = false;
    bool moved;
    do {
        moved = watch_rings(worker, until);
        push_more(worker);
        found = hutch_worker_has_spoken(worker) &&
                look_once(context, event, status) == HUTCH_READING_FRAME;
        if (!found && gets_on(worker, &moved_before)) {
            until = how->may_sleep ? look_until(how) : until;
            teaches = false;
        }
        /* A worker that always has a little more to say must not hold the caller. */
    } while (moved && !found && hutch_clock_now() < until);
    if (found || teaches) {
        hutch_spin_learn(&context->spin, found);
    }
    return found;
}

static bool shall_spin(hutch_context *context, uint64_t spin_us) {
    /* One that is not read from, for want of room, would be found to have spoken all the time. */
    return spin_us > 0 && hutch_worker_is_alive(context->worker) &&
           !hutch_account_waits(&context->worker->account) && hutch_spin_is_due(&context->spin);
}

/* Sleeps until there is news of a worker; programs that wait for one of their own are seen to meanwhile.
 * False: the time is over. */
static bool await_news(hutch_pool *pool, hutch_worker *worker, uint64_t until_ns) {
    bool is_queue_due;
    bool has_news;
    do {
        has_news = hutch_watcher_await(worker->watcher, &worker->watched, until_ns, &is_queue_due);
        if (is_queue_due) {
            hutch_lease_housekeep(&pool->leases);
            hutch_queue_press(pool);
        }
    } while (is_queue_due && !has_news && hutch_clock_now() < until_ns);
    return has_news;
}

/* Sleeps until there is news, which MORE is already. False: the time is over. */
static bool sleep_unless_more(const hutch_context *context, hutch_reading reading,
                              uint64_t until_ns) {
    hutch_worker *worker = context->worker;
    worker->watched.waits_for_others = hutch_account_waits(&worker->account);
    return reading == HUTCH_READING_MORE ? hutch_clock_now() < until_ns
                                         : await_news(context->pool, worker, until_ns);
}

static void look_later_if_more(hutch_worker *worker, hutch_reading reading) {
    if (reading == HUTCH_READING_MORE) {
        hutch_worker_look_later(worker);
    }
}

/* Woken in the middle of a long frame: the rest comes at once, and is looked for. */
static bool find_rest(hutch_context *context, const patience *how, hutch_event *event,
                      hutch_status *status) {
    hutch_worker *worker = context->worker;
    hutch_worker_stop_listening(worker);
    bool found = spin_for_event(context, how, event, status);
    if (!found) {
        hutch_worker_listen(worker);
    }
    return found;
}

/* Whether a caller who would sleep looks on instead: within his time, however much there is to read. */
static bool shall_look_on(const hutch_worker *worker, const patience *how, uint32_t *moved_before) {
    return how->may_sleep && !hutch_account_waits(&worker->account) &&
           gets_on(worker, moved_before) && hutch_clock_now() < how->until_ns;
}

/* Asks the worker to ring, and sleeps until an event is there. False: the time is over. */
static bool sleep_for_event(hutch_context *context, const patience *how, hutch_event *event,
                            hutch_status *status) {
    hutch_worker *worker = context->worker;
    hutch_worker_listen(worker);
    hutch_reading reading;
    uint32_t moved_before = bytes_moved(worker);
    while ((reading = look_once(context, event, status)) != HUTCH_READING_FRAME) {
        if (shall_look_on(worker, how, &moved_before)) {
            if (find_rest(context, how, event, status)) {
                return true;
            }
            continue;
        }
        if (!how->may_sleep || !sleep_unless_more(context, reading, how->until_ns)) {
            look_later_if_more(worker, reading);
            return false;
        }
        hutch_worker_listen(worker);
        if (reading == HUTCH_READING_NOTHING && !hutch_worker_has_spoken(worker)) {
            hutch_worker_note_vain_ring(worker);
        }
    }
    return true;
}

/* Looks at the ring for `look_us`, then sleeps until it is time. */
static void wait_for_event(hutch_context *context, uint64_t look_us, uint64_t wait_us,
                           hutch_event *event, hutch_status *status) {
    uint64_t most_us = context->pool->options.look_us;
    patience how = {.look_us = look_us,
                    .is_full = look_us == most_us,
                    .may_sleep = wait_us > most_us,
                    .until_ns = wait_us > most_us ? hutch_clock_after(wait_us) : 0};
    bool found = false;
    if (shall_spin(context, look_us)) {
        hutch_worker_stop_listening(context->worker);
        found = spin_for_event(context, &how, event, status);
    }
    if (!found) {
        (void)sleep_for_event(context, &how, event, status);
    }
}

/* The events of a run whose worker is there: one, or NONE. */
static hutch_status take_from_worker(hutch_context *context, uint64_t look_us, uint64_t wait_us,
                                     hutch_event *event) {
    hutch_status status = HUTCH_OK;
    hutch_worker_release_body(context->worker);
    hutch_worker_push(context->worker);
    hutch_reading reading = look_once(context, event, &status);
    if (reading == HUTCH_READING_MORE && look_us == 0 && wait_us == 0) {
        hutch_worker_look_later(context->worker);
    } else if (reading != HUTCH_READING_FRAME) {
        wait_for_event(context, look_us, wait_us, event, &status);
    }
    if (event->type != HUTCH_EVENT_NONE && context->worker != NULL) {
        hutch_worker_stop_listening(context->worker);
        if (context->is_running) {
            hutch_worker_remind(context->worker);
        }
    }
    return status;
}

/* Waits for a worker first. @return what is left of the time */
static uint64_t wait_for_turn(hutch_context *context, uint64_t wait_us) {
    uint64_t until_ns = hutch_clock_after(wait_us);
    hutch_queue_await(context, until_ns);
    uint64_t now = hutch_clock_now();
    return now < until_ns ? (until_ns - now) / HUTCH_NS_PER_US : 0;
}

static bool lets_others_go_on(hutch_event_type type) {
    return type == HUTCH_EVENT_WAITING || type == HUTCH_EVENT_FAILED;
}

static hutch_status take_next(hutch_context *context, uint64_t look_us, uint64_t wait_us,
                              hutch_event *event) {
    hutch_status status = HUTCH_OK;
    if (event->size != sizeof *event) {
        return HUTCH_INVALID_ARGUMENT;
    }
    event->type = HUTCH_EVENT_NONE;
    event->run = context->run;
    hutch_ending_release(context);
    hutch_link_remove(&context->told);
    if (hutch_queue_has(context)) {
        wait_us = wait_for_turn(context, wait_us);
    }
    if (context->is_running && !hutch_queue_has(context) && !take_own(context, event)) {
        status = take_from_worker(context, look_us, wait_us, event);
    }
    if (lets_others_go_on(event->type)) {
        hutch_queue_advance(context->pool);
    }
    return status;
}

/* No longer than the pool looks at all. */
static uint64_t look_within(const hutch_context *context, uint64_t look_us) {
    uint64_t most_us = context->pool->options.look_us;
    return look_us < most_us ? look_us : most_us;
}

hutch_status hutch_context_poll(hutch_context *context, uint64_t look_us, hutch_event *event) {
    return take_next(context, look_within(context, look_us), 0, event);
}

hutch_status hutch_context_next(hutch_context *context, uint64_t wait_us, hutch_event *event) {
    return take_next(context, look_within(context, wait_us), wait_us, event);
}
