/**
 * @file doorbell.h
 * Ways to wake someone: an eventfd for who sleeps in a watch (watch.h), a
 * futex word in shared memory for who sleeps without descriptors.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_DOORBELL_H
#define HUTCH_PLAT_DOORBELL_H

#include <stdatomic.h>
#include <stdint.h>

/** Make an eventfd: non-blocking, closed on exec. @param descriptor [out] @return 0, or errno */
int hutch_doorbell_new(int *descriptor);

/** Ring it. A bell whose counter is full is ringing already. */
void hutch_doorbell_ring(int descriptor);

/** Make it silent again. */
void hutch_doorbell_clear(int descriptor);

/** Wake whoever sleeps on a futex word in memory that processes share. Change the word first. */
void hutch_futex_wake_shared(_Atomic uint32_t *word);

/** Sleep on a futex word while it has this value, for so many nanoseconds at most; UINT64_MAX: for as long
 *  as it takes. Also returns for no reason at times: the caller looks at what it waits for again. */
void hutch_futex_wait_shared(_Atomic uint32_t *word, uint32_t value, uint64_t most_ns);

#endif
