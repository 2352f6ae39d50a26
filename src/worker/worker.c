/*
 * The loop of a worker. Owns the one hutch_worker of the process.
 *
 * Threads: the process has one.
 */
#include "worker/worker.h"

#include "isolate/driver.h"

#include <unistd.h>

static const hutch_frame_shape shapes[] = {HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_SHAPE)};

_Noreturn void hutch_worker_exit(hutch_worker_exit_status status) {
    _exit((int)status);
}

static void begin(hutch_worker *worker, const hutch_worker_start *start) {
    *worker = (hutch_worker){.isolate = start->isolate,
                             .stack = start->stack,
                             .shared = start->shared,
                             .doorbell = start->doorbell};
    hutch_ring_attach_worker(start->shared, &worker->ring_out, &worker->ring_in);
    hutch_frame_reader_init(&worker->reader, &worker->ring_in, shapes,
                            sizeof shapes / sizeof shapes[0]);
    hutch_frame_writer_init(&worker->writer, &worker->ring_out);
    hutch_isolate_set_sink(start->isolate, hutch_outbox_send_early, worker);
}

/* The guest cannot go on. The pool hears of it unless an answer is here already. */
static void wait_for_answer(hutch_worker *worker, const hutch_event *event) {
    if (!worker->told_waiting && !hutch_bell_has_bytes(worker) &&
        !hutch_frame_reader_is_inside(&worker->reader)) {
        worker->told_waiting = true;
        hutch_outbox_send_event(worker, event);
    }
    hutch_bell_wait_for_bytes(worker, &worker->look_for_answer);
}

static void end_run(hutch_worker *worker) {
    hutch_answers_drop(&worker->answers, worker->isolate);
    worker->state = HUTCH_WORKER_OPEN;
}

/* Gives the guest what has arrived, and lets it run to its next event. */
static void step(hutch_worker *worker) {
    hutch_event event = HUTCH_EVENT_INIT;
    if (!hutch_answers_give(&worker->answers, worker->isolate) ||
        hutch_isolate_next(worker->isolate, &event) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    if (event.type == HUTCH_EVENT_WAITING) {
        /* While the guest was logging something may have been taken in. */
        if (!worker->closing && hutch_answers_is_empty(&worker->answers)) {
            wait_for_answer(worker, &event);
        }
        return;
    }
    worker->told_waiting = false;
    hutch_outbox_send_event(worker, &event);
    if (event.type == HUTCH_EVENT_DONE || event.type == HUTCH_EVENT_FAILED) {
        end_run(worker);
    }
}

_Noreturn void hutch_worker_serve(const hutch_worker_start *start) {
    static hutch_worker worker;
    begin(&worker, start);
    hutch_outbox_send_ready(&worker);
    for (;;) {
        hutch_inbox_take(&worker);
        if (worker.closing) {
            hutch_worker_close(&worker);
            hutch_stack_wipe(worker.stack);
            hutch_outbox_send_ready(&worker);
        } else if (worker.state == HUTCH_WORKER_RUNNING) {
            step(&worker);
        } else {
            hutch_bell_wait_for_bytes(&worker, &worker.look_for_work);
        }
    }
}
