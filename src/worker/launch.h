/**
 * @file launch.h
 * What a freshly forked worker does before it serves: become nobody's heir but
 * of the image, take its memory and its doorbell, lock itself down.
 *
 * Threads: the process has one.
 */
#ifndef HUTCH_WORKER_LAUNCH_H
#define HUTCH_WORKER_LAUNCH_H

#include "plat/stack.h"

#include <hutch/isolate.h>

#include <stdint.h>

/** What the zygote has made ready for its workers. */
typedef struct hutch_nest {
    int64_t zygote;         /**< process number */
    uint32_t layers;        /**< hutch_layer bits that hold the zygote, and so its workers */
    hutch_isolate *isolate; /**< its image saved */
    hutch_stack stack;      /**< for the guest */
} hutch_nest;

/**
 * Become a worker.
 *
 * @param memory    descriptor of the shared memory
 * @param doorbell  descriptor of the pool's doorbell
 */
_Noreturn void hutch_launch_worker(const hutch_nest *nest, int memory, int doorbell);

#endif
