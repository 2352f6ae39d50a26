/**
 * @file watch.h
 * Sleeping on many descriptors at once. Each is known by a token, not by its
 * number: numbers are used again.
 *
 * Threads: add and remove from any; wait in one at a time.
 */
#ifndef HUTCH_PLAT_WATCH_H
#define HUTCH_PLAT_WATCH_H

#include <stddef.h>
#include <stdint.h>

/** Never, as a point in time. */
#define HUTCH_WATCH_FOREVER UINT64_MAX

/** Make a watch. @param watch [out] a descriptor, closed by the caller @return 0, or errno */
int hutch_watch_new(int *watch);

/** Watch a doorbell: each ring is told once, and the bell never needs to be read. @return 0, or
 *  errno */
int hutch_watch_add_doorbell(int watch, int descriptor, uint64_t token);

/** Watch a socket: told as long as there is something to read, or its other end is gone.
 *  @return 0, or errno */
int hutch_watch_add_socket(int watch, int descriptor, uint64_t token);

/** Stop watching. Needed before closing: a descriptor that another process holds too stays
 *  watched. */
void hutch_watch_remove(int watch, int descriptor);

/**
 * Sleep until something happens or the time has come. A signal is not something.
 *
 * @param until_ns  hutch_clock_now(), or HUTCH_WATCH_FOREVER; may be a millisecond late
 * @param tokens    [out] what happened
 * @param capacity  of `tokens`, 1 to 64
 * @return tokens written; 0 when the time has come
 */
size_t hutch_watch_wait(int watch, uint64_t until_ns, uint64_t *tokens, size_t capacity);

#endif
