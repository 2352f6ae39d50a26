/*
 * The layers, in three tables. Each function returns 0 or errno; the first
 * refusal of a required layer ends the walk. The optional ones, which the
 * zygote makes for all, come before it gives up its capabilities: in a user
 * namespace of its own it has those that they need.
 *
 * Resource limits are for good and go from the zygote to the workers. Address
 * space is limited to what the pool's largest memory limit needs and some room. The
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
 * And files stay within reach, from which they name the places they report.
 *
 * Threads: the process has one.
 */
#include "worker/lockdown.h"

#include "plat/confine.h"

#ifdef HUTCH_LOCKDOWN_SECCOMP
#include "worker/syscalls.h"
#endif

#include <hutch/confinement.h>
#include <hutch/limits.h>

#include <stdbool.h>
#include <stddef.h>

/* Beyond the arena's range: its image, what it is moved by when it is reserved, the guest's stack (128 MiB
 * of it), the program. */
#define ADDRESS_ROOM (256 * HUTCH_MIB)
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

/* The kernel forgets the order when a process changes what it may do, so it comes after that. A pool
 * that has ended before it has closed the socket, too, which is the first thing the zygote hears. */
static int die_with_pool(void) {
    return hutch_confine_die_with(HUTCH_CONFINE_UNKNOWN_PARENT);
}

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
#endif
    return failure;
}

static int limit_addresses(uint64_t most_memory) {
#ifdef HUTCH_SANITIZED
    (void)most_memory;
    return 0;
#else
    return hutch_confine_limit(HUTCH_CONFINE_ADDRESS_BYTES, most_memory + ADDRESS_ROOM);
#endif
}

static int limit_processes(void) {
    return hutch_confine_limit(HUTCH_CONFINE_PROCESSES, 0);
}

static int limit_descriptors(void) {
    return hutch_confine_limit(HUTCH_CONFINE_DESCRIPTORS, 0);
}

static int own_mounts(void) {
    return hutch_confine_own(HUTCH_CONFINE_MOUNTS);
}

static int own_network(void) {
    return hutch_confine_own(HUTCH_CONFINE_NETWORK);
}

static int own_ipc(void) {
    return hutch_confine_own(HUTCH_CONFINE_IPC);
}

static int own_uts(void) {
    return hutch_confine_own(HUTCH_CONFINE_UTS);
}

static int own_cgroup(void) {
    return hutch_confine_own(HUTCH_CONFINE_CGROUP);
}

/* What the system may refuse, each where the one that it needs is on. */
typedef struct optional_layer {
    hutch_layer bit;
    uint32_t needs; /* bits */
    int (*apply)(void);
} optional_layer;

static const optional_layer optional_layers[] = {
    {HUTCH_LAYER_MOUNT_NAMESPACE, 0, own_mounts},
    {HUTCH_LAYER_NETWORK_NAMESPACE, 0, own_network},
    {HUTCH_LAYER_IPC_NAMESPACE, 0, own_ipc},
    {HUTCH_LAYER_UTS_NAMESPACE, 0, own_uts},
    {HUTCH_LAYER_CGROUP_NAMESPACE, 0, own_cgroup},
#ifndef HUTCH_SANITIZED
    {HUTCH_LAYER_EMPTY_ROOT, HUTCH_LAYER_MOUNT_NAMESPACE, hutch_confine_empty_root},
    {HUTCH_LAYER_LANDLOCK, 0, hutch_confine_landlock},
#endif
};

/* What is on because the zygote and its workers would not be there without it. */
#define REQUIRED_BIT(constant, bit, name, required, stops) | ((required) ? (uint32_t)(constant) : 0)
static const uint32_t required_layers = (0 HUTCH_LAYER_TABLE(REQUIRED_BIT))
#ifndef HUTCH_LOCKDOWN_SECCOMP
                                        & ~(uint32_t)HUTCH_LAYER_SECCOMP
#endif
    ;

/* Before the capabilities go. */
static const layer first_layers[] = {
    {"signals", hutch_confine_reset_signals},
    {"terminal", hutch_confine_leave_terminal},
    {"no_new_privs", hutch_confine_no_new_privileges},
};

static const layer zygote_layers[] = {
    {"capabilities", hutch_confine_no_capabilities},
    {"not dumpable", hutch_confine_not_dumpable},
    {"parent-death signal", die_with_pool},
#ifdef HUTCH_LOCKDOWN_SECCOMP
    {"system call filter", make_filter},
#endif
    /* A worker serves many runs, and the pool gives each its time: what a shell has given the whole
     * host is no measure of that. */
    {"processor time", hutch_confine_extend_processor_time},
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

static uint32_t apply_optional(void) {
    uint32_t on = 0;
    for (size_t i = 0; i < sizeof optional_layers / sizeof optional_layers[0]; i++) {
        const optional_layer *tried = &optional_layers[i];
        if ((on & tried->needs) == tried->needs && tried->apply() == 0) {
            on |= (uint32_t)tried->bit;
        }
    }
    return on;
}

const char *hutch_lockdown_zygote(uint64_t most_memory, uint32_t *layers) {
    const char *refused = apply(first_layers, sizeof first_layers / sizeof first_layers[0]);
    if (refused == NULL) {
        *layers = required_layers | apply_optional();
        refused = apply(zygote_layers, sizeof zygote_layers / sizeof zygote_layers[0]);
    }
    if (refused == NULL && limit_addresses(most_memory) != 0) {
        refused = "limit on address space";
    }
    return refused;
}

const char *hutch_lockdown_worker(void) {
    return apply(worker_layers, sizeof worker_layers / sizeof worker_layers[0]);
}
