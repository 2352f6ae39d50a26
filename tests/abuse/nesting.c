/**
 * @file nesting.c
 * Runs every nest of the table (tests/support/nests.h) in a confined worker of
 * its own: each ends as a value or as a StackOverflowError, never as a dead
 * worker. The errors are not caught here; tests/isolate/nesting.c catches them.
 *
 *     nesting TABLE
 */
#include "support/nests.h"
#include "support/patience.h"

#include <hutch/hutch.h>

#include <string.h>

/* Longest wait for an event before a nest counts as hung. */
#define HANG_US (patience_ms(120000) * 1000)

static bool run(hutch_pool *pool, const char *code, hutch_event *event, hutch_context **context) {
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.isolate.limits.memory_bytes = 1024 * HUTCH_MIB;
    options.isolate.limits.timeout_ms = patience_ms(100000);
    if (hutch_context_open(pool, &options, context, NULL) != HUTCH_OK ||
        hutch_context_start(*context, code, strlen(code), NULL, NULL) != HUTCH_OK) {
        return false;
    }
    do {
        if (hutch_context_next(*context, HANG_US, event) != HUTCH_OK) {
            return false;
        }
    } while (event->type == HUTCH_EVENT_LOG);
    return event->type == HUTCH_EVENT_DONE || event->type == HUTCH_EVENT_FAILED;
}

static bool speaks_of_stack(const hutch_failed *failed) {
    return failed->failure == HUTCH_FAILURE_STACK ||
           (failed->failure == HUTCH_FAILURE_GUEST &&
            memmem(failed->message.data, failed->message.length, "stack", 5) != NULL);
}

static bool worker_held(const hutch_event *event) {
    return event->type == HUTCH_EVENT_DONE ||
           (event->as.failed.failure != HUTCH_FAILURE_WORKER_DIED &&
            event->as.failed.failure != HUTCH_FAILURE_VIOLATION);
}

static bool is_right(const nest *tried, const hutch_event *event) {
    bool done = event->type == HUTCH_EVENT_DONE;
    bool right = false;
    switch (tried->end) {
    case NEST_DONE:
        right = done;
        break;
    case NEST_STACK:
        right = !done && speaks_of_stack(&event->as.failed);
        break;
    case NEST_ANY:
        right = worker_held(event);
        break;
    }
    return right;
}

static bool try_nest(hutch_pool *pool, const nest *tried) {
    hutch_event event = HUTCH_EVENT_INIT;
    hutch_context *context = NULL;
    bool right = run(pool, tried->code, &event, &context) && is_right(tried, &event);
    if (!right) {
        const hutch_failed *failed = &event.as.failed;
        bool told = event.type == HUTCH_EVENT_FAILED;
        (void)fprintf(stderr, "not ok %s: %s %.*s\n", tried->name,
                      told ? hutch_failure_text(failed->failure) : "no failure",
                      told ? (int)failed->message.length : 0, told ? failed->message.data : "");
    }
    hutch_context_close(context);
    return right;
}

int main(int argc, char **argv) {
    FILE *table = argc == 2 ? fopen(argv[1], "r") : NULL;
    hutch_pool *pool = NULL;
    const char *problem = NULL;
    unsigned passed = 0;
    unsigned failed = 0;
    nest tried;
    if (table == NULL || hutch_pool_new(NULL, &pool, NULL) != HUTCH_OK) {
        (void)fprintf(stderr, "usage: %s TABLE\n", argv[0]);
        return 2;
    }
    while (nests_read(table, &tried, &problem)) {
        bool right = try_nest(pool, &tried);
        passed += right;
        failed += !right;
    }
    if (problem != NULL) {
        (void)fprintf(stderr, "not a line of the table: %s\n", problem);
    }
    (void)fclose(table);
    hutch_pool_free(pool);
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 && problem == NULL && passed > 100 ? 0 : 1;
}
