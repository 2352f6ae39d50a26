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
#include "worker/runner.h"

/* How long a look lasts: about what being put to sleep and woken costs. */
#define LOOK_NS UINT64_C(20000)
/* Pauses between two glances at the clock. */
#define PAUSES_A_GLANCE 8

void hutch_bell_ring_for_bytes(hutch_runner *runner) {
    if (hutch_ring_must_ring(&runner->shared->pool_awaits_bytes)) {
        hutch_doorbell_ring(runner->doorbell);
    }
}

void hutch_bell_ring_for_room(hutch_runner *runner) {
    if (hutch_ring_must_ring(&runner->shared->pool_awaits_room)) {
        hutch_doorbell_ring(runner->doorbell);
    }
}

bool hutch_bell_has_bytes(const hutch_runner *runner) {
    size_t bytes;
    return hutch_ring_readable(&runner->ring_in, &bytes) != HUTCH_RING_SOUND || bytes > 0;
}

static bool has_room(const hutch_runner *runner) {
    size_t bytes;
    return hutch_ring_writable(&runner->ring_out, &bytes) != HUTCH_RING_SOUND || bytes > 0;
}

static bool shall_stop(const hutch_runner *runner) {
    return runner->state == HUTCH_RUNNER_RUNNING &&
           atomic_load_explicit(&runner->shared->stop_run, memory_order_acquire) == runner->run;
}

static bool has_work(const hutch_runner *runner) {
    return hutch_bell_has_bytes(runner) || shall_stop(runner);
}

static bool can_write_or_take(const hutch_runner *runner) {
    return has_room(runner) || (!runner->closing && hutch_bell_has_bytes(runner));
}

/* Watches for LOOK_NS whether it comes true. */
static bool watch(const hutch_runner *runner, bool (*is_true)(const hutch_runner *)) {
    uint64_t end = hutch_clock_now() + LOOK_NS;
    do {
        for (int i = 0; i < PAUSES_A_GLANCE; i++) {
            if (is_true(runner)) {
                return true;
            }
            hutch_spin_pause();
        }
    } while (hutch_clock_now() < end);
    return is_true(runner);
}

/* Looks, where that pays. */
static bool find(const hutch_runner *runner, hutch_spin *spin,
                 bool (*is_true)(const hutch_runner *)) {
    bool found = is_true(runner);
    if (!found && hutch_spin_is_due(spin)) {
        found = watch(runner, is_true);
        hutch_spin_learn(spin, found);
    }
    return found;
}

/* What is left until then; 0 when it is over. */
static uint64_t time_until(uint64_t until_ns) {
    if (until_ns == UINT64_MAX) {
        return UINT64_MAX;
    }
    uint64_t now = hutch_clock_now();
    return until_ns > now ? until_ns - now : 0;
}

void hutch_bell_wait_for_bytes(hutch_runner *runner, hutch_spin *spin, uint64_t until_ns) {
    hutch_shared *shared = runner->shared;
    if (find(runner, spin, has_work)) {
        return;
    }
    uint32_t seen = atomic_load_explicit(&shared->worker_doorbell, memory_order_acquire);
    hutch_ring_sleep_begin(&shared->worker_awaits_bytes);
    uint64_t left = time_until(until_ns);
    if (!has_work(runner) && left > 0) {
        hutch_futex_wait_shared(&shared->worker_doorbell, seen, left);
    }
    hutch_ring_sleep_end(&shared->worker_awaits_bytes);
}

void hutch_bell_wait_for_room(hutch_runner *runner) {
    hutch_shared *shared = runner->shared;
    if (watch(runner, can_write_or_take)) {
        return;
    }
    uint32_t seen = atomic_load_explicit(&shared->worker_doorbell, memory_order_acquire);
    hutch_ring_sleep_begin(&shared->worker_awaits_bytes);
    hutch_ring_sleep_begin(&shared->worker_awaits_room);
    if (!can_write_or_take(runner)) {
        hutch_futex_wait_shared(&shared->worker_doorbell, seen, UINT64_MAX);
    }
    hutch_ring_sleep_end(&shared->worker_awaits_room);
    hutch_ring_sleep_end(&shared->worker_awaits_bytes);
}
