/* Run programs that nobody has read: in a confined process, with a deadline. */
#include <hutch/hutch.h>

#include <stdio.h>
#include <string.h>

static const char polite[] = "return (await lookup({ id: 7 })).name.toUpperCase()";
static const char endless[] = "while (true) {}";

/* Longest wait of one call of hutch_context_next(), in microseconds. */
#define WAIT_US 1000000

static void answer(hutch_context *context, const hutch_tool_call *call) {
    static const char row[] = "{\"name\":\"Ada\"}";
    hutch_error error;
    if (hutch_context_reply(context, call->id, row, strlen(row), &error) != HUTCH_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
}

/* Run one program to its end. @return whether the host's side of it worked */
static bool run(hutch_context *context, const char *code) {
    hutch_error error;
    hutch_event event = HUTCH_EVENT_INIT;
    if (hutch_context_start(context, code, strlen(code), NULL, &error) != HUTCH_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    do {
        if (hutch_context_next(context, WAIT_US, &event) != HUTCH_OK) {
            return false;
        }
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            answer(context, &event.as.tool_call);
        }
    } while (event.type != HUTCH_EVENT_DONE && event.type != HUTCH_EVENT_FAILED);

    if (event.type == HUTCH_EVENT_DONE) {
        printf("done: %.*s\n", (int)event.as.done.json.length, event.as.done.json.data);
    } else {
        printf("failed: %.*s (%s)\n", (int)event.as.failed.name.length, event.as.failed.name.data,
               event.as.failed.usable ? "the context goes on" : "the context is gone");
    }
    return true;
}

int main(void) {
    const hutch_tool tools[] = {HUTCH_TOOL("lookup")};
    hutch_pool *pool = NULL;
    hutch_context *context = NULL;
    hutch_context_options options;
    hutch_error error;

    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = 1;
    options.isolate.limits.timeout_ms = 200;
    options.isolate.limits.memory_bytes = 32 * HUTCH_MIB;

    if (hutch_pool_new(NULL, &pool, &error) != HUTCH_OK ||
        hutch_context_open(pool, &options, &context, &error) != HUTCH_OK) {
        fprintf(stderr, "%s\n", error.message);
        hutch_pool_free(pool);
        return 1;
    }
    bool worked = run(context, polite) && run(context, endless) && run(context, polite);

    hutch_context_close(context);
    hutch_pool_free(pool); /* no process is left behind */
    return worked ? 0 : 1;
}
