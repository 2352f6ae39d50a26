/**
 * @file liar.h
 * A hostile worker without a process: it holds the worker's ends of the shared
 * memory, and what it does there is read from the fuzzer's input. It writes
 * frames that are right, frames that are nearly right, and bytes; it publishes
 * positions that cannot be; it scribbles.
 */
#ifndef HUTCH_FUZZ_LIAR_H
#define HUTCH_FUZZ_LIAR_H

#include "target.h"

#include "wire/ring.h"

/** The worker's ends. */
typedef struct liar {
    hutch_shared *shared; /**< borrowed from the pool's worker */
    hutch_ring_writer to_pool;
    hutch_ring_reader to_worker;
} liar;

/** What an honest worker would know, so that lies can be small ones. */
typedef struct liar_knowledge {
    uint32_t run;
    uint32_t last_call;
    uint32_t answers;
} liar_knowledge;

/** Take the worker's ends of `shared`; nothing is written yet. */
void liar_attach(liar *worker, hutch_shared *shared);

/** Do one thing. */
void liar_act(liar *worker, fuzz_input *input, const liar_knowledge *known);

#endif
