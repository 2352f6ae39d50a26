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

/** Tokens in the watch: a worker's id; or with one of these bits, the generation of a zygote: that its
 *  socket has something to say, or that it has ended. */
#define HUTCH_TOKEN_ZYGOTE_BIT (UINT64_C(1) << 32)
#define HUTCH_TOKEN_DYING_BIT (UINT64_C(1) << 34)

/** A zygote that is gone, as its socket says, but whose end is not known. There is one at a time: the
 *  next zygote is started when this one has been buried. */
typedef struct hutch_dying {
    hutch_process process; /**< its descriptor -1: there is none */
    uint32_t generation;
    hutch_end end;  /**< ZYGOTE or UNBORN */
    uint64_t until; /**< when it is killed; or, once it has been, not waited for any more */
    bool is_killed;
} hutch_dying;

/** The zygote, seen from the pool. Guarded by the watcher's mutex. */
typedef struct hutch_zygote {
    hutch_process process;
    int socket;          /**< -1: there is no zygote */
    uint32_t generation; /**< counts the zygotes of this pool, the one that is to be started too */
    bool is_ready;       /**< it has said HELLO */
    int program;         /**< to start one from, owned; -1: none is to be started */
    int failure;         /**< how the last start went: 0, or errno of `failed` */
    const char *failed;  /**< static text */
    uint32_t layers;     /**< bits of hutch_layer that are on, once it is ready */
    size_t asked;        /**< forks that it has not answered yet */
    uint32_t buried;     /**< the generation, once its end is known, below with how */
    hutch_end end;       /**< ZYGOTE, UNBORN or REFUSED */
    int64_t end_status;  /**< wait status, or -1; errno */
    hutch_dying dying;
    uint32_t max_memory_mb; /**< what it is started with; does not change */
    hutch_link queue;       /**< workers that wait to be asked for */
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
    int watch;  /**< plat/watch.h; -1 before the start */
    int bell;   /**< rung by the pool's thread; -1 before the start */
    int signal; /**< an eventfd, readable while `is_woken`; -1: nobody has asked for it */
    uint64_t grace_ns;
    void (*wake)(void *user);
    void *wake_user;
    void (*housekeep)(void *housekeeper,
                      uint64_t now); /**< the thread calls it with the mutex, when the time
                                                   `keep_at` has come; NULL: nothing to keep */
    void *housekeeper;
    _Atomic bool has_chores; /**< a hint: `chores` is not empty */
    _Atomic uint64_t
        birth_ns; /**< what a birth takes here, from being asked for to being there; 0: is not
                                    known yet */
    /* ---- guarded ---- */
    hutch_roster roster;
    hutch_zygote zygote;
    hutch_tally tally;
    hutch_link ready;       /**< leased workers that the pool's thread should look at */
    hutch_link chores;      /**< others, likewise */
    hutch_watched *awaited; /**< the pool's thread sleeps until there is news of this one */
    bool awaits_any;        /**< the pool's thread sleeps until there is news at all */
    uint64_t earliest;      /**< no deadline is before this */
    uint64_t sleeps_until;  /**< of the thread; 0 while it is awake, or has been rung */
    uint64_t keep_at;       /**< hutch_clock_now(), or HUTCH_WATCH_FOREVER */
    uint64_t look_at;       /**< likewise; when running workers are looked at next (usage.h) */
    uint64_t queue_at;   /**< likewise; when the pool's thread has to look at its queue (queue.h) */
    bool is_queue_due;   /**< it has, since then */
    uint64_t runs_begun; /**< of all workers */
    uint64_t runs_seen;  /**< those that the last look knew */
    uint32_t rests;      /**< looks in a row without a run, old or new */
    bool is_woken;       /**< `wake` has been called, or is due, since the last empty poll */
    bool is_wake_due;    /**< the watcher has to call it */
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
void hutch_watcher_abandon(hutch_watcher *watcher, hutch_watched *watched, bool at_once);

/** Process number of a worker; 0 when it has none at the moment, or the system does not tell. With
 *  the mutex; any thread. */
int64_t hutch_watcher_pid_of(hutch_watched *watched);

/** Have `keep` called, at the latest by then. @return true: the caller has to ring the bell, best
 *  without the mutex. With the mutex; any thread. */
bool hutch_watcher_keep_by(hutch_watcher *watcher, uint64_t at);

/** Have `keep` called then, and not before, unless it has been due already: what there is to do can
 *  wait. As hutch_watcher_keep_by(). */
bool hutch_watcher_keep_later(hutch_watcher *watcher, uint64_t now, uint64_t at);

/** Have running workers looked at, at the latest by then. A ring of the bell only if the watcher would
 *  sleep past it. With the mutex; any thread. */
void hutch_watcher_look_by(hutch_watcher *watcher, uint64_t at);

/** There is news of a worker for the pool's thread. With the mutex; any thread. */
void hutch_watcher_notify(hutch_watcher *watcher, hutch_watched *watched);

/** Have deadlines looked at, at the latest by then. A ring of the bell only if the watcher would sleep
 *  past it. With the mutex; any thread. */
void hutch_watcher_pass_by(hutch_watcher *watcher, uint64_t at);

/** If a worker is lost, or overdue, tell the pool's thread once more: it has looked at the worker,
 *  and the run has not ended. Pool's thread, without the mutex. */
void hutch_watcher_remind(hutch_watcher *watcher, hutch_watched *watched);

/** There is something for the pool's thread to poll for that no worker said. Pool's thread, without the
 *  mutex. */
void hutch_watcher_rouse(hutch_watcher *watcher);

/** The watcher's thread, with the mutex: see whether the queue is due. */
void hutch_watcher_pass_queue(hutch_watcher *watcher);

/** Have the pool's thread woken for its queue then, and not before; HUTCH_WATCH_FOREVER: not at all. Pool's
 *  thread, without the mutex. */
void hutch_watcher_call_for_queue(hutch_watcher *watcher, uint64_t at);

/** Sleep until the queue is due, or a worker that nobody has leased has news; at most until a point in
 *  time. Pool's thread, without the mutex. */
void hutch_watcher_await_queue(hutch_watcher *watcher, uint64_t until_ns);

/** No deadline: nothing to ask, nothing to kill. */
#define HUTCH_DEADLINE_NONE                                                                        \
    ((hutch_deadline){.ask_at = HUTCH_WATCH_FOREVER, .kill_at = HUTCH_WATCH_FOREVER})

/**
 * Sleep until there is news of a worker, or the queue is due; at most until a point in time.
 *
 * @param until_ns      hutch_clock_now()
 * @param is_queue_due  [out] the queue has to be looked at, whatever else
 * @return whether there is news. Pool's thread, without the mutex.
 */
bool hutch_watcher_await(hutch_watcher *watcher, hutch_watched *watched, uint64_t until_ns,
                         bool *is_queue_due);

/** Sleep until a poll has something to do, at most until a point in time. As hutch_watcher_await(). */
void hutch_watcher_await_any(hutch_watcher *watcher, uint64_t until_ns);

/** Have `signal`. @return 0, or errno. Pool's thread, without the mutex. */
int hutch_watcher_open_signal(hutch_watcher *watcher);

/** A poll has found nothing more: `wake` is armed again; or due, when something is left for another
 *  time. Pool's thread, without the mutex. */
void hutch_watcher_rearm(hutch_watcher *watcher);

/** A turn of the thread: do what is due. @return until when there is nothing to do but to listen,
 *  hutch_clock_now(); it may be over. The watcher's thread, with the mutex, which is given up in
 *  between. */
uint64_t hutch_watcher_turn(hutch_watcher *watcher);

/** The thread is awake: take what woke it. @param tokens from the watch. With the mutex, as above. */
void hutch_watcher_take(hutch_watcher *watcher, const uint64_t *tokens, size_t count);

/** Make the thread look at its plans. Any thread. */
void hutch_watcher_ring(const hutch_watcher *watcher);

#endif
