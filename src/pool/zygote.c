/*
 * The host's side of the zygote.
 *
 * Invariants: one zygote is there at a time, a child of the watcher's thread;
 * `asked` is the number of FORK messages without an answer; a
 * worker is in the queue exactly while it has its `memory` descriptor and has
 * not been asked for. When the socket says that the zygote is gone, it is
 * absent from that moment on, and dying. The watcher finds out how it ended
 * before it starts another one; meanwhile it does all that it does otherwise,
 * and whoever wants a worker waits in the queue.
 */
#include "pool/zygote.h"

#include "plat/channel.h"
#include "plat/clock.h"
#include "plat/descriptor.h"
#include "plat/error_text.h"
#include "plat/watch.h"
#include "pool/usage.h"
#include "wire/zygote_message.h"

#include <hutch/confinement.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum {
    FORKS_AT_ONCE = 32,
    END_MS = 200,     /* for a zygote to kill and reap its workers after its socket has closed */
    CRASHED_MS = 200, /* from the end of its socket to its own */
    AFTER_KILL_MS = 5000,
    /* Of a birth that took longer than known, what is learnt. */
    SLOW_SHARE = 8,
    STEP_MS = 20, /* between two looks at one that is not ready */
};

/* The zygote is running: from now on it can be asked. With the mutex. */
static int adopt(hutch_watcher *watcher, const hutch_process *process, int socket) {
    hutch_zygote *zygote = &watcher->zygote;
    int failure =
        hutch_watch_add_socket(watcher->watch, socket, HUTCH_TOKEN_ZYGOTE_BIT | zygote->generation);
    if (failure == 0) {
        zygote->process = *process;
        zygote->socket = socket;
        zygote->is_ready = false;
        zygote->asked = 0;
    }
    return failure;
}

static void put_down(hutch_process *process) {
    int status;
    hutch_process_kill(process->descriptor);
    (void)hutch_process_wait(process, AFTER_KILL_MS, &status);
    hutch_descriptor_close(&process->descriptor);
}

/* @param socket  [out] our end of it; -1 on failure @param failed [out] what has failed
 * @return 0, or errno */
static int spawn(int program, uint32_t max_memory_mb, hutch_process *process, int *socket,
                 const char **failed) {
    int ends[2];
    *socket = -1;
    *failed = "cannot make a socket for the zygote";
    int failure = hutch_channel_new(ends);
    if (failure != 0) {
        return failure;
    }
    char most[3 * sizeof max_memory_mb + 1];
    (void)snprintf(most, sizeof most, "%" PRIu32, max_memory_mb);
    const char *const arguments[] = {"hutch-zygote", most, NULL};
    *failed = "cannot start the worker program";
    failure = hutch_process_spawn(program, arguments, ends[1], process);
    hutch_descriptor_close(&ends[1]);
    if (failure != 0) {
        hutch_descriptor_close(&ends[0]);
    }
    *socket = ends[0];
    return failure;
}

bool hutch_zygote_is_there(const hutch_watcher *watcher) {
    return watcher->zygote.socket >= 0 || watcher->zygote.program >= 0;
}

static int send_fork(const hutch_zygote *zygote, const hutch_watched *watched) {
    hutch_zygote_message message = {.kind = HUTCH_ZYGOTE_FORK, .worker = watched->id};
    int descriptors[] = {watched->memory, watched->doorbell};
    return hutch_channel_send(zygote->socket, &message, sizeof message, descriptors, 2);
}

/* Asks for as many of the queue as may be on their way at once. */
static void ask_next(hutch_watcher *watcher) {
    hutch_zygote *zygote = &watcher->zygote;
    while (zygote->socket >= 0 && zygote->asked < FORKS_AT_ONCE &&
           !hutch_list_is_empty(&zygote->queue)) {
        hutch_watched *watched = HUTCH_LINK_OWNER(zygote->queue.next, hutch_watched, waiting);
        int failure = send_fork(zygote, watched);
        if (failure == EPIPE) {
            return; /* the end of the socket is about to be heard */
        }
        if ((failure == EAGAIN || failure == ETOOMANYREFS) && zygote->asked > 0) {
            return; /* the next answer makes room */
        }
        hutch_link_remove(&watched->waiting);
        hutch_descriptor_close(&watched->memory);
        if (failure == 0) {
            zygote->asked++;
        } else {
            hutch_watcher_lose(watcher, watched, HUTCH_END_REFUSED, failure);
        }
    }
}

static void lose_all(hutch_watcher *watcher, uint32_t generation, hutch_end end, int64_t status) {
    /* A worker that was made for it and asks only now is told by hutch_zygote_ask(). */
    for (size_t i = 0; i < watcher->roster.capacity; i++) {
        hutch_watched *watched = watcher->roster.places[i];
        if (watched != NULL && watched->generation == generation) {
            hutch_watcher_lose(watcher, watched, end, status);
        }
    }
}

/* Nobody is left to ask; the workers in the queue are about to be lost. */
static void drop_queue(hutch_zygote *zygote) {
    hutch_link *first;
    while ((first = hutch_list_take_first(&zygote->queue)) != NULL) {
        hutch_descriptor_close(&HUTCH_LINK_OWNER(first, hutch_watched, waiting)->memory);
    }
}

/* The end of a zygote is known. */
static void take_outcome(hutch_watcher *watcher, uint32_t generation, hutch_end end,
                         int64_t status) {
    hutch_zygote *zygote = &watcher->zygote;
    if (generation == zygote->generation) {
        zygote->buried = generation;
        zygote->end = end;
        zygote->end_status = status;
        drop_queue(zygote);
    }
    lose_all(watcher, generation, end, status);
    (void)pthread_cond_signal(&watcher->news);
}

/* @return 0, or errno */
static int begin(hutch_watcher *watcher) {
    hutch_zygote *zygote = &watcher->zygote;
    hutch_process process;
    int socket;
    int program = zygote->program;
    uint32_t most = zygote->max_memory_mb;
    hutch_watcher_unlock(watcher);
    int failure = spawn(program, most, &process, &socket, &zygote->failed);
    hutch_watcher_lock(watcher);
    if (failure != 0) {
        return failure;
    }
    zygote->failed = "cannot watch the zygote";
    failure = adopt(watcher, &process, socket);
    if (failure != 0) {
        hutch_descriptor_close(&socket);
        put_down(&process);
    }
    return failure;
}

void hutch_zygote_begin(hutch_watcher *watcher) {
    hutch_zygote *zygote = &watcher->zygote;
    if (zygote->dying.process.descriptor >= 0) {
        return;
    }
    zygote->failure = begin(watcher);
    hutch_descriptor_close(&zygote->program);
    if (zygote->failure != 0) {
        take_outcome(watcher, zygote->generation, HUTCH_END_REFUSED, zygote->failure);
    } else {
        ask_next(watcher);
    }
    (void)pthread_cond_signal(&watcher->news);
}

static struct timespec time_of(uint64_t ns) {
    return (struct timespec){.tv_sec = (time_t)(ns / HUTCH_NS_PER_S),
                             .tv_nsec = (long)(ns % HUTCH_NS_PER_S)};
}

/* Who waits already waits for the new one. */
static void request_start(hutch_zygote *zygote, int program) {
    zygote->program = program;
    zygote->generation++;
    zygote->is_ready = false;
    for (hutch_link *link = zygote->queue.next; link != &zygote->queue; link = link->next) {
        HUTCH_LINK_OWNER(link, hutch_watched, waiting)->generation = zygote->generation;
    }
}

hutch_status hutch_zygote_start(hutch_watcher *watcher, int program, hutch_error *error) {
    hutch_zygote *zygote = &watcher->zygote;
    struct timespec until =
        time_of(hutch_clock_now() + HUTCH_ZYGOTE_START_WAIT_MS * HUTCH_NS_PER_MS);
    int result = 0;
    hutch_watcher_lock(watcher);
    request_start(zygote, program);
    hutch_watcher_ring(watcher);
    while (zygote->program >= 0 && zygote->dying.process.descriptor < 0 && result == 0) {
        result = pthread_cond_timedwait(&watcher->news, &watcher->mutex, &until);
    }
    int failure = zygote->program >= 0 ? 0 : zygote->failure;
    const char *failed = failure == 0 ? NULL : zygote->failed;
    hutch_watcher_unlock(watcher);
    return failure == 0 ? HUTCH_OK : hutch_error_set_system(error, failure, "%s", failed);
}

void hutch_zygote_ask(hutch_watcher *watcher, hutch_watched *watched) {
    watched->asked_at = watcher->zygote.is_ready ? hutch_clock_now() : 0;
    hutch_zygote *zygote = &watcher->zygote;
    watched->generation = zygote->generation;
    if (zygote->buried == zygote->generation) {
        /* It has ended since it was started, and its workers have been told without this one. */
        hutch_descriptor_close(&watched->memory);
        hutch_watcher_lose(watcher, watched, zygote->end, zygote->end_status);
        return;
    }
    hutch_list_append(&zygote->queue, &watched->waiting);
    ask_next(watcher);
}

static void lose_if_there(hutch_watcher *watcher, uint32_t id, hutch_end end, int64_t value) {
    hutch_watched *watched = hutch_roster_find(&watcher->roster, id);
    if (watched != NULL) {
        atomic_store_explicit(&watched->is_alive, false, memory_order_release);
        hutch_watcher_lose(watcher, watched, end, value);
    }
}

/* The kernel drops a descriptor that this process has no number left for. The worker is of no use
 * then, and only the zygote can still kill it.
 * @return false: it cannot be told */
static bool take_unreachable(hutch_watcher *watcher, uint32_t id) {
    hutch_zygote_message order = {.kind = HUTCH_ZYGOTE_KILL, .worker = id};
    watcher->tally.forked++;
    watcher->tally.killed++;
    lose_if_there(watcher, id, HUTCH_END_REFUSED, EMFILE);
    return hutch_channel_send(watcher->zygote.socket, &order, sizeof order, NULL, 0) == 0;
}

/* How long births take: what one took when nothing was in its way counts for more than what delayed it. */
static void learn_birth(hutch_watcher *watcher, const hutch_watched *watched) {
    if (watched->asked_at == 0) {
        return;
    }
    uint64_t took = hutch_clock_now() - watched->asked_at;
    uint64_t known = atomic_load_explicit(&watcher->birth_ns, memory_order_relaxed);
    uint64_t learnt = took < known ? (known + took) / 2 : known + (took - known) / SLOW_SHARE;
    atomic_store_explicit(&watcher->birth_ns, known == 0 ? took : learnt, memory_order_relaxed);
}

/* A worker's process is there. Nobody may want it any more. */
static void take_forked(hutch_watcher *watcher, uint32_t id, int process) {
    hutch_watched *watched = hutch_roster_find(&watcher->roster, id);
    watcher->tally.forked++;
    if (watched == NULL || watched->end != HUTCH_END_NONE || watched->process >= 0) {
        watcher->tally.killed++;
        hutch_process_kill(process);
        hutch_descriptor_close(&process);
        return;
    }
    watched->process = process;
    learn_birth(watcher, watched);
    atomic_store_explicit(&watched->is_alive, true, memory_order_release);
}

static void answered(hutch_watcher *watcher) {
    hutch_zygote *zygote = &watcher->zygote;
    zygote->asked -= zygote->asked > 0 ? 1 : 0;
    ask_next(watcher);
}

/* The zygote has locked itself down; what it was put into at its birth it does not know, nor what of it
 * can be seen from here. */
static void take_hello(hutch_watcher *watcher, uint32_t layers) {
    hutch_zygote *zygote = &watcher->zygote;
    uint32_t born_with = HUTCH_LAYER_USER_NAMESPACE | HUTCH_LAYER_PID_NAMESPACE;
    zygote->is_ready = true;
    zygote->layers = layers & ~(born_with | (uint32_t)HUTCH_LAYER_USAGE_WATCH);
    zygote->layers |= hutch_usage_can_watch(zygote->process.pid) ? HUTCH_LAYER_USAGE_WATCH : 0U;
    zygote->layers |= zygote->process.has_own_users ? HUTCH_LAYER_USER_NAMESPACE : 0U;
    zygote->layers |= zygote->process.has_own_pids ? HUTCH_LAYER_PID_NAMESPACE : 0U;
    (void)pthread_cond_signal(&watcher->news);
}

/* @return false: this is not a message of a zygote's, or no use to go on with it */
static bool take_message(hutch_watcher *watcher, const hutch_zygote_message *message,
                         hutch_channel_arrival *arrival) {
    if (arrival->length != sizeof *message) {
        return false;
    }
    switch ((hutch_zygote_message_kind)message->kind) {
    case HUTCH_ZYGOTE_HELLO:
        take_hello(watcher, (uint32_t)message->value);
        return true;
    case HUTCH_ZYGOTE_FORKED:
        if (arrival->count == 1) {
            take_forked(watcher, message->worker, arrival->descriptors[0]);
            arrival->count = 0;
        } else if (!take_unreachable(watcher, message->worker)) {
            return false;
        }
        answered(watcher);
        return true;
    case HUTCH_ZYGOTE_REFUSED:
        lose_if_there(watcher, message->worker, HUTCH_END_REFUSED, message->value);
        answered(watcher);
        return true;
    case HUTCH_ZYGOTE_EXITED:
        lose_if_there(watcher, message->worker, HUTCH_END_EXITED, message->value);
        return true;
    case HUTCH_ZYGOTE_FORK:
    case HUTCH_ZYGOTE_KILL:
        break;
    }
    return false;
}

void hutch_zygote_lose_orphan(hutch_watcher *watcher, hutch_watched *watched) {
    const hutch_dying *dying = &watcher->zygote.dying;
    if (dying->process.descriptor >= 0 && watched->generation == dying->generation &&
        !watched->leased && !hutch_link_is_in_list(&watched->waiting)) {
        hutch_watcher_lose(watcher, watched, dying->end, -1);
    }
}

/* Whose run is in progress is told when it is known how the zygote ended. */
static void lose_orphans(hutch_watcher *watcher) {
    for (size_t i = 0; i < watcher->roster.capacity; i++) {
        if (watcher->roster.places[i] != NULL) {
            hutch_zygote_lose_orphan(watcher, watcher->roster.places[i]);
        }
    }
}

/* The zygote is gone, and its workers with it. */
static void take_end(hutch_watcher *watcher) {
    hutch_zygote *zygote = &watcher->zygote;
    zygote->dying = (hutch_dying){.process = zygote->process,
                                  .generation = zygote->generation,
                                  .end = zygote->is_ready ? HUTCH_END_ZYGOTE : HUTCH_END_UNBORN,
                                  .until = hutch_clock_now() + CRASHED_MS * HUTCH_NS_PER_MS};
    hutch_watch_remove(watcher->watch, zygote->socket);
    hutch_descriptor_close(&zygote->socket);
    lose_orphans(watcher);
    zygote->is_ready = false;
    /* Without it the end is known when `until` has come. */
    (void)hutch_watch_add_socket(watcher->watch, zygote->dying.process.descriptor,
                                 HUTCH_TOKEN_DYING_BIT | zygote->generation);
}

static void end_burial(hutch_watcher *watcher, int status) {
    hutch_dying dying = watcher->zygote.dying;
    hutch_watch_remove(watcher->watch, dying.process.descriptor);
    hutch_descriptor_close(&watcher->zygote.dying.process.descriptor);
    take_outcome(watcher, dying.generation, dying.end, status);
}

uint64_t hutch_zygote_bury_by(const hutch_watcher *watcher) {
    const hutch_dying *dying = &watcher->zygote.dying;
    return dying->process.descriptor >= 0 ? dying->until : HUTCH_WATCH_FOREVER;
}

void hutch_zygote_bury(hutch_watcher *watcher, uint64_t now) {
    hutch_dying *dying = &watcher->zygote.dying;
    int status = -1;
    if (hutch_process_wait(&dying->process, 0, &status)) {
        end_burial(watcher, status);
    } else if (now >= dying->until && dying->is_killed) {
        end_burial(watcher, -1);
    } else if (now >= dying->until) {
        dying->is_killed = true;
        dying->until = now + AFTER_KILL_MS * HUTCH_NS_PER_MS;
        hutch_process_kill(dying->process.descriptor);
    }
}

void hutch_zygote_listen(hutch_watcher *watcher, uint32_t generation) {
    hutch_zygote *zygote = &watcher->zygote;
    while (zygote->socket >= 0 && zygote->generation == generation) {
        hutch_zygote_message message;
        hutch_channel_arrival arrival;
        int failure = hutch_channel_receive(zygote->socket, &message, sizeof message, &arrival);
        if (failure == EAGAIN) {
            return;
        }
        bool understood = failure == 0 && take_message(watcher, &message, &arrival);
        for (size_t i = 0; i < arrival.count; i++) {
            hutch_descriptor_close(&arrival.descriptors[i]);
        }
        if (!understood) {
            take_end(watcher);
        }
    }
}

/* Nothing comes of waiting: it has been stopped, or waits for something of its own. */
static bool is_idle(const hutch_zygote *zygote) {
    return zygote->socket >= 0 &&
           hutch_process_activity_of(zygote->process.pid) == HUTCH_PROCESS_SLEEPS;
}

bool hutch_zygote_await_layers(hutch_watcher *watcher, uint64_t until_ns, uint32_t *layers) {
    const hutch_zygote *zygote = &watcher->zygote;
    bool goes_on = true;
    hutch_watcher_lock(watcher);
    uint32_t generation = zygote->generation;
    while (!zygote->is_ready && zygote->buried != generation && goes_on) {
        uint64_t step = hutch_clock_now() + STEP_MS * HUTCH_NS_PER_MS;
        struct timespec until = time_of(step < until_ns ? step : until_ns);
        if (pthread_cond_timedwait(&watcher->news, &watcher->mutex, &until) != 0) {
            goes_on = step < until_ns && !is_idle(zygote);
        }
    }
    bool is_ready = zygote->is_ready;
    *layers = zygote->layers;
    hutch_watcher_unlock(watcher);
    return is_ready;
}

/* After the socket has closed, the zygote kills and reaps its workers, then ends. */
void hutch_zygote_end(hutch_watcher *watcher) {
    hutch_zygote *zygote = &watcher->zygote;
    int status;
    hutch_descriptor_close(&zygote->program);
    if (zygote->dying.process.descriptor >= 0) {
        put_down(&zygote->dying.process);
    }
    if (zygote->socket < 0) {
        return;
    }
    hutch_channel_shut(zygote->socket);
    hutch_descriptor_close(&zygote->socket);
    if (hutch_process_wait(&zygote->process, END_MS, &status)) {
        hutch_descriptor_close(&zygote->process.descriptor);
    } else {
        put_down(&zygote->process);
    }
}
