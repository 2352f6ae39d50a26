/*
 * Frames to the pool. Texts of events are written straight from where the
 * isolate keeps them; while the ring is full, what arrives is taken in, so that
 * two full rings never wait for each other.
 *
 * Threads: the worker has one.
 */
#include "base/utf8.h"
#include "worker/runner.h"

/* Writes what has been begun, waiting for room where it must. */
static void finish(hutch_runner *runner) {
    for (;;) {
        hutch_frame_progress progress = hutch_frame_writer_flush(&runner->writer);
        hutch_bell_ring_for_bytes(runner);
        if (progress == HUTCH_FRAME_WRITTEN) {
            return;
        }
        if (progress == HUTCH_FRAME_CORRUPT) {
            hutch_worker_exit(HUTCH_WORKER_EXIT_RING);
        }
        hutch_inbox_take(runner);
        hutch_bell_wait_for_room(runner);
    }
}

static void begin(hutch_runner *runner, hutch_frame_type type, const void *fixed, size_t length) {
    hutch_frame_writer_begin(&runner->writer, type, runner->run, fixed, length);
}

static void add(hutch_runner *runner, hutch_text text) {
    hutch_frame_writer_add(&runner->writer, text.data, text.length);
}

static void begin_call(hutch_runner *runner, const hutch_tool_call *call) {
    hutch_frame_call fixed = {.call_id = call->id, .tool = call->tool};
    begin(runner, HUTCH_FRAME_CALL, &fixed, sizeof fixed);
    add(runner, call->input);
}

static void begin_log(hutch_runner *runner, const hutch_log *log) {
    hutch_frame_log fixed = {.level = (uint32_t)log->level};
    begin(runner, HUTCH_FRAME_LOG, &fixed, sizeof fixed);
    add(runner, log->text);
}

/* At most HUTCH_FRAME_ERROR_TEXT_MAX bytes of a text, not cut inside a character. */
static hutch_text shorten(hutch_text text) {
    text.length = hutch_utf8_cut(text.data, text.length, HUTCH_FRAME_ERROR_TEXT_MAX);
    return text;
}

static void begin_failed(hutch_runner *runner, const hutch_failed *failed) {
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
    begin(runner, HUTCH_FRAME_FAILED, &fixed, sizeof fixed);
    add(runner, name);
    add(runner, message);
    add(runner, stack);
    add(runner, code);
}

static void begin_done(hutch_runner *runner, const hutch_done *done) {
    begin(runner, HUTCH_FRAME_DONE, NULL, 0);
    if (!runner->value_sent) {
        add(runner, done->json);
    }
}

static void begin_waiting(hutch_runner *runner) {
    hutch_frame_waiting fixed = {.answers = runner->answered};
    begin(runner, HUTCH_FRAME_WAITING, &fixed, sizeof fixed);
}

void hutch_emit_ready(hutch_runner *runner) {
    hutch_frame_writer_begin(&runner->writer, HUTCH_FRAME_READY, 0, NULL, 0);
    finish(runner);
}

static void begin_event(hutch_runner *runner, const hutch_event *event) {
    switch (event->type) {
    case HUTCH_EVENT_TOOL_CALL:
        begin_call(runner, &event->as.tool_call);
        return;
    case HUTCH_EVENT_LOG:
        begin_log(runner, &event->as.log);
        return;
    case HUTCH_EVENT_DONE:
        begin_done(runner, &event->as.done);
        return;
    case HUTCH_EVENT_FAILED:
        begin_failed(runner, &event->as.failed);
        return;
    case HUTCH_EVENT_WAITING:
        begin_waiting(runner);
        return;
    case HUTCH_EVENT_NONE:
        break;
    }
    hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
}

void hutch_emit_event(hutch_runner *runner, const hutch_event *event) {
    begin_event(runner, event);
    finish(runner);
}

void hutch_emit_early(void *runner, const hutch_event *event) {
    hutch_emit_event(runner, event);
}

void hutch_emit_value(void *runner, const hutch_done *value) {
    hutch_runner *self = runner;
    begin(self, HUTCH_FRAME_SETTLED, NULL, 0);
    add(self, value->json);
    finish(self);
    self->value_sent = true;
}
