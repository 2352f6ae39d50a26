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
    hutch_allocator_release(NULL, set->calls);
    *set = (hutch_call_set){0};
}

void hutch_call_set_clear(hutch_call_set *set) {
    if (set->capacity > KEPT_CAPACITY) {
        hutch_call_set_free(set);
    } else if (set->count > 0) {
        memset(set->calls, 0, set->capacity * sizeof *set->calls);
        set->count = 0;
        set->inputs = (hutch_inputs){0};
    }
}

/* The place of `id`, or the free one where it would go. */
static size_t place_of(const hutch_open_call *calls, size_t capacity, uint32_t id) {
    size_t place = id & (capacity - 1);
    while (calls[place].id != 0 && calls[place].id != id) {
        place = (place + 1) & (capacity - 1);
    }
    return place;
}

static bool grow(hutch_call_set *set) {
    size_t capacity = set->capacity == 0 ? FIRST_CAPACITY : 2 * set->capacity;
    hutch_open_call *calls = hutch_allocator_new(NULL, capacity * sizeof *calls);
    if (calls == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->calls[i].id != 0) {
            calls[place_of(calls, capacity, set->calls[i].id)] = set->calls[i];
        }
    }
    hutch_allocator_release(NULL, set->calls);
    set->calls = calls;
    set->capacity = capacity;
    return true;
}

bool hutch_call_set_add(hutch_call_set *set, hutch_open_call call) {
    if (2 * (set->count + 1) > set->capacity && !grow(set)) {
        return false;
    }
    set->calls[place_of(set->calls, set->capacity, call.id)] = call;
    set->count++;
    hutch_inputs_add(&set->inputs, call.input);
    return true;
}

/* Moves later calls of the same walk forward, so that no walk meets a gap. */
static void close_gap(hutch_call_set *set, size_t gap) {
    size_t mask = set->capacity - 1;
    for (size_t at = (gap + 1) & mask; set->calls[at].id != 0; at = (at + 1) & mask) {
        size_t home = set->calls[at].id & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            set->calls[gap] = set->calls[at];
            set->calls[at] = (hutch_open_call){0};
            gap = at;
        }
    }
}

const hutch_open_call *hutch_call_set_next(const hutch_call_set *set, uint32_t after) {
    const hutch_open_call *found = NULL;
    for (size_t i = 0; i < set->capacity; i++) {
        const hutch_open_call *call = &set->calls[i];
        if (call->id > after && (found == NULL || call->id < found->id)) {
            found = call;
        }
    }
    return found;
}

bool hutch_call_set_remove(hutch_call_set *set, uint32_t id, hutch_open_call *call) {
    if (set->count == 0 || id == 0) {
        return false;
    }
    size_t place = place_of(set->calls, set->capacity, id);
    if (set->calls[place].id != id) {
        return false;
    }
    *call = set->calls[place];
    set->calls[place] = (hutch_open_call){0};
    set->count--;
    hutch_inputs_remove(&set->inputs, call->input);
    close_gap(set, place);
    return true;
}
