/**
 * @file channel.h
 * A pair of connected sockets that carry whole messages, and descriptors with
 * them. Nothing here waits.
 *
 * Threads: any; one reader and one writer at a time.
 */
#ifndef HUTCH_PLAT_CHANNEL_H
#define HUTCH_PLAT_CHANNEL_H

#include <stddef.h>

/** Most descriptors of one message. */
#define HUTCH_CHANNEL_DESCRIPTORS_MAX 2

/** Make a pair, closed on exec. @param ends [out] owned by the caller @return 0, or errno */
int hutch_channel_new(int ends[2]);

/**
 * Send a message.
 *
 * @param descriptors  copies of them travel along; the caller keeps its own
 * @param count        0 to HUTCH_CHANNEL_DESCRIPTORS_MAX
 * @return 0, or errno: EAGAIN when the other end must read first, ETOOMANYREFS when it must take
 *         descriptors first, EPIPE when it is gone
 */
int hutch_channel_send(int end, const void *message, size_t length, const int *descriptors,
                       size_t count);

/** End the connection for both ends, even if other processes hold copies of this one. */
void hutch_channel_shut(int end);

/** What came in. */
typedef struct hutch_channel_arrival {
    size_t length; /**< bytes of the message; more than asked for when it was cut */
    size_t count;  /**< descriptors that came along */
    int descriptors[HUTCH_CHANNEL_DESCRIPTORS_MAX]; /**< owned by the caller, closed on exec */
} hutch_channel_arrival;

/**
 * Receive a message.
 *
 * @param message  [out] room for `length` bytes
 * @param arrival  [out]
 * @return 0, or errno: EAGAIN when there is none, EPIPE when the other end is gone
 */
int hutch_channel_receive(int end, void *message, size_t length, hutch_channel_arrival *arrival);

#endif
