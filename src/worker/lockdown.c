/*
 * The layers, in two tables. Each function returns 0 or errno; the first
 * refusal ends the walk.
 *
 * Resource limits are for good and go from the zygote to the workers. Address
 * space is limited to what the largest memory limit needs and some room. The
 * number of processes can only be limited in the workers, which need none: the
 * zygote's limit would count all processes of the user, whoever started them.
 * It keeps its descriptor limit too: the kernel holds a sender's limit against
 * all descriptors of the user that are in flight.
 *
 * The filter is made by the zygote and applied by each worker, last of all: it
 * allows nothing that any other layer would need. Builds without
 * HUTCH_LOCKDOWN_SECCOMP, which are those with sanitizers, have none.
 *
 * Under sanitizers address space stays unlimited: their shadow is 20 TiB of it.
 *
 * Threads: the process has one.
 */
#include "worker/lockdown.h"

#include "plat/confine.h"

#ifdef HUTCH_LOCKDOWN_SECCOMP
#include "worker/syscalls.h"
#endif

#include <hutch/limits.h>

#include <stddef.h>

/* The arena's largest range, its image, the guest's stack, the program. */
#define ADDRESS_MOST ((uint64_t)12 * 1024 * HUTCH_MIB)
#define FIRST_STACK_MOST (1 * HUTCH_MIB)

#ifdef HUTCH_LOCKDOWN_SECCOMP
static const hutch_syscall_rule rules[] = {HUTCH_WORKER_SYSCALLS(HUTCH_WORKER_SYSCALL_RULE)};
static hutch_syscall_filter filter;

/* Before the limits: making it needs a pipe. */
static int make_filter(void) {
    return hutch_syscall_filter_make(rules, sizeof rules / sizeof rules[0], &filter);
}

static int apply_filter(void) {
    return hutch_syscall_filter_apply(&filter);
}
#endif

typedef struct layer {
    const char *name;
    int (*apply)(void);
} layer;

static int limit_files(void) {
    int failure = hutch_confine_limit(HUTCH_CONFINE_CORE_BYTES, 0);
    return failure != 0 ? failure : hutch_confine_limit(HUTCH_CONFINE_FILE_BYTES, 0);
}

static int limit_memory(void) {
    int failure = hutch_confine_limit(HUTCH_CONFINE_LOCKED_BYTES, 0);
    failure = failure != 0 ? failure : hutch_confine_limit(HUTCH_CONFINE_QUEUE_BYTES, 0);
#ifndef HUTCH_SANITIZED
    failure =
        failure != 0 ? failure : hutch_confine_limit(HUTCH_CONFINE_STACK_BYTES, FIRST_STACK_MOST);
    failure =
        failure != 0 ? failure : hutch_confine_limit(HUTCH_CONFINE_ADDRESS_BYTES, ADDRESS_MOST);
#endif
    return failure;
}

static int limit_processes(void) {
    return hutch_confine_limit(HUTCH_CONFINE_PROCESSES, 0);
}

static int limit_descriptors(void) {
    return hutch_confine_limit(HUTCH_CONFINE_DESCRIPTORS, 0);
}

static const layer zygote_layers[] = {
    {"signals", hutch_confine_reset_signals},
    {"terminal", hutch_confine_leave_terminal},
    {"no_new_privs", hutch_confine_no_new_privileges},
    {"capabilities", hutch_confine_no_capabilities},
    {"not dumpable", hutch_confine_not_dumpable},
#ifdef HUTCH_LOCKDOWN_SECCOMP
    {"system call filter", make_filter},
#endif
    {"file limits", limit_files},
    {"memory limits", limit_memory},
};

static const layer worker_layers[] = {
    {"process limit", limit_processes},
    {"descriptor limit", limit_descriptors},
#ifdef HUTCH_LOCKDOWN_SECCOMP
    {"system call filter", apply_filter},
#endif
};

static const char *apply(const layer *layers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (layers[i].apply() != 0) {
            return layers[i].name;
        }
    }
    return NULL;
}

const char *hutch_lockdown_zygote(void) {
    return apply(zygote_layers, sizeof zygote_layers / sizeof zygote_layers[0]);
}

const char *hutch_lockdown_worker(void) {
    return apply(worker_layers, sizeof worker_layers / sizeof worker_layers[0]);
}
