/**
 * @file lockdown.h
 * What the program gives up, and when: the one place that says so.
 *
 * The zygote, which runs no guest code, gives up at its start what its workers
 * can inherit. A worker gives up the rest when it has its memory and its
 * doorbell, before it takes the first frame. A required layer that the system
 * refuses ends the process; the others (hutch/confinement.h) are off then.
 *
 * Threads: the process has one.
 */
#ifndef HUTCH_WORKER_LOCKDOWN_H
#define HUTCH_WORKER_LOCKDOWN_H

#include <stdint.h>

/**
 * At the zygote's start.
 *
 * @param most_memory  largest memory limit of a guest, bytes: what address space is limited by
 * @param layers  [out] bits of hutch_layer that are on, those of hutch_lockdown_worker() included;
 *                not the namespaces that whoever starts the zygote puts it into
 * @return NULL, or the name of the layer that was refused
 */
const char *hutch_lockdown_zygote(uint64_t most_memory, uint32_t *layers);

/** In a worker, last. @return NULL, or the name of the layer that was refused */
const char *hutch_lockdown_worker(void);

#endif
