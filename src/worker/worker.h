/**
 * @file worker.h
 * One confined worker: it takes frames from the pool, drives the isolate that
 * the zygote has built, and sends what happens back.
 *
 *     IDLE --OPEN--> OPEN --RUN--> RUNNING --DONE or FAILED--> OPEN
 *       ^              |              |
 *       +----CLOSE-----+----CLOSE-----+        (then READY)
 *
 * The pool is trusted, but its bugs must show: a frame that is malformed or not
 * due ends the process with a status of worker_exit.h. The one exception are
 * answers for a run that has ended, which may have been on their way: they are
 * taken off the ring and dropped.
 *
 * Everything that a guest can have written to lies in the isolate's arena, on
 * the guest's stack or in this struct, and all three are wiped between guests.
 * No memory is allocated but from the arena.
 *
 * Files: worker.c is the loop, inbox.c takes frames, context.c acts on them,
 * answers.c keeps the answers that have arrived, outbox.c sends events, bell.c
 * sleeps and rings.
 *
 * Threads: the process has one.
 */
#ifndef HUTCH_WORKER_WORKER_H
#define HUTCH_WORKER_WORKER_H

#include "plat/stack.h"
#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/look.h"
#include "wire/ring.h"
#include "wire/worker_exit.h"
#include "worker/answers.h"

#include <hutch/isolate.h>

/** What the worker is at. */
typedef enum hutch_worker_state {
    HUTCH_WORKER_IDLE,
    HUTCH_WORKER_OPEN,
    HUTCH_WORKER_RUNNING,
} hutch_worker_state;

/** The body of the frame that is coming in. */
typedef struct hutch_worker_body {
    char *text;    /**< in the arena; NULL when there is none, or it is not kept */
    bool unwanted; /**< an answer that nobody waits for any more */
} hutch_worker_body;

/** A worker. */
typedef struct hutch_worker {
    hutch_isolate *isolate;
    const hutch_stack *stack; /**< what this runs on */
    hutch_shared *shared;
    int doorbell; /**< the pool's eventfd */

    hutch_ring_reader ring_in;
    hutch_ring_writer ring_out;
    hutch_frame_reader reader;
    hutch_frame_writer writer;
    hutch_look look_for_work;   /**< between runs */
    hutch_look look_for_answer; /**< while the guest waits */

    hutch_worker_state state;
    uint32_t run;        /**< number of the present run, or of the last one */
    hutch_limits limits; /**< the context's */
    bool starved;        /**< the context's tools did not fit its memory limit: so no run does */
    bool closing;        /**< CLOSE has been taken, and waits until nothing of the guest is used */
    uint32_t answered;   /**< answers of this run that have been taken */
    bool told_waiting;   /**< the pool knows that nothing moves */
    hutch_worker_body body;
    hutch_answers answers;
} hutch_worker;

/** What a worker needs from outside. */
typedef struct hutch_worker_start {
    hutch_isolate *isolate;   /**< fresh, its image saved */
    const hutch_stack *stack; /**< the caller runs on it */
    hutch_shared *shared;
    int doorbell;
} hutch_worker_start;

/** Say READY, then serve contexts for as long as the process lives. */
_Noreturn void hutch_worker_serve(const hutch_worker_start *start);

/** End the process at once. */
_Noreturn void hutch_worker_exit(hutch_worker_exit_status status);

/* --- inbox.c --- */

/** Take all frames that have arrived, and act on them; answers are only queued. Nothing of the
 *  guest's is touched, so texts of the isolate's last event stay. */
void hutch_inbox_take(hutch_worker *worker);

/* --- context.c --- */

/** OPEN, its struct: set the isolate up. */
void hutch_worker_begin_open(hutch_worker *worker);

/** OPEN, its body: define the tools. */
void hutch_worker_finish_open(hutch_worker *worker);

/** RUN: start the program. */
void hutch_worker_start_run(hutch_worker *worker);

/** CLOSE: make the isolate and this struct as if no guest had ever been there. The stack is left
 *  to a caller that has little of it in use. */
void hutch_worker_close(hutch_worker *worker);

/* --- outbox.c --- */

/** Send READY. */
void hutch_outbox_send_ready(hutch_worker *worker);

/** Send an event of the isolate. Returns when all of it is in the ring; takes what arrives in
 *  the meantime, so that the pool is never kept from writing. */
void hutch_outbox_send_event(hutch_worker *worker, const hutch_event *event);

/** The same for an event of a guest that is still running: a sink of the isolate's. */
void hutch_outbox_send_early(void *worker, const hutch_event *event);

/* --- bell.c --- */

/** Whether there is something to read; a corrupt ring counts: who reads it will see. */
bool hutch_bell_has_bytes(const hutch_worker *worker);

/** The pool may sleep for want of bytes: wake it, if it does. */
void hutch_bell_ring_for_bytes(hutch_worker *worker);

/** The pool may sleep for want of room: wake it, if it does. */
void hutch_bell_ring_for_room(hutch_worker *worker);

/** Sleep until there are bytes to read, or the run shall stop. Looks for a while first. */
void hutch_bell_wait_for_bytes(hutch_worker *worker, hutch_look *look);

/** Sleep until there is room to write, or bytes to read unless CLOSE has been taken. */
void hutch_bell_wait_for_room(hutch_worker *worker);

#endif
