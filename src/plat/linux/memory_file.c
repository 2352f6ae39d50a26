/*
 * Files in memory.
 */
#include "memory_file.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>

static bool may_have(size_t size) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
           size <= limit.rlim_cur;
}

int hutch_memory_file_new(const char *name, unsigned flag, size_t size, int *descriptor) {
    if (!may_have(size)) {
        return EFBIG;
    }
    int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | flag);
    if (file < 0 && errno == EINVAL) {
        file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    if (file < 0) {
        return errno;
    }
    *descriptor = file;
    return 0;
}
