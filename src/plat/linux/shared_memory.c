/*
 * Shared memory: a sealed memfd.
 */
#include "plat/shared_memory.h"

#include "memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int hutch_shared_memory_new(size_t size, int *descriptor, void **address) {
    int memory;
    /* Kernels before 6.3 do not know that such a file need not be executable. */
    int refused = hutch_memory_file_new("hutch-ring", MFD_NOEXEC_SEAL, size, &memory);
    if (refused != 0) {
        return refused;
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
