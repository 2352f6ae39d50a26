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
#include "worker/runner.h"

static void expect(bool due) {
    if (!due) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_STATE);
    }
}

/* Whether the run that an answer is for is still in progress. */
static bool is_wanted(const hutch_runner *runner) {
    return runner->state == HUTCH_RUNNER_RUNNING && runner->reader.header.run == runner->run;
}

/* The header and the struct of a frame are there. */
static void begin_frame(hutch_runner *runner) {
    runner->body = (hutch_runner_body){0};
    switch ((hutch_frame_type)runner->reader.header.type) {
    case HUTCH_FRAME_OPEN:
        expect(runner->state == HUTCH_RUNNER_IDLE);
        hutch_runner_begin_open(runner);
        return;
    case HUTCH_FRAME_RUN:
        expect(runner->state == HUTCH_RUNNER_OPEN && runner->reader.header.run > runner->run);
        if (runner->reader.body_length > runner->limits.code_bytes) {
            hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
        }
        return;
    case HUTCH_FRAME_REPLY:
    case HUTCH_FRAME_REJECT:
        expect(runner->state != HUTCH_RUNNER_IDLE);
        runner->body.unwanted = !is_wanted(runner);
        return;
    case HUTCH_FRAME_CLOSE:
        expect(runner->state != HUTCH_RUNNER_IDLE);
        return;
        HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_CASE)
        break;
    }
    /* The reader lets none through that does not go this way. */
    hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
}

/* Whether the body is of use. */
static bool is_kept(const hutch_runner *runner) {
    bool is_too_long = runner->reader.header.type == HUTCH_FRAME_REPLY &&
                       runner->reader.body_length > runner->limits.tool_result_bytes;
    return !runner->body.unwanted && !is_too_long;
}

/* The frame's body is about to arrive. */
static void place_body(hutch_runner *runner) {
    begin_frame(runner);
    uint64_t length = runner->reader.body_length;
    if (is_kept(runner)) {
        runner->body.text = hutch_isolate_payload_new(runner->isolate, (size_t)length);
    }
    if (runner->body.text != NULL) {
        hutch_frame_reader_place(&runner->reader, runner->body.text, length);
    } else {
        hutch_frame_reader_skip(&runner->reader);
    }
}

/* The lengths that a REJECT announces are those of the texts that it brings. */
static bool is_sound_reject(const hutch_runner *runner) {
    const hutch_frame_reject *reject = &runner->reader.fixed.reject;
    return (uint64_t)reject->name_length + reject->message_length + reject->code_length +
               reject->reasons_length ==
           runner->reader.body_length;
}

static void queue_answer(hutch_runner *runner) {
    bool rejects = runner->reader.header.type == HUTCH_FRAME_REJECT;
    if (rejects && !is_sound_reject(runner)) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
    }
    /* The run may have ended while the body was on its way. */
    if (runner->body.unwanted || !is_wanted(runner)) {
        hutch_isolate_payload_free(runner->isolate, runner->body.text);
        runner->body.text = NULL;
        return;
    }
    hutch_answer answer = {.rejects = rejects,
                           .text = runner->body.text,
                           .length = (size_t)runner->reader.body_length};
    if (rejects) {
        answer.reject = runner->reader.fixed.reject;
    } else {
        answer.reject.call_id = runner->reader.fixed.reply.call_id;
    }
    runner->body.text = NULL;
    runner->answered++;
    runner->waiting_sent = false;
    hutch_answers_add(&runner->answers, runner->isolate, &answer);
}

static void finish_frame(hutch_runner *runner) {
    if (runner->reader.body_length == 0) {
        begin_frame(runner);
    }
    switch ((hutch_frame_type)runner->reader.header.type) {
    case HUTCH_FRAME_OPEN:
        hutch_runner_finish_open(runner);
        return;
    case HUTCH_FRAME_RUN:
        hutch_runner_start_run(runner);
        return;
    case HUTCH_FRAME_REPLY:
    case HUTCH_FRAME_REJECT:
        queue_answer(runner);
        return;
    case HUTCH_FRAME_CLOSE:
        runner->closing = true;
        return;
        HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_CASE)
        break;
    }
    hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
}

/* One step of the reader. False: there are no more bytes. */
static bool take_step(hutch_runner *runner) {
    switch (hutch_frame_reader_next(&runner->reader)) {
    case HUTCH_FRAME_STEP_NOTHING:
    case HUTCH_FRAME_STEP_MORE: /* the pool is trusted: no allowance was set */
        return false;
    case HUTCH_FRAME_STEP_ROOM:
        place_body(runner);
        return true;
    case HUTCH_FRAME_STEP_COMPLETE:
        finish_frame(runner);
        return true;
    case HUTCH_FRAME_STEP_BROKEN:
        break;
    }
    hutch_worker_exit(runner->reader.broken == HUTCH_FRAME_BREAK_RING ? HUTCH_WORKER_EXIT_RING
                                                                      : HUTCH_WORKER_EXIT_FRAME);
}

void hutch_inbox_take(hutch_runner *runner) {
    uint32_t before = runner->ring_in.consumed;
    /* What follows a CLOSE belongs to the next guest: it stays in the ring until this one is
     * gone. */
    while (!runner->closing && take_step(runner)) {
    }
    if (runner->ring_in.consumed != before) {
        hutch_bell_ring_for_room(runner);
    }
}
