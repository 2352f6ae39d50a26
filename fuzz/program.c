/**
 * @file program.c
 * Programs into an isolate: the input is the program's text. Tools answer with
 * what they were given. However the run ends, it ends with an event, and after
 * a reset the isolate is as new.
 *
 * The isolate is one for all inputs, as a worker's is for all its guests, so a
 * guest that outlives its reset shows in the next input.
 */
#include "target.h"

#include "base/utf8.h"

#include <hutch/isolate.h>

#include <string.h>

enum { TOOL_CALLS = 50, LOG_ENTRIES = 50, MOST_EVENTS = TOOL_CALLS + LOG_ENTRIES + 2 };

static hutch_isolate *fresh_isolate(void) {
    static hutch_isolate *isolate;
    if (isolate == NULL) {
        hutch_isolate_options options;
        hutch_isolate_options_init(&options);
        options.limits.memory_bytes = 8 * HUTCH_MIB;
        /* Not wall-clock time, so that a busy machine finds nothing. */
        options.limits.cpu_time_ms = 100;
        options.limits.log_entries = LOG_ENTRIES;
        options.limits.tool_calls = TOOL_CALLS;
        options.fixed_random = true;
        options.fixed_clock = true;
        FUZZ_REQUIRE(hutch_isolate_new(&options, &isolate, NULL) == HUTCH_OK);
    }
    FUZZ_REQUIRE(hutch_isolate_reset(isolate, NULL, NULL) == HUTCH_OK);
    static const hutch_tool tool = HUTCH_TOOL("tool");
    FUZZ_REQUIRE(hutch_isolate_add_tool(isolate, &tool, NULL) == HUTCH_OK);
    return isolate;
}

static void require_text(hutch_text text) {
    FUZZ_REQUIRE(hutch_utf8_is_valid(text.data, text.length));
}

/* The input lives only until the next call, so the answer is a copy. */
static void answer(hutch_isolate *isolate, const hutch_tool_call *call) {
    char *copy = malloc(call->input.length + 1);
    FUZZ_REQUIRE(copy != NULL && call->input.length > 0);
    require_text(call->input);
    memcpy(copy, call->input.data, call->input.length);
    FUZZ_REQUIRE(hutch_isolate_reply(isolate, call->id, copy, call->input.length, NULL) ==
                 HUTCH_OK);
    free(copy);
}

static bool is_end(const hutch_event *event) {
    return event->type == HUTCH_EVENT_DONE || event->type == HUTCH_EVENT_FAILED;
}

static void run(hutch_isolate *isolate, const char *code, size_t length, hutch_event *event) {
    int events = 0;
    FUZZ_REQUIRE(hutch_isolate_start(isolate, code, length, NULL) == HUTCH_OK);
    do {
        FUZZ_REQUIRE(events++ < MOST_EVENTS);
        FUZZ_REQUIRE(hutch_isolate_next(isolate, event) == HUTCH_OK);
        if (event->type == HUTCH_EVENT_TOOL_CALL) {
            answer(isolate, &event->as.tool_call);
        } else if (event->type == HUTCH_EVENT_LOG) {
            require_text(event->as.log.text);
        } else {
            FUZZ_REQUIRE(is_end(event));
        }
    } while (!is_end(event));
}

static void require_end(const hutch_event *event) {
    if (event->type == HUTCH_EVENT_DONE) {
        require_text(event->as.done.json);
        return;
    }
    const hutch_failed *failed = &event->as.failed;
    FUZZ_REQUIRE(failed->failure < HUTCH_FAILURE_WORKER_DIED);
    FUZZ_REQUIRE(failed->name.length > 0);
    require_text(failed->name);
    require_text(failed->message);
    require_text(failed->stack);
    require_text(failed->code);
}

/* Whatever the program before did, nothing of it is there. */
static void require_fresh(const hutch_event *event) {
    static char *first;
    static size_t first_length;
    FUZZ_REQUIRE(event->type == HUTCH_EVENT_DONE);
    hutch_text json = event->as.done.json;
    if (first == NULL) {
        first = malloc(json.length);
        FUZZ_REQUIRE(first != NULL);
        memcpy(first, json.data, json.length);
        first_length = json.length;
    }
    FUZZ_REQUIRE(json.length == first_length && memcmp(json.data, first, first_length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char look[] =
        "return [Object, Object.prototype, Array.prototype, console, Promise,"
        " Function.prototype, globalThis].map(Reflect.ownKeys)"
        ".flat().map(String).join() + typeof tool + Math.random()";
    hutch_event event = HUTCH_EVENT_INIT;
    run(fresh_isolate(), (const char *)data, size, &event);
    require_end(&event);
    run(fresh_isolate(), look, sizeof look - 1, &event);
    require_fresh(&event);
    return 0;
}
