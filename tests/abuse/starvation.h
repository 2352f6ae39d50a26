/**
 * @file starvation.h
 * How long somebody has waited for a processor: what a test has to allow for
 * when it says "within 100 ms" on a machine that others use, too.
 */
#ifndef HUTCH_TESTS_STARVATION_H
#define HUTCH_TESTS_STARVATION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * Milliseconds that all threads of a process have been ready to run and did not.
 *
 * @return false when the kernel does not say, or the process is gone
 */
bool starvation_of(pid_t pid, uint64_t *waited_ms);

/** Milliseconds that the processors of this machine were taken away by the one around it. */
uint64_t starvation_of_machine(void);

#endif
