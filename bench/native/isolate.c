/*
 * An isolate in this very process: what remains when the way to a worker and
 * the way to JavaScript are left out.
 */
#include "bench.h"
#include "programs.h"

#include <hutch/isolate.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct isolate_state {
    hutch_isolate *isolate;
    const char *code;
    char fresh_code[32];
    unsigned count;
} isolate_state;

static void end(void *data) {
    isolate_state *state = data;
    hutch_isolate_free(state->isolate);
    free(state);
}

static void *prepare(const void *data) {
    isolate_state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->code = data;
    if (hutch_isolate_new(NULL, &state->isolate, NULL) != HUTCH_OK) {
        end(state);
        return NULL;
    }
    return state;
}

/** Runs the program to its end, answering all calls alike. */
static bool run(isolate_state *state) {
    hutch_isolate *isolate = state->isolate;
    hutch_event event = HUTCH_EVENT_INIT;
    if (hutch_isolate_start(isolate, state->code, strlen(state->code), NULL) != HUTCH_OK) {
        return false;
    }
    while (hutch_isolate_next(isolate, &event) == HUTCH_OK) {
        if (event.type == HUTCH_EVENT_DONE) {
            return true;
        }
        if (event.type == HUTCH_EVENT_FAILED) {
            return false;
        }
        if (event.type == HUTCH_EVENT_TOOL_CALL &&
            hutch_isolate_reply(isolate, event.as.tool_call.id, HUTCH_BENCH_REPLY,
                                strlen(HUTCH_BENCH_REPLY), NULL) != HUTCH_OK) {
            return false;
        }
    }
    return false;
}

static bool make_and_free(void *data) {
    isolate_state *state = data;
    hutch_isolate_free(state->isolate);
    state->isolate = NULL;
    return hutch_isolate_new(NULL, &state->isolate, NULL) == HUTCH_OK;
}

/** An isolate that nobody has used since is not restored, so it is given a tool each time. */
static bool reset(void *data) {
    static const hutch_tool tool = HUTCH_TOOL(HUTCH_BENCH_TOOL);
    isolate_state *state = data;
    return hutch_isolate_reset(state->isolate, NULL, NULL) == HUTCH_OK &&
           hutch_isolate_add_tool(state->isolate, &tool, NULL) == HUTCH_OK;
}

static bool reset_and_run(void *data) {
    return reset(data) && run(data);
}

/** A program that has not been there before: its text is a number that counts up. */
static bool reset_and_run_new(void *data) {
    isolate_state *state = data;
    snprintf(state->fresh_code, sizeof state->fresh_code, "return 1 + 1 // %u", state->count++);
    state->code = state->fresh_code;
    return reset_and_run(data);
}

static bool run_again(void *data) {
    return run(data);
}

const hutch_bench hutch_bench_isolate[] = {
    {"isolate: new and free", 1, HUTCH_BENCH_SUM, prepare, make_and_free, end},
    {"isolate: reset, one tool", 1, HUTCH_BENCH_SUM, prepare, reset, end},
    {"isolate: fresh 1 + 1, code kept", 1, HUTCH_BENCH_SUM, prepare, reset_and_run, end},
    {"isolate: fresh 1 + 1, new text", 1, HUTCH_BENCH_SUM, prepare, reset_and_run_new, end},
    {"isolate: reused 1 + 1", 1, HUTCH_BENCH_SUM, prepare, run_again, end},
    {"isolate: fresh, 8 calls", 1, HUTCH_BENCH_CALLS, prepare, reset_and_run, end},
    {"isolate: fresh fib(20)", 1, HUTCH_BENCH_FIB, prepare, reset_and_run, end},
    {0},
};
