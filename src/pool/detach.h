/**
 * @file detach.h
 * A context that goes on without a worker.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_DETACH_H
#define HUTCH_POOL_DETACH_H

#include "pool/state.h"

/** The context's worker is lost, or must go: kill and free it. No further run. */
void hutch_context_detach(hutch_context *context);

#endif
