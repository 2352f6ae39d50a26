/* Give a program tools: a call is an event, and is answered by its id. */
#include <hutch/hutch.h>

#include <stdio.h>
#include <string.h>

/* Both calls are open at once; the second tool fails, and the program catches that. */
static const char program[] =
    "const weather = forecast({ city: 'Oslo' })\n"
    "const failure = forbidden().catch((error) => `${error.name}: ${error.message}`)\n"
    "return [await weather, await failure]\n";

enum { FORECAST, FORBIDDEN, TOOL_COUNT };
static const hutch_tool tools[TOOL_COUNT] = {
    [FORECAST] = HUTCH_TOOL("forecast"), [FORBIDDEN] = HUTCH_TOOL("forbidden")};

/* What a real host would hand to a thread, a queue or a network. */
static hutch_status answer(hutch_isolate *isolate, const hutch_tool_call *call,
                           hutch_error *error) {
    static const char result[] = "{\"degrees\":-3}";
    static const char reason[] = "not for you";
    printf("call: %.*s(%.*s)\n", (int)call->name.length, call->name.data, (int)call->input.length,
           call->input.data);
    if (call->tool == FORECAST) {
        return hutch_isolate_reply(isolate, call->id, result, strlen(result), error);
    }
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    failure.message = (hutch_text){reason, strlen(reason)};
    return hutch_isolate_reject(isolate, call->id, &failure, error);
}

/* @return whether the program ended with a value */
static bool run(hutch_isolate *isolate, hutch_error *error) {
    hutch_event event = HUTCH_EVENT_INIT;
    for (unsigned i = 0; i < TOOL_COUNT; i++) {
        if (hutch_isolate_add_tool(isolate, &tools[i], error) != HUTCH_OK) {
            return false;
        }
    }
    if (hutch_isolate_start(isolate, program, strlen(program), error) != HUTCH_OK) {
        return false;
    }
    while (hutch_isolate_next(isolate, &event) == HUTCH_OK) {
        switch (event.type) {
        case HUTCH_EVENT_TOOL_CALL:
            if (answer(isolate, &event.as.tool_call, error) != HUTCH_OK) {
                return false;
            }
            break;
        case HUTCH_EVENT_DONE:
            printf("done: %.*s\n", (int)event.as.done.json.length, event.as.done.json.data);
            return true;
        case HUTCH_EVENT_FAILED:
            snprintf(error->message, sizeof error->message, "%.*s",
                     (int)event.as.failed.message.length, event.as.failed.message.data);
            return false;
        default: /* a console entry; or WAITING, which cannot be: every call is answered at once */
            break;
        }
    }
    return false;
}

int main(void) {
    hutch_isolate *isolate = NULL;
    hutch_error error = {.message = ""};
    if (hutch_isolate_new(NULL, &isolate, &error) != HUTCH_OK || !run(isolate, &error)) {
        fprintf(stderr, "%s\n", error.message);
        hutch_isolate_free(isolate);
        return 1;
    }
    hutch_isolate_free(isolate);
    return 0;
}
