/*
 * Open tool calls and their answers; see calls.h. Ids count up, so that with
 * linear probing by the id's low bits nearly every call sits in its own slot.
 *
 * Threads: the isolate's own.
 */
#include "isolate/calls.h"

#define FIRST_CAPACITY ((size_t)16)

static size_t home(const hutch_calls *calls, uint32_t id) {
    return (size_t)id & (calls->capacity - 1);
}

/* The slot of this id, or the empty one where it would go. */
static size_t find(const hutch_calls *calls, uint32_t id) {
    size_t slot = home(calls, id);
    while (calls->slots[slot] != NULL && calls->slots[slot]->id != id) {
        slot = (slot + 1) & (calls->capacity - 1);
    }
    return slot;
}

static bool grow(hutch_calls *calls, JSContext *ctx) {
    size_t capacity = calls->capacity == 0 ? FIRST_CAPACITY : calls->capacity * 2;
    hutch_call **slots = js_calloc(ctx, capacity, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    hutch_call **old = calls->slots;
    size_t old_capacity = calls->capacity;
    calls->slots = slots;
    calls->capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i] != NULL) {
            calls->slots[find(calls, old[i]->id)] = old[i];
        }
    }
    js_free(ctx, old);
    return true;
}

hutch_call *hutch_calls_add(hutch_calls *calls, JSContext *ctx, hutch_input input) {
    /* At most three quarters full: probing always meets an empty slot soon. */
    if (calls->open + 1 > calls->capacity / 4 * 3 && !grow(calls, ctx)) {
        return NULL;
    }
    hutch_call *call = js_mallocz(ctx, sizeof *call);
    if (call == NULL) {
        return NULL;
    }
    call->id = ++calls->last_id;
    call->input = input;
    call->settle[0] = JS_UNDEFINED;
    call->settle[1] = JS_UNDEFINED;
    call->site = JS_UNDEFINED;
    call->value = JS_UNDEFINED;
    calls->slots[find(calls, call->id)] = call;
    calls->open++;
    hutch_inputs_add(&calls->inputs, input);
    return call;
}

/* Whether `slot` lies in the circular range after `from` up to `to`. */
static bool between(size_t from, size_t slot, size_t to) {
    return from < to ? from < slot && slot <= to : from < slot || slot <= to;
}

/* Empty a slot, and move back those after it which would no longer be found. */
static void vacate(hutch_calls *calls, size_t hole) {
    size_t slot = hole;
    for (;;) {
        slot = (slot + 1) & (calls->capacity - 1);
        if (calls->slots[slot] == NULL) {
            break;
        }
        if (!between(hole, home(calls, calls->slots[slot]->id), slot)) {
            calls->slots[hole] = calls->slots[slot];
            hole = slot;
        }
    }
    calls->slots[hole] = NULL;
}

hutch_call *hutch_calls_take(hutch_calls *calls, uint32_t id) {
    if (calls->capacity == 0) {
        return NULL;
    }
    size_t slot = find(calls, id);
    hutch_call *call = calls->slots[slot];
    if (call != NULL) {
        vacate(calls, slot);
        calls->open--;
        hutch_inputs_remove(&calls->inputs, call->input);
    }
    return call;
}

void hutch_calls_answer(hutch_calls *calls, hutch_call *call) {
    call->next = NULL;
    if (calls->last_answer != NULL) {
        calls->last_answer->next = call;
    } else {
        calls->first_answer = call;
    }
    calls->last_answer = call;
}

hutch_call *hutch_calls_next_answer(hutch_calls *calls) {
    hutch_call *call = calls->first_answer;
    if (call != NULL) {
        calls->first_answer = call->next;
        if (calls->first_answer == NULL) {
            calls->last_answer = NULL;
        }
    }
    return call;
}

void hutch_call_free(hutch_call *call, JSContext *ctx) {
    JS_FreeValue(ctx, call->settle[0]);
    JS_FreeValue(ctx, call->settle[1]);
    JS_FreeValue(ctx, call->site);
    JS_FreeValue(ctx, call->value);
    js_free(ctx, call);
}

void hutch_calls_clear(hutch_calls *calls, JSContext *ctx) {
    for (size_t i = 0; i < calls->capacity; i++) {
        if (calls->slots[i] != NULL) {
            hutch_call_free(calls->slots[i], ctx);
        }
    }
    js_free(ctx, calls->slots);
    for (hutch_call *call = hutch_calls_next_answer(calls); call != NULL;
         call = hutch_calls_next_answer(calls)) {
        hutch_call_free(call, ctx);
    }
    *calls = (hutch_calls){.last_id = calls->last_id};
}
