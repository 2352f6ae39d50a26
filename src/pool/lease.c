/*
 * Leases. Owns all workers that are neither spare nor discarded.
 *
 * Invariant: each worker is in the list of its use; idle ones are in the bucket
 * of their trust domain as well. So every step is a few links.
 */
#include "pool/lease.h"

#include "base/allocator.h"
#include "base/error.h"
#include "plat/clock.h"
#include "plat/process.h"
#include "pool/deadline.h"
#include "pool/zygote.h"

enum {
    /* Closing workers that are looked at when there is no other. */
    LOOK_AT_CLOSING = 4,
    /* Workers with news that are seen to at a time, and those among them that have more to say than a
     * look takes: the next call goes on. */
    TEND_AT_ONCE = 64,
    MORE_AT_ONCE = 4,
    LARGEST_TABLE = 65536,
};

/* How long a closed worker may take to say READY, and how long an idle one beyond max_idle is kept. A sound
 * worker sleeps after READY: one that is still busy by then hangs and is killed, one that sleeps is reported
 * to the pool. */
#define CLOSE_NS (1 * HUTCH_NS_PER_S)

hutch_status hutch_leases_init(hutch_leases *leases, hutch_watcher *watcher,
                               const hutch_program *program, const hutch_pool_options *options,
                               hutch_error *error) {
    size_t buckets = 1;
    while (buckets < options->max_idle && buckets < LARGEST_TABLE) {
        buckets *= 2;
    }
    *leases =
        (hutch_leases){.watcher = watcher,
                       .program = program,
                       .max_idle = options->max_idle,
                       .most_idle = options->max_idle > options->max_spare ? options->max_idle
                                                                           : options->max_spare,
                       .bucket_count = buckets};
    leases->buckets = hutch_allocator_new(NULL, buckets * sizeof *leases->buckets);
    if (leases->buckets == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for a pool");
    }
    for (size_t i = 0; i < buckets; i++) {
        hutch_list_init(&leases->buckets[i]);
    }
    hutch_stock_init(&leases->stock, watcher, options);
    watcher->zygote.max_memory_mb = options->max_memory_mb;
    hutch_budget_init(&leases->budget, options->max_held_bytes);
    watcher->housekeep = hutch_stock_housekeep;
    watcher->housekeeper = &leases->stock;
    hutch_list_init(&leases->leased);
    hutch_list_init(&leases->idle);
    hutch_list_init(&leases->closing);
    return HUTCH_OK;
}

static hutch_link *bucket_of(const hutch_leases *leases, uint64_t trust_domain) {
    uint64_t hash = trust_domain * UINT64_C(0x9e3779b97f4a7c15);
    return &leases->buckets[(hash >> 32) & (leases->bucket_count - 1)];
}

/* Out of its list and its bucket: it belongs to nobody for a moment. */
static void take_out(hutch_leases *leases, hutch_worker *worker) {
    leases->idle_count -= worker->use == HUTCH_WORKER_IDLE ? 1 : 0;
    hutch_link_remove(&worker->place);
    hutch_link_remove(&worker->bucket);
}

void hutch_lease_discard(hutch_leases *leases, hutch_worker *worker) {
    take_out(leases, worker);
    hutch_worker_hold_nothing(worker);
    hutch_stock_discard(&leases->stock, worker);
}

static void free_all(hutch_link *list) {
    hutch_link *link;
    while ((link = hutch_list_take_first(list)) != NULL) {
        hutch_worker_free(HUTCH_LINK_OWNER(link, hutch_worker, place));
    }
}

void hutch_leases_free(hutch_leases *leases) {
    free_all(&leases->leased);
    free_all(&leases->idle);
    free_all(&leases->closing);
    hutch_stock_free(&leases->stock);
    hutch_allocator_release(NULL, leases->buckets);
    leases->buckets = NULL;
}

/* Whose news it is from now on. A deadline of before does not concern the new one. */
static void set_leased(hutch_worker *worker, bool leased, const hutch_deadline *deadline) {
    hutch_watcher *watcher = worker->watcher;
    hutch_watched *watched = &worker->watched;
    hutch_watcher_lock(watcher);
    watched->leased = leased;
    hutch_link_remove(&watched->notified);
    hutch_deadline_set(watcher, watched, deadline);
    hutch_zygote_lose_orphan(watcher, watched);
    bool lost = watched->end != HUTCH_END_NONE;
    if (lost) {
        hutch_watcher_notify(watcher, watched);
    }
    hutch_watcher_unlock(watcher);
    if (lost) {
        hutch_watcher_ring(watcher);
    }
}

hutch_status hutch_lease_begin(hutch_leases *leases, hutch_error *error) {
    hutch_status status = hutch_watcher_start(leases->watcher, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_watcher_lock(leases->watcher);
    bool is_there = hutch_zygote_is_there(leases->watcher);
    hutch_watcher_unlock(leases->watcher);
    int program;
    if (!is_there) {
        status = hutch_program_open(leases->program, &program, error);
    }
    if (!is_there && status == HUTCH_OK) {
        status = hutch_zygote_start(leases->watcher, program, error);
    }
    return status;
}

hutch_status hutch_lease_stock_up(hutch_leases *leases, hutch_error *error) {
    hutch_status status = HUTCH_OK;
    hutch_stock *stock = &leases->stock;
    while (status == HUTCH_OK && hutch_stock_lacks(stock, stock->least)) {
        status = hutch_stock_add(stock, stock->least, error);
    }
    return status;
}

/* One look: until READY has come as often as it is owed (FRAME), or as far as there are bytes. */
static hutch_reading read_ready(hutch_worker *worker) {
    const char *why;
    hutch_reading reading = HUTCH_READING_FRAME;
    hutch_worker_begin_look(worker);
    while (reading == HUTCH_READING_FRAME && worker->session.ready_owed > 0) {
        reading = hutch_worker_read(worker, &why);
    }
    return reading;
}

/* Whether the worker broke a rule, or the host has no memory to know. */
static bool is_end_of_worker(hutch_reading reading) {
    return reading == HUTCH_READING_VIOLATION || reading == HUTCH_READING_NO_MEMORY;
}

static bool sleeps(hutch_worker *worker) {
    hutch_watcher_lock(worker->watcher);
    int64_t pid = hutch_watcher_pid_of(&worker->watched);
    hutch_watcher_unlock(worker->watcher);
    return hutch_process_activity_of(pid) == HUTCH_PROCESS_SLEEPS;
}

/* Whether an idle worker should have said READY by now. The moment after its CLOSE the next context may
 * queue up behind it. A grace later one that sleeps is late; one that runs may have had no processor. */
static bool is_late(hutch_worker *worker) {
    return hutch_worker_is_overdue(worker) ||
           (worker->session.ready_owed > 0 &&
            hutch_clock_now() > worker->closed_at + worker->watcher->grace_ns && sleeps(worker));
}

/* Whether an idle worker is of no use: it is lost, or has not said READY in time. */
static bool is_useless(hutch_worker *worker) {
    return hutch_worker_is_lost(worker) ||
           (is_late(worker) && read_ready(worker) != HUTCH_READING_FRAME);
}

/* The most recently used idle worker of a trust domain; it is the likeliest to be awake. */
static hutch_worker *find_idle(hutch_leases *leases, uint64_t trust_domain) {
    hutch_link *bucket = bucket_of(leases, trust_domain);
    hutch_link *next;
    for (hutch_link *link = bucket->next; link != bucket; link = next) {
        hutch_worker *worker = HUTCH_LINK_OWNER(link, hutch_worker, bucket);
        next = link->next;
        if (is_useless(worker)) {
            hutch_lease_discard(leases, worker);
        } else if (worker->trust_domain == trust_domain) {
            return worker;
        }
    }
    return NULL;
}

static void discard_longest_unused(hutch_leases *leases) {
    hutch_lease_discard(leases, HUTCH_LINK_OWNER(leases->idle.previous, hutch_worker, place));
}

static void make_idle(hutch_leases *leases, hutch_worker *worker) {
    take_out(leases, worker);
    worker->use = HUTCH_WORKER_IDLE;
    hutch_link_insert(&leases->idle, &worker->place);
    hutch_link_insert(bucket_of(leases, worker->trust_domain), &worker->bucket);
    leases->idle_count++;
    if (leases->idle_count > leases->most_idle) {
        discard_longest_unused(leases);
    }
}

/* End the workers beyond max_idle that have been idle since CLOSE_NS ago. */
static void shed_idle(hutch_leases *leases) {
    while (leases->idle_count > leases->max_idle &&
           hutch_worker_is_overdue(HUTCH_LINK_OWNER(leases->idle.previous, hutch_worker, place))) {
        discard_longest_unused(leases);
    }
}

/* When a worker that has been told CLOSE is killed. */
static hutch_deadline closing_deadline(const hutch_worker *worker) {
    uint64_t now = hutch_clock_now();
    hutch_deadline deadline = HUTCH_DEADLINE_NONE;
    deadline.kill_at = now + (worker->session.abandoned ? worker->watcher->grace_ns : CLOSE_NS);
    return deadline;
}

/* Drops what a closing worker still says, up to the READY that makes it idle. True: there is more,
 * and it is looked at again. */
static bool look_at_closing(hutch_leases *leases, hutch_worker *worker) {
    bool lost = hutch_worker_is_lost(worker);
    bool late = hutch_worker_is_overdue(worker);
    hutch_worker_listen(worker);
    hutch_reading reading = read_ready(worker);
    if (!lost && worker->session.ready_owed == 0) {
        hutch_worker_stop_listening(worker);
        /* It is abandoned no longer: as one that was closed at rest. */
        hutch_worker_end_run(worker);
        hutch_deadline deadline = closing_deadline(worker);
        hutch_worker_set_deadline(worker, &deadline);
        make_idle(leases, worker);
    } else if (lost || late || is_end_of_worker(reading)) {
        hutch_lease_discard(leases, worker);
    } else if (reading == HUTCH_READING_MORE) {
        hutch_worker_look_later(worker);
        return true;
    } else {
        hutch_worker_note_vain_ring(worker);
    }
    return false;
}

static void look_at_all_closing(hutch_leases *leases) {
    hutch_link *link = leases->closing.next;
    for (size_t i = 0; i < LOOK_AT_CLOSING && link != &leases->closing; i++) {
        hutch_worker *worker = HUTCH_LINK_OWNER(link, hutch_worker, place);
        link = link->next;
        (void)look_at_closing(leases, worker);
    }
}

/* The longest unused idle worker has to go, so that its place is free. */
static bool take_place_of_idle(hutch_leases *leases) {
    if (hutch_list_is_empty(&leases->idle)) {
        return false;
    }
    hutch_worker *idle = HUTCH_LINK_OWNER(leases->idle.previous, hutch_worker, place);
    take_out(leases, idle);
    hutch_worker_hold_nothing(idle);
    hutch_stock_replace(&leases->stock, idle);
    return true;
}

/* A worker that has served nobody, or none; a new one is in no list yet. */
static hutch_status find_unused(hutch_leases *leases, bool for_once, hutch_effort effort,
                                hutch_worker **worker, hutch_error *error) {
    bool may_make = effort == HUTCH_EFFORT_MAKE;
    bool has_place = false;
    hutch_status status = hutch_lease_begin(leases, error);
    if (status != HUTCH_OK) {
        return status;
    }
    *worker = hutch_stock_take(&leases->stock, for_once, may_make ? &has_place : NULL);
    if (*worker != NULL || !may_make) {
        return HUTCH_OK;
    }
    return has_place || take_place_of_idle(leases) ? hutch_stock_make(&leases->stock, worker, error)
                                                   : HUTCH_OK;
}

static hutch_status find_worker(hutch_leases *leases, const hutch_wish *wish, hutch_effort effort,
                                hutch_worker **worker, hutch_error *error) {
    *worker = wish->for_once ? NULL : find_idle(leases, wish->trust_domain);
    if (*worker == NULL && !hutch_list_is_empty(&leases->closing)) {
        look_at_all_closing(leases);
        *worker = wish->for_once ? NULL : find_idle(leases, wish->trust_domain);
    }
    return *worker != NULL || effort == HUTCH_EFFORT_REUSE
               ? HUTCH_OK
               : find_unused(leases, wish->for_once, effort, worker, error);
}

static void lease(hutch_leases *leases, const hutch_wish *wish, hutch_context *context,
                  hutch_worker *worker) {
    if (worker->place.next != NULL) {
        take_out(leases, worker);
    }
    worker->use = HUTCH_WORKER_LEASED;
    worker->trust_domain = wish->trust_domain;
    worker->for_once = wish->for_once;
    worker->context = context;
    worker->budget = &leases->budget;
    hutch_list_append(&leases->leased, &worker->place);
    set_leased(worker, true, &HUTCH_DEADLINE_NONE);
}

hutch_status hutch_lease_take(hutch_leases *leases, const hutch_wish *wish, hutch_effort effort,
                              hutch_context *context, hutch_worker **worker, hutch_error *error) {
    hutch_status status = find_worker(leases, wish, effort, worker, error);
    if (status == HUTCH_OK && *worker != NULL) {
        lease(leases, wish, context, *worker);
    }
    return status;
}

static bool has_one_of(hutch_link *list, uint64_t trust_domain) {
    bool found = false;
    for (hutch_link *link = list->next; link != list && !found; link = link->next) {
        const hutch_worker *worker = HUTCH_LINK_OWNER(link, const hutch_worker, place);
        found = worker->trust_domain == trust_domain && !worker->for_once;
    }
    return found;
}

bool hutch_lease_may_come_free(hutch_leases *leases, const hutch_wish *wish) {
    return !wish->for_once && (has_one_of(&leases->leased, wish->trust_domain) ||
                               has_one_of(&leases->closing, wish->trust_domain));
}

bool hutch_lease_awaits_birth(hutch_leases *leases) {
    hutch_link *leased = &leases->leased;
    bool found = false;
    for (hutch_link *link = leased->next; link != leased && !found; link = link->next) {
        const hutch_worker *worker = HUTCH_LINK_OWNER(link, hutch_worker, place);
        found = !hutch_worker_is_alive(worker) && !hutch_worker_is_lost(worker);
    }
    return found;
}

/* Tells the worker. False: it is not worth keeping. */
static bool send_close(hutch_worker *worker) {
    static const hutch_outgoing close = {.type = HUTCH_FRAME_CLOSE};
    /* READY frames that nobody has read must not fill the ring. */
    if (is_end_of_worker(read_ready(worker))) {
        return false;
    }
    hutch_session_close(&worker->session);
    if (worker->session.abandoned) {
        hutch_worker_ignore_body(worker);
        hutch_deadline_ask(worker->watched.shared, worker->session.run);
    }
    if (hutch_worker_send(worker, &close) != HUTCH_OK || hutch_worker_is_lost(worker)) {
        return false;
    }
    /* Frames that wait for room would have to be pushed by somebody. */
    return hutch_outbox_is_empty(&worker->outbox);
}

void hutch_lease_return(hutch_leases *leases, hutch_worker *worker) {
    worker->context = NULL;
    hutch_worker_release_body(worker);
    if (worker->for_once || leases->max_idle == 0 || hutch_worker_is_lost(worker) ||
        !send_close(worker)) {
        hutch_lease_discard(leases, worker);
        return;
    }
    hutch_deadline deadline = closing_deadline(worker);
    worker->closed_at = hutch_clock_now();
    set_leased(worker, false, &deadline);
    hutch_worker_push(worker);
    if (worker->session.abandoned) {
        take_out(leases, worker);
        worker->use = HUTCH_WORKER_CLOSING;
        hutch_list_append(&leases->closing, &worker->place);
        (void)look_at_closing(leases, worker);
    } else {
        hutch_worker_stop_listening(worker);
        make_idle(leases, worker);
    }
}

/* Whether there is anything to do about a worker with news, which nobody has leased. A lost spare one
 * is taken out of the stock; one that lives stays there and must not be touched. With the mutex. */
static bool is_chore(hutch_leases *leases, hutch_worker *worker) {
    if (worker->use != HUTCH_WORKER_SPARE) {
        return true;
    }
    if (worker->watched.end == HUTCH_END_NONE) {
        return false;
    }
    hutch_stock_let_go(&leases->stock, worker);
    return true;
}

/* The next worker with news, taken out of the list of them. */
static hutch_worker *next_chore(hutch_leases *leases) {
    hutch_watcher *watcher = leases->watcher;
    hutch_worker *worker = NULL;
    hutch_link *link;
    hutch_watcher_lock(watcher);
    do {
        link = hutch_list_take_first(&watcher->chores);
        worker = link == NULL ? NULL
                              : HUTCH_LINK_OWNER(HUTCH_LINK_OWNER(link, hutch_watched, notified),
                                                 hutch_worker, watched);
    } while (worker != NULL && !is_chore(leases, worker));
    if (worker == NULL) {
        atomic_store_explicit(&watcher->has_chores, false, memory_order_relaxed);
    }
    hutch_watcher_unlock(watcher);
    return worker;
}

void hutch_lease_housekeep(hutch_leases *leases) {
    hutch_watcher *watcher = leases->watcher;
    if (!atomic_load_explicit(&watcher->has_chores, memory_order_relaxed)) {
        return;
    }
    hutch_worker *worker;
    int more = 0;
    for (int i = 0; i < TEND_AT_ONCE && more < MORE_AT_ONCE; i++) {
        worker = next_chore(leases);
        if (worker == NULL) {
            break;
        }
        if (worker->use == HUTCH_WORKER_CLOSING) {
            more += look_at_closing(leases, worker) ? 1 : 0;
        } else if (is_useless(worker)) {
            hutch_lease_discard(leases, worker);
        }
    }
    shed_idle(leases);
}
