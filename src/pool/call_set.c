/*
 * The set of open calls. Ids come in order, so the low bits spread them evenly
 * and a multiplication would only cost time.
 *
 * Invariants: at most half of the places are taken; an id is found by walking
 * from its own place over taken ones (removal closes the gaps it would leave).
 */
#include "pool/call_set.h"

#include "base/allocator.h"

#include <string.h>

enum {
    FIRST_CAPACITY = 16,
    KEPT_CAPACITY = 4096, /* more than this is given back between runs */
};

void hutch_call_set_free(hutch_call_set *set) {
    hutch_allocator_release(NULL, set->ids);
    *set = (hutch_call_set){0};
}

void hutch_call_set_clear(hutch_call_set *set) {
    if (set->capacity > KEPT_CAPACITY) {
        hutch_call_set_free(set);
    } else if (set->count > 0) {
        memset(set->ids, 0, set->capacity * sizeof *set->ids);
        set->count = 0;
    }
}

/* The place of `id`, or the free one where it would go. */
static size_t place_of(const uint32_t *ids, size_t capacity, uint32_t id) {
    size_t place = id & (capacity - 1);
    while (ids[place] != 0 && ids[place] != id) {
        place = (place + 1) & (capacity - 1);
    }
    return place;
}

static bool grow(hutch_call_set *set) {
    size_t capacity = set->capacity == 0 ? FIRST_CAPACITY : 2 * set->capacity;
    uint32_t *ids = hutch_allocator_new(NULL, capacity * sizeof *ids);
    if (ids == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->ids[i] != 0) {
            ids[place_of(ids, capacity, set->ids[i])] = set->ids[i];
        }
    }
    hutch_allocator_release(NULL, set->ids);
    set->ids = ids;
    set->capacity = capacity;
    return true;
}

bool hutch_call_set_add(hutch_call_set *set, uint32_t id) {
    if (2 * (set->count + 1) > set->capacity && !grow(set)) {
        return false;
    }
    set->ids[place_of(set->ids, set->capacity, id)] = id;
    set->count++;
    return true;
}

/* Moves later ids of the same walk forward, so that no walk meets a gap. */
static void close_gap(hutch_call_set *set, size_t gap) {
    size_t mask = set->capacity - 1;
    for (size_t at = (gap + 1) & mask; set->ids[at] != 0; at = (at + 1) & mask) {
        size_t home = set->ids[at] & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            set->ids[gap] = set->ids[at];
            set->ids[at] = 0;
            gap = at;
        }
    }
}

bool hutch_call_set_remove(hutch_call_set *set, uint32_t id) {
    if (set->count == 0 || id == 0) {
        return false;
    }
    size_t place = place_of(set->ids, set->capacity, id);
    if (set->ids[place] != id) {
        return false;
    }
    set->ids[place] = 0;
    set->count--;
    close_gap(set, place);
    return true;
}
