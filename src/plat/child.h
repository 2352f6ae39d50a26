/**
 * @file child.h
 * Children of a process that does nothing else: the zygote's workers.
 *
 * A child's number stays its own until it is reaped, so that killing by number
 * is safe for as long as hutch_child_reap() has not returned it.
 *
 * Threads: processes of one thread.
 */
#ifndef HUTCH_PLAT_CHILD_H
#define HUTCH_PLAT_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Number of this process. */
int64_t hutch_child_own_pid(void);

/** From now on hutch_child_sleep() wakes when a child has ended. @return 0, or errno */
int hutch_child_watch(void);

/** In a child: take that back, which it has inherited. @return 0, or errno */
int hutch_child_unwatch(void);

/**
 * Fork.
 *
 * @param pid         [out] the child's number; 0 in the child
 * @param descriptor  [out] its pidfd, owned by the parent and closed on exec; -1 in the child
 * @return 0, or errno: then there is no child
 */
int hutch_child_fork(int64_t *pid, int *descriptor);

/**
 * Reap a child that has ended.
 *
 * @param wait    whether to wait until one has
 * @param pid     [out] its number
 * @param status  [out] as waitpid() gives it
 * @return false when there is none
 */
bool hutch_child_reap(bool wait, int64_t *pid, int *status);

/** Kill a child that has not been reaped. */
void hutch_child_kill(int64_t pid);

/** What hutch_child_sleep() sleeps for, besides the end of a child. */
typedef enum hutch_child_sleep_until {
    HUTCH_CHILD_UNTIL_READABLE, /**< the socket can be read, or its other end is gone */
    HUTCH_CHILD_UNTIL_WRITABLE, /**< the socket can be written, or its other end is gone */
    HUTCH_CHILD_UNTIL_LATER,    /**< some milliseconds have passed, or its other end is gone */
} hutch_child_sleep_until;

/** Sleep until a child has ended, or what is said. Also returns for no reason at times. */
void hutch_child_sleep(int socket, hutch_child_sleep_until until);

/** Map all pages of the program's own file now: a child shares them with its parent, and yet would find
 *  each few of them by a fault. Nothing before Linux 5.14. */
void hutch_child_populate_program(void);

/** Close a descriptor; -1 is nothing. */
void hutch_child_close(int descriptor);

/** In a child: make `descriptor` the number `number`, whatever that was. @return 0, or errno */
int hutch_child_renumber(int descriptor, int number);

/** In a child: map memory that another process has made, of exactly this size.
 *  @return NULL when it has another size or cannot be mapped */
void *hutch_child_map(int descriptor, size_t size);

#endif
