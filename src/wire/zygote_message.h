/**
 * @file zygote_message.h
 * What the pool and its zygote say to each other: fixed-size messages over a
 * SOCK_SEQPACKET pair, descriptors as SCM_RIGHTS. The zygote never runs guest
 * code; its end of the socket is closed in every worker. End of file on the
 * socket means the pool is gone: the zygote kills its workers and exits.
 *
 * Process numbers do not travel: the zygote may be in a PID namespace, where
 * they mean something else.
 */
#ifndef HUTCH_WIRE_ZYGOTE_MESSAGE_H
#define HUTCH_WIRE_ZYGOTE_MESSAGE_H

#include <stdint.h>

/** The socket's descriptor number in the zygote: the only one above standard error. */
#define HUTCH_ZYGOTE_SOCKET 3
/** In a worker: the shared memory, until it is mapped; and the host's doorbell. */
#define HUTCH_WORKER_MEMORY_FD 3
#define HUTCH_WORKER_DOORBELL_FD 4

typedef enum hutch_zygote_message_kind {
    HUTCH_ZYGOTE_FORK = 1,   /**< pool: fork worker `worker`; descriptors: memory, doorbell */
    HUTCH_ZYGOTE_KILL,       /**< pool: kill worker `worker`, whose pidfd got lost on the way */
    HUTCH_ZYGOTE_HELLO = 16, /**< zygote: the image is built; value: hutch_layer bits of
                                  what the zygote has locked itself down by */
    HUTCH_ZYGOTE_FORKED,     /**< zygote: `worker` runs; descriptor: its pidfd */
    HUTCH_ZYGOTE_REFUSED,    /**< zygote: `worker` cannot be made; value: errno */
    HUTCH_ZYGOTE_EXITED,     /**< zygote: `worker` has ended and is reaped; value: wait status */
} hutch_zygote_message_kind;

typedef struct hutch_zygote_message {
    uint32_t kind;   /**< hutch_zygote_message_kind */
    uint32_t worker; /**< chosen by the pool, unique while the pool lives; 0 in HELLO */
    int64_t value;   /**< 0 where nothing else is said */
} hutch_zygote_message;

_Static_assert(sizeof(hutch_zygote_message) == 16, "no padding");

#endif
