/**
 * @file worker.h
 * One worker process, seen from the pool: its shared memory, what travels to it
 * and what it says.
 *
 * The life of a worker has two sides. Whose it is, which is `use`; "take" is hutch_lease_take(), "close"
 * is hutch_lease_return():
 *
 *     made ----------------take----+
 *       |                          v
 *       +---> SPARE --take----> LEASED --close, in mid-run---> CLOSING
 *               |                | | ^                          |   |
 *               |                | | +--------take-------+      |   |
 *               |                | |                     |      |   |
 *               |                | +--close, at rest--> IDLE <--+   |
 *               |                |                       |   READY  |
 *               | (3)            | (1)                   | (2)      | (2)
 *               +----------------+----> discarded <------+----------+
 *                                           |
 *                                           v
 *                                         freed
 *
 *     (1)  it was for one context only, is lost, or is not worth keeping: lease.c, detach.c
 *     (2)  it is lost, late with READY, broke a rule, is one too many, or its place is needed: lease.c
 *     (3)  it is lost, or there are more than are wanted; the latter are freed at once: stock.c
 *
 * And the process, which is in `watched` (watched.h); a worker may be leased long before there is one:
 *
 *     asked (zygote's queue) --FORKED--> alive --(4)--> lost or unwanted --> freed
 *
 *     (4)  `end` says why and never changes again: hutch_watcher_lose(), or hutch_watcher_abandon()
 *          when the pool has no use for it
 *
 * Who moves it, and under which lock:
 * - Made: the pool's thread for a context, the watcher's thread to fill the stock up (both may for
 *   `spare`); without the mutex, and entered into a list with it (stock.c).
 * - SPARE and discarded are the stock's, and guarded by the watcher's mutex: each thread may move them.
 * - LEASED, IDLE and CLOSING are the lease's: the pool's thread alone, without the mutex.
 * - Asked, alive, lost: whoever holds the mutex; the watcher's thread mostly, as it hears the zygote
 *   and keeps the clock.
 * - Freed: without the mutex, by the watcher's thread among its chores; by the pool's where too many
 *   are discarded, and at the end of the pool.
 *
 * Who kills: hutch_watcher_lose() at once. hutch_watcher_abandon() at once where the worker is busy or
 * its place is needed; one that rests lives until it is freed. hutch_worker_free() whatever still lives.
 * A process that arrives when nobody wants it any more is killed by zygote.c.
 *
 * One truth a fact: `use` says whose it is (and is stale once it is discarded); `watched.leased` is what
 * the watcher's thread is told of it. `watched.end` says whether it is lost; `is_lost` and `is_alive`
 * are hints for who does not hold the mutex, written where `end` and `process` are.
 *
 * Threads: the pool's thread, unless a function says otherwise.
 */
#ifndef HUTCH_POOL_WORKER_H
#define HUTCH_POOL_WORKER_H

#include "base/buffer.h"
#include "pool/budget.h"
#include "pool/outbox.h"
#include "pool/session.h"
#include "pool/watcher.h"

#include <hutch/pool.h>

/** What a worker is used for. */
typedef enum hutch_worker_use {
    HUTCH_WORKER_SPARE,   /**< no context has had it yet */
    HUTCH_WORKER_LEASED,  /**< one context has it */
    HUTCH_WORKER_IDLE,    /**< its last context is closed, with no run in progress */
    HUTCH_WORKER_CLOSING, /**< its last context was closed in mid-run: READY must come first */
} hutch_worker_use;

/** A worker; made and freed by stock.c. */
typedef struct hutch_worker {
    hutch_watched watched;
    hutch_watcher *watcher; /**< borrowed */
    hutch_ring_writer to_worker;
    hutch_ring_reader to_pool;
    hutch_outbox outbox;
    hutch_frame_reader reader;
    bool is_head_judged;  /**< of the frame that the reader is in */
    bool is_listening;    /**< it has been asked to ring */
    bool ignored;         /**< bodies of an abandoned run are not kept */
    uint32_t frames_left; /**< that may be taken in this look */
    uint32_t vain_rings;  /**< since the two positions were these */
    uint32_t noted_consumed;
    uint32_t noted_written;
    uint32_t rung_written;   /**< position up to which the worker has been woken for frames */
    hutch_buffer body;       /**< of the frame that the reader is in, or the last one */
    hutch_buffer settled;    /**< the result, from SETTLED to DONE */
    uint64_t settled_values; /**< of it */
    uint64_t values_of_done; /**< of the result that was settled, once it is the body of DONE */
    uint64_t judged;         /**< bytes of that frame's body that have been judged */
    size_t next_piece;       /**< where the bytes that have not been judged begin in `body` */
    size_t kept;             /**< length of the judged body without what was taken out of it */
    hutch_session session;
    hutch_account account; /**< what is held for it */
    hutch_budget *budget;  /**< borrowed; of the pool, from the first lease on */
    hutch_worker_use use;
    uint64_t closed_at;     /**< hutch_clock_now() when it was told CLOSE; 0 before */
    uint64_t trust_domain;  /**< of its contexts, unless it is a spare one */
    bool for_once;          /**< its present context is its last one */
    hutch_context *context; /**< borrowed; the one that has leased it */
    hutch_link place;       /**< in the list of its use */
    hutch_link bucket;      /**< among the idle ones of its trust domain, or alike */
} hutch_worker;

/**
 * A look at what a worker says: this many bytes and frames are taken, and no
 * more. A worker writes as fast as it is read, so that one which always has a
 * little more to say would hold the host's thread. A look is enough for all
 * that a ring can hold: it comes to whatever was there when it began, such as
 * the last words of a worker that is dead or asleep.
 */
#define HUTCH_WORKER_LOOK_BYTES (UINT64_C(4) * HUTCH_RING_SIZE)
#define HUTCH_WORKER_LOOK_FRAMES (HUTCH_RING_SIZE / (uint32_t)sizeof(hutch_frame_header))

/** What reading came to. */
typedef enum hutch_reading {
    HUTCH_READING_NOTHING,   /**< no whole frame is there */
    HUTCH_READING_MORE,      /**< this look is over, and there is more to read */
    HUTCH_READING_FRAME,     /**< `reader` and `body` hold one, judged sound and counted */
    HUTCH_READING_VIOLATION, /**< the worker broke a rule and must be killed */
    HUTCH_READING_NO_MEMORY, /**< the host has no room for what the worker sent */
} hutch_reading;

/**
 * Make a worker's shared memory and doorbell, and enter it in the roster. Its
 * process is still to be asked for (zygote.h). Any thread.
 *
 * @param worker  [out] freed with hutch_worker_free()
 * @return HUTCH_OK, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE
 */
hutch_status hutch_worker_new(hutch_watcher *watcher, hutch_worker **worker, hutch_error *error);

/** Kill the process, if it may live, and give everything back. NULL is nothing. Any thread. */
void hutch_worker_free(hutch_worker *worker);

/** Values of the JSON of the DONE that the reader is at. */
uint64_t hutch_worker_result_values(const hutch_worker *worker);

/** Whether the worker is lost; `watched.end` then says why, and does not change any more. */
bool hutch_worker_is_lost(const hutch_worker *worker);

/** Whether its time is over while it sleeps: the pool has to decide. */
bool hutch_worker_is_overdue(const hutch_worker *worker);

/** Whether its run is over as soon as it is looked at, if that ever happens. It is a state of the worker, so
 *  that who does not look does not keep others waiting. */
bool hutch_worker_is_at_its_end(const hutch_worker *worker);

/** Whether its run has to end because the worker is overdue and has nothing to say. One that is
 *  found waiting for room goes on for a while. */
bool hutch_worker_has_had_its_time(hutch_worker *worker);

/** If the worker is lost or overdue, see that the pool's thread hears of it once more. Cheap when it
 *  is neither. */
void hutch_worker_remind(hutch_worker *worker);

/** Whether its process is there. */
bool hutch_worker_is_alive(const hutch_worker *worker);

/**
 * Send a frame; the worker is not woken yet.
 *
 * @return HUTCH_OK or HUTCH_OUT_OF_MEMORY; a worker whose ring is garbled gets lost instead
 */
hutch_status hutch_worker_send(hutch_worker *worker, const hutch_outgoing *frame);

/** Write what waits, as far as there is room, and wake the worker if it sleeps. While the pool
 *  listens, the worker is asked to ring when there is room for the rest. */
void hutch_worker_push(hutch_worker *worker);

/** Begin a look; see HUTCH_WORKER_LOOK_BYTES. */
void hutch_worker_begin_look(hutch_worker *worker);

/** There is MORE, and nobody looks again by himself: the worker is put after the others with news,
 *  and `wake` is called. */
void hutch_worker_look_later(hutch_worker *worker);

/**
 * Read on in a look, at most one frame.
 *
 * @param why  [out] static text, written with VIOLATION
 */
hutch_reading hutch_worker_read(hutch_worker *worker, const char **why);

/** The last frame has been looked at: where its body is large, its memory is given back. Not within
 *  a frame. */
void hutch_worker_release_body(hutch_worker *worker);

/** Nobody wants the rest of the body that is coming in. */
void hutch_worker_ignore_body(hutch_worker *worker);

/** What is held for the worker has changed: note it, and let others go on where there is room now. */
void hutch_worker_settle(hutch_worker *worker);

/** If the worker is lost or overdue: nobody has to look at it for the others to go on. Its open inputs do
 *  not count any more, and the turn is another's. */
void hutch_worker_note_end(hutch_worker *worker);

/** It is about to be discarded. */
void hutch_worker_hold_nothing(hutch_worker *worker);

/** Whether reading would find bytes, or the worker is lost. Cheap. */
bool hutch_worker_has_spoken(const hutch_worker *worker);

/** Whether a frame waits for room that there is now, enough of it to be worth a push. Cheap. */
bool hutch_worker_has_room(const hutch_worker *worker);

/** Ask to be rung at the worker's next bytes (and, where frames wait, at the next room for them);
 *  look once more after it. */
void hutch_worker_listen(hutch_worker *worker);

/** The worker has rung, and neither bytes nor room were found: one that goes on like this is lost. */
void hutch_worker_note_vain_ring(hutch_worker *worker);

/** Awake: the worker need not ring. */
void hutch_worker_stop_listening(hutch_worker *worker);

/** A run begins: the worker's deadline, and what it may use until its end.
 *  @param now  hutch_clock_now() */
void hutch_worker_begin_run(hutch_worker *worker, const hutch_deadline *deadline,
                            const hutch_limits *limits, uint64_t now);

/** The run is over: answers that are still on their way are dropped. */
void hutch_worker_end_run(hutch_worker *worker);

/** Set the worker's deadline; HUTCH_DEADLINE_NONE takes it away. */
void hutch_worker_set_deadline(hutch_worker *worker, const hutch_deadline *deadline);

/** Lose the worker from the pool's side. */
void hutch_worker_lose(hutch_worker *worker, hutch_end end);

#endif
