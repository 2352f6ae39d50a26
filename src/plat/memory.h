/**
 * @file memory.h
 * Ranges of addresses straight from the system, with guards at both ends.
 *
 * Threads: any; a range belongs to whoever reserved it.
 */
#ifndef HUTCH_PLAT_MEMORY_H
#define HUTCH_PLAT_MEMORY_H

#include <hutch/error.h>

#include <stdbool.h>
#include <stddef.h>

/** Sizes, offsets and guards are multiples of this: of every page size that Linux has on the
 *  machines we build for (4, 16 and 64 KiB). */
#define HUTCH_MEMORY_GRAIN ((size_t)65536)

/** Size of a huge page on these machines. */
#define HUTCH_MEMORY_HUGE ((size_t)2 * 1024 * 1024)

/**
 * Reserve a range of zero bytes, which takes memory only as it is touched. One
 * grain on each side of it can be neither read nor written. A range of at least
 * HUTCH_MEMORY_HUGE begins on a multiple of that.
 *
 * @param size  a multiple of HUTCH_MEMORY_GRAIN, not 0
 * @param base  [out] page-aligned; given back with hutch_memory_release()
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT or HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_memory_reserve(size_t size, void **base, hutch_error *error);

/** Give a whole range back, guards included. @param base NULL is nothing. */
void hutch_memory_release(void *base, size_t size);

/**
 * Forbid writing to a part of a range.
 *
 * @param start  on a multiple of HUTCH_MEMORY_GRAIN from the base
 * @param size   a multiple of HUTCH_MEMORY_GRAIN
 * @return HUTCH_OK or HUTCH_OUT_OF_MEMORY (the kernel's tables are full)
 */
hutch_status hutch_memory_make_read_only(void *start, size_t size, hutch_error *error);

/**
 * Let the system use huge pages in a part of a range, if it has such. A single
 * touch then makes HUTCH_MEMORY_HUGE bytes resident, at a fraction of what the
 * faults of so many small pages cost.
 *
 * @param start  on a multiple of HUTCH_MEMORY_HUGE from the base
 * @param size   what is left of it beyond the last whole huge page has small ones
 */
void hutch_memory_prefer_huge(void *start, size_t size);

/**
 * Take memory for every page of a part of a range now, as writing to each would: one system call instead
 * of a fault a page, which costs up to ten times as much. Nothing but the time changes, and nothing at
 * all where the kernel cannot (before Linux 5.14).
 */
void hutch_memory_populate(void *start, size_t size);

/**
 * Make a part of a range zero again and its memory the system's: one system
 * call, the only one here that a confined worker makes.
 *
 * @param start  on a multiple of HUTCH_MEMORY_GRAIN from the base
 * @param size   a multiple of HUTCH_MEMORY_GRAIN
 */
void hutch_memory_give_back(void *start, size_t size);

#endif
