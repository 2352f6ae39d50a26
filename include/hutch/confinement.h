/**
 * @file confinement.h
 * What holds a pool's workers, layer by layer.
 *
 * Some layers need what not every system gives an ordinary user. A layer that
 * the system refuses is off, and nothing fails for it; but workers never run
 * without the required ones: where one of those cannot be had, no worker starts.
 */
#ifndef HUTCH_CONFINEMENT_H
#define HUTCH_CONFINEMENT_H

#include <hutch/api.h>
#include <hutch/pool.h>

#include <stdint.h>

HUTCH_BEGIN_API

/*
 * X(constant, bit, name, whether it is required, what it stops)
 *
 * The first ones every Linux gives. Builds with sanitizers, which are for tests
 * alone, go without seccomp, empty-root and landlock.
 */
#define HUTCH_LAYER_TABLE(X)                                                                       \
    X(HUTCH_LAYER_SECCOMP, 0, "seccomp", 1, "every system call but a few, on pain of death")       \
    X(HUTCH_LAYER_NO_NEW_PRIVS, 1, "no-new-privs", 1, "gaining rights by running a program")       \
    X(HUTCH_LAYER_CAPABILITIES, 2, "capabilities", 1, "using the rights of an administrator")      \
    X(HUTCH_LAYER_NOT_DUMPABLE, 3, "not-dumpable", 1, "core files, and looks from other workers")  \
    X(HUTCH_LAYER_RESOURCE_LIMITS, 4, "resource-limits", 1,                                        \
      "new processes, descriptors and files, endless memory")                                      \
    X(HUTCH_LAYER_USER_NAMESPACE, 5, "user-namespace", 0, "acting as the user who runs the host")  \
    X(HUTCH_LAYER_PID_NAMESPACE, 6, "pid-namespace", 0, "seeing and signalling other processes")   \
    X(HUTCH_LAYER_MOUNT_NAMESPACE, 7, "mount-namespace", 0, "changing what is mounted where")      \
    X(HUTCH_LAYER_EMPTY_ROOT, 8, "empty-root", 0, "naming any file: there is none")                \
    X(HUTCH_LAYER_NETWORK_NAMESPACE, 9, "network-namespace", 0,                                    \
      "reaching any network, this "                                                                \
      "machine's own included")                                                                    \
    X(HUTCH_LAYER_IPC_NAMESPACE, 10, "ipc-namespace", 0,                                           \
      "reaching other programs' queues and "                                                       \
      "shared memory")                                                                             \
    X(HUTCH_LAYER_UTS_NAMESPACE, 11, "uts-namespace", 0, "changing the machine's name")            \
    X(HUTCH_LAYER_CGROUP_NAMESPACE, 12, "cgroup-namespace", 0, "seeing the groups of processes")   \
    X(HUTCH_LAYER_LANDLOCK, 13, "landlock", 0, "files, ports and signals, decided a second time")  \
    X(HUTCH_LAYER_USAGE_WATCH, 14, "usage-watch", 0,                                               \
      "a broken engine's use of memory and processor time beyond its limits")

/** A layer, as its bit in a set. */
typedef enum hutch_layer {
#define HUTCH_LAYER_ENUM(constant, bit, name, required, stops) constant = 1 << (bit),
    HUTCH_LAYER_TABLE(HUTCH_LAYER_ENUM)
#undef HUTCH_LAYER_ENUM
} hutch_layer;

/** What holds the workers of a pool. */
typedef struct hutch_confinement {
    size_t size;      /**< sizeof(hutch_confinement) */
    uint32_t on;      /**< layers that are on: bits of hutch_layer */
    uint32_t missing; /**< required layers that are off: 0, but for builds with sanitizers */
} hutch_confinement;

#define HUTCH_CONFINEMENT_INIT HUTCH_INIT(hutch_confinement)

/** Longest time that hutch_pool_get_confinement() waits, milliseconds. */
#define HUTCH_CONFINEMENT_WAIT_MS 250

/**
 * Which layers are on. Starts the zygote if there is none, and waits a moment until it
 * has locked itself down: some milliseconds the first time. It never waits for long: not for a
 * zygote that is being stopped, nor on a machine that is busy. Whoever can wait asks again.
 *
 * @param pool         not NULL
 * @param confinement  [in, out] its size set
 * @param error        [out, optional] written on failure only
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (its size), or HUTCH_UNAVAILABLE: the zygote did not
 *         start, ended, does nothing, or was not ready within HUTCH_CONFINEMENT_WAIT_MS
 */
hutch_status hutch_pool_get_confinement(hutch_pool *pool, hutch_confinement *confinement,
                                        hutch_error *error);

HUTCH_END_API

#endif
