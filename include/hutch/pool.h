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

#include <hutch/api.h>
#include <hutch/error.h>
#include <hutch/init.h>
#include <hutch/option.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

HUTCH_BEGIN_API

/** A pool; owned by whoever made it. */
typedef struct hutch_pool hutch_pool;
/** An open context; see context.h. */
typedef struct hutch_context hutch_context;

/**
 * What a worker may have beyond the memory limit of its context and the stack that
 * its guest may take (HUTCH_STACK_FACTOR times `stack_bytes`): its own program and
 * image, and what a reset keeps. The watcher looks at the anonymous
 * memory of each worker that has a run, every 50 ms at least, and kills the one that
 * has more than both, which only a broken engine makes it have. The run fails as
 * HUTCH_FAILURE_MEMORY then.
 */
#define HUTCH_MEMORY_ALLOWANCE_BYTES ((uint64_t)48 * 1024 * 1024)

/*
 * What a pool can be made with, besides a worker program and a wake-up; option.h says what a row is.
 */
#define HUTCH_POOL_OPTIONS_TABLE(X)                                                                \
    X(max_workers, "maxWorkers", WHOLE, uint32_t, 1024, 1, 65536, "", "most live workers")         \
    X(max_queue, "maxQueue", WHOLE, uint32_t, 0, 0, 262144, "",                                    \
      "most programs that wait for a worker; 0: four times max_workers")                           \
    X(max_idle, "maxIdle", WHOLE, uint32_t, 4, 0, 65536, "",                                       \
      "most idle workers kept for reuse; after a burst up to max_spare are kept, each for a "      \
      "second; with 0, none")                                                                      \
    X(spare, "spare", WHOLE, uint32_t, 1, 0, 1024, "", "workers forked ahead of need, at least")   \
    X(max_spare, "maxSpare", WHOLE, uint32_t, 64, 0, 1024, "",                                     \
      "most spare workers: their number rises up to this with the demand of contexts that "        \
      "recycle by process; ignored where it is less than spare")                                   \
    X(look_us, "", WHOLE, uint32_t, 50, 0, 1000, "us",                                             \
      "longest the caller's thread looks at a ring before it sleeps or returns")                   \
    X(kill_grace_ms, "killGrace", WHOLE, uint32_t, 50, 1, 60000, "ms",                             \
      "from asking an overdue run to stop to killing its worker, and up to ten times as long "     \
      "where the machine gives that worker no processor")                                          \
    X(max_memory_mb, "maxMemoryLimit", WHOLE, uint32_t, 4096, 2, 4096, "MB",                       \
      "largest memory limit that a context may have: one that asks for more is refused; the "      \
      "addresses that a worker reserves, and its limit on them (RLIMIT_AS), are made for it, so "  \
      "that it bounds what a worker can have for a moment, whatever becomes of its engine")        \
    X(max_held_bytes, "maxHeldSize", WHOLE, uint64_t, UINT64_C(512) << 20, UINT64_C(1) << 20,      \
      UINT64_C(1) << 40, "bytes",                                                                  \
      "what the pool holds for all contexts before it stops reading from workers that have more "  \
      "than a little to say: frames on their way in and out, and inputs of tool calls without an " \
      "answer; see docs/c-api.md")

/** What a pool is made with. */
typedef struct hutch_pool_options {
    size_t size;              /**< sizeof(hutch_pool_options); set by hutch_pool_options_init() */
    const char *worker_path;  /**< the worker program; NULL (default): the one inside the library */
    void (*wake)(void *user); /**< called on the watcher thread when hutch_pool_poll() has something
                                   to return, or to do itself; at most once until a poll returns
                                   NULL. It calls no function of the pool's. NULL: nobody is told */
    void *wake_user;          /**< passed to `wake`, borrowed until hutch_pool_free() returns */
    HUTCH_POOL_OPTIONS_TABLE(HUTCH_OPTION_FIELD)
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
 * each time its worker has spoken. One whose worker says more than a look takes
 * (256 KiB) comes again after the others; so this need never end, while workers
 * say much. Whoever has other things to do stops whenever he likes, and polls
 * again later: `wake` is not called again before NULL has been returned.
 *
 * @param pool  not NULL
 * @return borrowed; NULL when there is none (`wake` is armed again, and the descriptor not readable)
 */
hutch_context *hutch_pool_poll(hutch_pool *pool);

/**
 * As hutch_pool_poll(), and sleeps until there is one. For a thread that does nothing but serve its
 * contexts; who has other things to wait for uses hutch_pool_get_descriptor().
 *
 * @param pool     not NULL
 * @param wait_us  longest time to wait, microseconds; 0 does not wait; UINT64_MAX waits for ever, also
 *                 where no run is in progress
 * @return borrowed; NULL when the time is over
 */
hutch_context *hutch_pool_wait(hutch_pool *pool, uint64_t wait_us);

/**
 * A descriptor for an event loop of the caller's: readable when hutch_pool_poll() has something to
 * return, or to do itself, until it has returned NULL. To be waited for with poll(), epoll or the like,
 * and neither read, written nor closed.
 *
 * It and `wake` say the same; one of them is enough.
 *
 * @param pool        not NULL
 * @param descriptor  [out] borrowed; the same one each time, valid until hutch_pool_free()
 * @param error       [out, optional]
 * @return HUTCH_OK or HUTCH_UNAVAILABLE (the process can have no more descriptors)
 */
hutch_status hutch_pool_get_descriptor(hutch_pool *pool, int *descriptor, hutch_error *error);

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
    uint64_t held_bytes;     /**< held for all contexts, as `max_held_bytes` counts it */
} hutch_pool_stats;

#define HUTCH_POOL_STATS_INIT HUTCH_INIT(hutch_pool_stats)

/** Read the counters. @param pool not NULL. @param stats [in, out] begun with HUTCH_POOL_STATS_INIT.
 *  @return HUTCH_OK or HUTCH_INVALID_ARGUMENT (its size; then nothing is written) */
hutch_status hutch_pool_get_stats(hutch_pool *pool, hutch_pool_stats *stats);

HUTCH_END_API

#endif
