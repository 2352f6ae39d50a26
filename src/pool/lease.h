/**
 * @file lease.h
 * Which worker a context gets when its first program starts, and where it goes afterwards.
 *
 * A worker is spare (no context has had it), leased, idle (for its trust
 * domain), or closing (its last run was abandoned, so that it may be busy for
 * a while). A worker that has served one trust domain never serves another,
 * and one that has served a context with HUTCH_RECYCLE_PROCESS serves nobody
 * any more. Spare and discarded workers are the stock's (stock.h).
 *
 * A context whose run was over when it was closed leaves an idle worker at
 * once: the next context's frames queue up behind its CLOSE, and nobody waits
 * for READY.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_LEASE_H
#define HUTCH_POOL_LEASE_H

#include "pool/program.h"
#include "pool/stock.h"

#include <hutch/context.h>

/** What a context wants of its worker. */
typedef struct hutch_wish {
    uint64_t trust_domain;
    bool for_once; /**< one that has served nobody, and will serve nobody else */
} hutch_wish;

/** How far to go for a worker. */
typedef enum hutch_effort {
    HUTCH_EFFORT_REUSE, /**< an idle one of its domain */
    HUTCH_EFFORT_TAKE,  /**< or a spare one */
    HUTCH_EFFORT_MAKE,  /**< or a new one, where there is a place or an idle one's can be had */
} hutch_effort;

/** All workers of a pool, by what they are used for. */
typedef struct hutch_leases {
    hutch_watcher *watcher;       /**< borrowed */
    const hutch_program *program; /**< borrowed; what zygotes are started from */
    hutch_stock stock;
    hutch_budget budget; /**< of what is held for all contexts */
    uint32_t max_idle;
    uint32_t most_idle; /**< for a moment after a burst; not below `max_idle` */
    uint32_t active;    /**< contexts whose program runs, and is not known to wait for answers */
    hutch_link leased;
    hutch_link idle; /**< the last used first */
    hutch_link closing;
    hutch_link *buckets; /**< owned; idle workers by trust domain, the last used first */
    size_t bucket_count; /**< a power of two */
    uint32_t idle_count;
} hutch_leases;

/** @param options  checked @return HUTCH_OK or HUTCH_OUT_OF_MEMORY */
hutch_status hutch_leases_init(hutch_leases *leases, hutch_watcher *watcher,
                               const hutch_program *program, const hutch_pool_options *options,
                               hutch_error *error);

/** Free every worker, after hutch_watcher_stop(). */
void hutch_leases_free(hutch_leases *leases);

/**
 * A worker for a context: an idle one of its domain unless the context wants an
 * unused one, a spare one, or a new one.
 *
 * @param effort  how far to go
 * @param worker  [out] leased; given back with hutch_lease_return() or hutch_lease_discard(). NULL: there
 *                is none without more effort, or all are in use
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE
 */
hutch_status hutch_lease_take(hutch_leases *leases, const hutch_wish *wish, hutch_effort effort,
                              hutch_context *context, hutch_worker **worker, hutch_error *error);

/** Whether a worker that another context has may come free for this one: it has the same domain. */
bool hutch_lease_may_come_free(hutch_leases *leases, const hutch_wish *wish);

/** The context is closed: tell the worker, and keep it if that may be worth it. */
void hutch_lease_return(hutch_leases *leases, hutch_worker *worker);

/** Have a worker killed and freed. */
void hutch_lease_discard(hutch_leases *leases, hutch_worker *worker);

/** Whether a worker that a context has is not there yet. */
bool hutch_lease_awaits_birth(hutch_leases *leases);

/** Start a zygote if there is none, and the watcher. @return HUTCH_OK or HUTCH_UNAVAILABLE */
hutch_status hutch_lease_begin(hutch_leases *leases, hutch_error *error);

/** Fork spare workers up to the least number, without waiting for the watcher to do it. @return
 *  HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE */
hutch_status hutch_lease_stock_up(hutch_leases *leases, hutch_error *error);

/** See to workers that nobody has leased and that have news: READY at last, or lost. */
void hutch_lease_housekeep(hutch_leases *leases);

#endif
