/**
 * @file crew.h
 * The zygote's list of its living workers: which process is which worker.
 *
 * Threads: the zygote has one.
 */
#ifndef HUTCH_WORKER_CREW_H
#define HUTCH_WORKER_CREW_H

#include <stdbool.h>
#include <stdint.h>

/** Most workers of one zygote; as many as a pool may have. */
#define HUTCH_CREW_MAX 65536u

/** Whether there is room for another one. */
bool hutch_crew_has_room(void);

/** Note a worker. */
void hutch_crew_add(int64_t pid, uint32_t worker);

/** Take a process off the list. @param worker [out] @return false when it is not there */
bool hutch_crew_remove(int64_t pid, uint32_t *worker);

/** Kill a worker, if it is on the list. It stays on it until it is reaped, as below. */
void hutch_crew_kill(uint32_t worker);

/** Kill all that are on the list. */
void hutch_crew_kill_all(void);

/** In a worker: who else there is is none of its business. */
void hutch_crew_forget(void);

#endif
