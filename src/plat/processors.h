/**
 * @file processors.h
 * How many things this process can do at once.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_PROCESSORS_H
#define HUTCH_PLAT_PROCESSORS_H

/** Processors that this process may run on; at least 1. */
int hutch_processors_count(void);

#endif
