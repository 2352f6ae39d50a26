/*
 * Contexts: opening, closing, starting, answering. What comes out of them is in
 * next.c.
 *
 * Invariants: a context has a worker until that is lost, and is the only one to
 * have it; `is_running` from a start until its DONE or FAILED has been returned
 * to the caller.
 */
#include "base/allocator.h"
#include "base/error.h"
#include "plat/clock.h"
#include "pool/deadline.h"
#include "pool/detach.h"
#include "pool/ending.h"
#include "pool/failure.h"
#include "pool/options.h"
#include "pool/state.h"

#include <inttypes.h>

static void context_free(hutch_context *context) {
    hutch_link_remove(&context->place);
    hutch_tool_table_free(&context->tools);
    hutch_buffer_free(&context->ending.json);
    hutch_allocator_release(NULL, context);
}

/* Who does not ask has the default, and no more than there may be. */
static void settle_memory(const hutch_pool *pool, hutch_limits *limits) {
    uint64_t most = pool->options.max_memory_mb * HUTCH_MIB;
    hutch_limits standard;
    hutch_limits_init(&standard);
    if (limits->memory_bytes == HUTCH_MEMORY_NOT_ASKED) {
        limits->memory_bytes = standard.memory_bytes < most ? standard.memory_bytes : most;
    }
}

/* A copy in which everything is settled. Of a struct of another size nothing can be read. */
static hutch_context_options settle_options(const hutch_pool *pool,
                                            const hutch_context_options *options) {
    hutch_context_options settled;
    hutch_context_options_init(&settled);
    if (options != NULL && options->size != sizeof settled) {
        settled.size = options->size;
    } else if (options != NULL) {
        settled = *options;
    }
    settle_memory(pool, &settled.isolate.limits);
    return settled;
}

/* Both are told as they are named for JavaScript's users, as limits always are. */
static hutch_status check_memory(const hutch_pool *pool, const hutch_limits *limits,
                                 hutch_error *error) {
    uint64_t most = pool->options.max_memory_mb * HUTCH_MIB;
    return limits->memory_bytes <= most
               ? HUTCH_OK
               : hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                 "memoryLimit is %" PRIu64
                                 " bytes, more than the pool's maxMemoryLimit, which is %" PRIu64
                                 " bytes",
                                 limits->memory_bytes, most);
}

static hutch_status context_new(hutch_pool *pool, const hutch_context_options *options,
                                hutch_context **context, hutch_error *error) {
    hutch_context *made = hutch_allocator_new(NULL, sizeof *made);
    if (made == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for a context");
    }
    made->pool = pool;
    made->limits = options->isolate.limits;
    made->detached_timeout_ms = options->isolate.detached_timeout_ms;
    made->user = options->user;
    hutch_status status =
        hutch_tool_table_init(&made->tools, options->tools, options->tool_count, error);
    if (status != HUTCH_OK) {
        context_free(made);
        return status;
    }
    *context = made;
    return HUTCH_OK;
}

/* The options as the worker needs them, which has no source of chance of its own. */
static hutch_status settle_seed(hutch_pool *pool, hutch_isolate_options *options,
                                hutch_error *error) {
    if (options->fixed_random) {
        return HUTCH_OK;
    }
    options->fixed_random = true;
    return hutch_seeds_take(&pool->seeds, &options->random_seed, error);
}

/* Tells the worker what it is for. It is woken by the run, or by frames that wait for room. */
static hutch_status send_open(hutch_context *context, const hutch_isolate_options *options) {
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

static hutch_status open_worker(hutch_context *context, hutch_context_options *options,
                                hutch_error *error) {
    /* That hutch_error_set() returns the status it is given is in another file. */
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    hutch_leases *leases = &context->pool->leases;
    hutch_status status = hutch_lease_take(leases, options, context, &context->worker, error);
    if (status != HUTCH_OK) {
        return status;
    }
    status = settle_seed(context->pool, &options->isolate, error);
    if (status == HUTCH_OK) {
        status = send_open(context, &options->isolate);
    }
    if (status != HUTCH_OK) {
        hutch_lease_discard(leases, context->worker);
    }
    return status;
}

hutch_status hutch_context_open(hutch_pool *pool, const hutch_context_options *options,
                                hutch_context **context, hutch_error *error) {
    hutch_context_options settled = settle_options(pool, options);
    hutch_lease_housekeep(&pool->leases);
    hutch_status status = hutch_context_options_check(&settled, error);
    hutch_context *made = NULL;
    if (status == HUTCH_OK) {
        status = check_memory(pool, &settled.isolate.limits, error);
    }
    if (status == HUTCH_OK) {
        status = context_new(pool, &settled, &made, error);
    }
    if (status != HUTCH_OK) {
        return status;
    }
    status = open_worker(made, &settled, error);
    if (status != HUTCH_OK) {
        context_free(made);
        return status;
    }
    hutch_list_append(&pool->contexts, &made->place);
    pool->context_count++;
    *context = made;
    return HUTCH_OK;
}

void hutch_context_close(hutch_context *context) {
    if (context == NULL) {
        return;
    }
    hutch_pool *pool = context->pool;
    if (context->worker != NULL) {
        hutch_lease_return(&pool->leases, context->worker);
    }
    pool->context_count--;
    context_free(context);
    hutch_lease_housekeep(&pool->leases);
}

void hutch_context_release(hutch_context *context) {
    hutch_ending_release(context);
    if (context->worker != NULL) {
        hutch_worker_release_body(context->worker);
    }
}

bool hutch_context_is_ending(const hutch_context *context) {
    return context->is_running &&
           (context->worker == NULL || hutch_worker_is_at_its_end(context->worker));
}

void *hutch_context_get_user(const hutch_context *context) {
    return context->user;
}

int64_t hutch_context_get_pid(const hutch_context *context) {
    if (context->worker == NULL) {
        return 0;
    }
    hutch_watcher_lock(context->worker->watcher);
    hutch_watched *watched = &context->worker->watched;
    int64_t pid = watched->end == HUTCH_END_NONE ? hutch_watcher_pid_of(watched) : 0;
    hutch_watcher_unlock(context->worker->watcher);
    return pid;
}

static hutch_status check_start(hutch_context *context, const char *code, size_t length,
                                const hutch_run_options *options, hutch_error *error) {
    if (code == NULL && length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "code is NULL, expected %zu bytes",
                               length);
    }
    hutch_status status = hutch_run_options_check(options, error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (context->is_running) {
        return hutch_error_set(error, HUTCH_WRONG_STATE, 0,
                               "a run is in progress: it ends with its DONE or FAILED event");
    }
    return HUTCH_OK;
}

/* A worker that was lost before the run, whenever that was, is not an error of the start: that the run
 * fails says how it ended, and it is said once. */
static hutch_status check_usable(const hutch_context *context, hutch_error *error) {
    return context->is_disposed ? hutch_error_set(error, HUTCH_DISPOSED, 0,
                                                  "Context has been disposed: an earlier run has "
                                                  "lost its worker, or made it unusable")
                                : HUTCH_OK;
}

static hutch_status send_run(hutch_context *context, const char *code, size_t length,
                             uint64_t deadline_ns) {
    hutch_worker *worker = context->worker;
    hutch_frame_run run = {.deadline_ns = deadline_ns};
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as above */
    uint32_t number = worker->session.run + 1;
    hutch_outgoing frame = {.type = HUTCH_FRAME_RUN,
                            .run = number,
                            .fixed = &run,
                            .fixed_length = sizeof run,
                            .texts = {{code, length}}};
    hutch_status status = hutch_worker_send(worker, &frame);
    if (status == HUTCH_OK) {
        hutch_session_run(&worker->session, number);
    }
    return status;
}

static hutch_status start_on_worker(hutch_context *context, const char *code, size_t length,
                                    hutch_error *error) {
    uint64_t now = hutch_clock_now();
    uint64_t end = now + context->timeout_ms * HUTCH_NS_PER_MS;
    if (send_run(context, code, length, end) != HUTCH_OK) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for the program");
    }
    hutch_deadline deadline = {.ask_at = end,
                               .kill_at = end + context->worker->watcher->grace_ns,
                               .run = context->worker->session.run};
    /* What it was lost by before was no doing of this run; between two runs it has no deadline. */
    context->was_lost = hutch_worker_is_lost(context->worker);
    context->deadline_ns = end;
    context->is_shortened = false;
    hutch_worker_begin_run(context->worker, &deadline, &context->limits, now);
    hutch_worker_push(context->worker);
    return HUTCH_OK;
}

hutch_status hutch_context_start(hutch_context *context, const char *code, size_t length,
                                 const hutch_run_options *options, hutch_error *error) {
    hutch_status status = check_start(context, code, length, options, error);
    if (status == HUTCH_OK) {
        status = check_usable(context, error);
    }
    if (status != HUTCH_OK) {
        return status;
    }
    bool has_timeout = options != NULL && options->timeout_ms != 0;
    context->timeout_ms = has_timeout ? options->timeout_ms : context->limits.timeout_ms;
    if (length <= context->limits.code_bytes) {
        status = start_on_worker(context, code, length, error);
    } else {
        hutch_failure_set(context, HUTCH_FAILURE_LIMIT, true,
                          "The program has %zu bytes, more than maxCodeSize, which is %" PRIu64
                          " bytes",
                          length, context->limits.code_bytes);
        context->failure.code = "maxCodeSize";
    }
    if (status == HUTCH_OK) {
        context->run++;
        context->is_running = true;
        context->is_stopping = false;
    }
    return status;
}

void hutch_context_stop(hutch_context *context) {
    hutch_worker *worker = context->worker;
    if (!context->is_running || worker == NULL || !worker->session.running) {
        return;
    }
    context->is_stopping = true;
    hutch_deadline_ask(worker->watched.shared, worker->session.run);
    hutch_deadline_expedite(worker->watcher, &worker->watched);
    hutch_worker_remind(worker);
}
