/*
 * Frames from the pool: what is due, where each body goes, what is done when a
 * frame is whole. Bodies go straight into the isolate's arena, so they count
 * towards the memory limit. One that does not fit is taken off the ring all the
 * same, to keep in step, and the run ends with MemoryLimitError. Of one that is
 * longer than its own limit only a byte more than the limit is kept: by that the
 * isolate sees that it is too long.
 *
 * Threads: the worker has one.
 */
#include "isolate/driver.h"
#include "worker/worker.h"

#include <string.h>

static void expect(bool due) {
    if (!due) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_STATE);
    }
}

static bool is_answer(const hutch_worker *worker) {
    return worker->reader.header.type == HUTCH_FRAME_REPLY ||
           worker->reader.header.type == HUTCH_FRAME_REJECT;
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

/* How much of the body is kept. */
static size_t kept_length(const hutch_worker *worker) {
    uint64_t length = worker->reader.body_length;
    uint64_t most = UINT64_MAX;
    if (worker->reader.header.type == HUTCH_FRAME_RUN) {
        most = worker->limits.code_bytes + 1;
    } else if (worker->reader.header.type == HUTCH_FRAME_REPLY) {
        most = worker->limits.tool_result_bytes + 1;
    }
    return (size_t)(length < most ? length : most);
}

/* Finds room for what is kept of the body; notes when there is none. */
static void make_room(hutch_worker *worker, size_t length) {
    hutch_worker_body *body = &worker->body;
    if (is_answer(worker)) {
        body->answer = hutch_answers_new(worker->isolate, length);
        body->text = body->answer == NULL ? NULL : body->answer->text;
    } else {
        body->text = hutch_isolate_payload_new(worker->isolate, length);
    }
    body->length = length;
    body->lost = body->text == NULL;
}

static void place_body(hutch_worker *worker) {
    hutch_frame_reader *reader = &worker->reader;
    /* Asked a second time: what is kept has arrived, the rest is beyond the limit. */
    bool is_first = hutch_frame_reader_remaining(reader) == reader->body_length;
    if (is_first) {
        begin_frame(worker);
        if (!worker->body.unwanted) {
            make_room(worker, kept_length(worker));
        }
    }
    if (is_first && worker->body.text != NULL) {
        hutch_frame_reader_place(reader, worker->body.text, worker->body.length);
    } else {
        hutch_frame_reader_skip(reader);
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
    if (worker->body.unwanted) {
        return;
    }
    if (worker->reader.body_length == 0) {
        make_room(worker, 0);
    }
    worker->answered++;
    worker->told_waiting = false;
    hutch_answer *answer = worker->body.answer;
    if (answer == NULL) {
        worker->answers.lost = true;
        return;
    }
    answer->rejects = rejects;
    if (rejects) {
        answer->reject = worker->reader.fixed.reject;
    } else {
        answer->reject.call_id = worker->reader.fixed.reply.call_id;
    }
    hutch_answers_add(&worker->answers, answer);
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
