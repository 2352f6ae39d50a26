/**
 * @file stock.h
 * Workers before their first context and after their last one. Spare workers
 * are made ahead of need; discarded ones are killed and freed. Both happen on
 * the watcher's thread and cost the pool's thread no system call, unless the
 * stock has run out.
 *
 * How many spare workers there are follows the demand of contexts that use up
 * a worker each: as many as were taken in the last period, between the pool's
 * `spare` and `max_spare`. A period with less demand takes a quarter of the
 * surplus away, so that a pool that rests comes back to `spare`. Demand that
 * meets an empty stock is met by the pool's thread itself.
 *
 * The thread begins when there has been no demand for a moment, so that a burst
 * of contexts has the processors to itself; at once when the stock runs low or
 * much is waiting to be freed.
 *
 * Threads: the pool's thread, unless a function says otherwise.
 */
#ifndef HUTCH_POOL_STOCK_H
#define HUTCH_POOL_STOCK_H

#include "pool/worker.h"

/** The stock of one pool. All but the first members is guarded by the watcher's mutex. */
typedef struct hutch_stock {
    hutch_watcher *watcher; /**< borrowed */
    uint32_t max_workers;
    uint32_t least; /**< spare workers */
    uint32_t most;  /**< likewise; not below `least` */
    /* ---- guarded ---- */
    uint32_t worker_count; /**< all workers of the pool that are not discarded */
    hutch_link spares;     /**< the oldest first */
    uint32_t spare_count;
    hutch_link discarded; /**< in their order */
    uint32_t discarded_count;
    uint32_t wanted;     /**< spare workers, at present */
    uint32_t taken;      /**< in this period, by contexts that use up a worker each */
    uint64_t period_end; /**< hutch_clock_now(); HUTCH_WATCH_FOREVER: no demand, no surplus */
    bool is_resting; /**< the last attempt to fill up came to nothing: the next one is due when a
                              worker has been taken */
} hutch_stock;

/** @param options  checked */
void hutch_stock_init(hutch_stock *stock, hutch_watcher *watcher,
                      const hutch_pool_options *options);

/** Free all spare and discarded workers, after hutch_watcher_stop(). */
void hutch_stock_free(hutch_stock *stock);

/**
 * A spare worker, or else a place among the pool's max_workers for a new one.
 *
 * @param for_once   whether it will serve one context only: that it is served counts as demand
 * @param has_place  [out] a place is reserved; false where a worker is returned. NULL: none is wanted
 * @return NULL when there is none
 */
hutch_worker *hutch_stock_take(hutch_stock *stock, bool for_once, bool *has_place);

/**
 * A new worker in a place that is reserved, its process asked for. The zygote
 * is there.
 *
 * @param worker  [out] in no list
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE: then the place is given back
 */
hutch_status hutch_stock_make(hutch_stock *stock, hutch_worker **worker, hutch_error *error);

/** Whether there are fewer spare workers than so many, and a place for one more. Any thread, without the
 *  mutex. */
bool hutch_stock_lacks(hutch_stock *stock, uint32_t spares);

/**
 * One more spare worker, if there are fewer than so many still once it is made: both threads may be
 * about it. It takes its place only then, so that no context is refused for one that is not there yet.
 * The zygote is there.
 *
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE. Any thread, without the mutex.
 */
hutch_status hutch_stock_add(hutch_stock *stock, uint32_t spares, hutch_error *error);

/** Spare workers there are, and all workers. */
void hutch_stock_count(hutch_stock *stock, uint32_t *spares, uint32_t *workers);

/** A spare worker is lost: take it out, to be discarded. With the mutex. */
void hutch_stock_let_go(hutch_stock *stock, hutch_worker *worker);

/** Kill and free a worker, which is in no list. It must not be used again. */
void hutch_stock_discard(hutch_stock *stock, hutch_worker *worker);

/** The same; its place stays reserved. */
void hutch_stock_replace(hutch_stock *stock, hutch_worker *worker);

/** The watcher's thread, with the mutex: do some of what is to be done. `hutch_watcher.keep`.
 *  @param housekeeper  the stock */
void hutch_stock_housekeep(void *housekeeper, uint64_t now);

#endif
