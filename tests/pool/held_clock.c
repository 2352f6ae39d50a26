/*
 * The clock that can be held.
 */
#include "held_clock.h"

#include <stdatomic.h>
#include <time.h>

#define NS_PER_S 1000000000
#define NS_PER_MS 1000000

/* The linker's names. */
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

/* What it says; 0: it is not held. */
static _Atomic uint64_t held_ns;
/* While it is not, how far it is ahead of the system's. */
static _Atomic uint64_t ahead_ns;

static uint64_t system_ns(void) {
    struct timespec now = {0};
    (void)__real_clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
    if (clock != CLOCK_MONOTONIC) {
        return __real_clock_gettime(clock, now);
    }
    uint64_t ahead = atomic_load(&ahead_ns);
    uint64_t held = atomic_load(&held_ns);
    uint64_t ns = held != 0 ? held : system_ns() + ahead;
    *now = (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
    return 0;
}

void clock_hold(void) {
    atomic_store(&held_ns, system_ns() + atomic_load(&ahead_ns));
}

void clock_move(uint64_t milliseconds) {
    atomic_fetch_add(&held_ns, milliseconds * NS_PER_MS);
}

void clock_let_go(void) {
    uint64_t held = atomic_load(&held_ns);
    uint64_t system = system_ns();
    atomic_store(&ahead_ns, held > system ? held - system : 0);
    atomic_store(&held_ns, 0);
}
