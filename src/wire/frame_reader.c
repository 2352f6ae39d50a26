/*
 * Frames out of a ring. Owns no memory: bodies go where the caller says.
 *
 * Invariants: `taken` says which part of the frame comes next (header, struct,
 * body); header and struct are copied out of shared memory once, in pieces as
 * they come, and judged only in the copy. Nothing is taken from the ring for
 * which there is no place.
 *
 * Threads: one at a time.
 */
#include "wire/frame_reader.h"

#include <string.h>

#define HEADER_SIZE sizeof(hutch_frame_header)

void hutch_frame_reader_init(hutch_frame_reader *reader, hutch_ring_reader *ring,
                             const hutch_frame_shape *shapes, size_t shape_count) {
    memset(reader, 0, sizeof *reader);
    reader->ring = ring;
    reader->shapes = shapes;
    reader->shape_count = shape_count;
    reader->allowance = UINT64_MAX;
}

void hutch_frame_reader_allow(hutch_frame_reader *reader, uint64_t bytes) {
    reader->allowance = bytes;
}

static hutch_frame_step break_off(hutch_frame_reader *reader, hutch_frame_break why) {
    reader->broken = why;
    return HUTCH_FRAME_STEP_BROKEN;
}

/* The frame is whole: the next call begins another. */
static hutch_frame_step complete(hutch_frame_reader *reader) {
    reader->taken = 0;
    reader->room = NULL;
    reader->room_left = 0;
    return HUTCH_FRAME_STEP_COMPLETE;
}

/* Takes up to `wanted` bytes to `data` (NULL forgets them). False: the ring is corrupt. */
static bool take(hutch_frame_reader *reader, void *data, size_t wanted, size_t *got) {
    wanted = reader->allowance < wanted ? (size_t)reader->allowance : wanted;
    if (hutch_ring_read(reader->ring, data, wanted, got) != HUTCH_RING_SOUND) {
        return false;
    }
    reader->taken += *got;
    reader->allowance -= *got;
    return true;
}

/* Fewer bytes were taken than were wanted: because there are no more, or because no more may be. */
static hutch_frame_step pause_reading(hutch_frame_reader *reader) {
    size_t bytes;
    if (reader->allowance > 0) {
        return HUTCH_FRAME_STEP_NOTHING;
    }
    if (hutch_ring_readable(reader->ring, &bytes) != HUTCH_RING_SOUND) {
        return break_off(reader, HUTCH_FRAME_BREAK_RING);
    }
    return bytes > 0 ? HUTCH_FRAME_STEP_MORE : HUTCH_FRAME_STEP_NOTHING;
}

/* Finds the shape of the header's type and holds the length against it. */
static hutch_frame_break judge_header(hutch_frame_reader *reader) {
    for (size_t i = 0; i < reader->shape_count; i++) {
        const hutch_frame_shape *shape = &reader->shapes[i];
        if (shape->type == reader->header.type) {
            uint64_t length = reader->header.length;
            if (length < shape->fixed || length - shape->fixed > shape->body_max) {
                return HUTCH_FRAME_BREAK_LENGTH;
            }
            reader->shape = i;
            reader->body_length = length - shape->fixed;
            return HUTCH_FRAME_SOUND;
        }
    }
    return HUTCH_FRAME_BREAK_TYPE;
}

/* Takes what is missing of the header, and judges it when it is whole. */
static hutch_frame_step take_header(hutch_frame_reader *reader) {
    size_t got;
    unsigned char *place = (unsigned char *)&reader->header + reader->taken;
    if (!take(reader, place, HEADER_SIZE - (size_t)reader->taken, &got)) {
        return break_off(reader, HUTCH_FRAME_BREAK_RING);
    }
    if (reader->taken < HEADER_SIZE) {
        return pause_reading(reader);
    }
    hutch_frame_break why = judge_header(reader);
    return why == HUTCH_FRAME_SOUND ? HUTCH_FRAME_STEP_COMPLETE : break_off(reader, why);
}

/* Takes what is missing of the struct. */
static hutch_frame_step take_fixed(hutch_frame_reader *reader, size_t fixed) {
    size_t have = (size_t)reader->taken - HEADER_SIZE;
    size_t got;
    if (!take(reader, reader->fixed.bytes + have, fixed - have, &got)) {
        return break_off(reader, HUTCH_FRAME_BREAK_RING);
    }
    return got == fixed - have ? HUTCH_FRAME_STEP_COMPLETE : pause_reading(reader);
}

/* Takes body bytes while there are bytes, room and allowance. */
static hutch_frame_step take_body(hutch_frame_reader *reader) {
    while (hutch_frame_reader_remaining(reader) > 0) {
        if (reader->room_left == 0) {
            return HUTCH_FRAME_STEP_ROOM;
        }
        size_t wanted =
            reader->room_left < HUTCH_RING_SIZE ? (size_t)reader->room_left : HUTCH_RING_SIZE;
        size_t got;
        if (!take(reader, reader->room, wanted, &got)) {
            return break_off(reader, HUTCH_FRAME_BREAK_RING);
        }
        if (got == 0) {
            return pause_reading(reader);
        }
        reader->room_left -= got;
        reader->room = reader->room == NULL ? NULL : reader->room + got;
    }
    return complete(reader);
}

hutch_frame_step hutch_frame_reader_next(hutch_frame_reader *reader) {
    if (reader->broken != HUTCH_FRAME_SOUND) {
        return HUTCH_FRAME_STEP_BROKEN;
    }
    hutch_frame_step step = HUTCH_FRAME_STEP_COMPLETE;
    if (reader->taken < HEADER_SIZE) {
        step = take_header(reader);
    }
    if (step != HUTCH_FRAME_STEP_COMPLETE) {
        return step;
    }
    size_t fixed = reader->shapes[reader->shape].fixed;
    if (reader->taken < HEADER_SIZE + fixed) {
        step = take_fixed(reader, fixed);
    }
    return step == HUTCH_FRAME_STEP_COMPLETE ? take_body(reader) : step;
}

uint64_t hutch_frame_reader_remaining(const hutch_frame_reader *reader) {
    return HEADER_SIZE + reader->header.length - reader->taken;
}

void hutch_frame_reader_place(hutch_frame_reader *reader, void *room, uint64_t length) {
    reader->room = room;
    reader->room_left = length;
}

void hutch_frame_reader_skip(hutch_frame_reader *reader) {
    reader->room = NULL;
    reader->room_left = hutch_frame_reader_remaining(reader);
}

bool hutch_frame_reader_is_inside(const hutch_frame_reader *reader) {
    return reader->taken != 0;
}
