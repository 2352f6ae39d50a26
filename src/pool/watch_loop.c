/*
 * The watcher's thread. It sleeps in the watch (epoll), and between two sleeps
 * it holds the mutex.
 *
 * In the steady state nobody rings the bell: deadlines come and go while the
 * thread sleeps until one that was set long ago, finds nothing to do then, and
 * plans anew.
 */
#include "plat/clock.h"
#include "plat/descriptor.h"
#include "plat/doorbell.h"
#include "plat/error_text.h"
#include "plat/thread.h"
#include "pool/deadline.h"
#include "pool/usage.h"
#include "pool/watcher.h"
#include "pool/zygote.h"

/* Not a number of a worker or a zygote (watcher.h). */
#define TOKEN_BELL (UINT64_C(1) << 33)

enum {
    BATCH = 64,
    /* `wake` runs on it; the sanitizers and a host's own runtime want more than our few frames. */
    STACK_SIZE = 256 * 1024,
    /* An honest worker rings once for each time that it was asked to. */
    RINGS_TO_SPARE = 64,
};

/* Does what is due, and finds out when something is due next. */
static void pass_deadlines(hutch_watcher *watcher) {
    uint64_t now = hutch_clock_now();
    if (now < watcher->earliest) {
        return;
    }
    uint64_t earliest = HUTCH_WATCH_FOREVER;
    for (size_t i = 0; i < watcher->roster.capacity; i++) {
        hutch_watched *watched = watcher->roster.places[i];
        if (watched == NULL) {
            continue;
        }
        hutch_deadline_pass(watcher, watched, now);
        uint64_t next = hutch_deadline_next(&watched->deadline);
        earliest = next < earliest ? next : earliest;
    }
    watcher->earliest = earliest;
}

static void pass_usage(hutch_watcher *watcher) {
    if (watcher->look_at != HUTCH_WATCH_FOREVER) {
        hutch_usage_pass(watcher, hutch_clock_now());
    }
}

/* A worker has rung. It is told on; but it cannot keep this thread busy by ringing for ever. */
static void take_ring(hutch_watcher *watcher, uint32_t id) {
    hutch_watched *watched = hutch_roster_find(&watcher->roster, id);
    if (watched == NULL || watched->end != HUTCH_END_NONE) {
        return;
    }
    watched->rings++;
    uint64_t asked = atomic_load_explicit(&watched->calls_for_ring, memory_order_relaxed);
    if (watched->rings > asked + RINGS_TO_SPARE) {
        hutch_watcher_lose(watcher, watched, HUTCH_END_FLOOD, 0);
    } else {
        hutch_watcher_notify(watcher, watched);
    }
}

static void take_token(hutch_watcher *watcher, uint64_t token) {
    if ((token & HUTCH_TOKEN_ZYGOTE_BIT) != 0) {
        hutch_zygote_listen(watcher, (uint32_t)token);
    } else if (token != TOKEN_BELL && (token & HUTCH_TOKEN_DYING_BIT) == 0) {
        take_ring(watcher, (uint32_t)token);
    }
}

/* Calls `wake` if that is due, without the mutex. */
static void wake_host(hutch_watcher *watcher) {
    if (watcher->is_wake_due) {
        watcher->is_wake_due = false;
        hutch_watcher_unlock(watcher);
        watcher->wake(watcher->wake_user);
        hutch_watcher_lock(watcher);
    }
}

/* Starts a zygote if the pool's thread waits for that; and does its chores. */
static void keep(hutch_watcher *watcher) {
    if (hutch_zygote_bury_by(watcher) != HUTCH_WATCH_FOREVER) {
        hutch_zygote_bury(watcher, hutch_clock_now());
    }
    if (watcher->zygote.program >= 0) {
        hutch_zygote_begin(watcher);
    }
    if (watcher->keep_at == HUTCH_WATCH_FOREVER) {
        return;
    }
    uint64_t now = hutch_clock_now();
    if (now >= watcher->keep_at) {
        watcher->keep_at = HUTCH_WATCH_FOREVER;
        watcher->housekeep(watcher->housekeeper, now);
    }
}

uint64_t hutch_watcher_turn(hutch_watcher *watcher) {
    pass_deadlines(watcher);
    pass_usage(watcher);
    hutch_watcher_pass_queue(watcher);
    wake_host(watcher);
    keep(watcher);
    uint64_t due = watcher->keep_at < watcher->earliest ? watcher->keep_at : watcher->earliest;
    due = watcher->look_at < due ? watcher->look_at : due;
    due = watcher->queue_at < due ? watcher->queue_at : due;
    uint64_t burial = hutch_zygote_bury_by(watcher);
    due = burial < due ? burial : due;
    watcher->sleeps_until = watcher->is_wake_due || watcher->is_stopping ? 0 : due;
    return watcher->sleeps_until;
}

void hutch_watcher_take(hutch_watcher *watcher, const uint64_t *tokens, size_t count) {
    watcher->sleeps_until = 0;
    for (size_t i = 0; i < count; i++) {
        take_token(watcher, tokens[i]);
    }
}

static void kill_all(hutch_watcher *watcher) {
    for (size_t i = 0; i < watcher->roster.capacity; i++) {
        if (watcher->roster.places[i] != NULL) {
            hutch_watcher_abandon(watcher, watcher->roster.places[i], true);
        }
    }
}

static void *watch_main(void *argument) {
    hutch_watcher *watcher = argument;
    uint64_t tokens[BATCH];
    hutch_watcher_lock(watcher);
    while (!watcher->is_stopping) {
        uint64_t until = hutch_watcher_turn(watcher);
        hutch_watcher_unlock(watcher);
        size_t count = hutch_watch_wait(watcher->watch, until, tokens, BATCH);
        hutch_watcher_lock(watcher);
        hutch_watcher_take(watcher, tokens, count);
    }
    /* The workers first: so the zygote has only to reap them. */
    kill_all(watcher);
    hutch_watcher_unlock(watcher);
    hutch_zygote_end(watcher);
    return NULL;
}

hutch_status hutch_watcher_start(hutch_watcher *watcher, hutch_error *error) {
    if (watcher->is_started) {
        return HUTCH_OK;
    }
    int failure = hutch_watch_new(&watcher->watch);
    if (failure == 0) {
        failure = hutch_doorbell_new(&watcher->bell);
    }
    if (failure == 0) {
        failure = hutch_watch_add_doorbell(watcher->watch, watcher->bell, TOKEN_BELL);
    }
    if (failure == 0) {
        failure =
            hutch_thread_start(&watcher->thread, "hutch-watcher", STACK_SIZE, watch_main, watcher);
    }
    if (failure != 0) {
        hutch_descriptor_close(&watcher->bell);
        hutch_descriptor_close(&watcher->watch);
        return hutch_error_set_system(error, failure, "cannot start the pool's watcher thread");
    }
    watcher->is_started = true;
    return HUTCH_OK;
}

void hutch_watcher_stop(hutch_watcher *watcher) {
    if (!watcher->is_started) {
        return;
    }
    hutch_watcher_lock(watcher);
    watcher->is_stopping = true;
    hutch_watcher_unlock(watcher);
    hutch_watcher_ring(watcher);
    (void)pthread_join(watcher->thread, NULL);
    watcher->is_started = false;
}
