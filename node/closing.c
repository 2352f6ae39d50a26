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
    pthread_mutex_t mutex; /* guards the next */
    pthread_cond_t news;
    bool has_closed; /* the thread is about to end */
};

/* The clock of `news` is monotonic. */
static bool init_news(hutch_closing *closing) {
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    bool made = pthread_cond_init(&closing->news, &attributes) == 0;
    (void)pthread_condattr_destroy(&attributes);
    if (made && pthread_mutex_init(&closing->mutex, NULL) != 0) {
        (void)pthread_cond_destroy(&closing->news);
        made = false;
    }
    return made;
}

static void destroy_news(hutch_closing *closing) {
    (void)pthread_mutex_destroy(&closing->mutex);
    (void)pthread_cond_destroy(&closing->news);
}

static void *close_main(void *argument) {
    hutch_closing *closing = argument;
    hutch_pool_free(closing->pool);
    (void)pthread_mutex_lock(&closing->mutex);
    closing->has_closed = true;
    (void)pthread_cond_signal(&closing->news);
    (void)pthread_mutex_unlock(&closing->mutex);
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

static hutch_closing *new_closing(hutch_pool *pool, hutch_waker *waker) {
    hutch_closing *closing = malloc(sizeof *closing);
    if (closing == NULL) {
        return NULL;
    }
    *closing = (hutch_closing){.pool = pool, .waker = waker};
    if (!init_news(closing)) {
        free(closing);
        return NULL;
    }
    if (!start(closing)) {
        destroy_news(closing);
        free(closing);
        return NULL;
    }
    return closing;
}

static void forget(hutch_closing *closing) {
    destroy_news(closing);
    hutch_waker_free(closing->waker);
    free(closing);
}

/* Joining would do as well, but C libraries differ in what joins for a while. */
static bool ends_soon(hutch_closing *closing) {
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += MOMENT * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    int failure = 0;
    (void)pthread_mutex_lock(&closing->mutex);
    while (!closing->has_closed && failure == 0) {
        failure = pthread_cond_timedwait(&closing->news, &closing->mutex, &until);
    }
    bool has_closed = closing->has_closed;
    (void)pthread_mutex_unlock(&closing->mutex);
    return has_closed;
}

static bool has_closed(hutch_closing *closing) {
    (void)pthread_mutex_lock(&closing->mutex);
    bool closed = closing->has_closed;
    (void)pthread_mutex_unlock(&closing->mutex);
    return closed;
}

/* The thread ends at once, or when it may. */
static void join(hutch_closing *closing) {
    (void)pthread_join(closing->thread, NULL);
    forget(closing);
}

void hutch_closing_begin(hutch_closing **list, napi_env env, hutch_pool *pool, hutch_waker *waker) {
    hutch_closing *closing = new_closing(pool, waker);
    if (closing == NULL) {
        hutch_pool_free(pool);
        hutch_waker_free(waker);
        return;
    }
    if (ends_soon(closing)) {
        join(closing);
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
        if (wait || has_closed(closing)) {
            *list = closing->next;
            join(closing);
        } else {
            list = &closing->next;
        }
    }
}
