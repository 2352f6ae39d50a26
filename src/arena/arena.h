/**
 * @file arena.h
 * The heap of one isolate. One reserved range of addresses with a guard page
 * at each end holds every byte that the isolate owns, the allocator's own
 * state included, so that a copy of the used part is the isolate (its image),
 * and writing the copy back is a fresh isolate.
 *
 * Blocks are 16-byte aligned. Small blocks come from size classes, large ones
 * from a coalescing allocator that grows and shrinks in place where it can.
 *
 * Threads: one at a time. No function but new/free/save/restore/trim makes a
 * system call.
 */
#ifndef HUTCH_ARENA_H
#define HUTCH_ARENA_H

#include <hutch/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Lives at the beginning of its own range. */
typedef struct hutch_arena hutch_arena;

/**
 * Reserve an arena.
 *
 * @param reserve  bytes of addresses, rounded up to pages; memory is only used as it is touched
 * @param arena    [out] freed with hutch_arena_free()
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT or HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_arena_new(size_t reserve, hutch_arena **arena, hutch_error *error);

/** Give the range and the image back. NULL is nothing. */
void hutch_arena_free(hutch_arena *arena);

/** A block of at least `size` bytes (0 counts as 1), not cleared; NULL beyond the cap. */
void *hutch_arena_alloc(hutch_arena *arena, size_t size);

/** A block of `count * size` zero bytes; NULL beyond the cap or where the product overflows. */
void *hutch_arena_calloc(hutch_arena *arena, size_t count, size_t size);

/** Grow or shrink, in place where possible. `block` NULL allocates; size 0 frees, returns NULL.
 *  On failure returns NULL and `block` is as it was. */
void *hutch_arena_realloc(hutch_arena *arena, void *block, size_t size);

/** Give a block back. NULL is nothing. */
void hutch_arena_release(hutch_arena *arena, void *block);

/** Bytes that the block really has, at least what was asked for. NULL has 0. */
size_t hutch_arena_usable_size(const void *block);

/** The cap in bytes on what the arena may use, its own state and fragmentation included: the top
 *  of the heap never rises above it. Not applied to what is already in use. At first the reserve;
 *  part of the image. */
void hutch_arena_set_cap(hutch_arena *arena, size_t cap);

/** Whether an allocation has been refused since the last call, by the cap or by
 *  hutch_arena_fail_after(); clears the mark. */
bool hutch_arena_take_refusal(hutch_arena *arena);

/**
 * Save the present state as the image, replacing an earlier one. The image's
 * pages are read-only until the next save. `peak` begins anew.
 *
 * @return HUTCH_OK or HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_arena_save(hutch_arena *arena, hutch_error *error);

/**
 * Restore the image: the arena's bytes are those of the moment of
 * hutch_arena_save(), and every byte beyond them that has been touched since
 * is zero again. What lies far beyond the image is given back to the system. What is
 * as in the image is only read: pages that a process shares with the one it was
 * forked from stay shared.
 *
 * @param keep  bytes from the base which stay resident all the same, zeroed by hand: writing a page
 *              takes a fifteenth of what faulting it in again does. 0: only little beyond the image
 * @return HUTCH_OK, or HUTCH_WRONG_STATE without an image
 */
hutch_status hutch_arena_restore(hutch_arena *arena, size_t keep);

/**
 * Make everything beyond the last block zero, as hutch_arena_restore() does:
 * after a run that needed much and freed it, memory goes back to the system.
 */
void hutch_arena_trim(hutch_arena *arena);

/** Most ranges of a footprint: each costs a system call to populate. */
#define HUTCH_ARENA_FOOTPRINT_RANGES 4

/** Where in an arena something has written. */
typedef struct hutch_arena_footprint {
    struct {
        size_t offset; /**< bytes from the base */
        size_t size;   /**< bytes */
    } ranges[HUTCH_ARENA_FOOTPRINT_RANGES];
    size_t count; /**< 0: not known */
} hutch_arena_footprint;

/**
 * Learn which pages are not as in the image, in a few ranges: pages that lie close together are one, with
 * those between.
 *
 * @param footprint [out]
 */
void hutch_arena_learn_footprint(const hutch_arena *arena, hutch_arena_footprint *footprint);

/** In a process that shares the arena's pages with the one it was forked from: get pages of its own
 *  where the footprint is, before they are written to one by one. */
void hutch_arena_populate(hutch_arena *arena, const hutch_arena_footprint *footprint);

/** Counters. */
typedef struct hutch_arena_stats {
    size_t allocated; /**< bytes in live blocks, headers included */
    size_t peak;      /**< most of `allocated` since the last restore */
    size_t extent;    /**< bytes from the base to the highest one ever used since the restore */
    size_t image;     /**< bytes of the image, 0 without one */
} hutch_arena_stats;

void hutch_arena_get_stats(const hutch_arena *arena, hutch_arena_stats *stats);

/**
 * For tests: make the next allocations fail, as the out-of-memory sweep needs.
 *
 * @param countdown  allocations, and reallocs that grow, which still succeed before all fail;
 *                   SIZE_MAX (at first) never fails. Part of the image
 */
void hutch_arena_fail_after(hutch_arena *arena, size_t countdown);

/** For tests: whether all of the allocator's invariants hold; on false, `what` names the first. */
bool hutch_arena_check(const hutch_arena *arena, const char **what);

#endif
