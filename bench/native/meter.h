/**
 * @file meter.h
 * What the kernel did for a pool: counted on the host's side (this process, all of its threads) and on
 * the worker's (the zygote and all that it has forked), apart. Unlike a time, a count is the same on
 * every machine.
 *
 * Threads: one, which makes the pool.
 */
#ifndef HUTCH_BENCH_METER_H
#define HUTCH_BENCH_METER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What is counted: name of the constant, name in tables. A page fault is a trap: pages that a system call
 * populates are none, though the kernel's own sums (getrusage, /proc) count them as such.
 */
#define HUTCH_METER_TABLE(X)                                                                       \
    X(FAULTS, "page faults")                                                                       \
    X(CALLS, "system calls")                                                                       \
    X(SLEEPS, "voluntary switches")                                                                \
    X(PREEMPTIONS, "involuntary switches")                                                         \
    X(LOCKS, "locks taken")                                                                        \
    X(BYTES, "bytes copied")

#define HUTCH_METER_CONSTANT(constant, name) HUTCH_METER_##constant,
/** What is counted. Locks and bytes (of memcpy and memmove) are known of the host only. */
typedef enum hutch_meter_kind {
    HUTCH_METER_TABLE(HUTCH_METER_CONSTANT) HUTCH_METER_KINDS
} hutch_meter_kind;

/** Who it is counted for. */
typedef enum hutch_meter_side {
    HUTCH_METER_HOST,
    HUTCH_METER_WORKER,
    HUTCH_METER_SIDES
} hutch_meter_side;

/** All counts since some moment before. */
typedef struct hutch_meter_counts {
    uint64_t of[HUTCH_METER_SIDES][HUTCH_METER_KINDS];
} hutch_meter_counts;

/** As the tables call it. */
const char *hutch_meter_kind_name(hutch_meter_kind kind);
const char *hutch_meter_side_name(hutch_meter_side side);

/**
 * Begin to count. Before the first pool is made: who is forked before is not counted.
 *
 * @return false when system calls or page faults cannot be counted here: the kernel lets only those count
 *         them who may (root, CAP_PERFMON; for calls tracefs, mounted)
 */
bool hutch_meter_begin(void);

/** Whether this can be counted for that side, here. */
bool hutch_meter_knows(hutch_meter_side side, hutch_meter_kind kind);

/** Read all counts. @param zygote process id; 0: there is no worker's side. @param counts [out] */
void hutch_meter_read(pid_t zygote, hutch_meter_counts *counts);

#endif
