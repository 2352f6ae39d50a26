/*
 * Many contexts, one thread: it sleeps until one of them has news, and never waits for one context
 * while another has some. A program with an event loop of its own has the loop watch the pool's
 * descriptor instead (loop.c).
 */
#include <hutch/hutch.h>

#include <stdio.h>
#include <string.h>

enum { CONTEXT_COUNT = 8 };

static const char program[] = "let sum = 0\n"
                              "for (let i = 0; i < 3; i++) sum += await add({ sum, i })\n"
                              "return sum\n";

/* Take all events that a context has now. @return how many programs have ended */
static int take_events(hutch_context *context, int *results) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        if (hutch_context_poll(context, 0, &event) != HUTCH_OK) {
            return 1;
        }
        if (event.type == HUTCH_EVENT_TOOL_CALL &&
            hutch_context_reply(context, event.as.tool_call.id, "5", 1, NULL) != HUTCH_OK) {
            hutch_context_stop(context);
        }
        if (event.type == HUTCH_EVENT_DONE) {
            *results +=
                event.as.done.json.length == 2 && memcmp(event.as.done.json.data, "15", 2) == 0;
        }
        if (event.type == HUTCH_EVENT_DONE || event.type == HUTCH_EVENT_FAILED) {
            return 1;
        }
    } while (event.type != HUTCH_EVENT_NONE);
    return 0;
}

static bool open_and_start(hutch_pool *pool, hutch_context **context, hutch_error *error) {
    static const hutch_tool tools[] = {HUTCH_TOOL("add")};
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = 1;
    return hutch_context_open(pool, &options, context, error) == HUTCH_OK &&
           hutch_context_start(*context, program, strlen(program), NULL, error) == HUTCH_OK;
}

static int run_all(hutch_pool *pool, hutch_error *error) {
    int ended = 0;
    int results = 0;
    for (int i = 0; i < CONTEXT_COUNT; i++) {
        hutch_context *context;
        if (!open_and_start(pool, &context, error)) {
            return -1;
        }
        /* The pool speaks of a context once this has said that there is nothing. */
        ended += take_events(context, &results);
    }
    while (ended < CONTEXT_COUNT) {
        ended += take_events(hutch_pool_wait(pool, UINT64_MAX), &results);
    }
    return results;
}

int main(void) {
    hutch_pool *pool = NULL;
    hutch_error error;
    int results = -1;
    if (hutch_pool_new(NULL, &pool, &error) == HUTCH_OK) {
        results = run_all(pool, &error);
    }
    hutch_pool_free(pool); /* its contexts go with it */
    if (results < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("%d of %d programs returned 15\n", results, CONTEXT_COUNT);
    return results == CONTEXT_COUNT ? 0 : 1;
}
