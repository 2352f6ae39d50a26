/**
 * @file frame.h
 * What the pool and a worker say to each other, byte for byte. Both ends run on
 * one machine, so integers are in its own order and structs are copied as they
 * are; every struct here is free of padding, which the compiler sees to.
 *
 * A frame is a hutch_frame_header followed by `length` bytes of payload. The
 * payload of each type begins with its struct, where it has one, and goes on
 * with the texts it announces. Frames may be longer than the ring.
 *
 * The pool treats every byte from a worker as hostile: it copies a header or a
 * struct out of shared memory once, checks it, and uses the copy.
 */
#ifndef HUTCH_WIRE_FRAME_H
#define HUTCH_WIRE_FRAME_H

#include "base/isolate_options.h"

#include <stdint.h>

/** Kinds of frames; the first group goes from the pool to the worker. */
typedef enum hutch_frame_type {
    HUTCH_FRAME_OPEN = 1,   /**< hutch_frame_open, then the tools; see there */
    HUTCH_FRAME_RUN = 2,    /**< hutch_frame_run, then the code */
    HUTCH_FRAME_REPLY = 3,  /**< hutch_frame_reply, then JSON (none: undefined) */
    HUTCH_FRAME_REJECT = 4, /**< hutch_frame_reject, then name, message, code, reasons */
    HUTCH_FRAME_CLOSE = 5,  /**< nothing; the worker restores its image and says READY */

    HUTCH_FRAME_READY = 16,   /**< nothing; at the worker's start and after each CLOSE */
    HUTCH_FRAME_CALL = 17,    /**< hutch_frame_call, then JSON */
    HUTCH_FRAME_LOG = 18,     /**< hutch_frame_log, then text */
    HUTCH_FRAME_DONE = 19,    /**< JSON (none: undefined) */
    HUTCH_FRAME_FAILED = 20,  /**< hutch_frame_failed, then name, message, stack, code */
    HUTCH_FRAME_WAITING = 21, /**< hutch_frame_waiting */
    HUTCH_FRAME_SETTLED =
        22, /**< JSON (none: undefined): the result, while the run goes on; its DONE
                                   has none then */
} hutch_frame_type;

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/** Every frame begins with this. */
typedef struct hutch_frame_header {
    uint32_t type;   /**< hutch_frame_type */
    uint32_t run;    /**< number of the run, from 1; 0 in OPEN, CLOSE and READY */
    uint64_t length; /**< bytes of payload */
} hutch_frame_header;

/** What a context is opened with. The pool has checked all of it. For each tool follow uint32_t length,
 *  its name, uint32_t length, and the identifier that it is bound to; 0 bytes: the rule's
 *  (hutch/tool.h). */
typedef struct hutch_frame_open {
    uint64_t
        options[HUTCH_ISOLATE_WORDS]; /**< of the isolate, as words; the seed of chance is always
                                                given, as a worker has no source of its own */
    uint32_t tool_count;
    uint32_t
        for_once; /**< 0 or 1: the worker will not be asked to CLOSE, and there is seldom more work
                            for it after a run */
} hutch_frame_open;

/** Begin a run. */
typedef struct hutch_frame_run {
    uint64_t deadline_ns; /**< CLOCK_MONOTONIC */
} hutch_frame_run;

/** The result of a tool call. */
typedef struct hutch_frame_reply {
    uint32_t call_id;
} hutch_frame_reply;

/** The failure of a tool call. */
typedef struct hutch_frame_reject {
    uint32_t call_id;
    uint32_t name_length;
    uint32_t message_length;
    uint32_t code_length;
    uint32_t reasons_length;
} hutch_frame_reject;

/** The guest called a tool. */
typedef struct hutch_frame_call {
    uint32_t call_id; /**< counts from 1 in each context, never repeats */
    uint32_t tool;    /**< index in OPEN's list */
} hutch_frame_call;

/** The guest wrote to its console. */
typedef struct hutch_frame_log {
    uint32_t level; /**< hutch_log_level */
} hutch_frame_log;

/** The run failed. */
typedef struct hutch_frame_failed {
    uint32_t failure; /**< hutch_failure; never WORKER_DIED or VIOLATION */
    uint32_t usable;  /**< 0 or 1 */
    uint32_t line;
    uint32_t column;
    uint32_t name_length;
    uint32_t message_length;
    uint32_t stack_length;
    uint32_t code_length;
} hutch_frame_failed;

/** Nothing moves until a call is answered. */
typedef struct hutch_frame_waiting {
    uint32_t answers; /**< REPLY and REJECT frames of this run that the worker has taken: the pool
                           knows by it whether another answer is on its way */
} hutch_frame_waiting;

#pragma GCC diagnostic pop

/** Longest text of each kind that a worker may send with FAILED; longer ones it cuts. */
#define HUTCH_FRAME_ERROR_TEXT_MAX UINT32_C(65536)

#endif
