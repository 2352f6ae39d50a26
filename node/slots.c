/*
 * Numbers that stand for objects; see slots.h.
 */
#include "slots.h"

#include <stdlib.h>

#define INDEX_BITS 20
#define INDEX_MASK ((UINT32_C(1) << INDEX_BITS) - 1)
/* One generation less than there is room for, so that HUTCH_SLOT_NONE is not a number. */
#define GENERATIONS ((UINT32_C(1) << (32 - INDEX_BITS)) - 1)

_Static_assert(HUTCH_SLOTS_MAX == INDEX_MASK + 1, "an index fits its bits");

static uint32_t number_of(const hutch_slots *slots, uint32_t index) {
    return slots->slots[index].generation << INDEX_BITS | index;
}

static hutch_slot *find(const hutch_slots *slots, uint32_t number) {
    uint32_t index = number & INDEX_MASK;
    if (index >= slots->count || number_of(slots, index) != number) {
        return NULL;
    }
    return slots->slots[index].object != NULL ? &slots->slots[index] : NULL;
}

void hutch_slots_init(hutch_slots *slots) {
    *slots = (hutch_slots){.first_free = HUTCH_SLOT_NONE};
}

void hutch_slots_free(hutch_slots *slots) {
    free(slots->slots);
    hutch_slots_init(slots);
}

static hutch_status grow(hutch_slots *slots) {
    uint32_t capacity = slots->capacity == 0 ? 16 : slots->capacity * 2;
    if (capacity > HUTCH_SLOTS_MAX) {
        return HUTCH_OUT_OF_MEMORY;
    }
    hutch_slot *grown = realloc(slots->slots, capacity * sizeof(hutch_slot));
    if (grown == NULL) {
        return HUTCH_OUT_OF_MEMORY;
    }
    slots->slots = grown;
    slots->capacity = capacity;
    return HUTCH_OK;
}

hutch_status hutch_slots_add(hutch_slots *slots, void *object, uint32_t owner, uint32_t *number) {
    uint32_t index = slots->first_free;
    if (index != HUTCH_SLOT_NONE) {
        slots->first_free = slots->slots[index].next_free;
    } else {
        if (slots->count == slots->capacity && grow(slots) != HUTCH_OK) {
            return HUTCH_OUT_OF_MEMORY;
        }
        index = slots->count++;
        slots->slots[index].generation = 0;
    }
    slots->slots[index].object = object;
    slots->slots[index].owner = owner;
    slots->slots[index].next_free = HUTCH_SLOT_NONE;
    *number = number_of(slots, index);
    return HUTCH_OK;
}

void *hutch_slots_get(const hutch_slots *slots, uint32_t number) {
    const hutch_slot *slot = find(slots, number);
    return slot != NULL ? slot->object : NULL;
}

uint32_t hutch_slots_owner(const hutch_slots *slots, uint32_t number) {
    const hutch_slot *slot = find(slots, number);
    return slot != NULL ? slot->owner : HUTCH_SLOT_NONE;
}

void hutch_slots_replace(hutch_slots *slots, uint32_t number, void *object) {
    hutch_slot *slot = find(slots, number);
    if (slot != NULL) {
        slot->object = object;
    }
}

void hutch_slots_remove(hutch_slots *slots, uint32_t number) {
    hutch_slot *slot = find(slots, number);
    if (slot == NULL) {
        return;
    }
    slot->object = NULL;
    slot->generation = (slot->generation + 1) % GENERATIONS;
    slot->next_free = slots->first_free;
    slots->first_free = number & INDEX_MASK;
}

uint32_t hutch_slots_walk(const hutch_slots *slots, uint32_t *index) {
    while (*index < slots->count) {
        uint32_t here = (*index)++;
        if (slots->slots[here].object != NULL) {
            return number_of(slots, here);
        }
    }
    return HUTCH_SLOT_NONE;
}
