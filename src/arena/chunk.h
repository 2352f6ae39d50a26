/**
 * @file chunk.h
 * How the arena's bytes are divided. From the first chunk to the top, chunk
 * follows chunk without a gap. A chunk begins with its tag, the block that the
 * caller sees follows it:
 *
 *     | tag | block ...                            |    in use
 *     | tag | next | previous | ...         | size |    free
 *
 * The tag holds the chunk's size, a multiple of 16, and flags. Chunks begin 8
 * bytes before a multiple of 16, so blocks are 16-byte aligned. The last word
 * of a free chunk repeats its size, so that the chunk after it, whose tag
 * says PREVIOUS_FREE, finds its beginning. No two free chunks are neighbours
 * and none is last: it has become part of the top.
 *
 * A slab is the block of a chunk in use, divided again into small chunks of
 * one size, for small blocks; see small.h. A small chunk's tag has SMALL, its
 * size in the lower half and its distance from the slab in the upper half. So
 * the tag alone tells what any block is.
 *
 * Threads: those of the arena.
 */
#ifndef HUTCH_ARENA_CHUNK_H
#define HUTCH_ARENA_CHUNK_H

#include "arena/poison.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A word of the allocator's, in memory that belongs to blocks of any type otherwise. */
typedef uint64_t __attribute__((may_alias)) hutch_arena_word;

#define HUTCH_CHUNK_GRAIN ((size_t)16)
#define HUTCH_CHUNK_TAG_SIZE sizeof(hutch_arena_word)
/** Tag, two links, and the size at the end. */
#define HUTCH_CHUNK_MIN ((size_t)32)

#define HUTCH_TAG_FREE UINT64_C(1)
#define HUTCH_TAG_PREVIOUS_FREE UINT64_C(2)
#define HUTCH_TAG_SMALL UINT64_C(4)
#define HUTCH_TAG_SLAB UINT64_C(8)
#define HUTCH_TAG_FLAGS UINT64_C(15)
#define HUTCH_TAG_SMALL_SIZE UINT64_C(0xFFFFFFF0)

/** Position of a chunk: that of its tag. */
typedef char *hutch_chunk;

/** Read one of the allocator's words. */
HUTCH_ARENA_RAW static inline uint64_t hutch_word_get(const void *at) {
    hutch_raw_begin(at);
    uint64_t word = *(const hutch_arena_word *)at;
    hutch_raw_end(at);
    return word;
}

/** Write one of the allocator's words. */
HUTCH_ARENA_RAW static inline void hutch_word_set(void *at, uint64_t word) {
    hutch_raw_begin(at);
    *(hutch_arena_word *)at = word;
    hutch_raw_end(at);
}

static inline void *hutch_chunk_block(hutch_chunk chunk) {
    return chunk + HUTCH_CHUNK_TAG_SIZE;
}

static inline hutch_chunk hutch_chunk_of(const void *block) {
    return (hutch_chunk)(uintptr_t)block - HUTCH_CHUNK_TAG_SIZE;
}

/** Bytes of a chunk that is not a small one. */
static inline size_t hutch_tag_size(uint64_t tag) {
    return (size_t)(tag & ~HUTCH_TAG_FLAGS);
}

/** Bytes of a small chunk. */
static inline size_t hutch_tag_small_size(uint64_t tag) {
    return (size_t)(tag & HUTCH_TAG_SMALL_SIZE);
}

/** Bytes from the beginning of its slab to a small chunk. */
static inline size_t hutch_tag_slab_distance(uint64_t tag) {
    return (size_t)(tag >> 32);
}

#endif
