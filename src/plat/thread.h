/**
 * @file thread.h
 * Threads of the library's own.
 *
 * Threads: any.
 */
#ifndef HUTCH_PLAT_THREAD_H
#define HUTCH_PLAT_THREAD_H

#include <pthread.h>
#include <stddef.h>

/**
 * Start a thread that takes no signals: they are the host's business.
 *
 * @param thread      [out] ended with pthread_join()
 * @param name        at most 15 bytes, for debuggers
 * @param stack_size  bytes
 * @return 0, or errno
 */
int hutch_thread_start(pthread_t *thread, const char *name, size_t stack_size,
                       void *(*body)(void *), void *argument);

/** A condition variable whose times are those of hutch_clock_now(). @return 0, or errno */
int hutch_thread_condition_init(pthread_cond_t *condition);

#endif
