/**
 * @file worker_exit.h
 * The statuses that the worker program exits with, as zygote and as worker. A
 * worker is normally killed when it is not needed any more, and never exits by
 * itself in good order: each of these says what is wrong, and with whom.
 */
#ifndef HUTCH_WIRE_WORKER_EXIT_H
#define HUTCH_WIRE_WORKER_EXIT_H

/* X(constant, status, what has happened) */
#define HUTCH_WORKER_EXIT_TABLE(X)                                                                 \
    X(HUTCH_WORKER_EXIT_POOL_GONE, 0, "the pool closed the zygote's socket")                       \
    X(HUTCH_WORKER_EXIT_NO_POOL, 64, "not started by a pool: descriptor 3 is not such a socket")   \
    X(HUTCH_WORKER_EXIT_NO_MEMORY, 65, "no memory for the image or the guest's stack")             \
    X(HUTCH_WORKER_EXIT_LOCKDOWN, 66, "the system refused a layer of the confinement")             \
    X(HUTCH_WORKER_EXIT_MESSAGE, 67, "the pool sent the zygote a message that is none")            \
    X(HUTCH_WORKER_EXIT_ORPHANED, 68, "the zygote ended while the worker began")                   \
    X(HUTCH_WORKER_EXIT_SHARED, 69, "the shared memory is not of the right size, or not mapped")   \
    X(HUTCH_WORKER_EXIT_RING, 70, "the pool published an impossible position in a ring")           \
    X(HUTCH_WORKER_EXIT_FRAME, 71, "the pool sent a malformed frame")                              \
    X(HUTCH_WORKER_EXIT_STATE, 72, "the pool sent a frame that is not due")                        \
    X(HUTCH_WORKER_EXIT_REFUSED, 73, "the isolate refused what the pool should have checked")      \
    X(HUTCH_WORKER_EXIT_SPENT, 74,                                                                 \
      "its guest met its memory limit, or left too much, after an earlier program had returned")

typedef enum hutch_worker_exit_status {
#define HUTCH_WORKER_EXIT_ENUM(constant, status, meaning) constant = (status),
    HUTCH_WORKER_EXIT_TABLE(HUTCH_WORKER_EXIT_ENUM)
#undef HUTCH_WORKER_EXIT_ENUM
} hutch_worker_exit_status;

#endif
