/**
 * @file drive.h
 * A program run by a context of a pool from its start to its end, as a C host does it that has nothing
 * else to do. What bench and event counts share, so that they speak of the same thing.
 *
 * Threads: one.
 */
#ifndef HUTCH_BENCH_DRIVE_H
#define HUTCH_BENCH_DRIVE_H

#include <hutch/context.h>

#include <stdbool.h>
#include <stddef.h>

/** Longest wait for an event. */
#define HUTCH_BENCH_PATIENCE_US UINT64_C(10000000)

/** What is driven. All is borrowed but `pool` and `context`, which are the driver's. */
typedef struct hutch_bench_drive {
    hutch_pool *pool;
    hutch_context *context; /**< NULL: none is open */
    const char *code;
    const char *reply; /**< JSON: what the tool answers to every call */
    size_t reply_length;
    hutch_recycle recycle;
} hutch_bench_drive;

/** Open the drive's context, with HUTCH_BENCH_TOOL as its only tool. @return false when it failed */
bool hutch_bench_open(hutch_bench_drive *drive);

/** Close it, if it is open. */
void hutch_bench_close(hutch_bench_drive *drive);

/** Run the program to its end, answering all calls alike. @return false when it failed */
bool hutch_bench_run(hutch_bench_drive *drive);

/** Open, run, close. @return false when any of them failed */
bool hutch_bench_run_fresh(hutch_bench_drive *drive);

#endif
