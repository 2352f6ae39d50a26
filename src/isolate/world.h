/**
 * @file world.h
 * All that a guest can see of the outside, apart from the results of its
 * tools: the clock, the time zone and chance. Every look passes through here,
 * so that a run can be repeated exactly, and a journal has one place to listen
 * at.
 *
 * Threads: a world belongs to its isolate's thread; which one the thread is in
 * is kept thread-local, because the engine's own calls carry no context.
 */
#ifndef HUTCH_ISOLATE_WORLD_H
#define HUTCH_ISOLATE_WORLD_H

#include <hutch/isolate.h>

#include <stdint.h>

/** The outside of one isolate. */
typedef struct hutch_world {
    bool fixed_clock;
    int64_t fixed_clock_us;     /**< since 1970, with fixed_clock */
    int64_t utc_offset_seconds; /**< east of UTC */
    uint64_t origin_ns;         /**< CLOCK_MONOTONIC of the last reset: performance.now() is 0 */
    uint64_t random[4];         /**< state of the generator; never all zero */
} hutch_world;

/** Begin anew: clock and zone as the options say, the generator seeded. */
void hutch_world_reset(hutch_world *world, const hutch_isolate_options *options);

/** From now on this thread's engine sees `world`. @return what it saw before, for leave() */
const hutch_world *hutch_world_enter(const hutch_world *world);
void hutch_world_leave(const hutch_world *before);

/** Microseconds since 1970, as the guest may know them. */
int64_t hutch_world_now_us(const hutch_world *world);

/** Nanoseconds since the last reset; 0 where the clock is fixed. */
uint64_t hutch_world_elapsed_ns(const hutch_world *world);

/** The next number of Math.random(): 0 <= x < 1, 53 bits of chance. */
double hutch_world_random(hutch_world *world);

#endif
