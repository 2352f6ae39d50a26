/*
 * Pools that are being closed; see closing.h. Each has a thread, which owns the
 * pool, and nobody else knows it any more; the waker stays until no thread can
 * ring it. Threads are joined, never left alone: a runtime may unload this code
 * when an environment ends.
 */
#include "closing.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* Milliseconds. */
enum { MOMENT = 20 };

struct hutch_closing {
    hutch_closing *next;
    hutch_pool *pool;
    hutch_waker *waker;
    pthread_t thread;
};

static void *close_main(void *argument) {
    hutch_closing *closing = argument;
    hutch_pool_free(closing->pool);
    return NULL;
}

/* Without signals: they are the host's business. @return false: there is no such thread */
static bool start(hutch_closing *closing) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&closing->thread, NULL, close_main, closing);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure == 0;
}

static void forget(hutch_closing *closing) {
    hutch_waker_free(closing->waker);
    free(closing);
}

static bool ends_soon(const hutch_closing *closing) {
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += MOMENT * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    return pthread_clockjoin_np(closing->thread, NULL, CLOCK_MONOTONIC, &until) == 0;
}

void hutch_closing_begin(hutch_closing **list, napi_env env, hutch_pool *pool, hutch_waker *waker) {
    hutch_closing *closing = malloc(sizeof *closing);
    if (closing != NULL) {
        *closing = (hutch_closing){.pool = pool, .waker = waker};
    }
    if (closing == NULL || !start(closing)) {
        hutch_pool_free(pool);
        hutch_waker_free(waker);
        free(closing);
        return;
    }
    if (ends_soon(closing)) {
        forget(closing);
        return;
    }
    if (env != NULL) {
        (void)hutch_waker_hold(waker, env, false);
    }
    closing->next = *list;
    *list = closing;
}

void hutch_closing_reap(hutch_closing **list, bool wait) {
    while (*list != NULL) {
        hutch_closing *closing = *list;
        int failure =
            wait ? pthread_join(closing->thread, NULL) : pthread_tryjoin_np(closing->thread, NULL);
        if (failure == 0) {
            *list = closing->next;
            forget(closing);
        } else {
            list = &closing->next;
        }
    }
}
