/**
 * @file state.h
 * The structs behind the public handles.
 *
 * Threads: the pool's thread, but for what the watcher keeps under its mutex.
 */
#ifndef HUTCH_POOL_STATE_H
#define HUTCH_POOL_STATE_H

#include "pool/lease.h"
#include "pool/seeds.h"
#include "pool/tool_table.h"
#include "wire/look.h"

struct hutch_pool {
    hutch_pool_options options; /* `worker_path` is not kept */
    hutch_program program;
    hutch_watcher watcher;
    hutch_leases leases;
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

struct hutch_context {
    hutch_pool *pool;
    hutch_link place;     /* among the pool's contexts */
    hutch_worker *worker; /* NULL once it is lost */
    hutch_limits limits;
    hutch_tool_table tools;
    void *user;
    uint32_t run;        /* number of the last run that was started */
    bool is_running;     /* its DONE or FAILED has not been returned yet */
    bool is_disposed;    /* no further run: the worker is lost, or said so */
    bool is_stopping;    /* the caller has asked the run to stop */
    uint64_t timeout_ms; /* of the run */
    uint32_t last_call;  /* highest id there was, once there is no worker */
    hutch_look look;
    hutch_own_failure failure; /* to be returned by `next` */
};

#endif
