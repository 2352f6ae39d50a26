/*
 * Contexts of a pool, driven from C: what remains when the way to JavaScript is
 * left out.
 */
#include "bench.h"
#include "programs.h"

#include <hutch/context.h>

#include <stdlib.h>
#include <string.h>

/** Longest wait for an event. */
#define PATIENCE_US UINT64_C(10000000)

typedef struct pool_state {
    hutch_pool *pool;
    hutch_context *context; /**< of the benches that keep one */
    const char *code;
    hutch_recycle recycle;
} pool_state;

static const hutch_tool tool = HUTCH_TOOL(HUTCH_BENCH_TOOL);

static bool open_context(pool_state *state) {
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.recycle = state->recycle;
    return hutch_context_open(state->pool, &options, &state->context, NULL) == HUTCH_OK;
}

static void close_context(pool_state *state) {
    hutch_context_close(state->context);
    state->context = NULL;
}

/** Runs the program to its end, answering all calls alike. */
static bool run(pool_state *state) {
    hutch_context *context = state->context;
    hutch_event event = HUTCH_EVENT_INIT;
    if (hutch_context_start(context, state->code, strlen(state->code), NULL, NULL) != HUTCH_OK) {
        return false;
    }
    while (hutch_context_next(context, PATIENCE_US, &event) == HUTCH_OK) {
        switch (event.type) {
        case HUTCH_EVENT_DONE:
            return true;
        case HUTCH_EVENT_FAILED:
        case HUTCH_EVENT_NONE:
            return false;
        case HUTCH_EVENT_TOOL_CALL:
            if (hutch_context_reply(context, event.as.tool_call.id, HUTCH_BENCH_REPLY,
                                    strlen(HUTCH_BENCH_REPLY), NULL) != HUTCH_OK) {
                return false;
            }
            break;
        case HUTCH_EVENT_LOG:
        case HUTCH_EVENT_WAITING:
            break;
        }
    }
    return false;
}

static void end(void *data) {
    pool_state *state = data;
    hutch_pool_free(state->pool);
    free(state);
}

static void *prepare(const void *data) {
    pool_state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->code = data;
    if (hutch_pool_new(NULL, &state->pool, NULL) != HUTCH_OK) {
        free(state);
        return NULL;
    }
    return state;
}

static void *prepare_process(const void *data) {
    pool_state *state = prepare(data);
    if (state != NULL) {
        state->recycle = HUTCH_RECYCLE_PROCESS;
    }
    return state;
}

/* Without spare workers each context waits for its fork, as it would wait for an exec. */
static void *prepare_fork(const void *data) {
    hutch_pool_options options;
    pool_state *state = prepare_process(data);
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
    pool_state *state = prepare(data);
    if (state != NULL && !open_context(state)) {
        end(state);
        return NULL;
    }
    return state;
}

static bool run_fresh(void *data) {
    pool_state *state = data;
    bool done = open_context(state) && run(state);
    close_context(state);
    return done;
}

static bool run_again(void *data) {
    return run(data);
}

/** From nothing to the first result, and back to nothing. */
static bool run_in_new_pool(void *data) {
    pool_state *state = data;
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
