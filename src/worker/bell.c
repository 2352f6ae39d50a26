/*
 * Sleeping and waking. The worker sleeps on a futex word in shared memory; it
 * rings the pool's eventfd. The protocol is ring.h's: announce the sleep, look
 * once more, sleep. The doorbell's value is read before that last look, so a
 * ring that comes after it finds another value in the word, and the kernel
 * does not put us to sleep.
 *
 * Threads: the worker has one.
 */
#include "plat/clock.h"
#include "plat/doorbell.h"
#include "worker/worker.h"

/* How long a look lasts: about what being put to sleep and woken costs. */
#define LOOK_NS UINT64_C(20000)
/* Pauses between two glances at the clock. */
#define PAUSES_A_GLANCE 8

void hutch_bell_ring_for_bytes(hutch_worker *worker) {
    if (hutch_ring_must_ring(&worker->shared->pool_awaits_bytes)) {
        hutch_doorbell_ring(worker->doorbell);
    }
}

void hutch_bell_ring_for_room(hutch_worker *worker) {
    if (hutch_ring_must_ring(&worker->shared->pool_awaits_room)) {
        hutch_doorbell_ring(worker->doorbell);
    }
}

bool hutch_bell_has_bytes(const hutch_worker *worker) {
    size_t bytes;
    return hutch_ring_readable(&worker->ring_in, &bytes) != HUTCH_RING_SOUND || bytes > 0;
}

static bool has_room(const hutch_worker *worker) {
    size_t bytes;
    return hutch_ring_writable(&worker->ring_out, &bytes) != HUTCH_RING_SOUND || bytes > 0;
}

static bool shall_stop(const hutch_worker *worker) {
    return worker->state == HUTCH_WORKER_RUNNING &&
           atomic_load_explicit(&worker->shared->stop_run, memory_order_acquire) == worker->run;
}

static bool has_work(const hutch_worker *worker) {
    return hutch_bell_has_bytes(worker) || shall_stop(worker);
}

static bool can_write_or_take(const hutch_worker *worker) {
    return has_room(worker) || (!worker->closing && hutch_bell_has_bytes(worker));
}

/* Watches for LOOK_NS whether it comes true. */
static bool watch(const hutch_worker *worker, bool (*is_true)(const hutch_worker *)) {
    uint64_t end = hutch_clock_now() + LOOK_NS;
    do {
        for (int i = 0; i < PAUSES_A_GLANCE; i++) {
            if (is_true(worker)) {
                return true;
            }
            hutch_look_pause();
        }
    } while (hutch_clock_now() < end);
    return is_true(worker);
}

/* Looks, where that pays. */
static bool find(const hutch_worker *worker, hutch_look *look,
                 bool (*is_true)(const hutch_worker *)) {
    bool found = is_true(worker);
    if (!found && hutch_look_is_due(look)) {
        found = watch(worker, is_true);
        hutch_look_learn(look, found);
    }
    return found;
}

void hutch_bell_wait_for_bytes(hutch_worker *worker, hutch_look *look) {
    hutch_shared *shared = worker->shared;
    if (find(worker, look, has_work)) {
        return;
    }
    uint32_t seen = atomic_load_explicit(&shared->worker_doorbell, memory_order_acquire);
    hutch_ring_sleep_begin(&shared->worker_awaits_bytes);
    if (!has_work(worker)) {
        hutch_futex_wait_shared(&shared->worker_doorbell, seen);
    }
    hutch_ring_sleep_end(&shared->worker_awaits_bytes);
}

void hutch_bell_wait_for_room(hutch_worker *worker) {
    hutch_shared *shared = worker->shared;
    if (watch(worker, can_write_or_take)) {
        return;
    }
    uint32_t seen = atomic_load_explicit(&shared->worker_doorbell, memory_order_acquire);
    hutch_ring_sleep_begin(&shared->worker_awaits_bytes);
    hutch_ring_sleep_begin(&shared->worker_awaits_room);
    if (!can_write_or_take(worker)) {
        hutch_futex_wait_shared(&shared->worker_doorbell, seen);
    }
    hutch_ring_sleep_end(&shared->worker_awaits_room);
    hutch_ring_sleep_end(&shared->worker_awaits_bytes);
}
