/**
 * @file look.h
 * Whether it pays to look at a ring for a few microseconds before sleeping; both
 * sides decide it the same way.
 *
 * A look that finds something saves both sides a thread switch; one that does
 * not is processor time taken from others. So a place where looking has not
 * paid several times in a row stops looking, and tries again only now and then.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_WIRE_LOOK_H
#define HUTCH_WIRE_LOOK_H

#include <stdbool.h>
#include <stdint.h>

/** Vain looks in a row after which a place stops looking. */
#define HUTCH_LOOK_PATIENCE 4u
/** A place that has stopped tries again once in so many times. */
#define HUTCH_LOOK_RETRY 32u

/** What is known of one place; zeroed at first. */
typedef struct hutch_look {
    uint32_t vain;    /* vain looks in a row, at most HUTCH_LOOK_PATIENCE */
    uint32_t skipped; /* times that no look was taken, since the last one */
} hutch_look;

/** Whether to look this time. */
static inline bool hutch_look_is_due(hutch_look *look) {
    if (look->vain < HUTCH_LOOK_PATIENCE) {
        return true;
    }
    look->skipped = (look->skipped + 1) % HUTCH_LOOK_RETRY;
    return look->skipped == 0;
}

/** Take it that looking will not pay here; what is learnt may change that. */
static inline void hutch_look_give_up(hutch_look *look) {
    *look = (hutch_look){.vain = HUTCH_LOOK_PATIENCE};
}

/** Note what came of it. */
static inline void hutch_look_learn(hutch_look *look, bool paid) {
    if (paid) {
        look->vain = 0;
    } else if (look->vain < HUTCH_LOOK_PATIENCE) {
        look->vain++;
    }
}

/** For the processor: this is a loop that waits. */
static inline void hutch_look_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
