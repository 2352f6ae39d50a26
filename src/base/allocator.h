/**
 * @file allocator.h
 * Where host memory comes from. Code that allocates takes an allocator, so
 * that the out-of-memory sweeps of the tests can make each allocation fail in
 * turn; everyone else passes NULL, which means malloc and free.
 *
 * Threads: as the functions of the struct; the host's allocator: any.
 */
#ifndef HUTCH_BASE_ALLOCATOR_H
#define HUTCH_BASE_ALLOCATOR_H

#include <hutch/allocator.h>

/** A block of `size` zero bytes (0 counts as 1), or NULL. @param allocator NULL: the host's. */
void *hutch_allocator_new(const hutch_allocator *allocator, size_t size);

/** `block` with room for `size` bytes (0 counts as 1); NULL on failure, `block` is then as it was.
 *  @param allocator NULL: the host's. */
void *hutch_allocator_resize(const hutch_allocator *allocator, void *block, size_t size);

/** Give a block back; NULL is nothing. @param allocator NULL: the host's. */
void hutch_allocator_release(const hutch_allocator *allocator, void *block);

#endif
