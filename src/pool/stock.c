/*
 * The stock. Owns the spare workers and the discarded ones.
 *
 * Invariants, under the mutex: a worker in one of the two lists belongs to the
 * stock, and to whoever takes it out from then on; `wanted` is between `least`
 * and `most`; where there is demand or a surplus, `period_end` is set and the
 * watcher comes back by then.
 */
#include "pool/stock.h"

#include "base/error.h"
#include "plat/clock.h"
#include "plat/watch.h"
#include "pool/zygote.h"

/* The length of a period. */
#define PERIOD_NS (100 * HUTCH_NS_PER_MS)
/* From the last change to the work that it makes, when nothing is urgent. */
#define LATER_NS (2 * HUTCH_NS_PER_MS)

enum {
    /* Workers made or freed at a time, before the watcher looks at its doorbells again. */
    STEPS = 4,
    /* Of the spare workers wanted, the part that is left when refilling becomes urgent. */
    LOW = 4,
    /* Of the surplus, the part that a period without demand takes away. */
    SHED = 4,
    /* Discarded workers at which freeing becomes urgent, */
    MANY_DISCARDED = 64,
    /* and beyond which the pool's thread frees its own: it must not outrun the watcher's. */
    MOST_DISCARDED = 256,
};

void hutch_stock_init(hutch_stock *stock, hutch_watcher *watcher,
                      const hutch_pool_options *options) {
    uint32_t least = options->spare;
    *stock = (hutch_stock){.watcher = watcher,
                           .max_workers = options->max_workers,
                           .least = least,
                           .most = options->max_spare > least ? options->max_spare : least,
                           .wanted = least,
                           .period_end = HUTCH_WATCH_FOREVER};
    hutch_list_init(&stock->spares);
    hutch_list_init(&stock->discarded);
}

static void free_all(hutch_link *list) {
    hutch_link *link;
    while ((link = hutch_list_take_first(list)) != NULL) {
        hutch_worker_free(HUTCH_LINK_OWNER(link, hutch_worker, place));
    }
}

void hutch_stock_free(hutch_stock *stock) {
    free_all(&stock->spares);
    free_all(&stock->discarded);
}

/* ---- with the mutex ---- */

static void count_demand(hutch_stock *stock, uint64_t now) {
    stock->taken++;
    if (stock->taken > stock->wanted && stock->wanted < stock->most) {
        stock->wanted++;
    }
    if (stock->period_end == HUTCH_WATCH_FOREVER) {
        stock->period_end = now + PERIOD_NS;
    }
}

static bool reserve(hutch_stock *stock) {
    bool has_place = stock->worker_count < stock->max_workers;
    stock->worker_count += has_place ? 1 : 0;
    return has_place;
}

/* Whether there are fewer spare workers than so many, and a place for one more. */
static bool lacks(const hutch_stock *stock, uint32_t spares) {
    return stock->spare_count < spares && stock->worker_count < stock->max_workers;
}

static hutch_worker *take_spare(hutch_stock *stock, hutch_link *link) {
    hutch_link_remove(link);
    stock->spare_count--;
    return HUTCH_LINK_OWNER(link, hutch_worker, place);
}

static void put_discarded(hutch_stock *stock, hutch_worker *worker, bool at_once) {
    hutch_watcher_abandon(stock->watcher, &worker->watched, at_once);
    stock->discarded_count++;
    hutch_list_append(&stock->discarded, &worker->place);
}

void hutch_stock_let_go(hutch_stock *stock, hutch_worker *worker) {
    (void)take_spare(stock, &worker->place);
    stock->is_resting = true;
}

/* Discarded workers live until they are freed: together there are more than there may be. */
static bool is_over(const hutch_stock *stock) {
    return stock->worker_count + stock->discarded_count > stock->max_workers;
}

/* There is work for the watcher's thread. @return true: ring it, best without the mutex */
static bool plan(hutch_stock *stock, uint64_t now) {
    bool is_low = stock->spare_count <= stock->wanted / LOW && stock->taken > stock->least;
    if (is_low || stock->discarded_count >= MANY_DISCARDED || is_over(stock)) {
        return hutch_watcher_keep_by(stock->watcher, now);
    }
    return hutch_watcher_keep_later(stock->watcher, now, now + LATER_NS);
}

/* ---- the pool's thread ---- */

/* The oldest spare worker that is not lost. */
static hutch_worker *take_living(hutch_stock *stock) {
    while (!hutch_list_is_empty(&stock->spares)) {
        hutch_worker *worker = take_spare(stock, stock->spares.next);
        if (worker->watched.end == HUTCH_END_NONE) {
            return worker;
        }
        put_discarded(stock, worker, true);
        stock->worker_count--;
    }
    return NULL;
}

hutch_worker *hutch_stock_take(hutch_stock *stock, bool for_once, bool *has_place) {
    hutch_watcher *watcher = stock->watcher;
    uint64_t now = hutch_clock_now();
    hutch_watcher_lock(watcher);
    hutch_worker *worker = take_living(stock);
    if (worker != NULL) {
        worker->watched.leased = true;
    }
    bool is_reserved = worker == NULL && has_place != NULL && reserve(stock);
    if (has_place != NULL) {
        *has_place = is_reserved;
    }
    if (for_once && (worker != NULL || is_reserved)) {
        count_demand(stock, now);
    }
    stock->is_resting = false;
    bool must_ring = plan(stock, now);
    hutch_watcher_unlock(watcher);
    if (must_ring) {
        hutch_watcher_ring(watcher);
    }
    return worker;
}

void hutch_stock_count(hutch_stock *stock, uint32_t *spares, uint32_t *workers) {
    hutch_watcher_lock(stock->watcher);
    *spares = stock->spare_count;
    *workers = stock->worker_count;
    hutch_watcher_unlock(stock->watcher);
}

/* @param places  that become free with it: 1 or 0 */
static void discard(hutch_stock *stock, hutch_worker *worker, uint32_t places) {
    hutch_watcher *watcher = stock->watcher;
    /* A worker that is not at rest must not go on for the time until it is freed. */
    bool is_busy = worker->session.running || worker->session.ready_owed > 0;
    uint64_t now = hutch_clock_now();
    hutch_worker *oldest = NULL;
    hutch_watcher_lock(watcher);
    put_discarded(stock, worker, is_busy || is_over(stock));
    stock->worker_count -= places;
    if (stock->discarded_count > MOST_DISCARDED) {
        stock->discarded_count--;
        oldest = HUTCH_LINK_OWNER(hutch_list_take_first(&stock->discarded), hutch_worker, place);
    }
    bool must_ring = plan(stock, now);
    hutch_watcher_unlock(watcher);
    hutch_worker_free(oldest);
    if (must_ring) {
        hutch_watcher_ring(watcher);
    }
}

void hutch_stock_discard(hutch_stock *stock, hutch_worker *worker) {
    discard(stock, worker, 1);
}

void hutch_stock_replace(hutch_stock *stock, hutch_worker *worker) {
    discard(stock, worker, 0);
}

/* ---- any thread ---- */

/* From the moment it is asked for a worker may be lost, and must be where it belongs: one that is made for a
 * context is leased, so that the context hears how its zygote ended. With the mutex. */
static void enter(hutch_stock *stock, hutch_worker *made, hutch_worker **worker) {
    if (worker != NULL) {
        made->use = HUTCH_WORKER_LEASED;
        made->watched.leased = true;
        *worker = made;
    } else {
        made->use = HUTCH_WORKER_SPARE;
        hutch_list_append(&stock->spares, &made->place);
        stock->spare_count++;
    }
    hutch_zygote_ask(stock->watcher, &made->watched);
}

hutch_status hutch_stock_make(hutch_stock *stock, hutch_worker **worker, hutch_error *error) {
    hutch_worker *made;
    hutch_status status = hutch_worker_new(stock->watcher, &made, error);
    hutch_watcher_lock(stock->watcher);
    if (status == HUTCH_OK) {
        enter(stock, made, worker);
    } else {
        stock->worker_count--;
    }
    hutch_watcher_unlock(stock->watcher);
    return status;
}

bool hutch_stock_lacks(hutch_stock *stock, uint32_t spares) {
    hutch_watcher_lock(stock->watcher);
    bool is_short = lacks(stock, spares);
    hutch_watcher_unlock(stock->watcher);
    return is_short;
}

hutch_status hutch_stock_add(hutch_stock *stock, uint32_t spares, hutch_error *error) {
    hutch_worker *made;
    hutch_status status = hutch_worker_new(stock->watcher, &made, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_watcher_lock(stock->watcher);
    bool is_wanted = lacks(stock, spares) && reserve(stock);
    if (is_wanted) {
        enter(stock, made, NULL);
    }
    hutch_watcher_unlock(stock->watcher);
    if (!is_wanted) {
        hutch_worker_free(made);
    }
    return HUTCH_OK;
}

/* ---- the watcher's thread, with the mutex, which is given up for the system calls ---- */

static void free_worker(hutch_stock *stock, hutch_worker *worker) {
    hutch_watcher_unlock(stock->watcher);
    hutch_worker_free(worker);
    hutch_watcher_lock(stock->watcher);
}

/* @return false: there is none */
static bool free_discarded(hutch_stock *stock) {
    hutch_link *link = hutch_list_take_first(&stock->discarded);
    if (link == NULL) {
        return false;
    }
    stock->discarded_count--;
    free_worker(stock, HUTCH_LINK_OWNER(link, hutch_worker, place));
    return true;
}

/* @return false: there are not too many */
static bool shed_spare(hutch_stock *stock) {
    if (stock->spare_count <= stock->wanted) {
        return false;
    }
    hutch_worker *worker = take_spare(stock, stock->spares.previous);
    hutch_watcher_abandon(stock->watcher, &worker->watched, true);
    stock->worker_count--;
    free_worker(stock, worker);
    return true;
}

/* @return false: there are enough, or no more can be made for now */
static bool make_spare(hutch_stock *stock) {
    uint32_t wanted = stock->wanted;
    if (stock->is_resting || !hutch_zygote_is_there(stock->watcher) || !lacks(stock, wanted)) {
        return false;
    }
    hutch_watcher_unlock(stock->watcher);
    bool is_made = hutch_stock_add(stock, wanted, NULL) == HUTCH_OK;
    hutch_watcher_lock(stock->watcher);
    stock->is_resting = stock->is_resting || !is_made;
    return is_made;
}

static void pass_period(hutch_stock *stock, uint64_t now) {
    if (now < stock->period_end) {
        return;
    }
    uint32_t surplus = stock->wanted - stock->least;
    uint32_t next = stock->wanted - (surplus + SHED - 1) / SHED;
    uint32_t demand = stock->taken < stock->most ? stock->taken : stock->most;
    stock->wanted = demand > next ? demand : next;
    stock->taken = 0;
    stock->period_end = stock->wanted > stock->least ? now + PERIOD_NS : HUTCH_WATCH_FOREVER;
}

void hutch_stock_housekeep(void *housekeeper, uint64_t now) {
    hutch_stock *stock = housekeeper;
    pass_period(stock, now);
    for (int i = 0; i < STEPS; i++) {
        bool is_made = make_spare(stock);
        bool is_freed = free_discarded(stock);
        if (!is_made && !is_freed && !shed_spare(stock)) {
            (void)hutch_watcher_keep_by(stock->watcher, stock->period_end);
            return;
        }
    }
    (void)hutch_watcher_keep_by(stock->watcher, now);
}
