/*
 * Deadlines. First the worker is asked to stop, by a word that its engine looks
 * at; that is enough for nearly everything, and the context lives on. After
 * the grace it is killed.
 *
 * With two exceptions. A worker that has had next to no processor since it was
 * asked, because the machine is busy, could not have stopped: it is given more
 * time. Up to a bound, since one that somebody has frozen would wait for ever.
 *
 * And a worker that sleeps, because it has nothing to do or waits for the host
 * to read, hurts nobody, and killing it would punish it for a host that was
 * busy elsewhere: its answer may lie in the ring since long. Its word is not
 * enough (a hostile one may lie), so the kernel is asked: it sleeps if it says
 * so twice and has used next to no processor time in between. Such a worker is
 * marked as overdue, and looked at again and again; the pool's thread, once it
 * has read the ring, ends the run.
 */
#include "pool/deadline.h"

#include "plat/clock.h"
#include "plat/watch.h"
#include "pool/bell.h"

/* Between the two looks at a worker that says it sleeps, and what it may use of them: to come to
 * rest after it has been asked. */
#define SECOND_LOOK_NS (10 * HUTCH_NS_PER_MS)
#define RESTLESS_NS (SECOND_LOOK_NS / 10)

/* Of the grace, the part that a worker must have had the processor for before it is killed. */
#define FAIR_SHARE 4
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
        hutch_bell_ring_worker(shared);
    }
}

static bool says_it_sleeps(const hutch_shared *shared) {
    return atomic_load_explicit(&shared->worker_awaits_bytes, memory_order_relaxed) != 0 ||
           atomic_load_explicit(&shared->worker_awaits_room, memory_order_relaxed) != 0;
}

/* The second look has shown that it sleeps. */
static void mark_overdue(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    hutch_deadline *deadline = &watched->deadline;
    deadline->suspected_asleep = false;
    deadline->kill_at = watched->leased ? now + watcher->grace_ns : HUTCH_WATCH_FOREVER;
    if (!atomic_exchange_explicit(&watched->is_overdue, true, memory_order_acq_rel)) {
        hutch_watcher_tell(watcher, watched);
    }
}

void hutch_deadline_note_asked(const hutch_watcher *watcher, hutch_watched *watched,
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

static void kill_unless_asleep(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    hutch_deadline *deadline = &watched->deadline;
    uint64_t used = 0;
    if (!says_it_sleeps(watched->shared) ||
        !hutch_clock_of_process(hutch_watcher_pid_of(watched), &used) ||
        (deadline->suspected_asleep && used - deadline->processor_ns > RESTLESS_NS)) {
        *deadline = HUTCH_DEADLINE_NONE;
        hutch_watcher_lose(watcher, watched, HUTCH_END_OVERDUE, 0);
    } else if (deadline->suspected_asleep) {
        mark_overdue(watcher, watched, now);
    } else {
        deadline->suspected_asleep = true;
        deadline->processor_ns = used;
        deadline->kill_at = now + SECOND_LOOK_NS;
    }
}

void hutch_deadline_pass(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    hutch_deadline *deadline = &watched->deadline;
    if (now >= deadline->ask_at) {
        deadline->ask_at = HUTCH_WATCH_FOREVER;
        hutch_deadline_note_asked(watcher, watched, deadline, now);
        hutch_deadline_ask(watched->shared, deadline->run);
    }
    if (now >= deadline->kill_at) {
        if (!says_it_sleeps(watched->shared) && is_starved(watcher, watched, now)) {
            deadline->kill_at = now + watcher->grace_ns / FAIR_SHARE;
        } else {
            kill_unless_asleep(watcher, watched, now);
        }
    }
}
