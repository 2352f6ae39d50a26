/**
 * @file launch.h
 * A program goes to its context's worker: OPEN first, where the worker is new to the context, then RUN.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_LAUNCH_H
#define HUTCH_POOL_LAUNCH_H

#include "pool/state.h"

/**
 * Tell a worker that was leased for a context just now what it is for. It is woken by the run, or by
 * frames that wait for room.
 *
 * @return HUTCH_OK; otherwise (HUTCH_OUT_OF_MEMORY, HUTCH_UNAVAILABLE) the worker is discarded, and the
 *         context has none
 */
hutch_status hutch_launch_open(hutch_context *context, hutch_error *error);

/** Send a program that ends by the context's `deadline_ns`. @return HUTCH_OK or HUTCH_OUT_OF_MEMORY */
hutch_status hutch_launch_run(hutch_context *context, hutch_text code, hutch_error *error);

#endif
