/**
 * @file lockdown.h
 * What the program gives up, and when: the one place that says so.
 *
 * The zygote, which runs no guest code, gives up at its start what its workers
 * can inherit. A worker gives up the rest when it has its memory and its
 * doorbell, before it takes the first frame. A layer that the system refuses
 * ends the process: nothing is run half confined.
 *
 * Threads: the process has one.
 */
#ifndef HUTCH_WORKER_LOCKDOWN_H
#define HUTCH_WORKER_LOCKDOWN_H

/** At the zygote's start. @return NULL, or the name of the layer that was refused */
const char *hutch_lockdown_zygote(void);

/** In a worker, last. @return NULL, or the name of the layer that was refused */
const char *hutch_lockdown_worker(void);

#endif
