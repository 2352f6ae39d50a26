/*
 * Worker programs whose zygote does not do its work. HOSTILE_ZYGOTE says how.
 */
#include "plat/channel.h"
#include "wire/zygote_message.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static void send_message(uint32_t kind, uint32_t worker, int64_t value) {
    hutch_zygote_message message = {.kind = kind, .worker = worker, .value = value};
    (void)hutch_channel_send(HUTCH_ZYGOTE_SOCKET, &message, sizeof message, NULL, 0);
}

/* The next worker that is asked for; ends with the pool. */
static uint32_t next_order(void) {
    hutch_zygote_message message = {0};
    while (message.kind != HUTCH_ZYGOTE_FORK) {
        hutch_channel_arrival arrival;
        struct pollfd socket = {.fd = HUTCH_ZYGOTE_SOCKET, .events = POLLIN};
        (void)poll(&socket, 1, -1);
        if (hutch_channel_receive(HUTCH_ZYGOTE_SOCKET, &message, sizeof message, &arrival) != 0) {
            _exit(0);
        }
        for (size_t i = 0; i < arrival.count; i++) {
            (void)close(arrival.descriptors[i]);
        }
    }
    return message.worker;
}

/* Ends before it is ready. */
static void end_at_once(void) {
    _exit(65);
}

/* Ends at the first order, although it was ready. */
static void end_at_order(void) {
    send_message(HUTCH_ZYGOTE_HELLO, 0, 0);
    (void)next_order();
    _exit(3);
}

/* Is gone, as its socket says, and does not end. */
static void linger(void) {
    send_message(HUTCH_ZYGOTE_HELLO, 0, 0);
    (void)next_order();
    (void)close(HUTCH_ZYGOTE_SOCKET);
    for (;;) {
        (void)pause();
    }
}

static void refuse(void) {
    send_message(HUTCH_ZYGOTE_HELLO, 0, 0);
    for (;;) {
        send_message(HUTCH_ZYGOTE_REFUSED, next_order(), EAGAIN);
    }
}

/* Takes orders and says nothing at all. */
static void be_silent(void) {
    for (;;) {
        (void)next_order();
    }
}

static void talk_nonsense(void) {
    (void)hutch_channel_send(HUTCH_ZYGOTE_SOCKET, "nonsense", 8, NULL, 0);
    be_silent();
}

static void say_unknown_kind(void) {
    send_message(77, 1, 0);
    be_silent();
}

/* As if the kernel had dropped the pidfd on the way; and of workers that nobody asked for. */
static void send_no_descriptor(void) {
    send_message(HUTCH_ZYGOTE_HELLO, 0, 0);
    send_message(HUTCH_ZYGOTE_EXITED, 12345, 0);
    send_message(HUTCH_ZYGOTE_REFUSED, 12345, EAGAIN);
    for (;;) {
        send_message(HUTCH_ZYGOTE_FORKED, next_order(), -1);
    }
}

static const struct {
    const char *name;
    void (*act)(void);
} modes[] = {
    {"end_at_once", end_at_once},
    {"end_at_order", end_at_order},
    {"linger", linger},
    {"refuse", refuse},
    {"be_silent", be_silent},
    {"talk_nonsense", talk_nonsense},
    {"say_unknown_kind", say_unknown_kind},
    {"send_no_descriptor", send_no_descriptor},
};

int main(void) {
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(modes[i].name, HOSTILE_ZYGOTE) == 0) {
            modes[i].act();
        }
    }
    return 127;
}
