/**
 * @file syscall_filter.h
 * Allow a process a few system calls, and be killed at any other.
 *
 * Made in one process and applied in its children: the program of the filter is
 * made once.
 *
 * Threads: processes of one thread.
 */
#ifndef HUTCH_PLAT_SYSCALL_FILTER_H
#define HUTCH_PLAT_SYSCALL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What an argument must be. */
typedef struct hutch_syscall_argument {
    bool checked;
    uint64_t value;
} hutch_syscall_argument;

/** Arguments that a rule can look at. */
#define HUTCH_SYSCALL_ARGUMENTS 3

/** One call that is allowed, when all of its checked arguments are as told. */
typedef struct hutch_syscall_rule {
    int number;                                                /**< of this machine, SYS_... */
    hutch_syscall_argument arguments[HUTCH_SYSCALL_ARGUMENTS]; /**< the first ones */
} hutch_syscall_rule;

/** A filter, made. */
typedef struct hutch_syscall_filter {
    void *program; /**< the kernel's instructions; lives as long as the process */
    size_t length; /**< their number */
} hutch_syscall_filter;

/** Make a filter. @param filter [out] @return 0, or errno */
int hutch_syscall_filter_make(const hutch_syscall_rule *rules, size_t count,
                              hutch_syscall_filter *filter);

/** From now on only the filter's calls. Needs no_new_privs. @return 0, or errno */
int hutch_syscall_filter_apply(const hutch_syscall_filter *filter);

#endif
