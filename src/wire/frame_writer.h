/**
 * @file frame_writer.h
 * Writes a frame to a ring in as many portions as it takes, without ever
 * waiting. The texts are borrowed until the frame is WRITTEN.
 *
 *     hutch_frame_writer_begin(&writer, HUTCH_FRAME_CALL, run, &call, sizeof call);
 *     hutch_frame_writer_add(&writer, json, json_length);
 *     while ((step = hutch_frame_writer_flush(&writer)) == HUTCH_FRAME_FULL) { wait for room }
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_WIRE_FRAME_WRITER_H
#define HUTCH_WIRE_FRAME_WRITER_H

#include "wire/frame_shape.h"
#include "wire/ring.h"

/** Most texts of one frame. */
#define HUTCH_FRAME_TEXTS_MAX 4

/** How far a frame has got. */
typedef enum hutch_frame_progress {
    HUTCH_FRAME_WRITTEN, /**< all of it is in the ring */
    HUTCH_FRAME_FULL,    /**< the ring is full; flush again when there is room */
    HUTCH_FRAME_CORRUPT, /**< the other side published an impossible position */
} hutch_frame_progress;

/** The writer. Private; begin, add and flush keep it. */
typedef struct hutch_frame_writer {
    hutch_ring_writer *ring;
    struct {
        hutch_frame_header header;
        unsigned char fixed[HUTCH_FRAME_FIXED_MAX];
    } head;             /* written as one piece */
    size_t head_length; /* of it, bytes used */
    struct {
        const unsigned char *data;
        size_t length;
    } texts[HUTCH_FRAME_TEXTS_MAX];
    size_t text_count;
    uint64_t written; /* bytes of the whole frame that are in the ring */
} hutch_frame_writer;

/** @param ring  borrowed */
void hutch_frame_writer_init(hutch_frame_writer *writer, hutch_ring_writer *ring);

/**
 * Begin a frame; the one before it must be WRITTEN.
 *
 * @param fixed         the struct, copied; NULL when the type has none
 * @param fixed_length  its bytes, at most HUTCH_FRAME_FIXED_MAX
 */
void hutch_frame_writer_begin(hutch_frame_writer *writer, hutch_frame_type type, uint32_t run,
                              const void *fixed, size_t fixed_length);

/** Add a text, at most HUTCH_FRAME_TEXTS_MAX of them. Borrowed; NULL with length 0 adds nothing. */
void hutch_frame_writer_add(hutch_frame_writer *writer, const void *data, size_t length);

/** Write what fits. */
hutch_frame_progress hutch_frame_writer_flush(hutch_frame_writer *writer);

/** Nobody wants the texts of the frame any more, and they are not borrowed any longer: zeros go in place
 *  of what has not been written. */
void hutch_frame_writer_blank(hutch_frame_writer *writer);

/** Whether a frame has been begun and is not WRITTEN yet. */
bool hutch_frame_writer_is_busy(const hutch_frame_writer *writer);

#endif
