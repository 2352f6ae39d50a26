/**
 * @file queue.h
 * Programs that wait for a worker, and which of them gets one when.
 *
 * A context has no worker before its first program starts. Short programs are
 * done sooner by the few workers that are awake, one after another, than by a
 * process for each: to make one costs more than they do. So a program that
 * starts gets a worker at once while fewer programs are at work than there are
 * processors, and a worker of its domain is idle, or a spare one there; it gets
 * a new one if no context of its domain has one that may come free. Otherwise
 * it waits in its turn.
 *
 * A queue in which nobody has had a turn for longer than two births cost here,
 * and twice as long as was usual, has long programs before it: then its first
 * program gets a worker whatever that takes, and if that happens again the first
 * two, the first four, and so on. A long program delays nobody by more than that
 * (20 ms at most), while there are places.
 *
 * A run that has got no worker when its time is over ends as
 * HUTCH_FAILURE_TIMEOUT with the code "queue"; its context is usable.
 *
 * Threads: the pool's thread. The watcher calls it when the first program has
 * waited for long, or the time of one is over (hutch_watcher_call_for_queue()).
 */
#ifndef HUTCH_POOL_QUEUE_H
#define HUTCH_POOL_QUEUE_H

#include "pool/list.h"

#include <hutch/context.h>

/** Which programs wait. */
typedef struct hutch_queue {
    hutch_link waiting; /**< contexts, the first come first */
    hutch_link told;    /**< contexts whose runs ended without a worker, for hutch_pool_poll() */
    uint32_t count;     /**< of those that wait */
    uint32_t most;
    uint32_t at_once; /**< programs that may start work at a time before it has stood still */
    uint32_t batch;   /**< how many get a worker when it has stood still for too long */
    uint64_t bytes;   /**< of their programs */
    uint64_t
        moved_at; /**< hutch_clock_now() when a program last left it, or came to an empty one */
    uint64_t earliest; /**< no deadline of one that waits is before this */
    uint64_t
        press_at; /**< likewise; it has stood still for too long, and does until then; 0: it has not */
    uint64_t
        freed_at; /**< likewise, when a worker last came free for one that waited, or there was none yet */
    uint64_t pace_ns; /**< what passes between two such moments, learnt */
} hutch_queue;

/** @param options  checked */
void hutch_queue_init(hutch_queue *queue, const hutch_pool_options *options);

/**
 * A context without a worker starts a program: it is launched, or waits.
 *
 * @return HUTCH_OK; HUTCH_OUT_OF_MEMORY; or HUTCH_UNAVAILABLE: too many wait, or no worker can be made
 */
hutch_status hutch_queue_start(hutch_context *context, hutch_text code, hutch_error *error);

/** Whether the context's program waits for a worker. */
bool hutch_queue_has(const hutch_context *context);

/** Give workers to programs whose turn it is, and end those whose time is over. Cheap when none waits. */
void hutch_queue_advance(hutch_pool *pool);

/** The same, by a caller who has nothing else to do at the moment: whether the queue stands still is for him
 *  to say, as a caller who was busy may just not have closed the contexts whose programs have ended. */
void hutch_queue_press(hutch_pool *pool);

/** Sleep until a program that waits has a worker, or has ended without one, at most until a point in time. */
void hutch_queue_await(hutch_context *context, uint64_t until_ns);

/** The caller has asked a run to stop: if it waits, it ends. @return false: it does not wait */
bool hutch_queue_stop(hutch_context *context);

/** The context is closed: it waits no longer, and has nothing to tell. */
void hutch_queue_leave(hutch_context *context);

/** A context whose run ended in the queue. @return NULL: none */
hutch_context *hutch_queue_take_told(hutch_queue *queue);

#endif
