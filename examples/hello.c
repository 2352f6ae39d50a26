/* Run one program in this process and print what it returns. */
#include <hutch/hutch.h>

#include <stdio.h>
#include <string.h>

static const char program[] = "console.log('hello from', typeof globalThis)\n"
                              "return { answer: 6 * 7 }\n";

int main(void) {
    hutch_isolate *isolate = NULL;
    hutch_error error;
    hutch_event event = HUTCH_EVENT_INIT;

    /* NULL: all limits at their defaults. */
    if (hutch_isolate_new(NULL, &isolate, &error) != HUTCH_OK ||
        hutch_isolate_start(isolate, program, strlen(program), &error) != HUTCH_OK) {
        fprintf(stderr, "%s\n", error.message);
        hutch_isolate_free(isolate);
        return 1;
    }

    /* The guest runs inside hutch_isolate_next(), up to the next event. */
    do {
        if (hutch_isolate_next(isolate, &event) != HUTCH_OK) {
            break;
        }
        if (event.type == HUTCH_EVENT_LOG) {
            printf("log: %.*s\n", (int)event.as.log.text.length, event.as.log.text.data);
        } else if (event.type == HUTCH_EVENT_DONE) {
            printf("done: %.*s\n", (int)event.as.done.json.length, event.as.done.json.data);
        } else if (event.type == HUTCH_EVENT_FAILED) {
            printf("failed: %.*s\n", (int)event.as.failed.message.length,
                   event.as.failed.message.data);
        }
    } while (event.type != HUTCH_EVENT_DONE && event.type != HUTCH_EVENT_FAILED);

    hutch_isolate_free(isolate);
    return event.type == HUTCH_EVENT_DONE ? 0 : 1;
}
