/**
 * @file outbox.h
 * Frames on their way to a worker. What fits goes straight into the ring; the
 * rest waits here, in order, until the worker has read. Nothing ever waits for
 * the worker.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_OUTBOX_H
#define HUTCH_POOL_OUTBOX_H

#include "wire/frame_writer.h"

#include <hutch/error.h>
#include <hutch/event.h>

/** A frame that waits; private. */
typedef struct hutch_outbox_frame hutch_outbox_frame;

/** The outbox of one worker. */
typedef struct hutch_outbox {
    hutch_frame_writer writer;
    hutch_ring_writer *ring;
    hutch_outbox_frame
        *first;            /**< owned; the writer may be inside it, or else inside one before it: */
    bool is_first_dropped; /**< nobody wants it and it is not kept, but it has to be written out */
    hutch_outbox_frame *last;
    size_t bytes; /**< memory of the frames that wait */
} hutch_outbox;

/** A frame to send. Everything is borrowed for the call. */
typedef struct hutch_outgoing {
    hutch_frame_type type;
    uint32_t run;
    const void *fixed; /**< the struct of the type; NULL when it has none */
    size_t fixed_length;
    hutch_text texts[HUTCH_FRAME_TEXTS_MAX]; /**< absent ones are empty */
} hutch_outgoing;

/** @param ring  borrowed */
void hutch_outbox_init(hutch_outbox *outbox, hutch_ring_writer *ring);

/** Drop what waits. */
void hutch_outbox_free(hutch_outbox *outbox);

/** Bytes of memory that a frame would take, because it would have to wait; SIZE_MAX: no memory holds
 *  it. */
size_t hutch_outbox_cost_of(const hutch_outbox *outbox, const hutch_outgoing *frame);

/** Whether nothing waits for room. */
bool hutch_outbox_is_empty(const hutch_outbox *outbox);

/**
 * Send a frame, after those that wait.
 *
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY (nothing is sent) or HUTCH_DISPOSED (the worker has
 *         garbled its ring: it must go)
 */
hutch_status hutch_outbox_send(hutch_outbox *outbox, const hutch_outgoing *frame);

/** Nobody wants answers to tool calls any more: those that wait are given back. The rest of one that is
 *  being written goes out as zeros, which take no memory, so that the ring stays in step. */
void hutch_outbox_drop_answers(hutch_outbox *outbox);

/** Write what there is room for. @return HUTCH_OK or HUTCH_DISPOSED, as hutch_outbox_send() */
hutch_status hutch_outbox_pump(hutch_outbox *outbox);

#endif
