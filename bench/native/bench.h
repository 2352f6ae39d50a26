/**
 * @file bench.h
 * A measured action: prepared once, then repeated for a while, each repetition
 * timed on its own. The files of this folder each have a table of them.
 *
 * Threads: one.
 */
#ifndef HUTCH_BENCH_H
#define HUTCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

/** One measured action. */
typedef struct hutch_bench {
    const char *name; /**< what the table calls it */
    size_t parts;     /**< of how many equal parts one action consists; a time is that of
                                      one part */
    const void *data; /**< handed to `prepare` */
    void *(*prepare)(const void *data); /**< the state of the actions; NULL when it failed */
    bool (*act)(void *state);           /**< what is measured; false when it failed */
    void (*end)(void *state);           /**< gives the state back */
} hutch_bench;

/** A table of a file, ended by an entry without a name. */
extern const hutch_bench hutch_bench_heap[];
extern const hutch_bench hutch_bench_image[];
extern const hutch_bench hutch_bench_isolate[];
extern const hutch_bench hutch_bench_pool[];

#endif
