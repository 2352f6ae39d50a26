/**
 * @file state.h
 * The structs behind the public handles.
 *
 * A context and its worker's session (session.h) know some of the same things, at other times. The
 * session has what the worker has been told and has said: `running`, `run`, `limits` and `last_call`
 * there judge the next frame, and go with the worker. The context has what its caller knows: it is
 * running until the end of the run has been handed out, its runs are counted from 1 whatever
 * worker they are on, it has no worker before its first program gets one, and it outlives its worker.
 *
 * Threads: the pool's thread, but for what the watcher keeps under its mutex.
 */
#ifndef HUTCH_POOL_STATE_H
#define HUTCH_POOL_STATE_H

#include "base/allocator.h"
#include "base/detached_text.h"
#include "pool/lease.h"
#include "pool/queue.h"
#include "pool/seeds.h"
#include "pool/tool_table.h"
#include "wire/spin.h"

struct hutch_pool {
    hutch_pool_options options; /* `worker_path` is not kept */
    hutch_program program;
    hutch_watcher watcher;
    hutch_leases leases;
    hutch_queue queue;
    hutch_seeds seeds;
    hutch_link contexts;
    uint32_t context_count;
};

/** A FAILED event that the pool makes itself. */
typedef struct hutch_own_failure {
    bool is_due;
    hutch_failure failure;
    bool usable;
    char message[HUTCH_ERROR_MESSAGE_SIZE]; /**< NUL-terminated UTF-8 */
    const char *code;                       /**< static, or NULL */
} hutch_own_failure;

/** The end of a run whose result outlived its worker; see ending.h. */
typedef struct hutch_own_ending {
    enum {
        HUTCH_ENDING_NONE,
        HUTCH_ENDING_WARNS, /**< LOG is next, then DONE */
        HUTCH_ENDING_TELLS, /**< DONE is next */
    } due;
    hutch_detached_text warning;
    hutch_buffer json; /**< owned */
    uint64_t values;   /**< of it */
} hutch_own_ending;

struct hutch_context {
    hutch_pool *pool;
    hutch_link place;     /* among the pool's contexts */
    hutch_worker *worker; /* NULL before it has got one, and once that is lost */
    hutch_wish wish;      /* which one */
    hutch_isolate_options isolate;
    hutch_tool_table tools;
    void *user;
    uint32_t run;         /* number of the last run that was started */
    bool is_running;      /* its DONE or FAILED has not been returned yet */
    bool is_disposed;     /* no further run: the worker is lost, or said so */
    bool is_stopping;     /* the caller has asked the run to stop */
    bool was_lost;        /* the worker was, before the run began */
    bool is_active;       /* its program runs, and is not known to wait for answers */
    hutch_link turn;      /* among the programs that wait for a worker */
    hutch_buffer program; /* owned; while it waits */
    hutch_link told;      /* among the contexts whose next event is the pool's own */
    uint64_t timeout_ms;  /* of the run */
    uint64_t deadline_ns; /* of the run */
    bool is_shortened;    /* the worker's is sooner: that of calls that nobody awaits */
    uint32_t last_call;   /* highest id there was, once there is no worker */
    hutch_spin spin;
    hutch_own_failure failure; /* to be returned by `next` */
    hutch_own_ending ending;   /* the same, in its stead */
};

/** Give a context's memory back; it has no worker any more, or that is freed with the pool. */
static inline void hutch_context_free(hutch_context *context) {
    hutch_link_remove(&context->place);
    hutch_tool_table_free(&context->tools);
    hutch_buffer_free(&context->program);
    hutch_buffer_free(&context->ending.json);
    hutch_allocator_release(NULL, context);
}

/** The program of a context begins or ceases to be at work. */
static inline void hutch_context_set_active(hutch_context *context, bool is_active) {
    if (context->is_active != is_active) {
        context->is_active = is_active;
        context->pool->leases.active += is_active ? 1U : UINT32_MAX;
    }
}

#endif
