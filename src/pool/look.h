/**
 * @file look.h
 * Looking at a ring for a while before sleeping: cheaper than a sleep where the
 * other side answers at once, wasted where it does not. A look remembers how
 * that went lately.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_POOL_LOOK_H
#define HUTCH_POOL_LOOK_H

#include <stdbool.h>
#include <stdint.h>

/** How looking has paid; all zero: not known yet. */
typedef struct hutch_look {
    int8_t misses;   /**< in a row, up to a bound */
    uint8_t skipped; /**< times that a look was not worth trying */
} hutch_look;

/** Whether to look this time. */
bool hutch_look_is_worth_it(hutch_look *look);

/** What the look came to. */
void hutch_look_note(hutch_look *look, bool paid);

/** For the processor: this is a loop that waits. */
static inline void hutch_look_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
