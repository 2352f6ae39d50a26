/**
 * @file watcher.h
 * The pool's own thread. It sleeps until a worker rings, the zygote says
 * something, a deadline passes, or the pool's thread has changed its plans. It
 * never touches a ring of a worker that lives. It keeps the clock: it asks overdue runs to stop and
 * kills the workers that do not. What concerns the pool's thread it puts into
 * lists, and calls `wake`.
 *
 * It is the parent of the zygote, which dies with it by the kernel's hand, and
 * so whoever starts and ends zygotes. And it has time for chores of the pool's
 * that the pool's thread had better be spared (`keep`, see stock.h).
 *
 * A lost worker keeps its struct until the pool's thread has seen it.
 *
 * Threads: functions say which; "with the mutex" means between
 * hutch_watcher_lock() and hutch_watcher_unlock().
 */
#ifndef HUTCH_POOL_WATCHER_H
#define HUTCH_POOL_WATCHER_H

#include "plat/process.h"
#include "plat/watch.h"
#include "pool/roster.h"
#include "pool/watched.h"

#include <hutch/error.h>

#include <pthread.h>

/** Tokens in the watch: a worker's id; or with this bit, the generation of a zygote. */
#define HUTCH_TOKEN_ZYGOTE_BIT (UINT64_C(1) << 32)

/** The zygote, seen from the pool. Guarded by the watcher's mutex. */
typedef struct hutch_zygote {
    hutch_process process;
    int socket;          /**< -1: there is no zygote */
    uint32_t generation; /**< counts the zygotes of this pool */
    bool is_ready;       /**< it has said HELLO */
    int program;         /**< to start one from, borrowed; -1: nobody waits for that */
    int failure;         /**< how the last start went: 0, or errno of `failed` */
    const char *failed;  /**< static text */
    uint32_t layers;     /**< bits of hutch_layer that are on, once it is ready */
    size_t asked;        /**< forks that it has not answered yet */
    uint32_t buried;     /**< generation of the last one whose end is known, below with how */
    hutch_end end;       /**< ZYGOTE or UNBORN */
    int64_t end_status;  /**< wait status, or -1 */
    hutch_link queue;    /**< workers that wait to be asked for */
} hutch_zygote;

/** What has happened since the pool was made. Guarded. */
typedef struct hutch_tally {
    uint64_t forked;
    uint64_t killed;
    uint64_t died;
} hutch_tally;

/** The watcher of one pool. */
typedef struct hutch_watcher {
    pthread_mutex_t mutex;
    pthread_cond_t news; /**< for the pool's thread, when it waits for one worker */
    pthread_t thread;
    bool is_started;
    int watch; /**< plat/watch.h; -1 before the start */
    int bell;  /**< rung by the pool's thread; -1 before the start */
    uint64_t grace_ns;
    void (*wake)(void *user);
    void *wake_user;
    void (*keep)(void *keeper, uint64_t now); /**< the thread calls it with the mutex, when the time
                                                   `keep_at` has come; NULL: nothing to keep */
    void *keeper;
    _Atomic bool has_chores; /**< a hint: `chores` is not empty */
    /* ---- guarded ---- */
    hutch_roster roster;
    hutch_zygote zygote;
    hutch_tally tally;
    hutch_link ready;       /**< leased workers that the pool's thread should look at */
    hutch_link chores;      /**< others, likewise */
    hutch_watched *awaited; /**< the pool's thread sleeps until there is news of this one */
    uint64_t earliest;      /**< no deadline is before this */
    uint64_t sleeps_until;  /**< of the thread; 0 while it is awake, or has been rung */
    uint64_t keep_at;       /**< hutch_clock_now(), or HUTCH_WATCH_FOREVER */
    bool is_woken;          /**< `wake` has been called, or is due, since the last empty poll */
    bool is_wake_due;       /**< the watcher has to call it */
    bool is_stopping;
} hutch_watcher;

static inline void hutch_watcher_lock(hutch_watcher *watcher) {
    (void)pthread_mutex_lock(&watcher->mutex);
}

static inline void hutch_watcher_unlock(hutch_watcher *watcher) {
    (void)pthread_mutex_unlock(&watcher->mutex);
}

/** Set up everything but the thread. @return HUTCH_OK or HUTCH_UNAVAILABLE. Pool's thread. */
hutch_status hutch_watcher_init(hutch_watcher *watcher, uint64_t grace_ns, void (*wake)(void *),
                                void *wake_user, hutch_error *error);

/** Start the thread unless it runs. @return HUTCH_OK or HUTCH_UNAVAILABLE. Pool's thread. */
hutch_status hutch_watcher_start(hutch_watcher *watcher, hutch_error *error);

/** End the thread, the zygote and all workers; nothing is watched any more. Pool's thread. */
void hutch_watcher_stop(hutch_watcher *watcher);

/** Give everything back, after hutch_watcher_stop(). Pool's thread. */
void hutch_watcher_free(hutch_watcher *watcher);

/**
 * Enter a worker and watch its doorbell.
 *
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE. Any thread, without the mutex.
 */
hutch_status hutch_watcher_add(hutch_watcher *watcher, hutch_watched *watched, hutch_error *error);

/** Strike a worker out of everything. Kills it if it may live. Any thread, without the mutex. */
void hutch_watcher_remove(hutch_watcher *watcher, hutch_watched *watched);

/** A worker is lost: note why (the first cause stays), kill it if it may live, tell the pool's
 *  thread. With the mutex; any thread. */
void hutch_watcher_lose(hutch_watcher *watcher, hutch_watched *watched, hutch_end end,
                        int64_t value);

/** The pool has no use for a worker any more; it stays in the roster until it is freed. It is
 *  killed `at_once`, or then. With the mutex; any thread. */
void hutch_watcher_forsake(hutch_watcher *watcher, hutch_watched *watched, bool at_once);

/** Process number of a worker; 0 when it has none at the moment, or the system does not tell. With
 *  the mutex; any thread. */
int64_t hutch_watcher_pid_of(hutch_watched *watched);

/** Have `keep` called, at the latest by then. @return true: the caller has to ring the bell, best
 *  without the mutex. With the mutex; any thread. */
bool hutch_watcher_keep_by(hutch_watcher *watcher, uint64_t at);

/** Have `keep` called then, and not before, unless it has been due already: what there is to do can
 *  wait. As hutch_watcher_keep_by(). */
bool hutch_watcher_keep_later(hutch_watcher *watcher, uint64_t now, uint64_t at);

/** There is news of a worker for the pool's thread. With the mutex; any thread. */
void hutch_watcher_tell(hutch_watcher *watcher, hutch_watched *watched);

/** Set a worker's deadline. A ring of the bell only if the watcher would sleep past it. With the
 *  mutex. */
void hutch_watcher_set_deadline(hutch_watcher *watcher, hutch_watched *watched,
                                const hutch_deadline *deadline);

/** A run has been asked to stop by the caller: it is killed after the grace, if not before. Pool's
 *  thread, without the mutex. */
void hutch_watcher_hasten(hutch_watcher *watcher, hutch_watched *watched);

/** No deadline: nothing to ask, nothing to kill. */
#define HUTCH_DEADLINE_NONE                                                                        \
    ((hutch_deadline){.ask_at = HUTCH_WATCH_FOREVER, .kill_at = HUTCH_WATCH_FOREVER})

/**
 * Sleep until there is news of a worker, at most until a point in time.
 *
 * @param until_ns  hutch_clock_now()
 * @return false when the time has come first. Pool's thread, without the mutex.
 */
bool hutch_watcher_await(hutch_watcher *watcher, hutch_watched *watched, uint64_t until_ns);

/** Make the thread look at its plans. Any thread. */
void hutch_watcher_ring(const hutch_watcher *watcher);

#endif
