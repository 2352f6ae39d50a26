/**
 * @file confine.h
 * What a process can give up for good, about itself. Each call is one layer;
 * which ones are used, and in which order, is src/worker/lockdown.c's to say.
 *
 * Every function here returns 0, or errno.
 *
 * Threads: processes of one thread.
 */
#ifndef HUTCH_PLAT_CONFINE_H
#define HUTCH_PLAT_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Every signal's disposition is the default one, and none is blocked. For a program that has just been
 *  run: it has no handlers. */
int hutch_confine_reset_signals(void);

/** A session of its own: no terminal's signals arrive. */
int hutch_confine_leave_terminal(void);

/** Close every descriptor from `first` to `last`. */
int hutch_confine_close(int first, int last);
/** As `last`: no end. */
#define HUTCH_CONFINE_NO_END (-1)

/** Nothing this process or its children exec gives them more rights. */
int hutch_confine_no_new_privileges(void);

/** No other process of this user may look into this one or leave a core file of it. */
int hutch_confine_not_dumpable(void);

/** Give up every capability, and the power to get one back. Nothing to do for an ordinary user. */
int hutch_confine_no_capabilities(void);

/**
 * Be killed when the parent ends.
 *
 * @param parent  who is thought to be the parent; HUTCH_CONFINE_UNKNOWN_PARENT where that one has no
 *                number here, and the caller finds out by other means whether it was there still
 * @return ESRCH when that one is gone already
 */
int hutch_confine_die_with(int64_t parent);
#define HUTCH_CONFINE_UNKNOWN_PARENT (-1)

/** Resources that can be limited. */
typedef enum hutch_confine_resource {
    HUTCH_CONFINE_CORE_BYTES,    /**< of a core file */
    HUTCH_CONFINE_FILE_BYTES,    /**< of any file it writes; eventfds and sockets are none */
    HUTCH_CONFINE_DESCRIPTORS,   /**< one more than the highest number that can still be opened */
    HUTCH_CONFINE_ADDRESS_BYTES, /**< of address space */
    HUTCH_CONFINE_STACK_BYTES,   /**< of the first stack */
    HUTCH_CONFINE_LOCKED_BYTES,  /**< of locked memory */
    HUTCH_CONFINE_QUEUE_BYTES,   /**< of message queues */
    HUTCH_CONFINE_PROCESSES,     /**< of this user when this process forks; not kept for root */
} hutch_confine_resource;

/** Take as much processor time as the limit that was inherited can be raised to. What goes beyond it
 *  ends by a signal that says so (SIGXCPU), a second before the one that says nothing. */
int hutch_confine_extend_processor_time(void);

/** Limit a resource, for good. A lower limit that is in force already stays. */
int hutch_confine_limit(hutch_confine_resource resource, uint64_t most);

/** What of the system a process can have to itself. */
typedef enum hutch_confine_namespace {
    HUTCH_CONFINE_MOUNTS,
    HUTCH_CONFINE_NETWORK,
    HUTCH_CONFINE_IPC,
    HUTCH_CONFINE_UTS,
    HUTCH_CONFINE_CGROUP,
} hutch_confine_namespace;

/** From now on an own one, which is empty or a copy. Needs CAP_SYS_ADMIN, as one has in a user
 *  namespace of one's own. */
int hutch_confine_own(hutch_confine_namespace space);

/** Change the root to an empty folder of a file system that nobody else has. Needs mounts of its
 *  own, and CAP_SYS_ADMIN. No descriptor of a folder may be open. */
int hutch_confine_empty_root(void);

/** Have the kernel's Landlock deny whatever it can. Needs no_new_privs. */
int hutch_confine_landlock(void);

#endif
