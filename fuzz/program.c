/**
 * @file program.c
 * Programs into an isolate: the input is the program's text. Tools answer with
 * what they were given, and whatever happens the run ends with an event and
 * the isolate is as new after a reset.
 */
#include "target.h"

#include <hutch/isolate.h>

#include <string.h>

enum { MOST_EVENTS = 20000 };

static hutch_isolate *fresh_isolate(void) {
    static hutch_isolate *isolate;
    hutch_error error = {0};
    if (isolate == NULL) {
        hutch_isolate_options options;
        hutch_isolate_options_init(&options);
        options.limits.memory_bytes = 16 * HUTCH_MIB;
        options.limits.timeout_ms = 200;
        options.limits.log_entries = 100;
        options.limits.tool_calls = 100;
        options.fixed_random = options.fixed_clock = true;
        FUZZ_REQUIRE(hutch_isolate_new(&options, &isolate, &error) == HUTCH_OK);
    }
    FUZZ_REQUIRE(hutch_isolate_reset(isolate, NULL, &error) == HUTCH_OK);
    FUZZ_REQUIRE(hutch_isolate_add_tool(isolate, "tool", 4, &error) == HUTCH_OK);
    return isolate;
}

static void run(hutch_isolate *isolate, const char *code, size_t length, hutch_event *event) {
    hutch_error error = {0};
    int events = 0;
    FUZZ_REQUIRE(hutch_isolate_start(isolate, code, length, &error) == HUTCH_OK);
    do {
        FUZZ_REQUIRE(events++ < MOST_EVENTS);
        FUZZ_REQUIRE(hutch_isolate_next(isolate, event) == HUTCH_OK);
        FUZZ_REQUIRE(event->type != HUTCH_EVENT_WAITING);
        if (event->type == HUTCH_EVENT_TOOL_CALL) {
            const hutch_tool_call *call = &event->as.tool_call;
            char *copy = malloc(call->input.length + 1);
            FUZZ_REQUIRE(copy != NULL);
            memcpy(copy, call->input.data, call->input.length);
            FUZZ_REQUIRE(hutch_isolate_reply(isolate, call->id, copy, call->input.length, &error) ==
                         HUTCH_OK);
            free(copy);
        }
    } while (event->type != HUTCH_EVENT_DONE && event->type != HUTCH_EVENT_FAILED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char check[] = "return [typeof tool, 1 + 1].join()";
    hutch_event event = HUTCH_EVENT_INIT;
    run(fresh_isolate(), (const char *)data, size, &event);
    if (event.type == HUTCH_EVENT_FAILED)
        FUZZ_REQUIRE(event.as.failed.name.length > 0);

    run(fresh_isolate(), check, sizeof check - 1, &event);
    FUZZ_REQUIRE(event.type == HUTCH_EVENT_DONE);
    FUZZ_REQUIRE(event.as.done.json.length == 12 &&
                 memcmp(event.as.done.json.data, "\"function,2\"", 12) == 0);
    return 0;
}
