/*
 * The waker; see waker.h. It has two owners, the pool and the environment's
 * thread-safe function, which may let go of it in either order: at the end of
 * an environment its functions may be finalized before our clean-up runs, or
 * after it. Both let go on the environment's thread. `function` is what the
 * watcher thread touches, under `mutex`.
 */
#include "waker.h"

#include <pthread.h>
#include <stdlib.h>

struct hutch_waker {
    pthread_mutex_t mutex;
    napi_threadsafe_function function; /* NULL once it must not be called any more */
    hutch_waker_call *call;            /* NULL once it is muted */
    void *user;
    int owners;
};

static void let_go(hutch_waker *waker) {
    waker->owners--;
    if (waker->owners == 0) {
        (void)pthread_mutex_destroy(&waker->mutex);
        free(waker);
    }
}

static napi_threadsafe_function take_function(hutch_waker *waker) {
    (void)pthread_mutex_lock(&waker->mutex);
    napi_threadsafe_function function = waker->function;
    waker->function = NULL;
    (void)pthread_mutex_unlock(&waker->mutex);
    return function;
}

static void on_finalize(napi_env env, void *data, void *hint) {
    (void)env;
    (void)hint;
    hutch_waker *waker = data;
    (void)take_function(waker);
    let_go(waker);
}

/* On the environment's thread. Without an environment it is being torn down, and nobody listens. */
static void on_ring(napi_env env, napi_value function, void *context, void *data) {
    (void)function;
    (void)data;
    const hutch_waker *waker = context;
    if (env != NULL && waker->call != NULL) {
        waker->call(env, waker->user);
    }
}

static bool create_function(hutch_waker *waker, napi_env env) {
    napi_value name;
    if (napi_create_string_latin1(env, "hutch", NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, waker, on_finalize, waker,
                                        on_ring, &waker->function) != napi_ok) {
        return false;
    }
    waker->owners++;
    if (napi_unref_threadsafe_function(env, waker->function) == napi_ok) {
        return true;
    }
    (void)napi_release_threadsafe_function(take_function(waker), napi_tsfn_abort);
    return false;
}

hutch_waker *hutch_waker_new(napi_env env, hutch_waker_call *call, void *user) {
    hutch_waker *waker = calloc(1, sizeof *waker);
    if (waker == NULL) {
        return NULL;
    }
    if (pthread_mutex_init(&waker->mutex, NULL) != 0) {
        free(waker);
        return NULL;
    }
    waker->call = call;
    waker->user = user;
    waker->owners = 1;
    if (!create_function(waker, env)) {
        let_go(waker);
        return NULL;
    }
    return waker;
}

void hutch_waker_mute(hutch_waker *waker) {
    waker->call = NULL;
}

void hutch_waker_free(hutch_waker *waker) {
    if (waker == NULL) {
        return;
    }
    hutch_waker_mute(waker);
    napi_threadsafe_function function = take_function(waker);
    if (function != NULL) {
        (void)napi_release_threadsafe_function(function, napi_tsfn_abort);
    }
    let_go(waker);
}

void hutch_waker_ring(void *waker_pointer) {
    hutch_waker *waker = waker_pointer;
    (void)pthread_mutex_lock(&waker->mutex);
    /* `closing` also gave up our use of the function: it may be gone at any moment. */
    if (waker->function != NULL &&
        napi_call_threadsafe_function(waker->function, NULL, napi_tsfn_nonblocking) ==
            napi_closing) {
        waker->function = NULL;
    }
    (void)pthread_mutex_unlock(&waker->mutex);
}

bool hutch_waker_hold(hutch_waker *waker, napi_env env, bool hold) {
    napi_status status = napi_closing;
    (void)pthread_mutex_lock(&waker->mutex);
    if (waker->function != NULL) {
        status = hold ? napi_ref_threadsafe_function(env, waker->function)
                      : napi_unref_threadsafe_function(env, waker->function);
    }
    (void)pthread_mutex_unlock(&waker->mutex);
    return status == napi_ok;
}
