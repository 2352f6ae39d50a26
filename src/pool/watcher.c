/*
 * What the pool's thread and the watcher do to each other's workers, under the
 * mutex. The thread itself is in watch_loop.c.
 *
 * Invariants, under the mutex: no deadline of a worker in the roster is before
 * `earliest`; while the thread sleeps, `sleeps_until` is what it sleeps until,
 * and whoever sets an earlier deadline rings the bell; a worker is in `ready`
 * only while it is leased, in `chores` only while it is not.
 */
#include "pool/watcher.h"

#include "base/error.h"
#include "plat/clock.h"
#include "plat/descriptor.h"
#include "plat/doorbell.h"
#include "plat/error_text.h"
#include "plat/thread.h"

void hutch_watcher_ring(const hutch_watcher *watcher) {
    if (watcher->bell >= 0) {
        hutch_doorbell_ring(watcher->bell);
    }
}

static void signal_if_asked(const hutch_watcher *watcher) {
    if (watcher->signal >= 0) {
        hutch_doorbell_ring(watcher->signal);
    }
}

/* A poll has something to do. With the mutex. */
static void rouse(hutch_watcher *watcher) {
    if (!watcher->is_woken) {
        watcher->is_woken = true;
        watcher->is_wake_due = watcher->wake != NULL;
        signal_if_asked(watcher);
    }
    if (watcher->awaits_any) {
        (void)pthread_cond_signal(&watcher->news);
    }
}

void hutch_watcher_notify(hutch_watcher *watcher, hutch_watched *watched) {
    watched->has_news = true;
    if (watched == watcher->awaited) {
        (void)pthread_cond_signal(&watcher->news);
        return;
    }
    if (watcher->awaited != NULL && watcher->awaited->waits_for_others) {
        watcher->awaited->has_news = true;
        (void)pthread_cond_signal(&watcher->news);
    }
    if (!hutch_link_is_in_list(&watched->notified)) {
        hutch_list_append(watched->leased ? &watcher->ready : &watcher->chores, &watched->notified);
    }
    if (!watched->leased) {
        atomic_store_explicit(&watcher->has_chores, true, memory_order_relaxed);
    }
    rouse(watcher);
}

void hutch_watcher_rouse(hutch_watcher *watcher) {
    hutch_watcher_lock(watcher);
    rouse(watcher);
    bool must_ring = watcher->is_wake_due;
    hutch_watcher_unlock(watcher);
    if (must_ring) {
        /* It is the watcher who calls `wake`. */
        hutch_watcher_ring(watcher);
    }
}

void hutch_watcher_pass_queue(hutch_watcher *watcher) {
    if (watcher->queue_at != HUTCH_WATCH_FOREVER && hutch_clock_now() >= watcher->queue_at) {
        watcher->queue_at = HUTCH_WATCH_FOREVER;
        watcher->is_queue_due = true;
        rouse(watcher);
        (void)pthread_cond_signal(&watcher->news);
    }
}

/* Kills the process, if it is there, and counts it. One that is still on its way is killed when it
   arrives (zygote.c). */
static void kill_process(hutch_watcher *watcher, const hutch_watched *watched, hutch_end end) {
    bool by_pool = end == HUTCH_END_OVERDUE || end == HUTCH_END_FLOOD || end == HUTCH_END_GARBLED ||
                   end == HUTCH_END_MEMORY || end == HUTCH_END_PROCESSOR_TIME;
    if (end == HUTCH_END_EXITED) {
        watcher->tally.died++;
    } else if (watched->process >= 0) {
        watcher->tally.killed += by_pool ? 1 : 0;
        watcher->tally.died += by_pool ? 0 : 1;
        hutch_process_kill(watched->process);
    }
}

void hutch_watcher_lose(hutch_watcher *watcher, hutch_watched *watched, hutch_end end,
                        int64_t value) {
    if (watched->end != HUTCH_END_NONE) {
        return;
    }
    watched->end = end;
    watched->end_value = value;
    watched->deadline = HUTCH_DEADLINE_NONE;
    kill_process(watcher, watched, end);
    atomic_store_explicit(&watched->is_alive, false, memory_order_release);
    atomic_store_explicit(&watched->is_lost, true, memory_order_release);
    hutch_watcher_notify(watcher, watched);
}

void hutch_watcher_abandon(hutch_watcher *watcher, hutch_watched *watched, bool at_once) {
    if (watched->end == HUTCH_END_NONE) {
        watched->end = HUTCH_END_UNWANTED;
        watched->deadline = HUTCH_DEADLINE_NONE;
        /* One whose process is still on its way is counted when it arrives. */
        watcher->tally.killed += watched->process >= 0 ? 1 : 0;
    }
    if (at_once && watched->process >= 0) {
        hutch_process_kill(watched->process);
    }
    hutch_link_remove(&watched->notified);
    hutch_link_remove(&watched->waiting);
}

int64_t hutch_watcher_pid_of(hutch_watched *watched) {
    if (watched->pid == 0 && watched->process >= 0) {
        watched->pid = hutch_process_number(watched->process);
    }
    return watched->pid;
}

/* Whether the thread sleeps past a point in time and must be rung. Says so once. */
static bool sleeps_past(hutch_watcher *watcher, uint64_t at) {
    bool too_long = at < watcher->sleeps_until;
    watcher->sleeps_until = too_long ? 0 : watcher->sleeps_until;
    return too_long;
}

bool hutch_watcher_keep_by(hutch_watcher *watcher, uint64_t at) {
    if (at >= watcher->keep_at) {
        return false;
    }
    watcher->keep_at = at;
    return sleeps_past(watcher, at);
}

bool hutch_watcher_keep_later(hutch_watcher *watcher, uint64_t now, uint64_t at) {
    if (watcher->keep_at <= now) {
        return false;
    }
    watcher->keep_at = at;
    return sleeps_past(watcher, at);
}

void hutch_watcher_look_by(hutch_watcher *watcher, uint64_t at) {
    if (at < watcher->look_at) {
        watcher->look_at = at;
        if (sleeps_past(watcher, at)) {
            hutch_watcher_ring(watcher);
        }
    }
}

void hutch_watcher_pass_by(hutch_watcher *watcher, uint64_t at) {
    if (at < watcher->earliest) {
        watcher->earliest = at;
        if (sleeps_past(watcher, at)) {
            hutch_watcher_ring(watcher);
        }
    }
}

void hutch_watcher_remind(hutch_watcher *watcher, hutch_watched *watched) {
    hutch_watcher_lock(watcher);
    if (watched->end != HUTCH_END_NONE ||
        atomic_load_explicit(&watched->is_overdue, memory_order_relaxed)) {
        hutch_watcher_notify(watcher, watched);
    }
    bool must_ring = watcher->is_wake_due;
    hutch_watcher_unlock(watcher);
    if (must_ring) {
        /* It is the watcher who calls `wake`. */
        hutch_watcher_ring(watcher);
    }
}

hutch_status hutch_watcher_init(hutch_watcher *watcher, uint64_t grace_ns, void (*wake)(void *),
                                void *wake_user, hutch_error *error) {
    *watcher =
        (hutch_watcher){.watch = -1,
                        .bell = -1,
                        .signal = -1,
                        .grace_ns = grace_ns,
                        .wake = wake,
                        .wake_user = wake_user,
                        .earliest = HUTCH_WATCH_FOREVER,
                        .keep_at = HUTCH_WATCH_FOREVER,
                        .look_at = HUTCH_WATCH_FOREVER,
                        .queue_at = HUTCH_WATCH_FOREVER,
                        .zygote = {.socket = -1, .program = -1, .dying.process.descriptor = -1}};
    hutch_list_init(&watcher->ready);
    hutch_list_init(&watcher->chores);
    hutch_list_init(&watcher->zygote.queue);
    int failure = pthread_mutex_init(&watcher->mutex, NULL);
    if (failure != 0) {
        return hutch_error_set_system(error, failure, "cannot make a mutex");
    }
    failure = hutch_thread_condition_init(&watcher->news);
    if (failure != 0) {
        (void)pthread_mutex_destroy(&watcher->mutex);
        return hutch_error_set_system(error, failure, "cannot make a condition variable");
    }
    return HUTCH_OK;
}

void hutch_watcher_free(hutch_watcher *watcher) {
    hutch_descriptor_close(&watcher->signal);
    hutch_descriptor_close(&watcher->bell);
    hutch_descriptor_close(&watcher->watch);
    hutch_roster_free(&watcher->roster);
    (void)pthread_cond_destroy(&watcher->news);
    (void)pthread_mutex_destroy(&watcher->mutex);
}

hutch_status hutch_watcher_add(hutch_watcher *watcher, hutch_watched *watched, hutch_error *error) {
    hutch_watcher_lock(watcher);
    bool entered = hutch_roster_add(&watcher->roster, watched);
    hutch_watcher_unlock(watcher);
    if (!entered) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for another worker");
    }
    int failure = hutch_watch_add_doorbell(watcher->watch, watched->doorbell, watched->id);
    if (failure != 0) {
        hutch_watcher_lock(watcher);
        hutch_roster_remove(&watcher->roster, watched);
        hutch_watcher_unlock(watcher);
        return hutch_error_set_system(error, failure, "cannot watch a worker");
    }
    return HUTCH_OK;
}

void hutch_watcher_remove(hutch_watcher *watcher, hutch_watched *watched) {
    hutch_watch_remove(watcher->watch, watched->doorbell);
    hutch_watcher_lock(watcher);
    hutch_roster_remove(&watcher->roster, watched);
    hutch_link_remove(&watched->notified);
    hutch_link_remove(&watched->waiting);
    if (watched->process >= 0) {
        hutch_process_kill(watched->process);
    }
    hutch_descriptor_close(&watched->process);
    hutch_descriptor_close(&watched->memory);
    hutch_watcher_unlock(watcher);
}

static struct timespec time_of(uint64_t ns) {
    return (struct timespec){.tv_sec = (time_t)(ns / HUTCH_NS_PER_S),
                             .tv_nsec = (long)(ns % HUTCH_NS_PER_S)};
}

void hutch_watcher_call_for_queue(hutch_watcher *watcher, uint64_t at) {
    hutch_watcher_lock(watcher);
    watcher->queue_at = at;
    watcher->is_queue_due = false;
    bool must_ring = sleeps_past(watcher, at);
    hutch_watcher_unlock(watcher);
    if (must_ring) {
        hutch_watcher_ring(watcher);
    }
}

bool hutch_watcher_await(hutch_watcher *watcher, hutch_watched *watched, uint64_t until_ns,
                         bool *is_queue_due) {
    struct timespec until = time_of(until_ns);
    int result = 0;
    hutch_watcher_lock(watcher);
    watcher->awaited = watched;
    while (!watched->has_news && !watcher->is_queue_due && result == 0) {
        result = pthread_cond_timedwait(&watcher->news, &watcher->mutex, &until);
    }
    watcher->awaited = NULL;
    bool has_news = watched->has_news;
    watched->has_news = false;
    *is_queue_due = watcher->is_queue_due;
    hutch_watcher_unlock(watcher);
    return has_news;
}

void hutch_watcher_await_queue(hutch_watcher *watcher, uint64_t until_ns) {
    struct timespec until = time_of(until_ns);
    int result = 0;
    hutch_watcher_lock(watcher);
    watcher->awaits_any = true;
    while (!watcher->is_queue_due && hutch_list_is_empty(&watcher->chores) && result == 0) {
        result = pthread_cond_timedwait(&watcher->news, &watcher->mutex, &until);
    }
    watcher->awaits_any = false;
    hutch_watcher_unlock(watcher);
}

void hutch_watcher_await_any(hutch_watcher *watcher, uint64_t until_ns) {
    struct timespec until = time_of(until_ns);
    int result = 0;
    hutch_watcher_lock(watcher);
    watcher->awaits_any = true;
    while (!watcher->is_woken && result == 0) {
        result = pthread_cond_timedwait(&watcher->news, &watcher->mutex, &until);
    }
    watcher->awaits_any = false;
    hutch_watcher_unlock(watcher);
}

int hutch_watcher_open_signal(hutch_watcher *watcher) {
    int failure = 0;
    hutch_watcher_lock(watcher);
    if (watcher->signal < 0) {
        failure = hutch_doorbell_new(&watcher->signal);
        if (watcher->is_woken) {
            signal_if_asked(watcher);
        }
    }
    hutch_watcher_unlock(watcher);
    return failure;
}

void hutch_watcher_rearm(hutch_watcher *watcher) {
    hutch_watcher_lock(watcher);
    bool was_woken = watcher->is_woken;
    watcher->is_woken = watcher->is_queue_due || !hutch_list_is_empty(&watcher->ready) ||
                        !hutch_list_is_empty(&watcher->chores);
    if (was_woken && !watcher->is_woken && watcher->signal >= 0) {
        hutch_doorbell_clear(watcher->signal);
    } else if (!was_woken && watcher->is_woken) {
        signal_if_asked(watcher);
    }
    bool is_wake_due = watcher->is_woken && watcher->wake != NULL;
    watcher->is_wake_due |= is_wake_due;
    hutch_watcher_unlock(watcher);
    if (is_wake_due) {
        hutch_watcher_ring(watcher);
    }
}
