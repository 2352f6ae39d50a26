/*
 * The loop of a worker. Owns the one hutch_runner of the process.
 *
 * Threads: the process has one.
 */
#include "worker/runner.h"

#include "isolate/driver.h"

#include <unistd.h>

static const hutch_frame_shape shapes[] = {HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_SHAPE)};

_Noreturn void hutch_worker_exit(hutch_worker_exit_status status) {
    _exit((int)status);
}

static void begin(hutch_runner *runner, const hutch_runner_start *start) {
    *runner = (hutch_runner){.isolate = start->isolate,
                             .stack = start->stack,
                             .shared = start->shared,
                             .doorbell = start->doorbell};
    hutch_ring_attach_worker(start->shared, &runner->ring_out, &runner->ring_in);
    hutch_frame_reader_init(&runner->reader, &runner->ring_in, shapes,
                            sizeof shapes / sizeof shapes[0]);
    hutch_frame_writer_init(&runner->writer, &runner->ring_out);
    hutch_isolate_set_sink(start->isolate, hutch_emit_early, runner);
    hutch_isolate_set_value_sink(start->isolate, hutch_emit_value);
}

/* The guest cannot go on. The pool hears of it unless an answer is here already. */
static void wait_for_answer(hutch_runner *runner, const hutch_event *event) {
    if (!runner->waiting_sent && !hutch_bell_has_bytes(runner) &&
        !hutch_frame_reader_is_inside(&runner->reader)) {
        runner->waiting_sent = true;
        hutch_emit_event(runner, event);
    }
    hutch_bell_wait_for_bytes(runner, &runner->spin_for_answer,
                              hutch_isolate_waits_until(runner->isolate));
}

static void end_run(hutch_runner *runner) {
    hutch_answers_drop(&runner->answers, runner->isolate);
    runner->state = HUTCH_RUNNER_OPEN;
}

/* Gives the guest what has arrived, and lets it run to its next event. */
static void step(hutch_runner *runner) {
    hutch_event event = HUTCH_EVENT_INIT;
    if (!hutch_answers_give(&runner->answers, runner->isolate) ||
        hutch_isolate_next(runner->isolate, &event) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    if (event.type == HUTCH_EVENT_WAITING) {
        /* While the guest was logging something may have been taken in. */
        if (!runner->closing && hutch_answers_is_empty(&runner->answers)) {
            wait_for_answer(runner, &event);
        }
        return;
    }
    runner->waiting_sent = false;
    hutch_emit_event(runner, &event);
    if (event.type == HUTCH_EVENT_DONE || event.type == HUTCH_EVENT_FAILED) {
        end_run(runner);
    }
}

/* Bytes of the stack that can have been used for the guest. */
static size_t used_stack(const hutch_runner *runner) {
    return (size_t)runner->limits.stack_bytes * HUTCH_STACK_FACTOR + HUTCH_RUNNER_STACK_MARGIN;
}

_Noreturn void hutch_runner_serve(const hutch_runner_start *start) {
    static hutch_runner runner;
    begin(&runner, start);
    hutch_isolate_own_thread(runner.isolate);
    hutch_emit_ready(&runner);
    for (;;) {
        hutch_inbox_take(&runner);
        if (runner.closing) {
            size_t used = used_stack(&runner);
            hutch_runner_close(&runner);
            hutch_stack_wipe_upper(runner.stack, used);
            hutch_emit_ready(&runner);
        } else if (runner.state == HUTCH_RUNNER_RUNNING) {
            step(&runner);
        } else {
            hutch_bell_wait_for_bytes(&runner, &runner.spin_for_work, UINT64_MAX);
        }
    }
}
