/**
 * @file clock.h
 * The clock that deadlines are kept by. CLOCK_MONOTONIC is one clock for all
 * processes of a machine: the pool's deadlines travel to the workers as they
 * are, and no one who sets the wall clock moves them.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_CLOCK_H
#define HUTCH_PLAT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define HUTCH_NS_PER_US UINT64_C(1000)
#define HUTCH_NS_PER_MS UINT64_C(1000000)
#define HUTCH_NS_PER_S UINT64_C(1000000000)

/** Nanoseconds of CLOCK_MONOTONIC; above 0. */
uint64_t hutch_clock_now(void);

/** The time in so many microseconds; far off is far enough: at most a year ahead. */
uint64_t hutch_clock_after(uint64_t microseconds);

/**
 * Processor time that a process has used so far, all its threads together.
 *
 * @param pid          of this user
 * @param nanoseconds  [out]
 * @return false when there is no such process
 */
bool hutch_clock_of_process(int64_t pid, uint64_t *nanoseconds);

#endif
