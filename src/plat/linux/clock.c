/*
 * Clocks. Reading the monotonic one is no system call (vDSO).
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
