/*
 * Deadlines. First the worker is asked to stop, by a word that its engine looks
 * at; that is enough for nearly everything, and the context lives on. After
 * the grace it is killed.
 *
 * With two exceptions. A worker that has had next to no processor since it was
 * asked, because the machine is busy, could not have stopped: it is given more
 * time, up to a bound. The kernel says whether it has wanted any: one that
 * sleeps, or that somebody has stopped, is not kept waiting by others.
 *
 * And a worker that sleeps because it has nothing to do or waits for the host
 * to read hurts nobody, and killing it would punish it for a host that was
 * busy elsewhere: its answer may have been in the ring for a long time. Its word is not
 * enough (a hostile one may lie): the kernel must say that it sleeps, and at
 * each later look that it has gone on sleeping. Such a worker is marked as
 * overdue; the pool's thread, once it has read the ring, ends the run.
 *
 * The mark is a state and not a notice: it stands until the run has ended, and
 * whoever looks at the worker sees it, however often.
 */
#include "pool/deadline.h"

#include "plat/clock.h"
#include "plat/process.h"
#include "plat/watch.h"

/* Of the grace, the part that a worker must have had the processor for before it is killed. */
#define FAIR_SHARE 4
/* Of the grace, the part that a worker may use between two looks at its sleep: to come to rest. */
#define RESTLESS 10
/* Graces after which it is killed whatever it has had. */
#define PATIENCE 10

uint64_t hutch_deadline_next(const hutch_deadline *deadline) {
    return deadline->ask_at < deadline->kill_at ? deadline->ask_at : deadline->kill_at;
}

void hutch_deadline_ask(hutch_shared *shared, uint32_t run) {
    atomic_store_explicit(&shared->stop_run, run, memory_order_release);
    bool for_bytes = hutch_ring_must_ring(&shared->worker_awaits_bytes);
    bool for_room = hutch_ring_must_ring(&shared->worker_awaits_room);
    if (for_bytes || for_room) {
        hutch_watched_wake(shared);
    }
}

static bool says_it_sleeps(const hutch_shared *shared) {
    return atomic_load_explicit(&shared->worker_awaits_bytes, memory_order_relaxed) != 0 ||
           atomic_load_explicit(&shared->worker_awaits_room, memory_order_relaxed) != 0;
}

/* It is asked now: how much processor time it has had is remembered, so that one which gets none is
 * not killed for that. */
static void note_asked(const hutch_watcher *watcher, hutch_watched *watched,
                       hutch_deadline *deadline, uint64_t now) {
    if (hutch_clock_of_process(hutch_watcher_pid_of(watched), &deadline->asked_ns)) {
        deadline->patience_end = now + PATIENCE * watcher->grace_ns;
    }
}

/* Whether it was asked and has not had its share of the processor since. */
static bool is_starved(const hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    const hutch_deadline *deadline = &watched->deadline;
    uint64_t used = 0;
    return now < deadline->patience_end &&
           hutch_clock_of_process(hutch_watcher_pid_of(watched), &used) &&
           used - deadline->asked_ns < watcher->grace_ns / FAIR_SHARE;
}

static void lose(hutch_watcher *watcher, hutch_watched *watched) {
    hutch_watcher_lose(watcher, watched, HUTCH_END_OVERDUE, 0);
}

/* Whether it has used more processor time since it was marked than one that sleeps. */
static bool is_restless(const hutch_watcher *watcher, const hutch_watched *watched, uint64_t used) {
    return atomic_load_explicit(&watched->is_overdue, memory_order_relaxed) &&
           used - watched->deadline.processor_ns > watcher->grace_ns / RESTLESS;
}

/* It sleeps, and says that it waits for the host. */
static void mark_overdue(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    hutch_deadline *deadline = &watched->deadline;
    uint64_t used = 0;
    if (!hutch_clock_of_process(hutch_watcher_pid_of(watched), &used) ||
        is_restless(watcher, watched, used)) {
        lose(watcher, watched);
        return;
    }
    deadline->processor_ns = used;
    deadline->kill_at = watched->leased ? now + watcher->grace_ns : HUTCH_WATCH_FOREVER;
    if (!atomic_exchange_explicit(&watched->is_overdue, true, memory_order_acq_rel)) {
        hutch_watcher_notify(watcher, watched);
    }
}

/* The grace is over. */
static void judge(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    switch (hutch_process_activity_of(hutch_watcher_pid_of(watched))) {
    case HUTCH_PROCESS_RUNS:
        if (is_starved(watcher, watched, now)) {
            watched->deadline.kill_at = now + watcher->grace_ns / FAIR_SHARE;
            return;
        }
        break;
    case HUTCH_PROCESS_SLEEPS:
        if (says_it_sleeps(watched->shared)) {
            mark_overdue(watcher, watched, now);
            return;
        }
        break;
    case HUTCH_PROCESS_UNKNOWN:
        break;
    }
    lose(watcher, watched);
}

/* The time is over. One that is asked late, because the machine is busy, has its grace all the
 * same. */
static void ask(const hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    hutch_deadline *deadline = &watched->deadline;
    deadline->ask_at = HUTCH_WATCH_FOREVER;
    if (deadline->patience_end == 0 && deadline->kill_at < now + watcher->grace_ns) {
        deadline->kill_at = now + watcher->grace_ns;
    }
    note_asked(watcher, watched, deadline, now);
    hutch_deadline_ask(watched->shared, deadline->run);
}

void hutch_deadline_pass(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    if (now >= watched->deadline.ask_at) {
        ask(watcher, watched, now);
    }
    if (now >= watched->deadline.kill_at) {
        judge(watcher, watched, now);
    }
}

/* The deadline of a worker has changed: the thread must not sleep past it. */
static void plan_for(hutch_watcher *watcher, const hutch_watched *watched) {
    hutch_watcher_pass_by(watcher, hutch_deadline_next(&watched->deadline));
}

void hutch_deadline_set(hutch_watcher *watcher, hutch_watched *watched,
                        const hutch_deadline *deadline) {
    if (watched->end != HUTCH_END_NONE) {
        return;
    }
    watched->deadline = *deadline;
    atomic_store_explicit(&watched->is_overdue, false, memory_order_release);
    plan_for(watcher, watched);
}

void hutch_deadline_expedite(hutch_watcher *watcher, hutch_watched *watched) {
    uint64_t now = hutch_clock_now();
    uint64_t kill_at = now + watcher->grace_ns;
    hutch_watcher_lock(watcher);
    if (watched->end == HUTCH_END_NONE) {
        hutch_deadline *deadline = &watched->deadline;
        note_asked(watcher, watched, deadline, now);
        deadline->kill_at = kill_at < deadline->kill_at ? kill_at : deadline->kill_at;
        plan_for(watcher, watched);
    }
    hutch_watcher_unlock(watcher);
}

static bool reprieve(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    hutch_deadline *deadline = &watched->deadline;
    if (watched->end != HUTCH_END_NONE || deadline->reprieves >= PATIENCE) {
        return false;
    }
    deadline->reprieves++;
    deadline->kill_at = now + watcher->grace_ns;
    atomic_store_explicit(&watched->is_overdue, false, memory_order_release);
    plan_for(watcher, watched);
    return true;
}

bool hutch_deadline_reprieve(hutch_watcher *watcher, hutch_watched *watched) {
    uint64_t now = hutch_clock_now();
    hutch_watcher_lock(watcher);
    bool granted = reprieve(watcher, watched, now);
    hutch_watcher_unlock(watcher);
    return granted;
}
