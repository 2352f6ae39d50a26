/*
 * Many contexts in one event loop. The pool wakes the loop through a
 * descriptor; the loop never waits for one context while another has news.
 */
#include <hutch/hutch.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CONTEXT_COUNT = 8 };

static const char program[] = "let sum = 0\n"
                              "for (let i = 0; i < 3; i++) sum += await add({ sum, i })\n"
                              "return sum\n";

/* Runs on the pool's own thread: it may do no more than this. */
static void on_wake(void *user) {
    const uint64_t one = 1;
    const int descriptor = *(const int *)user;
    if (write(descriptor, &one, sizeof(one)) < 0) {
        return; /* the counter is full: the loop will wake anyway */
    }
}

/* Take all events that a context has now. @return how many programs have ended */
static int take_events(hutch_context *context, int *results) {
    hutch_event event = HUTCH_EVENT_INIT;
    do {
        if (hutch_context_next(context, 0, &event) != HUTCH_OK) {
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
    const hutch_tool_name tools[] = {{"add", strlen("add")}};
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = 1;
    return hutch_context_open(pool, &options, context, error) == HUTCH_OK &&
           hutch_context_start(*context, program, strlen(program), NULL, error) == HUTCH_OK;
}

static int run_all(hutch_pool *pool, int wake, hutch_error *error) {
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
        struct pollfd descriptor = {.fd = wake, .events = POLLIN};
        uint64_t count;
        if (poll(&descriptor, 1, -1) < 0 || read(wake, &count, sizeof(count)) < 0) {
            return -1;
        }
        hutch_context *context;
        while ((context = hutch_pool_poll(pool)) != NULL) {
            ended += take_events(context, &results);
        }
    }
    return results;
}

int main(void) {
    hutch_pool *pool = NULL;
    hutch_pool_options options;
    hutch_error error = {.message = "the system refused"};
    int wake = eventfd(0, EFD_CLOEXEC);

    hutch_pool_options_init(&options);
    options.wake = on_wake;
    options.wake_user = &wake;
    int results = -1;
    if (wake >= 0 && hutch_pool_new(&options, &pool, &error) == HUTCH_OK) {
        results = run_all(pool, wake, &error);
    }
    hutch_pool_free(pool); /* its contexts go with it, and nothing wakes any more */
    if (wake >= 0) {
        close(wake);
    }
    if (results < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("%d of %d programs returned 15\n", results, CONTEXT_COUNT);
    return results == CONTEXT_COUNT ? 0 : 1;
}
