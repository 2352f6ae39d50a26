/*
 * The outside as a guest sees it; see world.h. The engine's calls to the
 * operating system (engine_os.h) end here as well.
 *
 * Threads: `seen` is thread-local; everything else belongs to the isolate.
 */
#include "isolate/world.h"

#include "isolate/engine_os.h"
#include "plat/clock.h"
#include "plat/random.h"

#include <string.h>

#define US_PER_S INT64_C(1000000)
#define US_PER_MS INT64_C(1000)

/* The world of the isolate that this thread is in, NULL outside of all. */
static _Thread_local const hutch_world *seen;

/* splitmix64: spreads one word over the generator's state. */
static uint64_t spread(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t fresh_seed(const hutch_world *world) {
    uint64_t seed = 0;
    if (hutch_random_fill(&seed, sizeof seed) != 0) {
        /* A kernel without randomness: never the same twice is the best that is left. */
        seed = world->random[0] ^ hutch_clock_now();
    }
    return seed;
}

void hutch_world_reset(hutch_world *world, const hutch_isolate_options *options) {
    uint64_t seed = options->fixed_random ? options->random_seed : fresh_seed(world);
    for (size_t i = 0; i < sizeof world->random / sizeof world->random[0]; i++) {
        world->random[i] = spread(&seed);
    }
    world->fixed_clock = options->fixed_clock;
    world->fixed_clock_us = options->fixed_clock_ms * US_PER_MS;
    world->utc_offset_seconds = (int64_t)options->utc_offset_minutes * 60;
    world->origin_ns = hutch_clock_now();
}

const hutch_world *hutch_world_enter(const hutch_world *world) {
    const hutch_world *before = seen;
    seen = world;
    return before;
}

void hutch_world_leave(const hutch_world *before) {
    seen = before;
}

int64_t hutch_world_now_us(const hutch_world *world) {
    if (world->fixed_clock) {
        return world->fixed_clock_us;
    }
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

uint64_t hutch_world_elapsed_ns(const hutch_world *world) {
    return world->fixed_clock ? 0 : hutch_clock_now() - world->origin_ns;
}

static uint64_t rotate(uint64_t word, int by) {
    return (word << by) | (word >> (64 - by));
}

/* xoshiro256++ */
double hutch_world_random(hutch_world *world) {
    uint64_t *s = world->random;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return (double)(result >> 11) * 0x1p-53;
}

int hutch_engine_gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    int64_t us = seen != NULL ? hutch_world_now_us(seen) : 0;
    int64_t fraction = us % US_PER_S;
    if (fraction < 0) {
        fraction += US_PER_S;
    }
    *now = (struct timeval){.tv_sec = (us - fraction) / US_PER_S, .tv_usec = fraction};
    return 0;
}

int hutch_engine_clock_gettime(clockid_t clock, struct timespec *now) {
    (void)clock;
    uint64_t ns = seen != NULL ? hutch_world_elapsed_ns(seen) : 0;
    *now = (struct timespec){.tv_sec = (time_t)(ns / HUTCH_NS_PER_S),
                             .tv_nsec = (long)(ns % HUTCH_NS_PER_S)};
    return 0;
}

struct tm *hutch_engine_localtime_r(const time_t *time, struct tm *local) {
    (void)time;
    memset(local, 0, sizeof *local);
    local->tm_gmtoff = seen != NULL ? seen->utc_offset_seconds : 0;
    return local;
}
