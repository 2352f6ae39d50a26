/*
 * Shared memory: a sealed memfd.
 */
#include "plat/shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* Kernels before 6.3 do not know that a memfd need not be executable. */
static int create(const char *name) {
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (descriptor < 0 && errno == EINVAL) {
        descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    return descriptor;
}

int hutch_shared_memory_new(size_t size, int *descriptor, void **address) {
    int memory = create("hutch-ring");
    if (memory < 0) {
        return errno;
    }
    void *mapping = MAP_FAILED;
    if (ftruncate(memory, (off_t)size) == 0 &&
        fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
        mapping = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    }
    if (mapping == MAP_FAILED) {
        int failure = errno;
        (void)close(memory);
        return failure;
    }
    (void)madvise(mapping, size, MADV_DONTFORK);
    *descriptor = memory;
    *address = mapping;
    return 0;
}

void hutch_shared_memory_unmap(void *address, size_t size) {
    if (address != NULL) {
        (void)munmap(address, size);
    }
}
