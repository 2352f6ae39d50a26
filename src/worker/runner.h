/**
 * @file runner.h
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
 * Files: runner.c is the loop, inbox.c takes frames, context.c acts on them,
 * answers.c keeps the answers that have arrived, emit.c sends events, bell.c
 * sleeps and rings.
 *
 * Threads: the process has one.
 */
#ifndef HUTCH_WORKER_RUNNER_H
#define HUTCH_WORKER_RUNNER_H

#include "plat/stack.h"
#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/ring.h"
#include "wire/spin.h"
#include "wire/worker_exit.h"
#include "worker/answers.h"

#include <hutch/isolate.h>

/** What the worker is at. */
typedef enum hutch_runner_state {
    HUTCH_RUNNER_IDLE,
    HUTCH_RUNNER_OPEN,
    HUTCH_RUNNER_RUNNING,
} hutch_runner_state;

/** What native code needs of the stack beyond the guest's limit: the worker's own frames, and engine
 *  functions that look at the limit only now and then. */
#define HUTCH_RUNNER_STACK_MARGIN (1 * HUTCH_MIB)

/** The body of the frame that is coming in. */
typedef struct hutch_runner_body {
    char *text;    /**< in the arena; NULL when there is none, or it is not kept */
    bool unwanted; /**< an answer that nobody waits for any more */
} hutch_runner_body;

/** The worker itself, as it sees itself; the pool's side of it is `hutch_worker` (src/pool). */
typedef struct hutch_runner {
    hutch_isolate *isolate;
    const hutch_stack *stack; /**< what this runs on */
    hutch_shared *shared;
    int doorbell; /**< the pool's eventfd */

    hutch_ring_reader ring_in;
    hutch_ring_writer ring_out;
    hutch_frame_reader reader;
    hutch_frame_writer writer;
    hutch_spin spin_for_work;   /**< between runs */
    hutch_spin spin_for_answer; /**< while the guest waits */

    hutch_runner_state state;
    uint32_t run;        /**< number of the present run, or of the last one */
    hutch_limits limits; /**< the context's */
    bool starved;        /**< the context's tools did not fit its memory limit: so no run does */
    bool closing;        /**< CLOSE has been taken, and waits until nothing of the guest is used */
    uint32_t answered;   /**< answers of this run that have been taken */
    bool waiting_sent;   /**< the pool knows that nothing moves */
    bool value_sent;     /**< the pool knows the result of this run */
    hutch_runner_body body;
    hutch_answers answers;
} hutch_runner;

/** What a worker needs from outside. */
typedef struct hutch_runner_start {
    hutch_isolate *isolate;   /**< fresh, its image saved */
    const hutch_stack *stack; /**< the caller runs on it */
    hutch_shared *shared;
    int doorbell;
} hutch_runner_start;

/** Say READY, then serve contexts for as long as the process lives. */
_Noreturn void hutch_runner_serve(const hutch_runner_start *start);

/** End the process at once. */
_Noreturn void hutch_worker_exit(hutch_worker_exit_status status);

/* --- inbox.c --- */

/** Take all frames that have arrived, and act on them; answers are only queued. Nothing of the
 *  guest's is touched, so texts of the isolate's last event stay. */
void hutch_inbox_take(hutch_runner *runner);

/* --- context.c --- */

/** OPEN, its struct: set the isolate up. */
void hutch_runner_begin_open(hutch_runner *runner);

/** OPEN, its body: define the tools. */
void hutch_runner_finish_open(hutch_runner *runner);

/** RUN: start the program. */
void hutch_runner_start_run(hutch_runner *runner);

/** CLOSE: make the isolate and this struct as if no guest had ever been there. The stack is left
 *  to a caller that has little of it in use. */
void hutch_runner_close(hutch_runner *runner);

/* --- emit.c --- */

/** Send READY. */
void hutch_emit_ready(hutch_runner *runner);

/** Send an event of the isolate. Returns when all of it is in the ring; takes what arrives in
 *  the meantime, so that the pool is never kept from writing. */
void hutch_emit_event(hutch_runner *runner, const hutch_event *event);

/** The same for an event of a guest that is still running: a sink of the isolate's. */
void hutch_emit_early(void *runner, const hutch_event *event);

/** Send the result of a run that goes on: the other sink. */
void hutch_emit_value(void *runner, const hutch_done *value);

/* --- bell.c --- */

/** Whether there is something to read; a corrupt ring counts: who reads it will see. */
bool hutch_bell_has_bytes(const hutch_runner *runner);

/** The pool may sleep for want of bytes: wake it, if it does. */
void hutch_bell_ring_for_bytes(hutch_runner *runner);

/** The pool may sleep for want of room: wake it, if it does. */
void hutch_bell_ring_for_room(hutch_runner *runner);

/** Sleep until there are bytes to read, the run shall stop, or the time has come: CLOCK_MONOTONIC, UINT64_MAX
 *  for never. Looks for a while first. */
void hutch_bell_wait_for_bytes(hutch_runner *runner, hutch_spin *spin, uint64_t until_ns);

/** Sleep until there is room to write, or bytes to read unless CLOSE has been taken. */
void hutch_bell_wait_for_room(hutch_runner *runner);

#endif
