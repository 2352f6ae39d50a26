/*
 * The pool's own handle.
 */
#include "base/allocator.h"
#include "base/error.h"
#include "plat/clock.h"
#include "plat/error_text.h"
#include "plat/processors.h"
#include "pool/options.h"
#include "pool/state.h"

enum {
    /* Workers with news that a poll finds to be none: the next one goes on. */
    VAIN_AT_ONCE = 64,
};

/* With one processor the other side cannot move while this one looks. */
static void adapt_to_machine(hutch_pool_options *options) {
    if (hutch_processors_count() < 2) {
        options->look_us = 0;
    }
}

/* Everything behind the handle; what was made is taken back on failure. */
static hutch_status set_up(hutch_pool *pool, const hutch_pool_options *options,
                           hutch_error *error) {
    pool->options = *options;
    pool->options.worker_path = NULL;
    adapt_to_machine(&pool->options);
    hutch_list_init(&pool->contexts);
    hutch_queue_init(&pool->queue, options);
    hutch_status status = hutch_program_init(&pool->program, options->worker_path, error);
    if (status != HUTCH_OK) {
        return status;
    }
    status = hutch_watcher_init(&pool->watcher, options->kill_grace_ms * HUTCH_NS_PER_MS,
                                options->wake, options->wake_user, error);
    if (status == HUTCH_OK) {
        status = hutch_leases_init(&pool->leases, &pool->watcher, &pool->program, options, error);
        if (status != HUTCH_OK) {
            hutch_watcher_free(&pool->watcher);
        }
    }
    if (status != HUTCH_OK) {
        hutch_program_free(&pool->program);
    }
    return status;
}

hutch_status hutch_pool_new(const hutch_pool_options *options, hutch_pool **pool,
                            hutch_error *error) {
    hutch_pool_options standard;
    if (options == NULL) {
        hutch_pool_options_init(&standard);
        options = &standard;
    }
    hutch_status status = hutch_pool_options_check(options, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_pool *made = hutch_allocator_new(NULL, sizeof *made);
    if (made == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for a pool");
    }
    status = set_up(made, options, error);
    if (status != HUTCH_OK) {
        hutch_allocator_release(NULL, made);
        return status;
    }
    *pool = made;
    return HUTCH_OK;
}

hutch_status hutch_pool_warm(hutch_pool *pool, hutch_error *error) {
    hutch_lease_housekeep(&pool->leases);
    hutch_status status = hutch_lease_begin(&pool->leases, error);
    return status == HUTCH_OK ? hutch_lease_stock_up(&pool->leases, error) : status;
}

static void free_contexts(hutch_pool *pool) {
    hutch_link *link;
    while ((link = hutch_list_take_first(&pool->contexts)) != NULL) {
        hutch_context_free(HUTCH_LINK_OWNER(link, hutch_context, place));
    }
}

void hutch_pool_free(hutch_pool *pool) {
    if (pool == NULL) {
        return;
    }
    hutch_watcher_stop(&pool->watcher);
    hutch_leases_free(&pool->leases);
    free_contexts(pool);
    hutch_watcher_free(&pool->watcher);
    hutch_program_free(&pool->program);
    hutch_allocator_release(NULL, pool);
}

/* A leased worker with news, or NULL. */
static hutch_worker *next_ready(hutch_watcher *watcher) {
    hutch_watcher_lock(watcher);
    hutch_link *link = hutch_list_take_first(&watcher->ready);
    hutch_watcher_unlock(watcher);
    return link == NULL ? NULL
                        : HUTCH_LINK_OWNER(HUTCH_LINK_OWNER(link, hutch_watched, notified),
                                           hutch_worker, watched);
}

/* Whether `next` has something to do. It may have been asked before the news came to be heard;
 * and room for frames that wait is news for the pool alone. */
static bool has_event(hutch_worker *worker) {
    hutch_worker_note_end(worker);
    if (!worker->context->is_running) {
        return false;
    }
    hutch_worker_listen(worker);
    if (hutch_worker_has_spoken(worker) || hutch_worker_is_overdue(worker)) {
        return true;
    }
    hutch_worker_note_vain_ring(worker);
    return hutch_worker_is_lost(worker);
}

/* A context whose worker has news. */
static hutch_context *next_with_news(hutch_pool *pool) {
    for (int vain = 0; vain < VAIN_AT_ONCE; vain++) {
        hutch_worker *worker = next_ready(&pool->watcher);
        if (worker == NULL) {
            break;
        }
        if (has_event(worker)) {
            return worker->context;
        }
    }
    return NULL;
}

hutch_context *hutch_pool_poll(hutch_pool *pool) {
    hutch_lease_housekeep(&pool->leases);
    hutch_queue_advance(pool);
    hutch_context *context = hutch_queue_take_told(&pool->queue);
    if (context == NULL) {
        context = next_with_news(pool);
    }
    if (context == NULL) {
        hutch_queue_press(pool);
        context = hutch_queue_take_told(&pool->queue);
    }
    if (context == NULL) {
        hutch_watcher_rearm(&pool->watcher);
    }
    return context;
}

hutch_context *hutch_pool_wait(hutch_pool *pool, uint64_t wait_us) {
    uint64_t until = hutch_clock_after(wait_us);
    hutch_context *context = hutch_pool_poll(pool);
    while (context == NULL && hutch_clock_now() < until) {
        hutch_watcher_await_any(&pool->watcher, until);
        context = hutch_pool_poll(pool);
    }
    return context;
}

hutch_status hutch_pool_get_descriptor(hutch_pool *pool, int *descriptor, hutch_error *error) {
    int failure = hutch_watcher_open_signal(&pool->watcher);
    if (failure != 0) {
        return hutch_error_set_system(error, failure, "cannot make a descriptor for the pool");
    }
    *descriptor = pool->watcher.signal;
    return HUTCH_OK;
}

hutch_status hutch_pool_get_stats(hutch_pool *pool, hutch_pool_stats *stats) {
    if (stats->size != sizeof *stats) {
        return HUTCH_INVALID_ARGUMENT;
    }
    uint32_t spares;
    hutch_lease_housekeep(&pool->leases);
    hutch_stock_count(&pool->leases.stock, &spares, &stats->workers);
    stats->contexts = pool->context_count;
    stats->idle = pool->leases.idle_count + spares;
    hutch_watcher_lock(&pool->watcher);
    stats->held_bytes = pool->leases.budget.held;
    stats->workers_forked = pool->watcher.tally.forked;
    stats->workers_killed = pool->watcher.tally.killed;
    stats->workers_died = pool->watcher.tally.died;
    stats->zygote_pid = pool->watcher.zygote.socket >= 0 ? pool->watcher.zygote.process.pid : 0;
    hutch_watcher_unlock(&pool->watcher);
    return HUTCH_OK;
}
