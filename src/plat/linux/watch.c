/*
 * Watches: epoll. Doorbells are edge-triggered, so that a wake-up costs no
 * read(); sockets are level-triggered, so that nothing is missed by reading
 * too little.
 */
#include "plat/watch.h"

#include "plat/clock.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>

enum { BATCH = 64 };

int hutch_watch_new(int *watch) {
    int made = epoll_create1(EPOLL_CLOEXEC);
    if (made < 0) {
        return errno;
    }
    *watch = made;
    return 0;
}

static int add(int watch, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

int hutch_watch_add_doorbell(int watch, int descriptor, uint64_t token) {
    return add(watch, descriptor, (uint32_t)EPOLLIN | (uint32_t)EPOLLET, token);
}

int hutch_watch_add_socket(int watch, int descriptor, uint64_t token) {
    return add(watch, descriptor, EPOLLIN, token);
}

void hutch_watch_remove(int watch, int descriptor) {
    (void)epoll_ctl(watch, EPOLL_CTL_DEL, descriptor, NULL);
}

/* Rounded up: waking early would mean waking twice. */
static int milliseconds_until(uint64_t until_ns) {
    if (until_ns == HUTCH_WATCH_FOREVER) {
        return -1;
    }
    uint64_t now = hutch_clock_now();
    if (until_ns <= now) {
        return 0;
    }
    uint64_t wait = (until_ns - now - 1) / HUTCH_NS_PER_MS + 1;
    return wait > INT_MAX ? INT_MAX : (int)wait;
}

size_t hutch_watch_wait(int watch, uint64_t until_ns, uint64_t *tokens, size_t capacity) {
    struct epoll_event events[BATCH];
    int most = capacity < BATCH ? (int)capacity : BATCH;
    int count;
    do {
        count = epoll_wait(watch, events, most, milliseconds_until(until_ns));
    } while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) {
        tokens[i] = events[i].data.u64;
    }
    return count < 0 ? 0 : (size_t)count;
}
