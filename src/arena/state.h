/**
 * @file state.h
 * All that the allocator knows, at the beginning of the arena's own range and
 * so in the image.
 *
 * Invariants: first <= top <= extent <= end. Every byte from `extent` on is
 * zero. `limit` is at most `end`, and may be below `top`, which then cannot
 * rise.
 *
 * Threads: those of the arena.
 */
#ifndef HUTCH_ARENA_STATE_H
#define HUTCH_ARENA_STATE_H

#include "arena/arena.h"
#include "arena/chunk.h"
#include "plat/memory.h"

/** Chunks of a size below this have a bin for each size. */
#define HUTCH_BIN_EXACT_BELOW ((size_t)256)
/** Each power of two above is divided into this many bins. */
#define HUTCH_BIN_COLUMNS 16
/** The exact bins, then one row for each power of two from 2^8 to 2^33. */
#define HUTCH_BIN_ROWS 27
/** A range can be as long as the rows reach. */
#define HUTCH_ARENA_RESERVE_MAX ((size_t)1 << 34)

/** Blocks of up to this size are small; a small chunk has its tag besides. */
#define HUTCH_SMALL_MAX ((size_t)504)
#define HUTCH_SMALL_CLASSES 32

/** From this far into the range on, pages are huge where the system has such: what lies beyond is
 *  only used by guests that use much. */
#define HUTCH_ARENA_HUGE_FROM HUTCH_MEMORY_HUGE

/** Free chunks by size; see bins.h. */
typedef struct hutch_arena_bins {
    uint32_t rows;                    /**< bit set: the row has a bin with a chunk in it */
    uint16_t columns[HUTCH_BIN_ROWS]; /**< bit set: the bin has a chunk in it */
    hutch_chunk heads[HUTCH_BIN_ROWS][HUTCH_BIN_COLUMNS];
} hutch_arena_bins;

/** Blocks of one small size; see small.h. */
typedef struct hutch_small_class {
    struct hutch_slab *open; /**< slabs with room, linked both ways */
    size_t live;             /**< blocks in use in all slabs */
} hutch_small_class;

struct hutch_arena {
    char *top;        /**< end of the last chunk; what lies beyond has not been handed out */
    char *extent;     /**< highest value of `top` since the bytes beyond were last made zero */
    char *limit;      /**< where the cap ends */
    char *end;        /**< where the range ends */
    char *first;      /**< the first chunk */
    size_t allocated; /**< bytes of chunks in use; for slabs, of their chunks in use */
    size_t peak;
    size_t countdown; /**< allocations that still succeed; see hutch_arena_fail_after() */
    bool refused;
    void *image;        /**< a range of its own */
    size_t image_size;  /**< bytes of the image */
    size_t image_range; /**< bytes of its range */
    hutch_small_class classes[HUTCH_SMALL_CLASSES];
    hutch_arena_bins bins;
};

/** Count bytes that have become a block. */
static inline void hutch_arena_count_in(hutch_arena *arena, size_t size) {
    arena->allocated += size;
    if (arena->allocated > arena->peak) {
        arena->peak = arena->allocated;
    }
}

/** Count bytes that no longer are. */
static inline void hutch_arena_count_out(hutch_arena *arena, size_t size) {
    arena->allocated -= size;
}

#endif
