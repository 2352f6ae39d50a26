/*
 * The zygote's loop. Owns the socket's end, the crew, and at most one message
 * that is on its way out.
 *
 * Nothing the zygote does makes more than one message: a reaped worker is
 * EXITED, a request is FORKED or REFUSED. So it does the next thing only when
 * the message of the last one has been sent; a pool that does not read makes
 * it wait, never grow, and never block: a sleep always ends with the pool.
 *
 * Threads: the process has one.
 */
#include "worker/zygote.h"

#include "plat/channel.h"
#include "plat/child.h"
#include "wire/zygote_message.h"
#include "worker/crew.h"

#include <errno.h>

typedef struct zygote {
    int socket;
    const hutch_nest *nest;
    bool has_message; /* to be sent */
    hutch_zygote_message message;
    int descriptor;                  /* that goes with it, owned; or -1 */
    bool over;                       /* the pool is gone, or talks nonsense */
    hutch_worker_exit_status status; /* to exit with */
} zygote;

static void say(zygote *self, hutch_zygote_message_kind kind, uint32_t worker, int64_t value,
                int descriptor) {
    self->has_message = true;
    self->message =
        (hutch_zygote_message){.kind = (uint32_t)kind, .worker = worker, .value = value};
    self->descriptor = descriptor;
}

static void end(zygote *self, hutch_worker_exit_status status) {
    self->over = true;
    self->status = status;
}

/* The socket has failed for good. */
static void end_without_pool(zygote *self, int failure) {
    bool is_gone = failure == EPIPE || failure == ECONNRESET;
    end(self, is_gone ? HUTCH_WORKER_EXIT_POOL_GONE : HUTCH_WORKER_EXIT_NO_POOL);
}

/* Sends the message, or sleeps until that may be possible. */
static void send_message(zygote *self) {
    int failure = hutch_channel_send(self->socket, &self->message, sizeof self->message,
                                     &self->descriptor, self->descriptor >= 0 ? 1 : 0);
    if (failure == EAGAIN) {
        hutch_child_sleep(self->socket, HUTCH_CHILD_UNTIL_WRITABLE);
    } else if (failure == ETOOMANYREFS || failure == ENOBUFS || failure == ENOMEM) {
        hutch_child_sleep(self->socket, HUTCH_CHILD_UNTIL_LATER);
    } else if (failure != 0) {
        end_without_pool(self, failure);
    } else {
        hutch_child_close(self->descriptor);
        self->descriptor = -1;
        self->has_message = false;
    }
}

/* Reaps one worker, if one has ended. */
static bool reap(zygote *self) {
    int64_t pid;
    int status;
    uint32_t worker;
    if (!hutch_child_reap(false, &pid, &status)) {
        return false;
    }
    if (hutch_crew_remove(pid, &worker)) {
        say(self, HUTCH_ZYGOTE_EXITED, worker, status, -1);
    }
    return true;
}

static void fork_worker(zygote *self, uint32_t worker, int memory, int doorbell) {
    int64_t pid = -1;
    int pidfd = -1;
    int failure = hutch_crew_has_room() ? hutch_child_fork(&pid, &pidfd) : EAGAIN;
    if (failure == 0 && pid == 0) {
        hutch_launch_worker(self->nest, memory, doorbell);
    }
    if (failure == 0) {
        hutch_crew_add(pid, worker);
        say(self, HUTCH_ZYGOTE_FORKED, worker, 0, pidfd);
    } else {
        say(self, HUTCH_ZYGOTE_REFUSED, worker, failure, -1);
    }
}

/* Acts on a message of the pool. */
static void obey(zygote *self, const hutch_zygote_message *order,
                 const hutch_channel_arrival *arrival) {
    bool is_sound = arrival->length == sizeof *order;
    if (is_sound && order->kind == HUTCH_ZYGOTE_KILL) {
        hutch_crew_kill(order->worker);
    } else if (is_sound && order->kind == HUTCH_ZYGOTE_FORK && arrival->count == 2) {
        fork_worker(self, order->worker, arrival->descriptors[0], arrival->descriptors[1]);
    } else if (is_sound && order->kind == HUTCH_ZYGOTE_FORK) {
        /* The kernel drops descriptors that the limit of open ones leaves no room for. */
        say(self, HUTCH_ZYGOTE_REFUSED, order->worker, EMFILE, -1);
    } else {
        end(self, HUTCH_WORKER_EXIT_MESSAGE);
    }
    for (size_t i = 0; i < arrival->count; i++) {
        hutch_child_close(arrival->descriptors[i]);
    }
}

/* Takes one order, if there is one. */
static bool take_order(zygote *self) {
    hutch_zygote_message order;
    hutch_channel_arrival arrival;
    int failure = hutch_channel_receive(self->socket, &order, sizeof order, &arrival);
    if (failure == 0) {
        obey(self, &order, &arrival);
        return true;
    }
    if (failure != EAGAIN) {
        end_without_pool(self, failure);
    }
    return failure != EAGAIN;
}

static void kill_and_reap_all(void) {
    int64_t pid;
    int status;
    hutch_crew_kill_all();
    while (hutch_child_reap(true, &pid, &status)) {
    }
}

hutch_worker_exit_status hutch_zygote_serve(int socket, const hutch_nest *nest) {
    zygote self = {.socket = socket, .nest = nest, .descriptor = -1};
    say(&self, HUTCH_ZYGOTE_HELLO, 0, (int64_t)nest->layers, -1);
    while (!self.over) {
        if (self.has_message) {
            send_message(&self);
        } else if (!reap(&self) && !take_order(&self)) {
            hutch_child_sleep(socket, HUTCH_CHILD_UNTIL_READABLE);
        }
    }
    kill_and_reap_all();
    return self.status;
}
