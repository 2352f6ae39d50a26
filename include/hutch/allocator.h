/**
 * @file allocator.h
 * Where a call gets memory from, when the caller wants to say so.
 */
#ifndef HUTCH_ALLOCATOR_H
#define HUTCH_ALLOCATOR_H

#include <stddef.h>

/** A source of memory. Threads: as its functions. */
typedef struct hutch_allocator {
    /** As realloc() with a size above 0: NULL on failure, `block` then unchanged. */
    void *(*resize)(void *user, void *block, size_t size);
    /** As free(): NULL is nothing. */
    void (*release)(void *user, void *block);
    void *user; /**< passed to both, borrowed */
} hutch_allocator;

#endif
