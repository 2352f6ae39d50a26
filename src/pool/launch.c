/* Programs on their way to a worker; see launch.h. */
#include "pool/launch.h"

#include "base/error.h"
#include "plat/clock.h"

static hutch_status send_open(hutch_context *context) {
    const hutch_isolate_options *options = &context->isolate;
    hutch_worker *worker = context->worker;
    hutch_frame_open open = {.tool_count = (uint32_t)context->tools.count,
                             .for_once = worker->for_once};
    hutch_isolate_options_get(options, open.options);
    hutch_outgoing frame = {.type = HUTCH_FRAME_OPEN,
                            .fixed = &open,
                            .fixed_length = sizeof open,
                            .texts = {{context->tools.block, context->tools.length}}};
    hutch_session_open(&worker->session, options, context->tools.count);
    hutch_status status = hutch_worker_send(worker, &frame);
    if (!hutch_outbox_is_empty(&worker->outbox)) {
        hutch_worker_push(worker);
    }
    return status;
}

static hutch_status open_seeded(hutch_context *context, hutch_error *error) {
    hutch_status status = send_open(context);
    return status == HUTCH_OK
               ? status
               : hutch_error_set(error, status, 0, "no memory for a context's tools");
}

/* The worker has no source of chance of its own. What it is given leaves no copy behind. */
static hutch_status open_by_chance(hutch_context *context, hutch_error *error) {
    hutch_isolate_options *options = &context->isolate;
    hutch_status status = hutch_seeds_take(&context->pool->seeds, &options->random_seed, error);
    if (status == HUTCH_OK) {
        options->fixed_random = true;
        status = open_seeded(context, error);
    }
    options->fixed_random = false;
    options->random_seed = 0;
    return status;
}

hutch_status hutch_launch_open(hutch_context *context, hutch_error *error) {
    hutch_status status = context->isolate.fixed_random ? open_seeded(context, error)
                                                        : open_by_chance(context, error);
    if (status != HUTCH_OK) {
        hutch_lease_discard(&context->pool->leases, context->worker);
        context->worker = NULL;
    }
    return status;
}

static hutch_status send_run(hutch_context *context, hutch_text code) {
    hutch_worker *worker = context->worker;
    hutch_frame_run run = {.deadline_ns = context->deadline_ns};
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who launches has a worker */
    uint32_t number = worker->session.run + 1;
    hutch_outgoing frame = {.type = HUTCH_FRAME_RUN,
                            .run = number,
                            .fixed = &run,
                            .fixed_length = sizeof run,
                            .texts = {code}};
    hutch_status status = hutch_worker_send(worker, &frame);
    if (status == HUTCH_OK) {
        hutch_session_run(&worker->session, number);
    }
    return status;
}

hutch_status hutch_launch_run(hutch_context *context, hutch_text code, hutch_error *error) {
    if (send_run(context, code) != HUTCH_OK) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for the program");
    }
    hutch_worker *worker = context->worker;
    uint64_t end = context->deadline_ns;
    hutch_deadline deadline = {
        .ask_at = end, .kill_at = end + worker->watcher->grace_ns, .run = worker->session.run};
    /* What it was lost by before was no doing of this run; between two runs it has no deadline. */
    context->was_lost = hutch_worker_is_lost(worker);
    context->is_shortened = false;
    hutch_context_set_active(context, true);
    hutch_worker_begin_run(worker, &deadline, &context->isolate.limits, hutch_clock_now());
    hutch_worker_push(worker);
    return HUTCH_OK;
}
