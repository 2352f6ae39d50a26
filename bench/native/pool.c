/*
 * Contexts of a pool, driven from C: what remains when the way to JavaScript is
 * left out.
 */
#include "bench.h"
#include "drive.h"
#include "programs.h"

#include <stdlib.h>
#include <string.h>

static void end(void *data) {
    hutch_bench_drive *state = data;
    hutch_pool_free(state->pool);
    free(state);
}

static void *prepare(const void *data) {
    hutch_bench_drive *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->code = data;
    state->reply = HUTCH_BENCH_REPLY;
    state->reply_length = strlen(HUTCH_BENCH_REPLY);
    if (hutch_pool_new(NULL, &state->pool, NULL) != HUTCH_OK) {
        free(state);
        return NULL;
    }
    return state;
}

static void *prepare_process(const void *data) {
    hutch_bench_drive *state = prepare(data);
    if (state != NULL) {
        state->recycle = HUTCH_RECYCLE_PROCESS;
    }
    return state;
}

/* Without spare workers each context waits for its fork, as it would wait for an exec. */
static void *prepare_fork(const void *data) {
    hutch_pool_options options;
    hutch_bench_drive *state = prepare_process(data);
    hutch_pool_options_init(&options);
    options.spare = 0;
    options.max_spare = 0;
    if (state != NULL) {
        hutch_pool_free(state->pool);
        state->pool = NULL;
        if (hutch_pool_new(&options, &state->pool, NULL) != HUTCH_OK) {
            free(state);
            return NULL;
        }
    }
    return state;
}

static void *prepare_with_context(const void *data) {
    hutch_bench_drive *state = prepare(data);
    if (state != NULL && !hutch_bench_open(state)) {
        end(state);
        return NULL;
    }
    return state;
}

static bool run_fresh(void *data) {
    return hutch_bench_run_fresh(data);
}

static bool run_again(void *data) {
    return hutch_bench_run(data);
}

/** From nothing to the first result, and back to nothing. */
static bool run_in_new_pool(void *data) {
    hutch_bench_drive *state = data;
    hutch_pool_free(state->pool);
    state->pool = NULL;
    return hutch_pool_new(NULL, &state->pool, NULL) == HUTCH_OK && run_fresh(state);
}

const hutch_bench hutch_bench_pool[] = {
    {"pool: new pool, 1 + 1, free", 1, HUTCH_BENCH_SUM, prepare, run_in_new_pool, end},
    {"pool: fresh 1 + 1", 1, HUTCH_BENCH_SUM, prepare, run_fresh, end},
    /* p50 is what one costs while the stock lasts, runs in 1.5 s what goes on for ever. */
    {"pool: fresh 1 + 1, a process each", 1, HUTCH_BENCH_SUM, prepare_process, run_fresh, end},
    /* Beside the first row: an exec of its own for each costs the difference. */
    {"pool: fresh 1 + 1, a fork each, none ahead", 1, HUTCH_BENCH_SUM, prepare_fork, run_fresh,
     end},
    {"pool: reused 1 + 1", 1, HUTCH_BENCH_SUM, prepare_with_context, run_again, end},
    {"pool: fresh, 8 calls", 1, HUTCH_BENCH_CALLS, prepare, run_fresh, end},
    {"pool: reused, 8 calls", 1, HUTCH_BENCH_CALLS, prepare_with_context, run_again, end},
    {"pool: fresh fib(20)", 1, HUTCH_BENCH_FIB, prepare, run_fresh, end},
    {0},
};
