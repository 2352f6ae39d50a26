/**
 * @file explore_world.h
 * A world of one pool, one worker and a clock, for the exploration (explore.c):
 * without threads, processes or time. The pool's own code runs in it as it is;
 * what it asks of the system is answered here, by functions that the linker puts
 * in the place of those of src/plat/ (see CMakeLists.txt).
 *
 * Everything that changes lies in `arena`, `state` and the first bytes of the
 * shared memory, so that a world can be kept and brought back.
 */
#ifndef HUTCH_TESTS_POOL_EXPLORE_WORLD_H
#define HUTCH_TESTS_POOL_EXPLORE_WORLD_H

#include "explore_script.h"

#include "pool/state.h"

/** What lies outside of the pool. */
typedef struct world_state {
    size_t used; /**< bytes of the arena */
    uint64_t now;
    uint64_t until;   /**< the watcher sleeps until then */
    bool bell;        /**< the pool has rung the watcher */
    bool doorbell;    /**< the worker has rung, the watcher has not taken it */
    bool end_is_news; /**< the worker has exited, the watcher does not know */
    bool wake;        /**< the host has been woken, and has not polled since */
    bool has_news;    /**< the pool has made its descriptor */
    bool news;        /**< the pool's descriptor is readable */
    bool is_polling;  /**< the last poll had a context */
    bool must_ask;    /**< the host has started the run, or poll gave it: it owes a `next` */
    bool has_stopped;
    bool is_closed;
    bool was_late;
    uint32_t open_call;
    hutch_event_type end; /**< DONE or FAILED, once the run is over */
    bool usable;
    hutch_pool *pool;
    hutch_context *context;
    script worker;
} world_state;

extern world_state state;

/** Called at places inside the pool's functions where others may move. */
extern void (*world_interrupt)(void);

/** A world that was kept. */
typedef struct world_copy world_copy;

/** A pool, a context with the tool `ask`, and a run within `timeout_ms`, all just begun. */
void world_begin(uint64_t timeout_ms);

world_copy *world_keep(void);
void world_bring_back(const world_copy *copy);
void world_forget(world_copy *copy);

/** A number that two worlds share if nothing but the date and the number of looks so far tells them
 *  apart. */
void world_digest(uint64_t digest[2]);

/** Whether the watcher has a reason to turn. */
bool world_watcher_is_due(void);

/** A turn of the watcher, after it has heard the doorbell, the end of the worker, or neither. */
void world_turn_watcher(bool hears_doorbell, bool hears_end);

/** Time passes until the watcher wakes up by itself, and some more. @return false: it never does */
bool world_pass_time(uint64_t more_ns);

#endif
