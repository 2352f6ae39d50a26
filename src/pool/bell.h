/**
 * @file bell.h
 * Waking a worker.
 *
 * Threads: any.
 */
#ifndef HUTCH_POOL_BELL_H
#define HUTCH_POOL_BELL_H

#include "plat/doorbell.h"
#include "wire/ring.h"

/** Ring the worker, which has said that it sleeps. */
static inline void hutch_bell_ring_worker(hutch_shared *shared) {
    (void)atomic_fetch_add_explicit(&shared->worker_doorbell, 1, memory_order_release);
    hutch_futex_wake_shared(&shared->worker_doorbell);
}

#endif
