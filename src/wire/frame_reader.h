/**
 * @file frame_reader.h
 * Puts frames together from the bytes of a ring, whatever pieces they come in.
 *
 * Call hutch_frame_reader_next() until it has NOTHING. At ROOM the header and
 * the struct are there and checked, and the body wants memory: give it all at
 * once, or in portions (ROOM comes again when one is full, so a buffer need
 * only grow as bytes really arrive), or skip it. COMPLETE is the end of each
 * frame; one without a body has no ROOM.
 *
 * Who must not be held by the other side says how much may be taken
 * (hutch_frame_reader_allow()): the other side writes as fast as this one reads,
 * so that "until there is NOTHING" need not end. MORE says that it is used up.
 *
 * A malformed frame, or an impossible position of the ring, is final.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_WIRE_FRAME_READER_H
#define HUTCH_WIRE_FRAME_READER_H

#include "wire/frame_shape.h"
#include "wire/ring.h"

/** What a reader has come to. */
typedef enum hutch_frame_step {
    HUTCH_FRAME_STEP_NOTHING,  /**< no more bytes now */
    HUTCH_FRAME_STEP_MORE,     /**< there are more, but no more may be taken now */
    HUTCH_FRAME_STEP_ROOM,     /**< give room for the body's next bytes, or skip them */
    HUTCH_FRAME_STEP_COMPLETE, /**< `header`, `fixed` and the body are there */
    HUTCH_FRAME_STEP_BROKEN,   /**< the other side broke the protocol; see `broken` */
} hutch_frame_step;

/** How the other side broke the protocol. */
typedef enum hutch_frame_break {
    HUTCH_FRAME_SOUND,
    HUTCH_FRAME_BREAK_RING,   /**< an impossible position */
    HUTCH_FRAME_BREAK_TYPE,   /**< a type that does not go this way */
    HUTCH_FRAME_BREAK_LENGTH, /**< too short for its struct, or too long */
} hutch_frame_break;

/** The reader. Fields above the line may be read at ROOM and COMPLETE. */
typedef struct hutch_frame_reader {
    hutch_frame_header header;
    union {
        hutch_frame_open open;
        hutch_frame_run run;
        hutch_frame_reply reply;
        hutch_frame_reject reject;
        hutch_frame_call call;
        hutch_frame_log log;
        hutch_frame_failed failed;
        hutch_frame_waiting waiting;
        unsigned char bytes[HUTCH_FRAME_FIXED_MAX];
    } fixed;              /**< the struct of the header's type */
    uint64_t body_length; /**< bytes after the struct */
    hutch_frame_break broken;
    /* ---- */
    hutch_ring_reader *ring;
    const hutch_frame_shape *shapes;
    size_t shape_count;
    size_t shape;        /* index of the frame's shape, once the header is there */
    uint64_t taken;      /* bytes of the frame taken from the ring, header included */
    unsigned char *room; /* where the body's next bytes go; NULL while skipping */
    uint64_t room_left;  /* bytes that may be taken before ROOM is due again */
    uint64_t allowance;  /* bytes that may be taken before MORE is due */
} hutch_frame_reader;

/**
 * Begin at the beginning of a frame.
 *
 * @param ring    borrowed
 * @param shapes  the frames that may come; borrowed, and the caller may change `body_max` between
 *                frames
 */
void hutch_frame_reader_init(hutch_frame_reader *reader, hutch_ring_reader *ring,
                             const hutch_frame_shape *shapes, size_t shape_count);

/** Begin a look: so many bytes may be taken from here on, of whichever frames. Until the first call
 *  there is no bound. */
void hutch_frame_reader_allow(hutch_frame_reader *reader, uint64_t bytes);

/** Go on as far as bytes, room and allowance go. */
hutch_frame_step hutch_frame_reader_next(hutch_frame_reader *reader);

/** Body bytes that have not been taken yet. */
uint64_t hutch_frame_reader_remaining(const hutch_frame_reader *reader);

/**
 * Give room for the body's next bytes.
 *
 * @param room    not NULL; must live until it is full
 * @param length  1 to hutch_frame_reader_remaining()
 */
void hutch_frame_reader_place(hutch_frame_reader *reader, void *room, uint64_t length);

/** Take the rest of the body off the ring without keeping it. */
void hutch_frame_reader_skip(hutch_frame_reader *reader);

/** Whether the reader is inside a frame: some of it taken, not yet COMPLETE. */
bool hutch_frame_reader_is_inside(const hutch_frame_reader *reader);

#endif
