/**
 * @file slots.h
 * Numbers that stand for objects. JavaScript holds the number, C the object: a
 * number that is stale, or made up, finds nothing, where a pointer would be
 * followed.
 *
 * A number is an index and the slot's generation, which changes whenever the
 * slot is emptied.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_NODE_SLOTS_H
#define HUTCH_NODE_SLOTS_H

#include <hutch/status.h>

#include <stddef.h>
#include <stdint.h>

/** Never the number of a slot. */
#define HUTCH_SLOT_NONE UINT32_MAX
/** Most slots in use at once. */
#define HUTCH_SLOTS_MAX (UINT32_C(1) << 20)

typedef struct hutch_slot {
    void *object;        /**< borrowed; NULL when the slot is free */
    uint32_t owner;      /**< number of the slot that this one belongs to, or HUTCH_SLOT_NONE */
    uint32_t generation; /**< part of the number */
    uint32_t next_free;  /**< index, or HUTCH_SLOT_NONE; free slots only */
} hutch_slot;

typedef struct hutch_slots {
    hutch_slot *slots; /**< owned */
    uint32_t count;    /**< slots that have ever been used */
    uint32_t capacity;
    uint32_t first_free; /**< index, or HUTCH_SLOT_NONE */
} hutch_slots;

void hutch_slots_init(hutch_slots *slots);

/** Give the table back; the objects are the caller's. */
void hutch_slots_free(hutch_slots *slots);

/**
 * @param object  borrowed, not NULL
 * @param number  [out] what stands for it from now on
 * @return HUTCH_OK or HUTCH_OUT_OF_MEMORY (also beyond HUTCH_SLOTS_MAX)
 */
hutch_status hutch_slots_add(hutch_slots *slots, void *object, uint32_t owner, uint32_t *number);

/** The object, or NULL for a number that stands for nothing. */
void *hutch_slots_get(const hutch_slots *slots, uint32_t number);

/** The number of its owner, or HUTCH_SLOT_NONE. */
uint32_t hutch_slots_owner(const hutch_slots *slots, uint32_t number);

/** Let the number stand for another object, not NULL. A number of nothing is nothing. */
void hutch_slots_replace(hutch_slots *slots, uint32_t number, void *object);

/** Let the number go; one that stands for nothing is nothing. */
void hutch_slots_remove(hutch_slots *slots, uint32_t number);

/**
 * Walk over all objects: begin with index 0.
 *
 * @param index  [in, out] where to go on; after the slot that was found afterwards
 * @return its number, or HUTCH_SLOT_NONE at the end
 */
uint32_t hutch_slots_walk(const hutch_slots *slots, uint32_t *index);

#endif
