/*
 * Landlock: a second opinion of the kernel's, by names and kinds instead of
 * system calls. All that can be handled is handled, and there are no rules: so
 * all of it is denied.
 *
 * The numbers are written out because headers are older than kernels.
 */
#include "plat/confine.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

#define ASK_VERSION 1UL

typedef struct ruleset {
    uint64_t files;   /* accesses to files and folders */
    uint64_t network; /* binding and connecting TCP ports */
    uint64_t scoped;  /* what ends at the border of this process and its children */
} ruleset;

/* What each version of the kernel's interface added: bits below these. */
static const struct {
    long version;
    ruleset below;
} growth[] = {
    {1, {.files = 1U << 13}},
    {2, {.files = 1U << 14}}, /* moving between folders */
    {3, {.files = 1U << 15}}, /* truncating */
    {4, {.files = 1U << 15, .network = 1U << 2}},
    {5, {.files = 1U << 16, .network = 1U << 2}},                    /* ioctl of devices */
    {6, {.files = 1U << 16, .network = 1U << 2, .scoped = 1U << 2}}, /* abstract sockets, signals */
};

static uint64_t all_below(uint64_t bit) {
    return bit == 0 ? 0 : bit - 1;
}

static ruleset all_of(long version) {
    ruleset all = {0};
    for (size_t i = 0; i < sizeof growth / sizeof growth[0]; i++) {
        if (growth[i].version <= version) {
            all = (ruleset){.files = all_below(growth[i].below.files),
                            .network = all_below(growth[i].below.network),
                            .scoped = all_below(growth[i].below.scoped)};
        }
    }
    return all;
}

int hutch_confine_landlock(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0UL, ASK_VERSION);
    if (version < 0) {
        return errno;
    }
    ruleset all = all_of(version);
    /* Fields that an old kernel does not know are 0, which it lets pass. */
    int descriptor = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0UL);
    if (descriptor < 0) {
        return errno;
    }
    int failure = syscall(SYS_landlock_restrict_self, descriptor, 0UL) != 0 ? errno : 0;
    (void)close(descriptor);
    return failure;
}
