/**
 * @file held_clock.h
 * The monotonic clock of this process, which a test can hold and move on: so
 * that what happens within a tenth of a second does not depend on how much of
 * the processor the test gets. The linker puts it in the way (--wrap).
 *
 * While it is held, waits that have a deadline look again and again; they end
 * as soon as it has been moved past that.
 *
 * Threads: any.
 */
#ifndef HUTCH_TESTS_POOL_HELD_CLOCK_H
#define HUTCH_TESTS_POOL_HELD_CLOCK_H

#include <stdint.h>

/** From now on it stands still. */
void clock_hold(void);

/** Move the held clock on. */
void clock_move(uint64_t milliseconds);

/** From now on it goes on, from where it stands. */
void clock_let_go(void);

#endif
