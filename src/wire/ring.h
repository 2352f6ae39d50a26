/**
 * @file ring.h
 * The memory that a pool shares with one worker: two byte rings, one each way,
 * the doorbells, and the word that asks a run to stop.
 *
 * One producer and one consumer a ring. Each side keeps its own position
 * privately and only publishes it; of the other side's position it takes one
 * copy at a time and checks it. So a worker that scribbles over the shared
 * page can garble its own bytes, never make the pool read or write outside the
 * ring. Nothing here makes a system call: the caller rings.
 *
 * Sleeping: there are two reasons to, bytes to read and room to write, with a
 * word each in the control page: a side that reads what it could read, or has
 * nothing to write, must not wake the other one for nothing. A side that finds
 * nothing to do calls hutch_ring_sleep_begin() on each word it sleeps for,
 * looks once more, and sleeps only then; afterwards hutch_ring_sleep_end() on
 * each. The other side asks hutch_ring_must_ring() on `..._awaits_bytes` after
 * it has written (and the pool also after it has set `stop_run`), and on
 * `..._awaits_room` after it has read. The worker sleeps on the futex word
 * `worker_doorbell`: it is rung by adding 1 to it and waking the futex
 * (src/plat/doorbell.h). The pool sleeps on an eventfd of each worker.
 *
 * Nothing stays behind in a ring: a reader wipes the bytes that it has taken
 * before it gives their room back, so that no guest's data waits there for the
 * next one.
 *
 * Threads: one at a time on each end.
 */
#ifndef HUTCH_WIRE_RING_H
#define HUTCH_WIRE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of one ring; a power of two. */
#define HUTCH_RING_SIZE 65536u
/** Bytes of the shared memory: control page, ring to the worker, ring to the pool. */
#define HUTCH_SHARED_SIZE (4096u + 2u * HUTCH_RING_SIZE)

/** One ring's positions. They count bytes since the beginning and wrap at 2^32. */
typedef struct hutch_ring_control {
    _Alignas(64) _Atomic uint32_t written;  /**< by the producer */
    _Alignas(64) _Atomic uint32_t consumed; /**< by the consumer */
} hutch_ring_control;

/** The control page. */
typedef struct hutch_shared {
    hutch_ring_control to_worker;
    hutch_ring_control to_pool;
    _Alignas(64) _Atomic uint32_t worker_doorbell;   /**< futex; changes at each ring */
    _Atomic uint32_t worker_awaits_bytes;            /**< worker: ring me when you write or stop */
    _Atomic uint32_t worker_awaits_room;             /**< worker: ring me when you read */
    _Alignas(64) _Atomic uint32_t pool_awaits_bytes; /**< pool: ring me when you write */
    _Atomic uint32_t pool_awaits_room;               /**< pool: ring me when you read */
    _Alignas(64) _Atomic uint32_t stop_run; /**< pool: number of the run to stop, 0 none; the worker
                                                 clears it before it says READY */
} hutch_shared;

_Static_assert(sizeof(hutch_shared) <= 4096, "the control page is one page");

/** The sending end of a ring; private memory of one side. */
typedef struct hutch_ring_writer {
    hutch_ring_control *control;
    unsigned char *bytes;
    uint32_t written; /**< the truth; the shared copy is only for the other side */
} hutch_ring_writer;

/** The receiving end of a ring; private memory of one side. */
typedef struct hutch_ring_reader {
    hutch_ring_control *control;
    unsigned char *bytes;
    uint32_t consumed; /**< the truth; the shared copy is only for the other side */
} hutch_ring_reader;

/** Attach the pool's two ends to fresh (zeroed) shared memory. */
void hutch_ring_attach_pool(hutch_shared *shared, hutch_ring_writer *writer,
                            hutch_ring_reader *reader);

/** Attach the worker's two ends. */
void hutch_ring_attach_worker(hutch_shared *shared, hutch_ring_writer *writer,
                              hutch_ring_reader *reader);

/** Have the system map the pages that the first bytes of each ring go through, ahead of need. Either
 *  side, after it has attached. */
void hutch_ring_prepare(const hutch_ring_writer *writer, const hutch_ring_reader *reader);

/** What a position of the other side says. */
typedef enum hutch_ring_state {
    HUTCH_RING_SOUND,
    HUTCH_RING_CORRUPT, /**< the other side published an impossible position */
} hutch_ring_state;

/**
 * Write as much as fits now, and publish it.
 *
 * @param written  [out] bytes taken from `data`, 0 to `length`
 */
hutch_ring_state hutch_ring_write(hutch_ring_writer *writer, const void *data, size_t length,
                                  size_t *written);

/**
 * Read as much as there is, wipe it from the ring, and give the room back.
 *
 * @param data    where to; NULL reads and forgets
 * @param length  most bytes to read
 * @param read    [out] bytes read, 0 to `length`
 */
hutch_ring_state hutch_ring_read(hutch_ring_reader *reader, void *data, size_t length,
                                 size_t *read);

/** Bytes that can be read now. */
hutch_ring_state hutch_ring_readable(const hutch_ring_reader *reader, size_t *bytes);

/** Bytes that can be written now. */
hutch_ring_state hutch_ring_writable(const hutch_ring_writer *writer, size_t *bytes);

/** Announce that this side is about to sleep for what `awaits` stands for; look once more after
 *  it. What the other side had published before its last hutch_ring_must_ring() is seen then. */
void hutch_ring_sleep_begin(_Atomic uint32_t *awaits);

/** This side is awake again. */
void hutch_ring_sleep_end(_Atomic uint32_t *awaits);

/** Whether the other side sleeps for this and must be rung; true at most once for each of its
 *  sleeps. */
bool hutch_ring_must_ring(_Atomic uint32_t *awaits);

#endif
