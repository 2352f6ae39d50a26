/*
 * Clocks. Reading the monotonic one is not a system call (vDSO).
 */
#include "plat/clock.h"

#include <sys/types.h>
#include <time.h>

static uint64_t to_nanoseconds(const struct timespec *time) {
    return (uint64_t)time->tv_sec * HUTCH_NS_PER_S + (uint64_t)time->tv_nsec;
}

uint64_t hutch_clock_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return to_nanoseconds(&now);
}

uint64_t hutch_clock_after(uint64_t microseconds) {
    static const uint64_t longest = UINT64_C(365) * 86400 * 1000 * 1000;
    uint64_t wait = microseconds < longest ? microseconds : longest;
    return hutch_clock_now() + wait * HUTCH_NS_PER_US;
}

bool hutch_clock_of_process(int64_t pid, uint64_t *nanoseconds) {
    clockid_t clock;
    struct timespec used;
    if (pid <= 0 || clock_getcpuclockid((pid_t)pid, &clock) != 0 ||
        clock_gettime(clock, &used) != 0) {
        return false;
    }
    *nanoseconds = to_nanoseconds(&used);
    return true;
}
