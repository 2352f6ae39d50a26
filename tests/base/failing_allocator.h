/**
 * @file failing_allocator.h
 * An allocator for out-of-memory sweeps: lets a number of allocations succeed,
 * fails all others, and counts the blocks that have not been given back.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_TESTS_BASE_FAILING_ALLOCATOR_H
#define HUTCH_TESTS_BASE_FAILING_ALLOCATOR_H

#include "base/allocator.h"

#include <stdlib.h>

typedef struct failing_allocator {
    hutch_allocator allocator;
    size_t countdown; /**< allocations that still succeed */
    size_t live;      /**< blocks that have not been given back */
    size_t failures;  /**< allocations that have failed */
} failing_allocator;

static inline void *failing_resize(void *user, void *block, size_t size) {
    failing_allocator *self = user;
    if (self->countdown == 0) {
        self->failures++;
        return NULL;
    }
    self->countdown--;
    self->live += block == NULL ? 1 : 0;
    return realloc(block, size);
}

static inline void failing_release(void *user, void *block) {
    failing_allocator *self = user;
    self->live -= block != NULL ? 1 : 0;
    free(block);
}

static inline void failing_allocator_init(failing_allocator *self, size_t countdown) {
    *self = (failing_allocator){
        .allocator = {.resize = failing_resize, .release = failing_release, .user = self},
        .countdown = countdown,
    };
}

#endif
