/*
 * The queue of programs.
 *
 * Invariants: a context is in `waiting` from the start of its program until that has a worker, has ended
 * or is closed, and has no worker then; no deadline of one that waits is before `earliest`; while somebody
 * waits, the watcher calls by the time something is due.
 */
#include "pool/queue.h"

#include "base/error.h"
#include "plat/clock.h"
#include "plat/processors.h"
#include "pool/failure.h"
#include "pool/launch.h"
#include "pool/state.h"

#include <inttypes.h>

/* How long it may stand still, at least and at most. */
#define LEAST_STILL_NS HUTCH_NS_PER_MS
#define MOST_STILL_NS (20 * HUTCH_NS_PER_MS)

enum {
    /* Programs at work at a time, on machines with few processors. */
    FEW_AT_ONCE = 2,
    MOST_IN_A_BATCH = 64,
    /* Of what passes between two turns, what is learnt from one. */
    PACE_SHARE = 8,
    /* Of the time that it may stand still, a host's moment to do what it has come to too late. */
    MOMENT = 4,
    /* How far behind the first one an idle worker of another domain looks for work. */
    LOOK_BEHIND = 64,
    /* Programs that wait, for each worker there may be, where no option says how many. */
    WAITING_PER_WORKER = 4,
};

void hutch_queue_init(hutch_queue *queue, const hutch_pool_options *options) {
    uint32_t processors = (uint32_t)hutch_processors_count();
    *queue =
        (hutch_queue){.most = options->max_queue != 0 ? options->max_queue
                                                      : WAITING_PER_WORKER * options->max_workers,
                      .at_once = processors > FEW_AT_ONCE ? processors : FEW_AT_ONCE,
                      .batch = 1,
                      .earliest = HUTCH_WATCH_FOREVER};
    hutch_list_init(&queue->waiting);
    hutch_list_init(&queue->told);
}

bool hutch_queue_has(const hutch_context *context) {
    return hutch_link_is_in_list(&context->turn);
}

/* ---- leaving ---- */

static void leave(hutch_context *context) {
    hutch_queue *queue = &context->pool->queue;
    hutch_link_remove(&context->turn);
    queue->count--;
    queue->bytes -= context->program.length;
    hutch_buffer_free(&context->program);
}

void hutch_queue_leave(hutch_context *context) {
    if (hutch_queue_has(context)) {
        leave(context);
    }
    hutch_link_remove(&context->told);
}

/* The run has ended; who asks next is told how. */
static void tell(hutch_context *context) {
    leave(context);
    hutch_list_append(&context->pool->queue.told, &context->told);
    hutch_watcher_rouse(&context->pool->watcher);
}

bool hutch_queue_stop(hutch_context *context) {
    bool waits = hutch_queue_has(context);
    if (waits) {
        hutch_failure_set(context, HUTCH_FAILURE_STOPPED, true, "Execution was stopped");
        tell(context);
    }
    return waits;
}

hutch_context *hutch_queue_take_told(hutch_queue *queue) {
    hutch_link *link = hutch_list_take_first(&queue->told);
    return link == NULL ? NULL : HUTCH_LINK_OWNER(link, hutch_context, told);
}

/* Whether no other worker can be had until a context gives its own back. */
static bool is_full(hutch_pool *pool) {
    hutch_leases *leases = &pool->leases;
    uint32_t spares;
    uint32_t workers;
    hutch_stock_count(&leases->stock, &spares, &workers);
    return leases->idle_count == 0 && spares == 0 && workers >= leases->stock.max_workers;
}

/* Why there was no worker. */
static const char *text_of_want(hutch_pool *pool) {
    return pool->leases.active > 0 || !is_full(pool)
               ? "all workers were in use"
               : "all workers are suspended in tool calls, or kept by open contexts";
}

static void expire_one(hutch_context *context) {
    hutch_pool *pool = context->pool;
    hutch_failure_set(context, HUTCH_FAILURE_TIMEOUT, true,
                      "Execution timed out after %" PRIu64
                      " ms in the queue for a worker: %s (maxWorkers is %" PRIu32 ")",
                      context->timeout_ms, text_of_want(pool), pool->options.max_workers);
    context->failure.code = "queue";
    tell(context);
}

static void expire(hutch_queue *queue, uint64_t now) {
    if (now < queue->earliest) {
        return;
    }
    hutch_link *next;
    queue->earliest = HUTCH_WATCH_FOREVER;
    for (hutch_link *link = queue->waiting.next; link != &queue->waiting; link = next) {
        hutch_context *context = HUTCH_LINK_OWNER(link, hutch_context, turn);
        next = link->next;
        if (now >= context->deadline_ns) {
            expire_one(context);
        } else if (context->deadline_ns < queue->earliest) {
            queue->earliest = context->deadline_ns;
        }
    }
}

/* ---- getting a worker ---- */

/* @return HUTCH_OK: the context has a worker that knows what it is for, or none, as there is none */
static hutch_status find_worker(hutch_context *context, hutch_effort effort, hutch_error *error) {
    hutch_leases *leases = &context->pool->leases;
    hutch_worker **worker = &context->worker;
    hutch_status status = hutch_lease_take(leases, &context->wish, effort, context, worker, error);
    return status == HUTCH_OK && *worker != NULL ? hutch_launch_open(context, error) : status;
}

/* For one whose turn it is: a worker that is there, or a new one, if none may come free soon. */
static hutch_status find_soon(hutch_context *context, hutch_error *error) {
    hutch_leases *leases = &context->pool->leases;
    hutch_status status = HUTCH_OK;
    if (leases->active < context->pool->queue.at_once) {
        status = find_worker(context, HUTCH_EFFORT_TAKE, error);
        if (status == HUTCH_OK && context->worker == NULL &&
            !hutch_lease_may_come_free(leases, &context->wish)) {
            status = find_worker(context, HUTCH_EFFORT_MAKE, error);
        }
    }
    return status;
}

/* It has a worker, or cannot have one; in both cases its turn is over. */
static void take_turn(hutch_context *context, hutch_status status, const hutch_error *error) {
    hutch_text code = {context->program.data, context->program.length};
    hutch_error own = {0};
    if (status == HUTCH_OK) {
        /* Who started it has heard that there was no event; the first one may come at once. */
        hutch_worker_listen(context->worker);
        status = hutch_launch_run(context, code, &own);
        error = &own;
    }
    if (status != HUTCH_OK) {
        hutch_failure_set(context, HUTCH_FAILURE_WORKER_DIED, true, "%s", error->message);
        tell(context);
        return;
    }
    leave(context);
}

/* @return false: there is no worker for it now */
static bool serve(hutch_context *context, bool is_pressing) {
    hutch_queue *queue = &context->pool->queue;
    hutch_error error = {0};
    hutch_status status =
        is_pressing ? find_worker(context, HUTCH_EFFORT_MAKE, &error) : find_soon(context, &error);
    bool is_served = status != HUTCH_OK || context->worker != NULL;
    if (is_served) {
        take_turn(context, status, &error);
        queue->moved_at = hutch_clock_now();
        queue->press_at = 0;
    }
    return is_served;
}

static hutch_context *first(const hutch_queue *queue) {
    return hutch_list_is_empty(&queue->waiting)
               ? NULL
               : HUTCH_LINK_OWNER(queue->waiting.next, hutch_context, turn);
}

/* How long it may stand still. */
static uint64_t still_ns(const hutch_pool *pool) {
    uint64_t birth = atomic_load_explicit(&pool->watcher.birth_ns, memory_order_relaxed);
    uint64_t longer = birth > pool->queue.pace_ns ? birth : pool->queue.pace_ns;
    uint64_t least = 2 * longer > LEAST_STILL_NS ? 2 * longer : LEAST_STILL_NS;
    return least < MOST_STILL_NS ? least : MOST_STILL_NS;
}

/* It has stood still for too long: the first few, whatever it takes. */
static void press_on(hutch_pool *pool) {
    hutch_queue *queue = &pool->queue;
    bool is_served = true;
    for (uint32_t i = 0; i < queue->batch && is_served; i++) {
        hutch_context *context = first(queue);
        is_served = context != NULL && serve(context, true);
    }
    queue->batch = 2 * queue->batch < MOST_IN_A_BATCH ? 2 * queue->batch : MOST_IN_A_BATCH;
    queue->press_at = 0;
}

/* A host that was busy finds by itself that time has passed, and may close contexts next: the first time
 * it is given a moment for that. */
static void press_if_due(hutch_pool *pool) {
    hutch_queue *queue = &pool->queue;
    uint64_t now = hutch_clock_now();
    uint64_t still = still_ns(pool);
    if (queue->press_at == 0 && now >= queue->moved_at + still) {
        queue->press_at = now + still / MOMENT;
    } else if (queue->press_at != 0 && now >= queue->press_at) {
        /* More births would only delay those that are on their way. */
        if (hutch_lease_awaits_birth(&pool->leases)) {
            queue->press_at = now + still;
        } else {
            press_on(pool);
        }
    }
}

/* Whatever the programs are, and however busy the machine: so long it takes until somebody has a turn. */
static void learn_pace(hutch_queue *queue, uint64_t now) {
    uint64_t passed = now - queue->freed_at;
    passed = passed < MOST_STILL_NS ? passed : MOST_STILL_NS;
    queue->pace_ns = queue->pace_ns == 0
                         ? passed
                         : queue->pace_ns - queue->pace_ns / PACE_SHARE + passed / PACE_SHARE;
    queue->freed_at = now;
}

/* In their order, as long as there are workers. */
static void go_on(hutch_queue *queue) {
    hutch_context *context = first(queue);
    while (context != NULL && serve(context, false)) {
        learn_pace(queue, queue->moved_at);
        queue->batch = 1;
        context = first(queue);
    }
}

/* The first one cannot use the idle workers of other domains; those behind it may. */
static void serve_behind(hutch_pool *pool) {
    hutch_queue *queue = &pool->queue;
    hutch_link *link = queue->waiting.next;
    for (int i = 0; i < LOOK_BEHIND && link != &queue->waiting && pool->leases.idle_count > 0 &&
                    pool->leases.active < queue->at_once;
         i++) {
        hutch_context *context = HUTCH_LINK_OWNER(link, hutch_context, turn);
        hutch_error error = {0};
        link = link->next;
        hutch_status status = find_worker(context, HUTCH_EFFORT_REUSE, &error);
        if (status != HUTCH_OK || context->worker != NULL) {
            take_turn(context, status, &error);
        }
    }
}

/* When something is due. Where there is no place, only time passes, or a worker comes free. */
static uint64_t next_call(hutch_pool *pool) {
    const hutch_queue *queue = &pool->queue;
    if (hutch_list_is_empty(&queue->waiting)) {
        return HUTCH_WATCH_FOREVER;
    }
    uint64_t still_until =
        queue->press_at != 0 ? queue->press_at : queue->moved_at + still_ns(pool);
    still_until = is_full(pool) ? HUTCH_WATCH_FOREVER : still_until;
    return still_until < queue->earliest ? still_until : queue->earliest;
}

static void advance(hutch_pool *pool, bool may_press) {
    hutch_queue *queue = &pool->queue;
    if (hutch_list_is_empty(&queue->waiting)) {
        return;
    }
    expire(queue, hutch_clock_now());
    go_on(queue);
    if (may_press && !hutch_list_is_empty(&queue->waiting) && !is_full(pool)) {
        press_if_due(pool);
    }
    serve_behind(pool);
    queue->batch = hutch_list_is_empty(&queue->waiting) ? 1 : queue->batch;
    hutch_watcher_call_for_queue(&pool->watcher, next_call(pool));
}

void hutch_queue_advance(hutch_pool *pool) {
    advance(pool, false);
}

void hutch_queue_press(hutch_pool *pool) {
    advance(pool, true);
}

/* ---- coming ---- */

static hutch_status check_room(const hutch_pool *pool, size_t length, hutch_error *error) {
    const hutch_queue *queue = &pool->queue;
    if (queue->count >= queue->most) {
        return hutch_error_set(error, HUTCH_UNAVAILABLE, 0,
                               "%" PRIu32 " programs wait for a worker already: as many as "
                               "maxQueue permits",
                               queue->count);
    }
    if (queue->count > 0 && queue->bytes + length > pool->options.max_held_bytes) {
        return hutch_error_set(error, HUTCH_UNAVAILABLE, 0,
                               "the programs that wait for a worker have %" PRIu64
                               " bytes, and one more has %zu: more than maxHeldSize, which is "
                               "%" PRIu64 " bytes",
                               queue->bytes, length, pool->options.max_held_bytes);
    }
    return HUTCH_OK;
}

/* At the end of the queue. */
static hutch_status enter(hutch_context *context, hutch_text code, hutch_error *error) {
    hutch_queue *queue = &context->pool->queue;
    hutch_status status = check_room(context->pool, code.length, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_buffer_init(&context->program, SIZE_MAX, "program", NULL);
    status = hutch_buffer_append(&context->program, code.data, code.length, error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (queue->count == 0) {
        queue->moved_at = hutch_clock_now();
        queue->freed_at = queue->moved_at;
        queue->press_at = 0;
    }
    queue->count++;
    queue->bytes += code.length;
    queue->earliest =
        context->deadline_ns < queue->earliest ? context->deadline_ns : queue->earliest;
    hutch_list_append(&queue->waiting, &context->turn);
    return HUTCH_OK;
}

hutch_status hutch_queue_start(hutch_context *context, hutch_text code, hutch_error *error) {
    hutch_status status = HUTCH_OK;
    if (context->pool->queue.count == 0) {
        status = find_soon(context, error);
    }
    if (status == HUTCH_OK) {
        status = context->worker != NULL ? hutch_launch_run(context, code, error)
                                         : enter(context, code, error);
    }
    return status;
}

void hutch_queue_await(hutch_context *context, uint64_t until_ns) {
    hutch_pool *pool = context->pool;
    hutch_queue_press(pool);
    while (hutch_queue_has(context) && hutch_clock_now() < until_ns) {
        hutch_watcher_await_queue(&pool->watcher, until_ns);
        hutch_lease_housekeep(&pool->leases);
        hutch_queue_press(pool);
    }
}
