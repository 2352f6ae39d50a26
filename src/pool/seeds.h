/**
 * @file seeds.h
 * Seeds for the workers' random numbers, taken from the kernel many at a time.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_SEEDS_H
#define HUTCH_POOL_SEEDS_H

#include <hutch/error.h>

#include <stddef.h>
#include <stdint.h>

#define HUTCH_SEEDS_BATCH 32

/** A stock of seeds; all zero is an empty one. */
typedef struct hutch_seeds {
    uint64_t values[HUTCH_SEEDS_BATCH];
    size_t left;
} hutch_seeds;

/** A seed that was never given before. @param seed [out] @return HUTCH_OK or HUTCH_UNAVAILABLE */
hutch_status hutch_seeds_take(hutch_seeds *seeds, uint64_t *seed, hutch_error *error);

#endif
