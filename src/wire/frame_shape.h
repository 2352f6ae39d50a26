/**
 * @file frame_shape.h
 * How long each type of frame may be: the struct that its payload begins with,
 * and the most bytes that may follow it. A frame_reader is given the shapes of
 * the frames it takes, and anything else is malformed; so a length is judged
 * before a byte of room is looked for.
 */
#ifndef HUTCH_WIRE_FRAME_SHAPE_H
#define HUTCH_WIRE_FRAME_SHAPE_H

#include "wire/frame.h"

#include <hutch/isolate.h>
#include <hutch/limits.h>

#include <stddef.h>

/** Most bytes of any struct that a payload begins with. */
#define HUTCH_FRAME_FIXED_MAX sizeof(hutch_frame_open)

/** What a frame of one type looks like. */
typedef struct hutch_frame_shape {
    uint32_t type;     /**< hutch_frame_type */
    uint32_t fixed;    /**< bytes of its struct, at most HUTCH_FRAME_FIXED_MAX */
    uint64_t body_max; /**< most bytes after the struct */
} hutch_frame_shape;

/* The largest maxima that hutch_limits allows (limits.h); a test holds them against its table. */
#define HUTCH_FRAME_CODE_MAX (256 * HUTCH_MIB)
#define HUTCH_FRAME_JSON_MAX (1024 * HUTCH_MIB)
/* Four texts, and REJECT's three, which come from the host. */
#define HUTCH_FRAME_FAILED_MAX (4 * (uint64_t)HUTCH_FRAME_ERROR_TEXT_MAX)
#define HUTCH_FRAME_TOOLS_MAX                                                                      \
    ((uint64_t)HUTCH_TOOLS_MAX * (4 + HUTCH_TOOL_NAME_MAX + 4 + HUTCH_TOOL_BOUND_MAX))
/* A console text has at most UINT32_MAX UTF-16 units, of at most 3 bytes each. */
#define HUTCH_FRAME_LOG_MAX (3 * (uint64_t)UINT32_MAX)

/* X(type, struct bytes, most bytes after it), for each direction. */
#define HUTCH_FRAMES_TO_WORKER(X)                                                                  \
    X(HUTCH_FRAME_OPEN, sizeof(hutch_frame_open), HUTCH_FRAME_TOOLS_MAX)                           \
    X(HUTCH_FRAME_RUN, sizeof(hutch_frame_run), HUTCH_FRAME_CODE_MAX)                              \
    X(HUTCH_FRAME_REPLY, sizeof(hutch_frame_reply), HUTCH_FRAME_JSON_MAX)                          \
    X(HUTCH_FRAME_REJECT, sizeof(hutch_frame_reject), HUTCH_FRAME_JSON_MAX)                        \
    X(HUTCH_FRAME_CLOSE, 0, 0)

#define HUTCH_FRAMES_TO_POOL(X)                                                                    \
    X(HUTCH_FRAME_READY, 0, 0)                                                                     \
    X(HUTCH_FRAME_CALL, sizeof(hutch_frame_call), HUTCH_FRAME_JSON_MAX)                            \
    X(HUTCH_FRAME_LOG, sizeof(hutch_frame_log), HUTCH_FRAME_LOG_MAX)                               \
    X(HUTCH_FRAME_DONE, 0, HUTCH_FRAME_JSON_MAX)                                                   \
    X(HUTCH_FRAME_FAILED, sizeof(hutch_frame_failed), HUTCH_FRAME_FAILED_MAX)                      \
    X(HUTCH_FRAME_WAITING, sizeof(hutch_frame_waiting), 0)                                         \
    X(HUTCH_FRAME_SETTLED, 0, HUTCH_FRAME_JSON_MAX)

/* Readers and writers have room for no larger struct. */
#define HUTCH_FRAME_FITS(type, fixed, body_max)                                                    \
    _Static_assert((fixed) <= HUTCH_FRAME_FIXED_MAX, "HUTCH_FRAME_FIXED_MAX is the largest "       \
                                                     "struct");
HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_FITS)
HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_FITS)
#undef HUTCH_FRAME_FITS

/** An entry of a table of shapes: `{ HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_SHAPE) }`. */
#define HUTCH_FRAME_SHAPE(type, fixed, body_max) {type, (uint32_t)(fixed), body_max},

/** A label for each type of a direction, where a switch refuses what goes the other way:
 *  `HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)`. So every switch names all types, and the compiler
 *  finds those that a new one is missing from. */
#define HUTCH_FRAME_CASE(type, fixed, body_max) case type:

/** Number of types in each direction. */
#define HUTCH_FRAME_COUNT_ONE(type, fixed, body_max) +1
#define HUTCH_FRAMES_TO_WORKER_COUNT (0 HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_COUNT_ONE))
#define HUTCH_FRAMES_TO_POOL_COUNT (0 HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_COUNT_ONE))

#endif
