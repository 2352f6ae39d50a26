/**
 * @file call_set.h
 * The tool calls of a run that wait for an answer, by their ids, and what their
 * inputs come to.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_CALL_SET_H
#define HUTCH_POOL_CALL_SET_H

#include "base/open_inputs.h"

#include <stddef.h>

/** One call. */
typedef struct hutch_open_call {
    uint32_t id;   /**< 0 is a free place */
    uint32_t tool; /**< index in the context's list */
    hutch_input input;
} hutch_open_call;

/** A hash table with open addressing; all zero is an empty one. */
typedef struct hutch_call_set {
    hutch_open_call *calls; /**< owned */
    size_t capacity;        /**< a power of two, or 0 */
    size_t count;
    hutch_inputs inputs; /**< of all of them */
} hutch_call_set;

/** Give the memory back; the set is empty. */
void hutch_call_set_free(hutch_call_set *set);

/** Forget all ids, keep the memory unless it is much. */
void hutch_call_set_clear(hutch_call_set *set);

/** Add a call that is not in it. @return false: no memory, nothing has changed */
bool hutch_call_set_add(hutch_call_set *set, hutch_open_call call);

/** The call with the least id above another's; NULL: there is none. */
const hutch_open_call *hutch_call_set_next(const hutch_call_set *set, uint32_t after);

/** Take a call out. @param call  [out] what it was @return false: it was not in it */
bool hutch_call_set_remove(hutch_call_set *set, uint32_t id, hutch_open_call *call);

#endif
