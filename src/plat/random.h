/**
 * @file random.h
 * Unpredictable bytes from the kernel.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_RANDOM_H
#define HUTCH_PLAT_RANDOM_H

#include <stddef.h>

/** Fill `bytes`. Waits for the kernel's pool right after boot. @return 0, or errno */
int hutch_random_fill(void *bytes, size_t length);

#endif
