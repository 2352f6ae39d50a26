/**
 * @file bins.h
 * The free chunks of the heap by size: two-level segregated lists with a bit
 * for each that has something in it. Finding a chunk that fits, and putting
 * one in or taking one out, takes the same few steps however many there are.
 *
 * Threads: those of the arena.
 */
#ifndef HUTCH_ARENA_BINS_H
#define HUTCH_ARENA_BINS_H

#include "arena/state.h"

/** Put a chunk in. @param size its size, at least HUTCH_CHUNK_MIN */
void hutch_bins_insert(hutch_arena_bins *bins, hutch_chunk chunk, size_t size);

/** Take a chunk out. @param size its size, as it was when it was put in */
void hutch_bins_remove(hutch_arena_bins *bins, hutch_chunk chunk, size_t size);

/** A chunk of at least `size` bytes, which stays in; NULL when none is found. It is at most a
 *  sixteenth larger than the smallest that fits, unless its own bin has many that do not. */
hutch_chunk hutch_bins_find(const hutch_arena_bins *bins, size_t size);

/** For the invariants: the first chunk of the bin for `size`, and the one after a chunk. */
hutch_chunk hutch_bins_first(const hutch_arena_bins *bins, size_t size);
hutch_chunk hutch_bins_next(hutch_chunk chunk);

#endif
