/**
 * @file call_set.h
 * The tool calls of a run that wait for an answer: a set of ids.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_CALL_SET_H
#define HUTCH_POOL_CALL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A hash set with open addressing; all zero is an empty one. */
typedef struct hutch_call_set {
    uint32_t *ids;   /**< owned; 0 is a free place */
    size_t capacity; /**< a power of two, or 0 */
    size_t count;
} hutch_call_set;

/** Give the memory back; the set is empty. */
void hutch_call_set_free(hutch_call_set *set);

/** Forget all ids, keep the memory unless it is much. */
void hutch_call_set_clear(hutch_call_set *set);

/** Add an id that is not in it. @param id above 0 @return false: no memory, nothing has changed */
bool hutch_call_set_add(hutch_call_set *set, uint32_t id);

/** Take an id out. @return false: it was not in it */
bool hutch_call_set_remove(hutch_call_set *set, uint32_t id);

#endif
