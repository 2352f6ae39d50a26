/**
 * @file heap.h
 * Blocks that are too large for the size classes, and the slabs of those:
 * chunks with boundary tags, taken from the bins where one fits, else from the
 * top. Freed chunks coalesce with their neighbours and with the top at once.
 *
 * Threads: those of the arena.
 */
#ifndef HUTCH_ARENA_HEAP_H
#define HUTCH_ARENA_HEAP_H

#include "arena/state.h"

/** Bytes of the chunk for a block of `size` bytes; 0 when no arena is that large. */
size_t hutch_heap_chunk_size(size_t size);

/** Block of a chunk of `chunk_size` bytes, as hutch_heap_chunk_size() says; NULL beyond the cap.
 *  @param flags  0 or HUTCH_TAG_SLAB */
void *hutch_heap_alloc(hutch_arena *arena, size_t chunk_size, uint64_t flags);

/** Give a block back. */
void hutch_heap_free(hutch_arena *arena, void *block);

/** Make the chunk of a block `chunk_size` bytes long without moving it; on false it is as it was. */
bool hutch_heap_resize(hutch_arena *arena, void *block, size_t chunk_size);

/** For the sanitizers: what follows the top is nobody's. */
void hutch_heap_poison_ahead(const hutch_arena *arena);

/** For the sanitizers: the arena's addresses are about to be somebody else's. */
void hutch_heap_unpoison_all(const hutch_arena *arena);

#endif
