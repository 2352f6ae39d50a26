/*
 * Contexts: opening, closing, starting. What comes out of them is in next.c, how
 * they get a worker in queue.c.
 *
 * Invariants: a context has a worker from its first program's turn until that worker is lost, and is
 * the only one to have it; `is_running` from a start until its DONE or FAILED has been returned
 * to the caller.
 */
#include "base/allocator.h"
#include "base/error.h"
#include "plat/clock.h"
#include "pool/deadline.h"
#include "pool/ending.h"
#include "pool/failure.h"
#include "pool/launch.h"
#include "pool/options.h"
#include "pool/state.h"

#include <inttypes.h>

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
    made->isolate = options->isolate;
    made->wish = (hutch_wish){.trust_domain = options->trust_domain,
                              .for_once = options->recycle == HUTCH_RECYCLE_PROCESS};
    made->user = options->user;
    hutch_status status =
        hutch_tool_table_init(&made->tools, options->tools, options->tool_count, error);
    if (status != HUTCH_OK) {
        hutch_context_free(made);
        return status;
    }
    hutch_list_append(&pool->contexts, &made->place);
    pool->context_count++;
    *context = made;
    return HUTCH_OK;
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
    if (status == HUTCH_OK && !pool->watcher.is_started) {
        status = hutch_lease_begin(&pool->leases, error);
    }
    if (status == HUTCH_OK) {
        status = context_new(pool, &settled, &made, error);
    }
    if (status != HUTCH_OK) {
        return status;
    }
    *context = made;
    return HUTCH_OK;
}

void hutch_context_close(hutch_context *context) {
    if (context == NULL) {
        return;
    }
    hutch_pool *pool = context->pool;
    hutch_queue_leave(context);
    hutch_context_set_active(context, false);
    if (context->worker != NULL) {
        hutch_lease_return(&pool->leases, context->worker);
    }
    pool->context_count--;
    hutch_context_free(context);
    hutch_lease_housekeep(&pool->leases);
    hutch_queue_advance(pool);
}

void hutch_context_release(hutch_context *context) {
    hutch_ending_release(context);
    if (context->worker != NULL) {
        hutch_worker_release_body(context->worker);
    }
}

bool hutch_context_is_ending(const hutch_context *context) {
    if (hutch_queue_has(context)) {
        return hutch_clock_now() >= context->deadline_ns;
    }
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

static hutch_status begin(hutch_context *context, hutch_text code, hutch_error *error) {
    return context->worker != NULL ? hutch_launch_run(context, code, error)
                                   : hutch_queue_start(context, code, error);
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
    context->timeout_ms = has_timeout ? options->timeout_ms : context->isolate.limits.timeout_ms;
    context->deadline_ns = hutch_clock_now() + context->timeout_ms * HUTCH_NS_PER_MS;
    if (length <= context->isolate.limits.code_bytes) {
        status = begin(context, (hutch_text){code, length}, error);
    } else {
        hutch_failure_set(context, HUTCH_FAILURE_LIMIT, true,
                          "The program has %zu bytes, more than maxCodeSize, which is %" PRIu64
                          " bytes",
                          length, context->isolate.limits.code_bytes);
        context->failure.code = "maxCodeSize";
    }
    if (status == HUTCH_OK) {
        context->run++;
        context->is_running = true;
        context->is_stopping = false;
        hutch_queue_advance(context->pool);
    }
    return status;
}

void hutch_context_stop(hutch_context *context) {
    hutch_worker *worker = context->worker;
    if (hutch_queue_stop(context) || !context->is_running || worker == NULL ||
        !worker->session.running) {
        return;
    }
    context->is_stopping = true;
    hutch_deadline_ask(worker->watched.shared, worker->session.run);
    hutch_deadline_expedite(worker->watcher, &worker->watched);
    hutch_worker_remind(worker);
}
