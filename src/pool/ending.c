/* Results of runs whose worker had to be killed; see ending.h. */
#include "pool/ending.h"

#include "base/detached_text.h"
#include "plat/clock.h"
#include "pool/deadline.h"

void hutch_ending_expect(hutch_context *context) {
    hutch_worker *worker = context->worker;
    uint64_t until = hutch_clock_now() + context->isolate.detached_timeout_ms * HUTCH_NS_PER_MS;
    if (until < context->deadline_ns && !context->is_stopping) {
        hutch_deadline deadline = {.ask_at = until,
                                   .kill_at = until + worker->watcher->grace_ns,
                                   .run = worker->session.run};
        context->is_shortened = true;
        hutch_worker_set_deadline(worker, &deadline);
    }
}

static hutch_detached_calls open_calls(const hutch_context *context) {
    const hutch_call_set *set = &context->worker->session.open;
    hutch_detached_calls open = {.count = set->count};
    const hutch_open_call *call = hutch_call_set_next(set, 0);
    for (size_t i = 0; call != NULL && i < HUTCH_DETACHED_NAMES; i++) {
        open.names[i] = context->tools.names[call->tool];
        call = hutch_call_set_next(set, call->id);
    }
    return open;
}

void hutch_ending_keep(hutch_context *context) {
    hutch_worker *worker = context->worker;
    hutch_own_ending *ending = &context->ending;
    if (!worker->session.running || !worker->session.settled ||
        !hutch_detached_leaves_value(context->failure.failure)) {
        return;
    }
    hutch_detached_calls open = open_calls(context);
    hutch_detached_text_tell_end(&ending->warning, &open, context->failure.failure,
                                 context->is_shortened);
    ending->json = worker->settled;
    ending->values = worker->settled_values;
    hutch_buffer_init(&worker->settled, SIZE_MAX, "frame", NULL);
    worker->settled_values = 0;
    ending->due = HUTCH_ENDING_WARNS;
    context->failure.is_due = false;
}

bool hutch_ending_take(hutch_context *context, hutch_event *event) {
    hutch_own_ending *ending = &context->ending;
    switch (ending->due) {
    case HUTCH_ENDING_NONE:
        return false;
    case HUTCH_ENDING_WARNS:
        event->type = HUTCH_EVENT_LOG;
        event->as.log = (hutch_log){.level = HUTCH_LOG_WARN,
                                    .text = {ending->warning.data, ending->warning.length}};
        ending->due = HUTCH_ENDING_TELLS;
        break;
    case HUTCH_ENDING_TELLS:
        event->type = HUTCH_EVENT_DONE;
        event->as.done = (hutch_done){.json = {ending->json.data, ending->json.length},
                                      .values = ending->values};
        ending->due = HUTCH_ENDING_NONE;
        context->is_running = false;
        break;
    }
    return true;
}

void hutch_ending_release(hutch_context *context) {
    if (context->ending.due == HUTCH_ENDING_NONE) {
        hutch_buffer_free(&context->ending.json);
    }
}
