/*
 * Ranges of addresses straight from the kernel; see plat/memory.h. Owns
 * nothing: the caller keeps base and size.
 *
 * Threads: any.
 */
#include "plat/memory.h"

#include "base/checked.h"
#include "base/error.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* `size` bytes of addresses, of which the one at `offset` is a multiple of `alignment`; NULL with
 * errno set. */
static char *map_aligned(size_t size, size_t offset, size_t alignment) {
    size_t mapped = size + alignment;
    char *start = mmap(NULL, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    size_t before = (alignment - ((uintptr_t)start + offset) % alignment) % alignment;
    if (before > 0) {
        munmap(start, before);
    }
    munmap(start + before + size, alignment - before);
    return start + before;
}

hutch_status hutch_memory_reserve(size_t size, void **base, hutch_error *error) {
    size_t whole = 0;
    size_t most = 0;
    if (size == 0 || size % HUTCH_MEMORY_GRAIN != 0 ||
        !hutch_checked_add(size, 2 * HUTCH_MEMORY_GRAIN, &whole) ||
        !hutch_checked_add(whole, HUTCH_MEMORY_HUGE, &most)) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "size of a memory range is %zu, expected a multiple of %zu above 0",
                               size, HUTCH_MEMORY_GRAIN);
    }
    size_t alignment = size >= HUTCH_MEMORY_HUGE ? HUTCH_MEMORY_HUGE : HUTCH_MEMORY_GRAIN;
    char *start = map_aligned(whole, HUTCH_MEMORY_GRAIN, alignment);
    if (start == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, errno,
                               "no room for a memory range of %zu bytes", whole);
    }
    char *inner = start + HUTCH_MEMORY_GRAIN;
    if (mprotect(inner, size, PROT_READ | PROT_WRITE) != 0) {
        int reason = errno;
        munmap(start, whole);
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, reason,
                               "a memory range of %zu bytes cannot be made writable", size);
    }
    /* A huge page would be zeroed whole, and resident whole, for the first byte that is touched.
     * Kernels without huge pages refuse this, which is as good. */
    (void)madvise(inner, size, MADV_NOHUGEPAGE);
    *base = inner;
    return HUTCH_OK;
}

void hutch_memory_prefer_huge(void *start, size_t size) {
    /* Refused where there are none. */
    (void)madvise(start, size, MADV_HUGEPAGE);
}

void hutch_memory_release(void *base, size_t size) {
    if (base != NULL) {
        munmap((char *)base - HUTCH_MEMORY_GRAIN, size + 2 * HUTCH_MEMORY_GRAIN);
    }
}

hutch_status hutch_memory_make_read_only(void *start, size_t size, hutch_error *error) {
    if (mprotect(start, size, PROT_READ) != 0) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, errno,
                               "%zu bytes of memory cannot be made read-only", size);
    }
    return HUTCH_OK;
}

void hutch_memory_populate(void *start, size_t size) {
#ifdef MADV_POPULATE_WRITE
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t low = (uintptr_t)start & ~(page - 1);
    uintptr_t high = ((uintptr_t)start + size + page - 1) & ~(page - 1);
    (void)madvise((void *)low, high - low, MADV_POPULATE_WRITE);
#else
    (void)start;
    (void)size;
#endif
}

void hutch_memory_give_back(void *start, size_t size) {
    /* Refused for locked pages: the promise is zeros, so they are written then. */
    if (size > 0 && madvise(start, size, MADV_DONTNEED) != 0) {
        memset(start, 0, size);
    }
}
