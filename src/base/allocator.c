/*
 * Where host memory comes from; see allocator.h. Owns nothing.
 *
 * Threads: any.
 */
#include "base/allocator.h"

#include <stdlib.h>
#include <string.h>

static void *host_resize(void *user, void *block, size_t size) {
    (void)user;
    return realloc(block, size);
}

static void host_release(void *user, void *block) {
    (void)user;
    free(block);
}

static const hutch_allocator host_allocator = {.resize = host_resize, .release = host_release};

static const hutch_allocator *or_host(const hutch_allocator *allocator) {
    return allocator != NULL ? allocator : &host_allocator;
}

void *hutch_allocator_new(const hutch_allocator *allocator, size_t size) {
    void *block = hutch_allocator_resize(allocator, NULL, size);
    if (block != NULL) {
        memset(block, 0, size);
    }
    return block;
}

void *hutch_allocator_resize(const hutch_allocator *allocator, void *block, size_t size) {
    const hutch_allocator *source = or_host(allocator);
    return source->resize(source->user, block, size != 0 ? size : 1);
}

void hutch_allocator_release(const hutch_allocator *allocator, void *block) {
    const hutch_allocator *source = or_host(allocator);
    source->release(source->user, block);
}
