/*
 * Frames to the pool. Texts of events are written straight from where the
 * isolate keeps them; while the ring is full, what arrives is taken in, so that
 * two full rings never wait for each other.
 *
 * Threads: the worker has one.
 */
#include "base/utf8.h"
#include "worker/worker.h"

/* Writes what has been begun, waiting for room where it must. */
static void finish(hutch_worker *worker) {
    for (;;) {
        hutch_frame_progress progress = hutch_frame_writer_flush(&worker->writer);
        hutch_bell_ring_for_bytes(worker);
        if (progress == HUTCH_FRAME_WRITTEN) {
            return;
        }
        if (progress == HUTCH_FRAME_CORRUPT) {
            hutch_worker_exit(HUTCH_WORKER_EXIT_RING);
        }
        hutch_inbox_take(worker);
        hutch_bell_wait_for_room(worker);
    }
}

static void begin(hutch_worker *worker, hutch_frame_type type, const void *fixed, size_t length) {
    hutch_frame_writer_begin(&worker->writer, type, worker->run, fixed, length);
}

static void add(hutch_worker *worker, hutch_text text) {
    hutch_frame_writer_add(&worker->writer, text.data, text.length);
}

static void begin_call(hutch_worker *worker, const hutch_tool_call *call) {
    hutch_frame_call fixed = {.call_id = call->id, .tool = call->tool};
    begin(worker, HUTCH_FRAME_CALL, &fixed, sizeof fixed);
    add(worker, call->input);
}

static void begin_log(hutch_worker *worker, const hutch_log *log) {
    hutch_frame_log fixed = {.level = (uint32_t)log->level};
    begin(worker, HUTCH_FRAME_LOG, &fixed, sizeof fixed);
    add(worker, log->text);
}

/* At most HUTCH_FRAME_ERROR_TEXT_MAX bytes of a text, not cut inside a character. */
static hutch_text shorten(hutch_text text) {
    text.length = hutch_utf8_cut(text.data, text.length, HUTCH_FRAME_ERROR_TEXT_MAX);
    return text;
}

static void begin_failed(hutch_worker *worker, const hutch_failed *failed) {
    hutch_text name = shorten(failed->name);
    hutch_text message = shorten(failed->message);
    hutch_text stack = shorten(failed->stack);
    hutch_text code = shorten(failed->code);
    hutch_frame_failed fixed = {.failure = (uint32_t)failed->failure,
                                .usable = failed->usable,
                                .line = failed->line,
                                .column = failed->column,
                                .name_length = (uint32_t)name.length,
                                .message_length = (uint32_t)message.length,
                                .stack_length = (uint32_t)stack.length,
                                .code_length = (uint32_t)code.length};
    begin(worker, HUTCH_FRAME_FAILED, &fixed, sizeof fixed);
    add(worker, name);
    add(worker, message);
    add(worker, stack);
    add(worker, code);
}

static void begin_waiting(hutch_worker *worker) {
    hutch_frame_waiting fixed = {.answers = worker->answered};
    begin(worker, HUTCH_FRAME_WAITING, &fixed, sizeof fixed);
}

void hutch_outbox_send_ready(hutch_worker *worker) {
    hutch_frame_writer_begin(&worker->writer, HUTCH_FRAME_READY, 0, NULL, 0);
    finish(worker);
}

static void begin_event(hutch_worker *worker, const hutch_event *event) {
    switch (event->type) {
    case HUTCH_EVENT_TOOL_CALL:
        begin_call(worker, &event->as.tool_call);
        break;
    case HUTCH_EVENT_LOG:
        begin_log(worker, &event->as.log);
        break;
    case HUTCH_EVENT_DONE:
        begin(worker, HUTCH_FRAME_DONE, NULL, 0);
        add(worker, event->as.done.json);
        break;
    case HUTCH_EVENT_FAILED:
        begin_failed(worker, &event->as.failed);
        break;
    case HUTCH_EVENT_WAITING:
        begin_waiting(worker);
        break;
    case HUTCH_EVENT_NONE:
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
}

void hutch_outbox_send_event(hutch_worker *worker, const hutch_event *event) {
    begin_event(worker, event);
    finish(worker);
}

void hutch_outbox_send_early(void *worker, const hutch_event *event) {
    hutch_outbox_send_event(worker, event);
}
