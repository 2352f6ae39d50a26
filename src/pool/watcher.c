/*
 * The watcher. Owns the watch (epoll), the bell, the thread and the mutex;
 * borrows the workers.
 *
 * Invariants, under the mutex: no deadline of a worker in the roster is before
 * `earliest`; while the thread sleeps, `sleeps_until` is what it sleeps until,
 * and whoever sets an earlier deadline rings the bell; a worker is in `ready`
 * only while it is leased, in `chores` only while it is not.
 *
 * In the steady state nobody rings the bell: deadlines come and go while the
 * thread sleeps until one that was set long ago, finds nothing to do then, and
 * plans anew.
 */
#include "pool/watcher.h"

#include "base/error.h"
#include "plat/clock.h"
#include "plat/doorbell.h"
#include "plat/error_text.h"
#include "pool/deadline.h"
#include "pool/zygote.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* Tokens: a worker's id; with the bit above it, the generation of a zygote; or the bell. */
#define TOKEN_ZYGOTE_BIT (UINT64_C(1) << 32)
#define TOKEN_BELL (UINT64_C(1) << 33)

enum {
    BATCH = 64,
    /* `wake` runs on it; the sanitizers and a host's own runtime want more than our few frames. */
    STACK_SIZE = 256 * 1024,
    /* An honest worker rings once for each time that it was asked to. */
    RINGS_TO_SPARE = 64,
};

static hutch_status refuse(hutch_error *error, int failure, const char *what) {
    return hutch_error_set(error, HUTCH_UNAVAILABLE, failure, "%s: %s (%s)", what,
                           hutch_error_text(failure), hutch_error_constant(failure));
}

void hutch_watcher_ring(const hutch_watcher *watcher) {
    if (watcher->bell >= 0) {
        hutch_doorbell_ring(watcher->bell);
    }
}

void hutch_watcher_tell(hutch_watcher *watcher, hutch_watched *watched) {
    watched->has_news = true;
    if (watched == watcher->awaited) {
        (void)pthread_cond_signal(&watcher->news);
        return;
    }
    if (!hutch_link_is_in_list(&watched->told)) {
        hutch_list_append(watched->leased ? &watcher->ready : &watcher->chores, &watched->told);
    }
    if (!watched->leased) {
        atomic_store_explicit(&watcher->has_chores, true, memory_order_relaxed);
    }
    if (!watcher->is_woken) {
        watcher->is_woken = true;
        watcher->is_wake_due = watcher->wake != NULL;
    }
}

/* Kills the process, if it is there, and counts it. One that is still on its way is killed when it
   arrives (zygote.c). */
static void kill_process(hutch_watcher *watcher, const hutch_watched *watched, hutch_end end) {
    bool by_pool = end == HUTCH_END_OVERDUE || end == HUTCH_END_FLOOD || end == HUTCH_END_GARBLED;
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
    hutch_watcher_tell(watcher, watched);
}

void hutch_watcher_set_deadline(hutch_watcher *watcher, hutch_watched *watched,
                                const hutch_deadline *deadline) {
    if (watched->end != HUTCH_END_NONE) {
        return;
    }
    watched->deadline = *deadline;
    atomic_store_explicit(&watched->is_overdue, false, memory_order_release);
    uint64_t next = hutch_deadline_next(deadline);
    if (next < watcher->earliest) {
        watcher->earliest = next;
        if (next < watcher->sleeps_until) {
            hutch_watcher_ring(watcher);
        }
    }
}

void hutch_watcher_hasten(hutch_watcher *watcher, hutch_watched *watched) {
    uint64_t kill_at = hutch_clock_now() + watcher->grace_ns;
    hutch_watcher_lock(watcher);
    hutch_deadline deadline = watched->deadline;
    deadline.kill_at = kill_at < deadline.kill_at ? kill_at : deadline.kill_at;
    hutch_watcher_set_deadline(watcher, watched, &deadline);
    hutch_watcher_unlock(watcher);
}

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
        hutch_watcher_tell(watcher, watched);
    }
}

static void take_token(hutch_watcher *watcher, uint64_t token) {
    if ((token & TOKEN_ZYGOTE_BIT) != 0) {
        hutch_zygote_listen(watcher, (uint32_t)token);
    } else if (token != TOKEN_BELL) {
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

static size_t sleep_until_token(hutch_watcher *watcher, uint64_t *tokens) {
    uint64_t until = watcher->is_wake_due || watcher->is_stopping ? 0 : watcher->earliest;
    watcher->sleeps_until = until;
    hutch_watcher_unlock(watcher);
    size_t count = hutch_watch_wait(watcher->watch, until, tokens, BATCH);
    hutch_watcher_lock(watcher);
    watcher->sleeps_until = 0;
    return count;
}

static void *watch_main(void *argument) {
    hutch_watcher *watcher = argument;
    uint64_t tokens[BATCH];
    hutch_watcher_lock(watcher);
    while (!watcher->is_stopping) {
        pass_deadlines(watcher);
        wake_host(watcher);
        size_t count = sleep_until_token(watcher, tokens);
        for (size_t i = 0; i < count; i++) {
            take_token(watcher, tokens[i]);
        }
    }
    hutch_watcher_unlock(watcher);
    return NULL;
}

static int init_news(pthread_cond_t *news) {
    pthread_condattr_t attributes;
    int failure = pthread_condattr_init(&attributes);
    if (failure != 0) {
        return failure;
    }
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    failure = pthread_cond_init(news, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return failure;
}

hutch_status hutch_watcher_init(hutch_watcher *watcher, uint64_t grace_ns, void (*wake)(void *),
                                void *wake_user, hutch_error *error) {
    *watcher = (hutch_watcher){.watch = -1,
                               .bell = -1,
                               .grace_ns = grace_ns,
                               .wake = wake,
                               .wake_user = wake_user,
                               .earliest = HUTCH_WATCH_FOREVER,
                               .zygote = {.socket = -1}};
    hutch_list_init(&watcher->ready);
    hutch_list_init(&watcher->chores);
    hutch_list_init(&watcher->zygote.queue);
    int failure = pthread_mutex_init(&watcher->mutex, NULL);
    if (failure != 0) {
        return refuse(error, failure, "cannot make a mutex");
    }
    failure = init_news(&watcher->news);
    if (failure != 0) {
        (void)pthread_mutex_destroy(&watcher->mutex);
        return refuse(error, failure, "cannot make a condition variable");
    }
    return HUTCH_OK;
}

/* The thread takes no signals: they are the host's business. */
static int start_thread(hutch_watcher *watcher) {
    pthread_attr_t attributes;
    sigset_t all;
    sigset_t before;
    int failure = pthread_attr_init(&attributes);
    if (failure != 0) {
        return failure;
    }
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    failure = pthread_create(&watcher->thread, &attributes, watch_main, watcher);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    if (failure == 0) {
        (void)pthread_setname_np(watcher->thread, "hutch-watcher");
    }
    return failure;
}

static void close_both(hutch_watcher *watcher) {
    if (watcher->bell >= 0) {
        (void)close(watcher->bell);
        watcher->bell = -1;
    }
    if (watcher->watch >= 0) {
        (void)close(watcher->watch);
        watcher->watch = -1;
    }
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
        failure = start_thread(watcher);
    }
    if (failure != 0) {
        close_both(watcher);
        return refuse(error, failure, "cannot start the pool's watcher thread");
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

void hutch_watcher_free(hutch_watcher *watcher) {
    close_both(watcher);
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
        return refuse(error, failure, "cannot watch a worker");
    }
    return HUTCH_OK;
}

void hutch_watcher_remove(hutch_watcher *watcher, hutch_watched *watched) {
    hutch_watch_remove(watcher->watch, watched->doorbell);
    hutch_watcher_lock(watcher);
    hutch_roster_remove(&watcher->roster, watched);
    hutch_link_remove(&watched->told);
    hutch_link_remove(&watched->waiting);
    if (watched->process >= 0) {
        if (watched->end == HUTCH_END_NONE) {
            watcher->tally.killed++;
            hutch_process_kill(watched->process);
        }
        (void)close(watched->process);
        watched->process = -1;
    }
    if (watched->memory >= 0) {
        (void)close(watched->memory);
        watched->memory = -1;
    }
    hutch_watcher_unlock(watcher);
}

bool hutch_watcher_await(hutch_watcher *watcher, hutch_watched *watched, uint64_t until_ns) {
    struct timespec until = {.tv_sec = (time_t)(until_ns / HUTCH_NS_PER_S),
                             .tv_nsec = (long)(until_ns % HUTCH_NS_PER_S)};
    int result = 0;
    hutch_watcher_lock(watcher);
    watcher->awaited = watched;
    while (!watched->has_news && result == 0) {
        result = pthread_cond_timedwait(&watcher->news, &watcher->mutex, &until);
    }
    watcher->awaited = NULL;
    bool has_news = watched->has_news;
    watched->has_news = false;
    hutch_watcher_unlock(watcher);
    return has_news;
}
