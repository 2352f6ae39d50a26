/*
 * The byte rings between a pool and a worker. Owns nothing: it works on shared
 * memory that the caller has mapped, through private positions in the caller's
 * structs.
 *
 * Invariants, for each ring: 0 <= written - consumed <= HUTCH_RING_SIZE, modulo
 * 2^32; a byte belongs to the consumer from the moment `written` has been
 * published past it until `consumed` has. Each side believes its own private
 * position, never the shared copy of it; the other side's position is loaded
 * once a call and held against the invariant before it is used.
 *
 * Why no wake-up is lost: sleep_begin, sleep_end and must_ring are read-modify-
 * write operations on the same word, so they have one order, and each reads
 * from the one before it. Take a must_ring that follows a publication. Either
 * it comes after the sleeper's sleep_begin: then it reads 1, and rings. Or it
 * comes before: then sleep_begin reads, directly or through others, what it
 * left, which with release and acquire makes the publication visible to the
 * look that the sleeper takes after sleep_begin. No fence is needed, and
 * ThreadSanitizer understands it.
 *
 * Threads: one at a time on each end.
 */
#include "wire/ring.h"

#include <string.h>

_Static_assert((HUTCH_RING_SIZE & (HUTCH_RING_SIZE - 1)) == 0, "positions are masked");

static unsigned char *ring_bytes(hutch_shared *shared, size_t index) {
    return (unsigned char *)shared + 4096u + index * HUTCH_RING_SIZE;
}

static void ring_attach(hutch_ring_control *out, unsigned char *out_bytes, hutch_ring_control *in,
                        unsigned char *in_bytes, hutch_ring_writer *writer,
                        hutch_ring_reader *reader) {
    *writer = (hutch_ring_writer){.control = out, .bytes = out_bytes};
    *reader = (hutch_ring_reader){.control = in, .bytes = in_bytes};
}

void hutch_ring_attach_pool(hutch_shared *shared, hutch_ring_writer *writer,
                            hutch_ring_reader *reader) {
    ring_attach(&shared->to_worker, ring_bytes(shared, 0), &shared->to_pool, ring_bytes(shared, 1),
                writer, reader);
}

void hutch_ring_attach_worker(hutch_shared *shared, hutch_ring_writer *writer,
                              hutch_ring_reader *reader) {
    ring_attach(&shared->to_pool, ring_bytes(shared, 1), &shared->to_worker, ring_bytes(shared, 0),
                writer, reader);
}

/* A read is enough: the memory is shared, and there is nothing to copy before a write. */
static void touch(const volatile unsigned char *place) {
    (void)*place;
}

void hutch_ring_prepare(const hutch_ring_writer *writer, const hutch_ring_reader *reader) {
    touch((const unsigned char *)writer->control);
    touch(writer->bytes);
    touch(reader->bytes);
}

hutch_ring_state hutch_ring_writable(const hutch_ring_writer *writer, size_t *bytes) {
    uint32_t consumed = atomic_load_explicit(&writer->control->consumed, memory_order_acquire);
    uint32_t used = writer->written - consumed;
    *bytes = used <= HUTCH_RING_SIZE ? HUTCH_RING_SIZE - used : 0;
    return used <= HUTCH_RING_SIZE ? HUTCH_RING_SOUND : HUTCH_RING_CORRUPT;
}

hutch_ring_state hutch_ring_readable(const hutch_ring_reader *reader, size_t *bytes) {
    uint32_t written = atomic_load_explicit(&reader->control->written, memory_order_acquire);
    uint32_t used = written - reader->consumed;
    *bytes = used <= HUTCH_RING_SIZE ? used : 0;
    return used <= HUTCH_RING_SIZE ? HUTCH_RING_SOUND : HUTCH_RING_CORRUPT;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

hutch_ring_state hutch_ring_write(hutch_ring_writer *writer, const void *data, size_t length,
                                  size_t *written) {
    size_t room;
    hutch_ring_state state = hutch_ring_writable(writer, &room);
    size_t count = smaller(room, length);
    *written = count;
    if (count == 0) {
        return state;
    }
    size_t at = writer->written & (HUTCH_RING_SIZE - 1);
    size_t first = smaller(count, HUTCH_RING_SIZE - at);
    memcpy(writer->bytes + at, data, first);
    memcpy(writer->bytes, (const unsigned char *)data + first, count - first);
    writer->written += (uint32_t)count;
    atomic_store_explicit(&writer->control->written, writer->written, memory_order_release);
    return state;
}

/* Copies `count` bytes to `data`, unless that is NULL, and clears them in the ring. */
static void take_bytes(unsigned char *bytes, unsigned char *data, size_t count) {
    if (data != NULL) {
        memcpy(data, bytes, count);
    }
    memset(bytes, 0, count);
}

hutch_ring_state hutch_ring_read(hutch_ring_reader *reader, void *data, size_t length,
                                 size_t *read) {
    size_t available;
    hutch_ring_state state = hutch_ring_readable(reader, &available);
    size_t count = smaller(available, length);
    *read = count;
    if (count == 0) {
        return state;
    }
    size_t at = reader->consumed & (HUTCH_RING_SIZE - 1);
    size_t first = smaller(count, HUTCH_RING_SIZE - at);
    take_bytes(reader->bytes + at, data, first);
    take_bytes(reader->bytes, data == NULL ? NULL : (unsigned char *)data + first, count - first);
    reader->consumed += (uint32_t)count;
    atomic_store_explicit(&reader->control->consumed, reader->consumed, memory_order_release);
    return state;
}

void hutch_ring_sleep_begin(_Atomic uint32_t *awaits) {
    (void)atomic_exchange_explicit(awaits, 1, memory_order_acq_rel);
}

void hutch_ring_sleep_end(_Atomic uint32_t *awaits) {
    (void)atomic_exchange_explicit(awaits, 0, memory_order_acq_rel);
}

bool hutch_ring_must_ring(_Atomic uint32_t *awaits) {
    return atomic_exchange_explicit(awaits, 0, memory_order_acq_rel) != 0;
}
