/**
 * @file small.h
 * Blocks of up to HUTCH_SMALL_MAX bytes, from slabs: one class for every 16
 * bytes, in each slab chunks of one class. Taking and giving back is a few
 * instructions. A new slab has about as many chunks as its class already has
 * in use, so that a heap with little in it stays dense.
 *
 * One empty slab of a class may stay, so that a block that comes and goes does
 * not take its slab along each time.
 *
 * Threads: those of the arena.
 */
#ifndef HUTCH_ARENA_SMALL_H
#define HUTCH_ARENA_SMALL_H

#include "arena/state.h"

/** Chunks of one size, in a block of the heap. The first chunk follows this struct. */
typedef struct hutch_slab {
    struct hutch_slab *next;     /**< in the class's open list, where it is while it has room */
    struct hutch_slab *previous; /**< NULL for the first */
    char *free;                  /**< last block given back; each holds the one before it */
    uint32_t size;               /**< bytes of one chunk */
    uint32_t count;              /**< chunks */
    uint32_t carved;             /**< chunks that have ever been handed out: the first ones */
    uint32_t used;               /**< chunks in use */
} hutch_slab;

_Static_assert(sizeof(hutch_slab) % HUTCH_CHUNK_GRAIN == HUTCH_CHUNK_TAG_SIZE,
               "chunks after a slab begin 8 bytes before a multiple of 16");

/** The position of a chunk of a slab. */
static inline hutch_chunk hutch_slab_chunk(const hutch_slab *slab, uint32_t index) {
    return (hutch_chunk)(uintptr_t)(slab + 1) + (size_t)index * slab->size;
}

/** A block of at least `size` bytes, 1 to HUTCH_SMALL_MAX; NULL beyond the cap. */
void *hutch_small_alloc(hutch_arena *arena, size_t size);

/** Give a block back. @param tag of its chunk */
void hutch_small_free(hutch_arena *arena, void *block, uint64_t tag);

/** Give all empty slabs back to the heap. @return whether there was one */
bool hutch_small_flush(hutch_arena *arena);

#endif
