/* Where a program failed: its line and column, and the lines around them. */
#include <hutch/hutch.h>

#include <stdio.h>
#include <string.h>

/* TypeScript goes in as it is. */
static const char program[] = "interface User { name?: string }\n"
                              "\n"
                              "const shout = (user: User): string => user.name!.toUpperCase()\n"
                              "return [{ name: 'Ada' }, {}].map(shout)\n";

static void show(const hutch_failed *failed) {
    char excerpt[HUTCH_EXCERPT_SIZE];
    printf("%.*s: %.*s\n", (int)failed->name.length, failed->name.data, (int)failed->message.length,
           failed->message.data);
    printf("at %u:%u\n", (unsigned)failed->line, (unsigned)failed->column);
    hutch_excerpt_write(program, strlen(program), failed->line, failed->column, excerpt,
                        sizeof excerpt);
    fputs(excerpt, stdout);
}

int main(void) {
    hutch_isolate *isolate = NULL;
    hutch_error error;
    hutch_event event = HUTCH_EVENT_INIT;
    if (hutch_isolate_new(NULL, &isolate, &error) != HUTCH_OK ||
        hutch_isolate_start(isolate, program, strlen(program), &error) != HUTCH_OK) {
        fprintf(stderr, "%s\n", error.message);
        hutch_isolate_free(isolate);
        return 1;
    }
    while (hutch_isolate_next(isolate, &event) == HUTCH_OK && event.type != HUTCH_EVENT_FAILED) {
    }
    if (event.type == HUTCH_EVENT_FAILED) {
        show(&event.as.failed);
    }
    hutch_isolate_free(isolate);
    return event.type == HUTCH_EVENT_FAILED ? 0 : 1;
}
