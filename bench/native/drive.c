#include "drive.h"

#include "programs.h"

#include <string.h>

static const hutch_tool tool = HUTCH_TOOL(HUTCH_BENCH_TOOL);

bool hutch_bench_open(hutch_bench_drive *drive) {
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.recycle = drive->recycle;
    return hutch_context_open(drive->pool, &options, &drive->context, NULL) == HUTCH_OK;
}

void hutch_bench_close(hutch_bench_drive *drive) {
    hutch_context_close(drive->context);
    drive->context = NULL;
}

static bool reply(hutch_bench_drive *drive, const hutch_event *event) {
    return hutch_context_reply(drive->context, event->as.tool_call.id, drive->reply,
                               drive->reply_length, NULL) == HUTCH_OK;
}

bool hutch_bench_run(hutch_bench_drive *drive) {
    hutch_context *context = drive->context;
    const char *code = drive->code;
    hutch_event event = HUTCH_EVENT_INIT;
    bool going = hutch_context_start(context, code, strlen(code), NULL, NULL) == HUTCH_OK;
    bool done = false;
    while (going && !done &&
           hutch_context_next(context, HUTCH_BENCH_PATIENCE_US, &event) == HUTCH_OK) {
        switch (event.type) {
        case HUTCH_EVENT_DONE:
            done = true;
            break;
        case HUTCH_EVENT_FAILED:
        case HUTCH_EVENT_NONE:
            going = false;
            break;
        case HUTCH_EVENT_TOOL_CALL:
            going = reply(drive, &event);
            break;
        case HUTCH_EVENT_LOG:
        case HUTCH_EVENT_WAITING:
            break;
        }
    }
    return done;
}

bool hutch_bench_run_fresh(hutch_bench_drive *drive) {
    bool done = hutch_bench_open(drive) && hutch_bench_run(drive);
    hutch_bench_close(drive);
    return done;
}
