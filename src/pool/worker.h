/**
 * @file worker.h
 * One worker process, seen from the pool: its shared memory, what travels to it
 * and what it says. Whose it is at the moment is lease.h's business.
 *
 * Threads: the pool's thread, unless a function says otherwise.
 */
#ifndef HUTCH_POOL_WORKER_H
#define HUTCH_POOL_WORKER_H

#include "base/buffer.h"
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
    bool is_head_judged; /**< of the frame that the reader is in */
    bool is_listening;   /**< it has been asked to ring */
    bool ignored;        /**< bodies of an abandoned run are not kept */
    uint32_t vain_rings; /**< since the two positions were these */
    uint32_t noted_consumed;
    uint32_t noted_written;
    hutch_buffer body; /**< of the frame that the reader is in, or the last one */
    hutch_session session;
    hutch_worker_use use;
    uint64_t trust_domain;  /**< of its contexts, unless it is a spare one */
    bool for_once;          /**< its present context is its last one */
    hutch_context *context; /**< borrowed; the one that has leased it */
    hutch_link place;       /**< in the list of its use */
    hutch_link bucket;      /**< among the idle ones of its trust domain, or alike */
} hutch_worker;

/** What reading came to. */
typedef enum hutch_reading {
    HUTCH_READING_NOTHING,   /**< no whole frame is there */
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

/** Whether the worker is lost; `watched.end` then says why, and does not change any more. */
bool hutch_worker_is_lost(const hutch_worker *worker);

/** Whether its time is over while it sleeps: the pool has to decide. */
bool hutch_worker_is_overdue(const hutch_worker *worker);

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

/**
 * Read on, at most one frame.
 *
 * @param why  [out] static text, written with VIOLATION
 */
hutch_reading hutch_worker_read(hutch_worker *worker, const char **why);

/** Whether reading would find bytes, or the worker is lost. Cheap. */
bool hutch_worker_has_spoken(const hutch_worker *worker);

/** Ask to be rung at the worker's next bytes (and, where frames wait, at the next room for them);
 *  look once more after it. */
void hutch_worker_listen(hutch_worker *worker);

/** The worker has rung, and neither bytes nor room were found: one that goes on like this is lost. */
void hutch_worker_note_vain_ring(hutch_worker *worker);

/** Awake: the worker need not ring. */
void hutch_worker_stop_listening(hutch_worker *worker);

/** Set the worker's deadline; HUTCH_DEADLINE_NONE takes it away. */
void hutch_worker_set_deadline(hutch_worker *worker, const hutch_deadline *deadline);

/** Lose the worker from the pool's side. */
void hutch_worker_lose(hutch_worker *worker, hutch_end end);

#endif
