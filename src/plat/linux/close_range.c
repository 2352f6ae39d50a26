/*
 * Closing many descriptors: by one call, which Linux has since 5.9 and some
 * sandboxes refuse; else each that /proc lists; else each that there can be.
 *
 * Bare system calls only, since the child of spawn.c calls this.
 */
#include "close_range.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define BARE __attribute__((no_sanitize("address", "thread", "undefined"), noinline))

/* Where a process may have more than this, nobody has said how many: the kernel's own default. */
#define DESCRIPTORS_MOST 1048576U

/* As the kernel writes it. */
typedef struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
} entry;

/* UINT_MAX: the name is not a number. */
BARE static unsigned number_of(const char *name) {
    unsigned number = *name == '\0' ? UINT_MAX : 0;
    for (; *name != '\0' && number != UINT_MAX; name++) {
        number = *name >= '0' && *name <= '9' && number < UINT_MAX / 16
                     ? number * 10 + (unsigned)(*name - '0')
                     : UINT_MAX;
    }
    return number;
}

/* The list is by number, so that what has been closed moves none of the rest. */
BARE static bool close_listed(unsigned first, unsigned last) {
    alignas(entry) char entries[4096];
    long length;
    long folder =
        syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (folder < 0) {
        return false;
    }
    while ((length = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
        for (long at = 0; at < length; at += ((const entry *)(entries + at))->length) {
            unsigned number = number_of(((const entry *)(entries + at))->name);
            if (number >= first && number <= last && number != (unsigned)folder) {
                (void)syscall(SYS_close, number);
            }
        }
    }
    (void)syscall(SYS_close, folder);
    return length == 0;
}

BARE static void close_possible(unsigned first, unsigned last) {
    struct rlimit limit = {.rlim_max = RLIM_INFINITY};
    (void)syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
    unsigned end = limit.rlim_max < DESCRIPTORS_MOST ? (unsigned)limit.rlim_max : DESCRIPTORS_MOST;
    for (unsigned number = first; number <= last && number < end; number++) {
        (void)syscall(SYS_close, number);
    }
}

BARE int hutch_close_range(unsigned first, unsigned last) {
    if (syscall(SYS_close_range, first, last, 0) == 0) {
        return 0;
    }
    if (errno != ENOSYS && errno != EPERM && errno != EACCES) {
        return errno;
    }
    if (!close_listed(first, last)) {
        close_possible(first, last);
    }
    return 0;
}
