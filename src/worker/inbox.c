/*
 * Frames from the pool: what is due, where each body goes, what is done when a
 * frame is whole. Bodies go straight into the isolate's arena, so they count
 * towards the memory limit. One that does not fit is taken off the ring all the
 * same, to keep in step, and the run ends with MemoryLimitError. Of a reply that
 * is longer than its own limit nothing is kept: the isolate only needs to know
 * how long it is.
 *
 * Threads: the worker has one.
 */
#include "isolate/driver.h"
#include "worker/worker.h"

static void expect(bool due) {
    if (!due) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_STATE);
    }
}

/* Whether the run that an answer is for is still in progress. */
static bool is_wanted(const hutch_worker *worker) {
    return worker->state == HUTCH_WORKER_RUNNING && worker->reader.header.run == worker->run;
}

/* The header and the struct of a frame are there. */
static void begin_frame(hutch_worker *worker) {
    worker->body = (hutch_worker_body){0};
    switch ((hutch_frame_type)worker->reader.header.type) {
    case HUTCH_FRAME_OPEN:
        expect(worker->state == HUTCH_WORKER_IDLE);
        hutch_worker_begin_open(worker);
        break;
    case HUTCH_FRAME_RUN:
        expect(worker->state == HUTCH_WORKER_OPEN && worker->reader.header.run > worker->run);
        if (worker->reader.body_length > worker->limits.code_bytes) {
            hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
        }
        break;
    case HUTCH_FRAME_REPLY:
    case HUTCH_FRAME_REJECT:
        expect(worker->state != HUTCH_WORKER_IDLE);
        worker->body.unwanted = !is_wanted(worker);
        break;
    default:
        expect(worker->state != HUTCH_WORKER_IDLE);
        break;
    }
}

/* Whether the body is of use. */
static bool is_kept(const hutch_worker *worker) {
    bool is_too_long = worker->reader.header.type == HUTCH_FRAME_REPLY &&
                       worker->reader.body_length > worker->limits.tool_result_bytes;
    return !worker->body.unwanted && !is_too_long;
}

/* The frame's body is about to arrive. */
static void place_body(hutch_worker *worker) {
    begin_frame(worker);
    uint64_t length = worker->reader.body_length;
    if (is_kept(worker)) {
        worker->body.text = hutch_isolate_payload_new(worker->isolate, (size_t)length);
    }
    if (worker->body.text != NULL) {
        hutch_frame_reader_place(&worker->reader, worker->body.text, length);
    } else {
        hutch_frame_reader_skip(&worker->reader);
    }
}

/* The lengths that a REJECT announces are those of the texts that it brings. */
static bool is_sound_reject(const hutch_worker *worker) {
    const hutch_frame_reject *reject = &worker->reader.fixed.reject;
    return (uint64_t)reject->name_length + reject->message_length + reject->code_length ==
           worker->reader.body_length;
}

static void queue_answer(hutch_worker *worker) {
    bool rejects = worker->reader.header.type == HUTCH_FRAME_REJECT;
    if (rejects && !is_sound_reject(worker)) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
    }
    /* The run may have ended while the body was on its way. */
    if (worker->body.unwanted || !is_wanted(worker)) {
        hutch_isolate_payload_free(worker->isolate, worker->body.text);
        worker->body.text = NULL;
        return;
    }
    hutch_answer answer = {.rejects = rejects,
                           .text = worker->body.text,
                           .length = (size_t)worker->reader.body_length};
    if (rejects) {
        answer.reject = worker->reader.fixed.reject;
    } else {
        answer.reject.call_id = worker->reader.fixed.reply.call_id;
    }
    worker->body.text = NULL;
    worker->answered++;
    worker->told_waiting = false;
    hutch_answers_add(&worker->answers, worker->isolate, &answer);
}

static void finish_frame(hutch_worker *worker) {
    if (worker->reader.body_length == 0) {
        begin_frame(worker);
    }
    switch ((hutch_frame_type)worker->reader.header.type) {
    case HUTCH_FRAME_OPEN:
        hutch_worker_finish_open(worker);
        break;
    case HUTCH_FRAME_RUN:
        hutch_worker_start_run(worker);
        break;
    case HUTCH_FRAME_REPLY:
    case HUTCH_FRAME_REJECT:
        queue_answer(worker);
        break;
    default:
        worker->closing = true;
        break;
    }
}

/* One step of the reader. False: there are no more bytes. */
static bool take_step(hutch_worker *worker) {
    switch (hutch_frame_reader_next(&worker->reader)) {
    case HUTCH_FRAME_STEP_NOTHING:
        return false;
    case HUTCH_FRAME_STEP_ROOM:
        place_body(worker);
        break;
    case HUTCH_FRAME_STEP_COMPLETE:
        finish_frame(worker);
        break;
    case HUTCH_FRAME_STEP_BROKEN:
        hutch_worker_exit(worker->reader.broken == HUTCH_FRAME_BREAK_RING
                              ? HUTCH_WORKER_EXIT_RING
                              : HUTCH_WORKER_EXIT_FRAME);
    }
    return true;
}

void hutch_inbox_take(hutch_worker *worker) {
    uint32_t before = worker->ring_in.consumed;
    /* What follows a CLOSE belongs to the next guest: it stays in the ring until this one is
     * gone. */
    while (!worker->closing && take_step(worker)) {
    }
    if (worker->ring_in.consumed != before) {
        hutch_bell_ring_for_room(worker);
    }
}
