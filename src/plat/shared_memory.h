/**
 * @file shared_memory.h
 * Memory that this process shares with another one, which gets it as a
 * descriptor. Its size is sealed before anyone else sees it: nobody can shrink
 * it under the other's feet.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_SHARED_MEMORY_H
#define HUTCH_PLAT_SHARED_MEMORY_H

#include <stddef.h>

/**
 * Make shared memory, zeroed and mapped. A process that is fork()ed from this
 * one does not inherit the mapping.
 *
 * @param size        bytes
 * @param descriptor  [out] owned by the caller, closed on exec
 * @param address     [out] unmapped with hutch_shared_memory_unmap()
 * @return 0, or errno; nothing is held then
 */
int hutch_shared_memory_new(size_t size, int *descriptor, void **address);

/** Take the mapping away; the memory lives on as long as the other side holds it. NULL is nothing. */
void hutch_shared_memory_unmap(void *address, size_t size);

#endif
