/**
 * @file spin.h
 * A bounded spin: whether it pays to look at a ring for a few microseconds before sleeping; both
 * sides decide it the same way.
 *
 * A spin that finds something saves both sides a thread switch; one that does
 * not is processor time taken from others. So a place where spinning has not
 * paid several times in a row stops spinning, and tries again only now and then.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_WIRE_SPIN_H
#define HUTCH_WIRE_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/** Vain spins in a row after which a place stops spinning. */
#define HUTCH_SPIN_PATIENCE 4u
/** A place that has stopped tries again once in so many times. */
#define HUTCH_SPIN_RETRY 32u

/** What is known of one place; zeroed at first. */
typedef struct hutch_spin {
    uint32_t vain;    /* vain spins in a row, at most HUTCH_SPIN_PATIENCE */
    uint32_t skipped; /* times that no spin was taken, since the last one */
} hutch_spin;

/** Whether to spin this time. */
static inline bool hutch_spin_is_due(hutch_spin *spin) {
    if (spin->vain < HUTCH_SPIN_PATIENCE) {
        return true;
    }
    spin->skipped = (spin->skipped + 1) % HUTCH_SPIN_RETRY;
    return spin->skipped == 0;
}

/** Take it that spinning will not pay here; what is learnt may change that. */
static inline void hutch_spin_give_up(hutch_spin *spin) {
    *spin = (hutch_spin){.vain = HUTCH_SPIN_PATIENCE};
}

/** Note what came of it. */
static inline void hutch_spin_learn(hutch_spin *spin, bool paid) {
    if (paid) {
        spin->vain = 0;
    } else if (spin->vain < HUTCH_SPIN_PATIENCE) {
        spin->vain++;
    }
}

/** For the processor: this is a loop that waits. */
static inline void hutch_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
