/**
 * @file syscalls.h
 * The system calls of a worker while it serves guests: this table is all of
 * them, for the filter and for its test. Anything else kills the process.
 */
#ifndef HUTCH_WORKER_SYSCALLS_H
#define HUTCH_WORKER_SYSCALLS_H

#include "plat/syscall_filter.h"
#include "wire/zygote_message.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

/* How an argument is checked. */
#define HUTCH_IS(wanted)                                                                           \
    { .checked = true, .value = (wanted) }
#define HUTCH_ANY                                                                                  \
    { .checked = false }

/*
 * X(call, first argument, second, third, why it is needed)
 *
 * The clocks are normally read without a system call; their rules are for machines
 * where that cannot be, and for processor time, where it never can. Each has a number
 * of its own, as every process has whose processor time one may ask for.
 */
#define HUTCH_WORKER_SYSCALLS(X)                                                                   \
    X(futex, HUTCH_ANY, HUTCH_IS(FUTEX_WAIT), HUTCH_ANY, "sleep until the pool rings")             \
    X(write, HUTCH_IS(HUTCH_WORKER_DOORBELL_FD), HUTCH_ANY, HUTCH_IS(8), "ring the pool")          \
    X(madvise, HUTCH_ANY, HUTCH_ANY, HUTCH_IS(MADV_DONTNEED), "give memory back, wiped")           \
    X(clock_gettime, HUTCH_IS(CLOCK_REALTIME), HUTCH_ANY, HUTCH_ANY, "Date")                       \
    X(clock_gettime, HUTCH_IS(CLOCK_MONOTONIC), HUTCH_ANY, HUTCH_ANY, "the deadline")              \
    X(clock_gettime, HUTCH_IS(CLOCK_THREAD_CPUTIME_ID), HUTCH_ANY, HUTCH_ANY, "the cpuTime limit") \
    X(exit_group, HUTCH_ANY, HUTCH_ANY, HUTCH_ANY, "end, when the pool breaks the protocol")

/** An entry of a table of rules: `{ HUTCH_WORKER_SYSCALLS(HUTCH_WORKER_SYSCALL_RULE) }`. */
#define HUTCH_WORKER_SYSCALL_RULE(call, first, second, third, why)                                 \
    {.number = SYS_##call, .arguments = {first, second, third}},

#endif
