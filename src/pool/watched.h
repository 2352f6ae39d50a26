/**
 * @file watched.h
 * The part of a worker that the pool's thread and the watcher share.
 *
 * Threads: fields under "guarded" belong to whoever holds the watcher's mutex;
 * the atomics to both; the rest does not change while the worker is in the
 * roster.
 */
#ifndef HUTCH_POOL_WATCHED_H
#define HUTCH_POOL_WATCHED_H

#include "plat/doorbell.h"
#include "pool/list.h"
#include "wire/ring.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/** How a worker was lost. The first cause stays. */
typedef enum hutch_end {
    HUTCH_END_NONE,    /**< it lives, or is on its way */
    HUTCH_END_EXITED,  /**< by itself or by others; value: its wait status */
    HUTCH_END_REFUSED, /**< it could not be made; value: errno */
    HUTCH_END_ZYGOTE,  /**< it went down with its zygote; value: the zygote's wait status or -1 */
    HUTCH_END_UNBORN,  /**< its zygote ended before it was ready; value: as above */
    HUTCH_END_OVERDUE, /**< killed: it did not stop in time */
    HUTCH_END_FLOOD,   /**< killed: it rang its doorbell without end */
    HUTCH_END_GARBLED, /**< killed: it garbled its ring */
    HUTCH_END_MEMORY,  /**< killed: it had more memory than its limit and the allowance */
    HUTCH_END_PROCESSOR_TIME, /**< killed: it used more than its limit and the grace */
    HUTCH_END_UNWANTED,       /**< the pool has no use for it any more; killed before it is freed */
} hutch_end;

/** When a worker is asked to stop, and when it is killed. */
typedef struct hutch_deadline {
    uint64_t ask_at;       /**< hutch_clock_now(), or HUTCH_WATCH_FOREVER */
    uint64_t kill_at;      /**< likewise */
    uint32_t run;          /**< number of the run to stop, for the shared word */
    uint32_t reprieves;    /**< how often it had another grace because the host had not read */
    uint64_t processor_ns; /**< processor time it had used when it was found asleep */
    uint64_t asked_ns;     /**< processor time it had used when it was asked to stop */
    uint64_t patience_end; /**< a worker that gets no processor is killed by then; 0: is not known
                                to have been asked */
} hutch_deadline;

/** What a run may use of its worker, and what has been seen of that (usage.h). */
typedef struct hutch_usage {
    bool is_running;
    bool is_settled;             /**< what the guest before had does not count any more */
    uint64_t serial;             /**< counts the runs of this worker */
    uint64_t memory_most;        /**< bytes, the allowance included */
    uint64_t own_memory_most;    /**< likewise, without a thought of the guest before */
    uint64_t processor_most_ns;  /**< the grace included; HUTCH_NO_LIMIT: nobody counts */
    uint64_t processor_since_ns; /**< of the process's clock, at the start of the run */
    uint64_t processor_seen_ns;  /**< at the last look */
} hutch_usage;

/** One worker, as the watcher knows it. */
typedef struct hutch_watched {
    uint32_t id;             /**< unique while the pool lives */
    hutch_shared *shared;    /**< mapped as long as this struct is in the roster */
    int doorbell;            /**< the pool's */
    _Atomic bool is_alive;   /**< a hint: its process is there */
    _Atomic bool is_lost;    /**< a hint: `end` says why */
    _Atomic bool is_overdue; /**< its time is over and it sleeps: the pool's thread decides. Stays,
                                  as `is_lost` does, until that has been done */
    _Atomic uint64_t calls_for_ring; /**< how often the pool has asked to be rung */
    bool waits_for_others; /**< news of others are its own; written while nobody waits for it */
    /* ---- guarded ---- */
    uint32_t generation; /**< of its zygote */
    int memory;          /**< descriptor of the shared memory until it is sent, then -1 */
    int process;         /**< pidfd, -1 before it is there */
    int64_t pid;         /**< hutch_watcher_pid_of(); 0 when it is not known yet */
    uint64_t asked_at; /**< hutch_clock_now() when a zygote that was ready was asked for it, or 0 */
    hutch_end end;
    int64_t end_value;
    uint64_t rings; /**< how often it has rung */
    bool leased;    /**< a context wants to hear of it */
    bool has_news;  /**< it rang, or something happened to it, since the pool last looked */
    hutch_deadline deadline;
    hutch_usage usage;
    hutch_link notified; /**< in the list of what the pool's thread should look at */
    hutch_link waiting;  /**< in the zygote's queue */
} hutch_watched;

/** Wake the worker whose memory this is, which has said that it sleeps. Any thread. */
static inline void hutch_watched_wake(hutch_shared *shared) {
    (void)atomic_fetch_add_explicit(&shared->worker_doorbell, 1, memory_order_release);
    hutch_futex_wake_shared(&shared->worker_doorbell);
}

#endif
