/*
 * The next event of a context: read, look, sleep.
 *
 * Once `next` has said NONE, the worker has been asked to ring, and whatever it
 * sends comes to hutch_pool_poll(). Nothing it sent before is missed: after
 * asking, the ring is looked at once more.
 */
#include "base/failure.h"
#include "plat/clock.h"
#include "pool/deadline.h"
#include "pool/detach.h"
#include "pool/failure.h"
#include "pool/state.h"

enum { LOOKS_PER_CLOCK = 32 };

/* A sleep that is longer than this is not told from one without end. */
#define LONGEST_WAIT_US (UINT64_C(86400) * 365 * 1000 * 1000)

static void end_run(hutch_context *context) {
    context->is_running = false;
    hutch_worker_set_deadline(context->worker, &HUTCH_DEADLINE_NONE);
}

static void give_call(const hutch_context *context, const hutch_worker *worker,
                      hutch_event *event) {
    const hutch_frame_call *call = &worker->reader.fixed.call;
    event->type = HUTCH_EVENT_TOOL_CALL;
    event->as.tool_call = (hutch_tool_call){.id = call->call_id,
                                            .tool = call->tool,
                                            .name = context->tools.names[call->tool],
                                            .input = {worker->body.data, worker->body.length}};
}

static void give_log(const hutch_worker *worker, hutch_event *event) {
    event->type = HUTCH_EVENT_LOG;
    event->as.log = (hutch_log){.level = (hutch_log_level)worker->reader.fixed.log.level,
                                .text = {worker->body.data, worker->body.length}};
}

static void give_done(hutch_context *context, const hutch_worker *worker, hutch_event *event) {
    event->type = HUTCH_EVENT_DONE;
    event->as.done = (hutch_done){.json = {worker->body.data, worker->body.length}};
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
    }
    context->is_disposed = !usable;
    end_run(context);
}

/* READY may have wiped out a request to stop that came before it. */
static void repeat_stop(const hutch_context *context) {
    if (context->is_stopping) {
        hutch_deadline_ask(context->worker->watched.shared, context->worker->session.run);
    }
}

/* Turns a frame into an event. False: it is none for the caller. */
static bool give_event(hutch_context *context, hutch_event *event) {
    const hutch_worker *worker = context->worker;
    switch (worker->reader.header.type) {
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
            return true;
        }
        return false;
    default:
        repeat_stop(context);
        return false;
    }
}

static void fail_violation(hutch_context *context, const char *why) {
    hutch_failure_set(context, HUTCH_FAILURE_VIOLATION, false, "The worker broke the protocol: %s",
                      why);
    hutch_context_detach(context);
}

static void fail_no_memory(hutch_context *context) {
    hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, false,
                      "The host had no memory for what the worker sent, and killed it");
    hutch_context_detach(context);
}

static void fail_lost(hutch_context *context) {
    hutch_failure_set_lost(context);
    hutch_context_detach(context);
}

/* Reads until there is an event. False: nothing more is there now. */
static bool read_event(hutch_context *context, hutch_event *event, hutch_status *status) {
    for (;;) {
        const char *why;
        switch (hutch_worker_read(context->worker, &why)) {
        case HUTCH_READING_FRAME:
            if (give_event(context, event)) {
                return true;
            }
            break;
        case HUTCH_READING_NOTHING:
            return false;
        case HUTCH_READING_VIOLATION:
            fail_violation(context, why);
            return hutch_failure_take(context, event);
        case HUTCH_READING_NO_MEMORY:
            fail_no_memory(context);
            *status = HUTCH_OUT_OF_MEMORY;
            return true;
        }
    }
}

/* One look: what the ring holds; then, if the worker is lost or its time is over, the end of the
 * run. A frame that was whole before its worker died counts. */
static bool look_once(hutch_context *context, hutch_event *event, hutch_status *status) {
    hutch_worker *worker = context->worker;
    bool lost = hutch_worker_is_lost(worker);
    bool overdue = !lost && hutch_worker_is_overdue(worker);
    if (read_event(context, event, status)) {
        return true;
    }
    if (overdue) {
        hutch_worker_lose(worker, HUTCH_END_OVERDUE);
    }
    if (lost || overdue) {
        fail_lost(context);
        return hutch_failure_take(context, event);
    }
    return false;
}

/* Looks at the ring again and again. False: nothing has come in time. */
static bool watch_ring(const hutch_worker *worker, uint64_t until_ns) {
    bool spoken = false;
    do {
        for (int i = 0; i < LOOKS_PER_CLOCK && !spoken; i++) {
            hutch_look_pause();
            spoken = hutch_worker_has_spoken(worker);
        }
    } while (!spoken && hutch_clock_now() < until_ns);
    return spoken;
}

/* Looks for an event for a while: not every frame is one. A short look that was in vain teaches
 * nothing, because a longer one might have paid. */
static bool look_for_event(hutch_context *context, uint64_t look_us, bool is_full,
                           hutch_event *event, hutch_status *status) {
    uint64_t until = hutch_clock_now() + look_us * HUTCH_NS_PER_US;
    bool found = false;
    bool spoken;
    do {
        spoken = watch_ring(context->worker, until);
        found = spoken && look_once(context, event, status);
        /* A worker that always has a little more to say must not hold the caller. */
    } while (spoken && !found && hutch_clock_now() < until);
    if (found || is_full) {
        hutch_look_learn(&context->look, found);
    }
    return found;
}

static bool shall_look(hutch_context *context, uint64_t look_us) {
    return look_us > 0 && hutch_worker_is_alive(context->worker) &&
           hutch_look_is_due(&context->look);
}

/* Asks the worker to ring, and sleeps until an event is there. False: the time is over. */
static bool sleep_for_event(hutch_context *context, uint64_t until_ns, bool may_sleep,
                            hutch_event *event, hutch_status *status) {
    hutch_worker_listen(context->worker);
    while (!look_once(context, event, status)) {
        if (!may_sleep ||
            !hutch_watcher_await(context->worker->watcher, &context->worker->watched, until_ns)) {
            return false;
        }
        hutch_worker_listen(context->worker);
        if (!hutch_worker_has_spoken(context->worker)) {
            hutch_worker_note_vain_ring(context->worker);
        }
    }
    return true;
}

/* Waits for an event as long as it may. */
static void wait_for_event(hutch_context *context, uint64_t wait_us, hutch_event *event,
                           hutch_status *status) {
    uint64_t most_us = context->pool->options.look_us;
    uint64_t look_us = wait_us < most_us ? wait_us : most_us;
    uint64_t until = wait_us < LONGEST_WAIT_US ? wait_us : LONGEST_WAIT_US;
    until = hutch_clock_now() + until * HUTCH_NS_PER_US;
    if (shall_look(context, look_us)) {
        hutch_worker_stop_listening(context->worker);
        if (look_for_event(context, look_us, look_us == most_us, event, status)) {
            return;
        }
    }
    (void)sleep_for_event(context, until, wait_us > most_us, event, status);
}

hutch_status hutch_context_next(hutch_context *context, uint64_t wait_us, hutch_event *event) {
    hutch_status status = HUTCH_OK;
    if (event->size != sizeof *event) {
        return HUTCH_INVALID_ARGUMENT;
    }
    event->type = HUTCH_EVENT_NONE;
    event->run = context->run;
    if (!context->is_running || hutch_failure_take(context, event)) {
        return HUTCH_OK;
    }
    hutch_worker_push(context->worker);
    if (!look_once(context, event, &status)) {
        wait_for_event(context, wait_us, event, &status);
    }
    if (event->type != HUTCH_EVENT_NONE && context->worker != NULL) {
        hutch_worker_stop_listening(context->worker);
    }
    return status;
}
