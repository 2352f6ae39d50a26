/**
 * @file pool.h
 * A pool of confined worker processes, forked by one zygote. It owns the
 * workers, keeps their deadlines and reaps them. A context (context.h) has one
 * worker to itself for as long as it is open.
 *
 * Threads: a pool and its contexts belong to the thread that uses them. The
 * pool has one thread of its own, the watcher, which sleeps until a doorbell
 * rings, a deadline passes or a process ends; it kills overdue workers even
 * while the pool's thread is busy. It runs no code of the caller's except
 * `wake`.
 *
 * The pool leaves no process behind: not when it is freed, nor when its
 * process exits or is killed. A process that is fork()ed from this one without
 * an exec holds copies of the pool's descriptors, and must neither use the pool
 * nor outlive its parent for long: only when it has ended, too, do the workers
 * of a killed parent end.
 */
#ifndef HUTCH_POOL_H
#define HUTCH_POOL_H

#include <hutch/error.h>

#include <stddef.h>
#include <stdint.h>

/** A pool; owned by whoever made it. */
typedef struct hutch_pool hutch_pool;
/** An open context; see context.h. */
typedef struct hutch_context hutch_context;

/** What a pool is made with. */
typedef struct hutch_pool_options {
    size_t size;             /**< sizeof(hutch_pool_options); set by hutch_pool_options_init() */
    const char *worker_path; /**< the worker program; NULL (default): the one inside the library */
    uint32_t max_workers;    /**< most live workers; default 1024, 1 to 65536 */
    uint32_t max_idle;       /**< most idle workers kept for reuse; default 4, 0 to 65536. After a
                                  burst up to `max_spare` are kept, each for a second; with 0, none */
    uint32_t spare;          /**< workers forked ahead of need, at least; default 1, 0 to 1024 */
    uint32_t max_spare; /**< at most: so far the stock follows the demand of contexts that recycle
                             by process; below `spare` it is without effect; default 64, 0 to 1024 */
    uint32_t look_us;   /**< longest the caller's thread looks at a ring before it sleeps or
                                   returns, microseconds; default 50, 0 to 1000 */
    uint32_t kill_grace_ms; /**< from asking an overdue run to stop to killing its worker, and up to
                                   ten times as long where the machine gives that worker no
                                   processor; default 50, 1 to 60000 */
    void (*wake)(void *user); /**< called on the watcher thread when hutch_pool_poll() has something
                                   to return, or to do itself; at most once until a poll returns
                                   NULL. It calls no function of the pool's. NULL: nobody is told */
    void *wake_user;          /**< passed to `wake`, borrowed until hutch_pool_free() returns */
} hutch_pool_options;

/** Fill in the defaults. @param options [out] not NULL. Threads: any. */
void hutch_pool_options_init(hutch_pool_options *options);

/**
 * Make a pool. The zygote starts at the first context, or at hutch_pool_warm().
 *
 * @param options  copied, but `worker_path` (borrowed for the call); NULL means all defaults
 * @param pool     [out] owned by the caller, freed with hutch_pool_free()
 * @param error    [out, optional] written on failure only
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE
 */
hutch_status hutch_pool_new(const hutch_pool_options *options, hutch_pool **pool,
                            hutch_error *error);

/**
 * Start the zygote and the spare workers now, without waiting for them.
 *
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE
 */
hutch_status hutch_pool_warm(hutch_pool *pool, hutch_error *error);

/**
 * Close every context, kill and reap every process, free everything. Contexts
 * of the pool are freed with it and must not be used again.
 *
 * @param pool  NULL is nothing
 */
void hutch_pool_free(hutch_pool *pool);

/**
 * The next context that may have an event, without waiting. Ask it with
 * hutch_context_next() until it says NONE. Each context is returned once for
 * each time its worker has spoken.
 *
 * @param pool  not NULL
 * @return borrowed; NULL when there is none (`wake` is armed again)
 */
hutch_context *hutch_pool_poll(hutch_pool *pool);

/** What a pool holds at the moment. */
typedef struct hutch_pool_stats {
    size_t size;             /**< sizeof(hutch_pool_stats) */
    uint32_t contexts;       /**< open contexts */
    uint32_t workers;        /**< live workers, idle and spare ones included */
    uint32_t idle;           /**< workers ready for their next context */
    uint64_t workers_forked; /**< since the pool was made */
    uint64_t workers_killed; /**< by the pool, used-up ones included, since it was made */
    uint64_t workers_died;   /**< by themselves or by others, since it was made */
    int64_t zygote_pid;      /**< 0 before it has started */
} hutch_pool_stats;

/** Read the counters. @param pool not NULL. @param stats [in, out] its size set. */
void hutch_pool_get_stats(hutch_pool *pool, hutch_pool_stats *stats);

#endif
