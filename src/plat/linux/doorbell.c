/*
 * Doorbells: eventfd and futex.
 */
#include "plat/doorbell.h"

#include "plat/clock.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int hutch_doorbell_new(int *descriptor) {
    int bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell < 0) {
        return errno;
    }
    *descriptor = bell;
    return 0;
}

void hutch_doorbell_ring(int descriptor) {
    static const uint64_t one = 1;
    ssize_t written;
    do {
        written = write(descriptor, &one, sizeof one);
    } while (written < 0 && errno == EINTR);
}

void hutch_doorbell_clear(int descriptor) {
    uint64_t count;
    ssize_t taken;
    do {
        taken = read(descriptor, &count, sizeof count);
    } while (taken < 0 && errno == EINTR);
}

void hutch_futex_wake_shared(_Atomic uint32_t *word) {
    (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void hutch_futex_wait_shared(_Atomic uint32_t *word, uint32_t value, uint64_t most_ns) {
    struct timespec most = {.tv_sec = (time_t)(most_ns / HUTCH_NS_PER_S),
                            .tv_nsec = (long)(most_ns % HUTCH_NS_PER_S)};
    (void)syscall(SYS_futex, word, FUTEX_WAIT, value, most_ns == UINT64_MAX ? NULL : &most, NULL,
                  0);
}
