/**
 * @file calls.h
 * The tool calls that wait for an answer, found by their id, and those that
 * have been answered but whose promises have not been told yet, in the order of
 * the answers.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_CALLS_H
#define HUTCH_ISOLATE_CALLS_H

#include "base/open_inputs.h"

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One call. */
typedef struct hutch_call {
    struct hutch_call *next; /**< after it, in the queue of answers */
    uint32_t id;
    uint32_t tool;     /**< its index */
    hutch_input input; /**< what its input comes to */
    bool rejected;     /**< `value` is an error */
    JSValue settle[2]; /**< resolve and reject of its promise; owned */
    JSValue site;      /**< an Error made where the guest called; owned */
    JSValue value;     /**< the answer; owned */
} hutch_call;

/** Open calls: a hash table with linear probing, in the engine's memory. */
typedef struct hutch_calls {
    hutch_call **slots;
    size_t capacity; /**< 0 or a power of two, more than `open` */
    size_t open;
    hutch_inputs inputs; /**< of the open calls */
    uint32_t last_id;
    hutch_call *first_answer;
    hutch_call *last_answer;
} hutch_calls;

/** Whether there is an id for one more call: they go up from 1 as long as the isolate lives, so that an
 *  answer which comes too late is told from all others. */
static inline bool hutch_calls_have_id(const hutch_calls *calls) {
    return calls->last_id < UINT32_MAX;
}

/** A new call with an id of its own, its values undefined; NULL without memory. Not without
 *  hutch_calls_have_id(). */
hutch_call *hutch_calls_add(hutch_calls *calls, JSContext *ctx, hutch_input input);

/** Take the open call of this id out of the table. NULL: there is none. The caller owns it until
 *  hutch_calls_answer() or hutch_call_free(). */
hutch_call *hutch_calls_take(hutch_calls *calls, uint32_t id);

/** Put a call that has its answer into the queue of answers. */
void hutch_calls_answer(hutch_calls *calls, hutch_call *call);

/** Take the oldest answer; NULL: there is none. The caller frees it. */
hutch_call *hutch_calls_next_answer(hutch_calls *calls);

void hutch_call_free(hutch_call *call, JSContext *ctx);

/** Drop all open calls and all answers. */
void hutch_calls_clear(hutch_calls *calls, JSContext *ctx);

#endif
