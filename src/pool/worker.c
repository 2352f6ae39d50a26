/*
 * One worker. Owns its shared memory, its doorbell, the frames on their way to
 * it and the frame that comes in.
 *
 * What arrives is judged in two steps: header and struct before there is room
 * for the body, the body when it is whole. Room grows with the bytes that
 * really come, so that a length is only a claim until then. Nothing is looked
 * at in shared memory twice: the reader copies, and everything works on the
 * copies.
 */
#include "pool/worker.h"

#include "base/allocator.h"
#include "base/error.h"
#include "plat/descriptor.h"
#include "plat/doorbell.h"
#include "plat/error_text.h"
#include "plat/shared_memory.h"
#include "pool/bell.h"

enum {
    FIRST_ROOM = 65536,     /* given to a body at once */
    VAIN_RINGS_MAX = 64,    /* an honest worker may be overtaken by a look, now and then */
    KEPT_ROOM = 256 * 1024, /* a larger body's memory is given back before the next frame */
};

static hutch_status refuse(hutch_error *error, int failure, const char *what) {
    return hutch_error_set(error, HUTCH_UNAVAILABLE, failure, "%s: %s (%s)", what,
                           hutch_error_text(failure), hutch_error_constant(failure));
}

static hutch_status make_descriptors(hutch_worker *worker, hutch_error *error) {
    void *address;
    int failure = hutch_doorbell_new(&worker->watched.doorbell);
    if (failure != 0) {
        return refuse(error, failure, "cannot make a worker's doorbell");
    }
    failure = hutch_shared_memory_new(HUTCH_SHARED_SIZE, &worker->watched.memory, &address);
    if (failure != 0) {
        return refuse(error, failure, "cannot make a worker's shared memory");
    }
    worker->watched.shared = address;
    return HUTCH_OK;
}

static void give_back(hutch_worker *worker) {
    hutch_descriptor_close(&worker->watched.memory);
    hutch_descriptor_close(&worker->watched.doorbell);
    hutch_shared_memory_unmap(worker->watched.shared, HUTCH_SHARED_SIZE);
    hutch_outbox_free(&worker->outbox);
    hutch_session_free(&worker->session);
    hutch_buffer_free(&worker->body);
    hutch_allocator_release(NULL, worker);
}

hutch_status hutch_worker_new(hutch_watcher *watcher, hutch_worker **worker, hutch_error *error) {
    hutch_worker *made = hutch_allocator_new(NULL, sizeof *made);
    if (made == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for another worker");
    }
    made->watcher = watcher;
    made->watched.doorbell = -1;
    made->watched.memory = -1;
    made->watched.process = -1;
    made->watched.deadline = HUTCH_DEADLINE_NONE;
    hutch_buffer_init(&made->body, SIZE_MAX, "frame", NULL);
    hutch_status status = make_descriptors(made, error);
    if (status == HUTCH_OK) {
        hutch_ring_attach_pool(made->watched.shared, &made->to_worker, &made->to_pool);
        hutch_ring_prepare(&made->to_worker, &made->to_pool);
        hutch_outbox_init(&made->outbox, &made->to_worker);
        hutch_session_init(&made->session);
        hutch_frame_reader_init(&made->reader, &made->to_pool, made->session.shapes,
                                HUTCH_FRAMES_TO_POOL_COUNT);
        status = hutch_watcher_add(watcher, &made->watched, error);
    }
    if (status != HUTCH_OK) {
        give_back(made);
        return status;
    }
    *worker = made;
    return HUTCH_OK;
}

void hutch_worker_free(hutch_worker *worker) {
    if (worker != NULL) {
        hutch_watcher_remove(worker->watcher, &worker->watched);
        give_back(worker);
    }
}

bool hutch_worker_is_lost(const hutch_worker *worker) {
    return atomic_load_explicit(&worker->watched.is_lost, memory_order_acquire);
}

bool hutch_worker_is_overdue(const hutch_worker *worker) {
    return atomic_load_explicit(&worker->watched.is_overdue, memory_order_acquire);
}

bool hutch_worker_is_alive(const hutch_worker *worker) {
    return atomic_load_explicit(&worker->watched.is_alive, memory_order_acquire);
}

void hutch_worker_lose(hutch_worker *worker, hutch_end end) {
    hutch_watcher_lock(worker->watcher);
    hutch_watcher_lose(worker->watcher, &worker->watched, end, 0);
    hutch_watcher_unlock(worker->watcher);
    /* It is the watcher who calls `wake`. */
    hutch_watcher_ring(worker->watcher);
}

hutch_status hutch_worker_send(hutch_worker *worker, const hutch_outgoing *frame) {
    hutch_status status = hutch_outbox_send(&worker->outbox, frame);
    if (status == HUTCH_DISPOSED) {
        hutch_worker_lose(worker, HUTCH_END_GARBLED);
        return HUTCH_OK;
    }
    return status;
}

static void pump(hutch_worker *worker) {
    if (hutch_outbox_pump(&worker->outbox) != HUTCH_OK) {
        hutch_worker_lose(worker, HUTCH_END_GARBLED);
    }
}

static void call_for_ring(hutch_worker *worker, _Atomic uint32_t *awaits) {
    (void)atomic_fetch_add_explicit(&worker->watched.calls_for_ring, 1, memory_order_relaxed);
    hutch_ring_sleep_begin(awaits);
}

void hutch_worker_push(hutch_worker *worker) {
    hutch_shared *shared = worker->watched.shared;
    pump(worker);
    if (worker->is_listening && !hutch_outbox_is_empty(&worker->outbox)) {
        call_for_ring(worker, &shared->pool_awaits_room);
        pump(worker);
    }
    if (hutch_ring_must_ring(&shared->worker_awaits_bytes)) {
        hutch_bell_ring_worker(shared);
    }
}

bool hutch_worker_has_spoken(const hutch_worker *worker) {
    size_t bytes;
    /* A corrupt position is something to hear of, too. */
    return hutch_ring_readable(&worker->to_pool, &bytes) != HUTCH_RING_SOUND || bytes > 0 ||
           hutch_worker_is_lost(worker);
}

void hutch_worker_listen(hutch_worker *worker) {
    worker->is_listening = true;
    if (!hutch_outbox_is_empty(&worker->outbox)) {
        hutch_worker_push(worker);
    }
    call_for_ring(worker, &worker->watched.shared->pool_awaits_bytes);
}

void hutch_worker_note_vain_ring(hutch_worker *worker) {
    if (worker->to_pool.consumed != worker->noted_consumed ||
        worker->to_worker.written != worker->noted_written) {
        worker->noted_consumed = worker->to_pool.consumed;
        worker->noted_written = worker->to_worker.written;
        worker->vain_rings = 0;
    }
    worker->vain_rings++;
    if (worker->vain_rings > VAIN_RINGS_MAX) {
        hutch_worker_lose(worker, HUTCH_END_FLOOD);
    }
}

void hutch_worker_stop_listening(hutch_worker *worker) {
    if (worker->is_listening) {
        worker->is_listening = false;
        hutch_ring_sleep_end(&worker->watched.shared->pool_awaits_bytes);
        hutch_ring_sleep_end(&worker->watched.shared->pool_awaits_room);
    }
}

void hutch_worker_set_deadline(hutch_worker *worker, const hutch_deadline *deadline) {
    hutch_watcher_lock(worker->watcher);
    hutch_watcher_set_deadline(worker->watcher, &worker->watched, deadline);
    hutch_watcher_unlock(worker->watcher);
}

static hutch_reading judged(hutch_verdict verdict) {
    return verdict == HUTCH_VERDICT_SOUND       ? HUTCH_READING_FRAME
           : verdict == HUTCH_VERDICT_NO_MEMORY ? HUTCH_READING_NO_MEMORY
                                                : HUTCH_READING_VIOLATION;
}

/* Header and struct are there. */
static hutch_reading judge_head(hutch_worker *worker, const char **why) {
    if (worker->is_head_judged) {
        return HUTCH_READING_FRAME;
    }
    worker->is_head_judged = true;
    worker->ignored = worker->session.abandoned;
    if (worker->body.capacity > KEPT_ROOM) {
        hutch_buffer_free(&worker->body);
    }
    hutch_buffer_clear(&worker->body);
    return judged(hutch_session_judge_head(&worker->session, &worker->reader, why));
}

/* Room for the body's next bytes: as much again as have come already. */
static hutch_reading make_room(hutch_worker *worker) {
    uint64_t remaining = hutch_frame_reader_remaining(&worker->reader);
    if (worker->ignored) {
        hutch_frame_reader_skip(&worker->reader);
        return HUTCH_READING_FRAME;
    }
    size_t room = worker->body.length > FIRST_ROOM ? worker->body.length : FIRST_ROOM;
    room = remaining < room ? (size_t)remaining : room;
    char *place;
    if (hutch_buffer_extend(&worker->body, room, &place, NULL) != HUTCH_OK) {
        return HUTCH_READING_NO_MEMORY;
    }
    hutch_frame_reader_place(&worker->reader, place, room);
    return HUTCH_READING_FRAME;
}

/* The frame is whole. */
static hutch_reading take_frame(hutch_worker *worker, const char **why) {
    hutch_reading reading = judge_head(worker, why);
    worker->is_head_judged = false;
    return reading == HUTCH_READING_FRAME
               ? judged(
                     hutch_session_take(&worker->session, &worker->reader, worker->body.data, why))
               : reading;
}

static const char *text_of_break(hutch_frame_break broken) {
    switch (broken) {
    case HUTCH_FRAME_BREAK_TYPE:
        return "a frame of an unknown type";
    case HUTCH_FRAME_BREAK_LENGTH:
        return "a frame of an impossible length";
    default:
        return "an impossible position of its ring";
    }
}

static hutch_reading read_frame(hutch_worker *worker, const char **why) {
    for (;;) {
        hutch_reading reading;
        switch (hutch_frame_reader_next(&worker->reader)) {
        case HUTCH_FRAME_STEP_NOTHING:
            return HUTCH_READING_NOTHING;
        case HUTCH_FRAME_STEP_COMPLETE:
            return take_frame(worker, why);
        case HUTCH_FRAME_STEP_BROKEN:
            *why = text_of_break(worker->reader.broken);
            return HUTCH_READING_VIOLATION;
        case HUTCH_FRAME_STEP_ROOM:
            reading = judge_head(worker, why);
            reading = reading == HUTCH_READING_FRAME ? make_room(worker) : reading;
            if (reading != HUTCH_READING_FRAME) {
                return reading;
            }
        }
    }
}

hutch_reading hutch_worker_read(hutch_worker *worker, const char **why) {
    hutch_reading reading = read_frame(worker, why);
    if (hutch_ring_must_ring(&worker->watched.shared->worker_awaits_room)) {
        hutch_bell_ring_worker(worker->watched.shared);
    }
    return reading;
}
