/*
 * Both ends of the rings at work at once, with real sleeping: every byte
 * arrives unchanged, and no wake-up is lost (the test would not end).
 */
#include "support.h"

#include <pthread.h>
#include <sched.h>

/* A doorbell between threads. */
typedef struct bell {
    pthread_mutex_t lock;
    pthread_cond_t rung;
    bool ringing;
} bell;

static void bell_ring(bell *used) {
    pthread_mutex_lock(&used->lock);
    used->ringing = true;
    pthread_cond_signal(&used->rung);
    pthread_mutex_unlock(&used->lock);
}

static void bell_wait(bell *used) {
    pthread_mutex_lock(&used->lock);
    while (!used->ringing) {
        pthread_cond_wait(&used->rung, &used->lock);
    }
    used->ringing = false;
    pthread_mutex_unlock(&used->lock);
}

enum { STREAM_BYTES = 16 << 20 };

/* One side: sends a stream, and takes the other side's. */
typedef struct side {
    hutch_ring_writer writer;
    hutch_ring_reader reader;
    _Atomic uint32_t *awaits_bytes; /* mine */
    _Atomic uint32_t *awaits_room;
    _Atomic uint32_t *other_awaits_bytes;
    _Atomic uint32_t *other_awaits_room;
    bell *mine;
    bell *other;
    uint64_t sent;
    uint64_t received;
    uint64_t mismatches;
    uint64_t random;
} side;

static bool can_move(side *self) {
    size_t readable;
    size_t writable;
    (void)hutch_ring_readable(&self->reader, &readable);
    (void)hutch_ring_writable(&self->writer, &writable);
    return readable > 0 || (self->sent < STREAM_BYTES && writable > 0);
}

static void sleep_for_either(side *self) {
    hutch_ring_sleep_begin(self->awaits_bytes);
    hutch_ring_sleep_begin(self->awaits_room);
    if (!can_move(self)) {
        bell_wait(self->mine);
    }
    hutch_ring_sleep_end(self->awaits_room);
    hutch_ring_sleep_end(self->awaits_bytes);
}

static size_t portion(side *self) {
    /* Mostly small, now and then the whole ring. */
    uint32_t number = next_random(&self->random);
    return number % 50 == 0 ? HUTCH_RING_SIZE : 1 + number % 2000;
}

static void send_some(side *self) {
    static _Thread_local unsigned char data[HUTCH_RING_SIZE];
    size_t length = portion(self);
    size_t count;
    length = length < STREAM_BYTES - self->sent ? length : (size_t)(STREAM_BYTES - self->sent);
    pattern_fill(data, length, self->sent);
    (void)hutch_ring_write(&self->writer, data, length, &count);
    self->sent += count;
    if (count > 0 && hutch_ring_must_ring(self->other_awaits_bytes)) {
        bell_ring(self->other);
    }
}

static void take_some(side *self) {
    static _Thread_local unsigned char data[HUTCH_RING_SIZE];
    size_t count;
    (void)hutch_ring_read(&self->reader, data, portion(self), &count);
    self->mismatches += pattern_mismatch(data, count, self->received) != count;
    self->received += count;
    if (count > 0 && hutch_ring_must_ring(self->other_awaits_room)) {
        bell_ring(self->other);
    }
}

static void *run_side(void *argument) {
    side *self = argument;
    while (self->sent < STREAM_BYTES || self->received < STREAM_BYTES) {
        send_some(self);
        take_some(self);
        if (!can_move(self) && (self->sent < STREAM_BYTES || self->received < STREAM_BYTES)) {
            sleep_for_either(self);
        }
    }
    return NULL;
}

static void two_sleepy_threads_exchange_streams_without_losing_a_byte_or_a_ring(void **state) {
    (void)state;
    hutch_shared *shared = shared_new();
    bell bells[2] = {{PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false},
                     {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false}};
    side pool = {.awaits_bytes = &shared->pool_awaits_bytes,
                 .awaits_room = &shared->pool_awaits_room,
                 .other_awaits_bytes = &shared->worker_awaits_bytes,
                 .other_awaits_room = &shared->worker_awaits_room,
                 .mine = &bells[0],
                 .other = &bells[1],
                 .random = 3};
    side worker = {.awaits_bytes = &shared->worker_awaits_bytes,
                   .awaits_room = &shared->worker_awaits_room,
                   .other_awaits_bytes = &shared->pool_awaits_bytes,
                   .other_awaits_room = &shared->pool_awaits_room,
                   .mine = &bells[1],
                   .other = &bells[0],
                   .random = 4};
    pthread_t thread;
    hutch_ring_attach_pool(shared, &pool.writer, &pool.reader);
    hutch_ring_attach_worker(shared, &worker.writer, &worker.reader);
    assert_int_equal(pthread_create(&thread, NULL, run_side, &worker), 0);
    (void)run_side(&pool);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pool.received, STREAM_BYTES);
    assert_int_equal(worker.received, STREAM_BYTES);
    assert_int_equal(pool.mismatches, 0);
    assert_int_equal(worker.mismatches, 0);
    free(shared);
}

/* A doorbell that costs next to nothing, so that a great many sleeps fit into a test: only then does
 * the moment between the announcement of a sleep and the last look come up often enough. */
typedef _Atomic uint32_t quick_bell;

static void quick_wait(quick_bell *waited) {
    for (uint32_t glances = 1; atomic_exchange_explicit(waited, 0, memory_order_acquire) == 0;
         glances++) {
        if (glances % 128 == 0) {
            (void)sched_yield();
        }
    }
}

enum { ROUNDS = 300000 };

/* Each round takes a turn of both threads, for which others may make them wait. */
static unsigned rounds(void) {
    return ROUNDS / (patience_factor() < 10 ? patience_factor() : 10);
}

/* One of two players; the ball is a byte. */
typedef struct player {
    hutch_ring_writer writer;
    hutch_ring_reader reader;
    _Atomic uint32_t *awaits; /* mine */
    _Atomic uint32_t *other_awaits;
    quick_bell *mine;
    quick_bell *other;
    unsigned rounds;
    bool serves;
} player;

static void hit(player *self) {
    size_t count;
    (void)hutch_ring_write(&self->writer, "o", 1, &count);
    if (hutch_ring_must_ring(self->other_awaits)) {
        atomic_store_explicit(self->other, 1, memory_order_release);
    }
}

static void catch (player *self) {
    size_t count;
    (void)hutch_ring_read(&self->reader, NULL, 1, &count);
    while (count == 0) {
        hutch_ring_sleep_begin(self->awaits);
        (void)hutch_ring_read(&self->reader, NULL, 1, &count);
        if (count == 0) {
            quick_wait(self->mine);
        }
        hutch_ring_sleep_end(self->awaits);
        if (count == 0) {
            (void)hutch_ring_read(&self->reader, NULL, 1, &count);
        }
    }
}

static void *play(void *argument) {
    player *self = argument;
    for (unsigned i = 0; i < self->rounds; i++) {
        if (self->serves) {
            hit(self);
        }
        catch (self);
        if (!self->serves) {
            hit(self);
        }
    }
    return NULL;
}

static void a_ball_between_two_sleepers_never_lies_still(void **state) {
    (void)state;
    hutch_shared *shared = shared_new();
    quick_bell bells[2] = {0, 0};
    player pool = {.awaits = &shared->pool_awaits_bytes,
                   .other_awaits = &shared->worker_awaits_bytes,
                   .mine = &bells[0],
                   .other = &bells[1],
                   .rounds = rounds(),
                   .serves = true};
    player worker = {.awaits = &shared->worker_awaits_bytes,
                     .other_awaits = &shared->pool_awaits_bytes,
                     .mine = &bells[1],
                     .other = &bells[0],
                     .rounds = pool.rounds};
    pthread_t thread;
    hutch_ring_attach_pool(shared, &pool.writer, &pool.reader);
    hutch_ring_attach_worker(shared, &worker.writer, &worker.reader);
    assert_int_equal(pthread_create(&thread, NULL, play, &worker), 0);
    (void)play(&pool);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pool.reader.consumed, pool.rounds);
    assert_int_equal(worker.reader.consumed, pool.rounds);
    free(shared);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_sleepy_threads_exchange_streams_without_losing_a_byte_or_a_ring),
        cmocka_unit_test(a_ball_between_two_sleepers_never_lies_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
