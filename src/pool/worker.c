/*
 * One worker. Owns its shared memory, its doorbell, the frames on their way to
 * it and the frame that comes in.
 *
 * What arrives is judged in steps: header and struct before there is room for
 * the body, the body's bytes as they come. Room grows with the bytes that
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
#include "pool/deadline.h"
#include "pool/usage.h"

enum {
    FIRST_ROOM = 65536,  /* given to a body at once */
    VAIN_RINGS_MAX = 64, /* an honest worker may be overtaken by a look, now and then */
    ROOM_WORTH_FILLING = HUTCH_RING_SIZE / 4,
    KEPT_ROOM = 256 * 1024, /* a larger body's memory is given back before the next frame */
};

static hutch_status make_descriptors(hutch_worker *worker, hutch_error *error) {
    void *address;
    int failure = hutch_doorbell_new(&worker->watched.doorbell);
    if (failure != 0) {
        return hutch_error_set_system(error, failure, "cannot make a worker's doorbell");
    }
    failure = hutch_shared_memory_new(HUTCH_SHARED_SIZE, &worker->watched.memory, &address);
    if (failure != 0) {
        return hutch_error_set_system(error, failure, "cannot make a worker's shared memory");
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
    hutch_buffer_free(&worker->settled);
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
    hutch_buffer_init(&made->settled, SIZE_MAX, "frame", NULL);
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

bool hutch_worker_is_at_its_end(const hutch_worker *worker) {
    return hutch_worker_is_lost(worker) || hutch_worker_is_overdue(worker);
}

bool hutch_worker_has_had_its_time(hutch_worker *worker) {
    size_t bytes = 0;
    if (!hutch_worker_is_overdue(worker)) {
        return false;
    }
    bool waits_for_room = hutch_ring_readable(&worker->to_pool, &bytes) == HUTCH_RING_SOUND &&
                          bytes == HUTCH_RING_SIZE;
    return !waits_for_room || !hutch_deadline_reprieve(worker->watcher, &worker->watched);
}

void hutch_worker_remind(hutch_worker *worker) {
    if (hutch_worker_is_at_its_end(worker)) {
        hutch_watcher_remind(worker->watcher, &worker->watched);
    }
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
    hutch_worker_settle(worker);
    if (status == HUTCH_DISPOSED) {
        hutch_worker_lose(worker, HUTCH_END_GARBLED);
        return HUTCH_OK;
    }
    return status;
}

static void pump(hutch_worker *worker) {
    if (hutch_outbox_is_empty(&worker->outbox)) {
        return;
    }
    if (hutch_outbox_pump(&worker->outbox) != HUTCH_OK) {
        hutch_worker_lose(worker, HUTCH_END_GARBLED);
    }
    hutch_worker_settle(worker);
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
    /* Who has been given nothing since has been woken for all that there is. */
    if (worker->to_worker.written != worker->rung_written) {
        worker->rung_written = worker->to_worker.written;
        if (hutch_ring_must_ring(&shared->worker_awaits_bytes)) {
            hutch_watched_wake(shared);
        }
    }
}

bool hutch_worker_has_spoken(const hutch_worker *worker) {
    size_t bytes;
    /* A corrupt position is something to hear of, too. */
    return hutch_ring_readable(&worker->to_pool, &bytes) != HUTCH_RING_SOUND || bytes > 0 ||
           hutch_worker_is_lost(worker);
}

bool hutch_worker_has_room(const hutch_worker *worker) {
    size_t bytes;
    return !hutch_outbox_is_empty(&worker->outbox) &&
           hutch_ring_writable(&worker->to_worker, &bytes) == HUTCH_RING_SOUND &&
           bytes >= ROOM_WORTH_FILLING;
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
    hutch_deadline_set(worker->watcher, &worker->watched, deadline);
    hutch_watcher_unlock(worker->watcher);
}

void hutch_worker_begin_run(hutch_worker *worker, const hutch_deadline *deadline,
                            const hutch_limits *limits, uint64_t now) {
    bool is_ready = worker->session.ready_owed == 0;
    hutch_watcher_lock(worker->watcher);
    hutch_deadline_set(worker->watcher, &worker->watched, deadline);
    hutch_usage_begin(worker->watcher, &worker->watched, limits, is_ready, now);
    hutch_watcher_unlock(worker->watcher);
}

void hutch_worker_end_run(hutch_worker *worker) {
    hutch_watcher_lock(worker->watcher);
    hutch_deadline_set(worker->watcher, &worker->watched, &HUTCH_DEADLINE_NONE);
    hutch_usage_end(&worker->watched);
    hutch_watcher_unlock(worker->watcher);
    hutch_outbox_drop_answers(&worker->outbox);
}

static hutch_reading judged(hutch_verdict verdict) {
    return verdict == HUTCH_VERDICT_SOUND       ? HUTCH_READING_FRAME
           : verdict == HUTCH_VERDICT_NO_MEMORY ? HUTCH_READING_NO_MEMORY
                                                : HUTCH_READING_VIOLATION;
}

uint64_t hutch_worker_result_values(const hutch_worker *worker) {
    return worker->session.settled ? worker->values_of_done : worker->session.json.values;
}

/* Values of the JSON in `body`, as far as it has been judged: of an input that is coming in, which is
 * open when all of it is there; of a result until it is released, as a host may take its time to make
 * values of its own of them. */
static uint64_t values_of_body(const hutch_worker *worker) {
    uint64_t values = 0;
    if (worker->ignored) {
        return 0;
    }
    switch ((hutch_frame_type)worker->reader.header.type) {
    case HUTCH_FRAME_CALL:
    case HUTCH_FRAME_SETTLED:
        values = worker->is_head_judged ? worker->session.json.values : 0;
        break;
    case HUTCH_FRAME_DONE:
        values = worker->body.length > 0 ? hutch_worker_result_values(worker) : 0;
        break;
    case HUTCH_FRAME_READY:
    case HUTCH_FRAME_LOG:
    case HUTCH_FRAME_FAILED:
    case HUTCH_FRAME_WAITING:
        HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_CASE)
        break;
    }
    return values;
}

static uint64_t held_for(const hutch_worker *worker) {
    const hutch_session *session = &worker->session;
    /* Nobody waits for the calls of a run that is abandoned or at its end. */
    hutch_inputs none = {0};
    const hutch_inputs *inputs =
        session->abandoned || hutch_worker_is_at_its_end(worker) ? &none : &session->open.inputs;
    uint64_t values = inputs->values + worker->settled_values + values_of_body(worker);
    return inputs->bytes + worker->settled.length + worker->body.length + worker->outbox.bytes +
           HUTCH_BUDGET_OF_VALUE * values;
}

static void let_others_go_on(hutch_budget *budget) {
    uint64_t promised = 0;
    hutch_account *next;
    while ((next = hutch_budget_next(budget, &promised)) != NULL) {
        hutch_worker_look_later(HUTCH_LINK_OWNER(next, hutch_worker, account));
    }
}

/* Where nothing has changed, and nobody waits, there is nothing to do. */
void hutch_worker_settle(hutch_worker *worker) {
    hutch_budget *budget = worker->budget;
    uint64_t held = held_for(worker);
    if (held == worker->account.held && budget->turn != &worker->account &&
        hutch_list_is_empty(&budget->waiting)) {
        return;
    }
    hutch_budget_set(budget, &worker->account, held);
    if (budget->turn == &worker->account && hutch_worker_is_at_its_end(worker)) {
        hutch_budget_rest(budget, &worker->account);
    }
    let_others_go_on(budget);
}

void hutch_worker_note_end(hutch_worker *worker) {
    if (hutch_worker_is_at_its_end(worker)) {
        if (hutch_worker_is_lost(worker)) {
            hutch_outbox_drop_answers(&worker->outbox);
        }
        hutch_worker_settle(worker);
    }
}

/* Whoever has the turn and does not come back to it must not keep it. */
static bool may_grow(hutch_worker *worker, uint64_t more) {
    hutch_budget *budget = worker->budget;
    if (budget->turn != NULL && budget->turn != &worker->account) {
        hutch_worker_note_end(HUTCH_LINK_OWNER(budget->turn, hutch_worker, account));
    }
    return hutch_budget_admits_or_waits(budget, &worker->account, more);
}

void hutch_worker_hold_nothing(hutch_worker *worker) {
    if (worker->budget != NULL) {
        hutch_budget_leave(worker->budget, &worker->account);
        let_others_go_on(worker->budget);
    }
}

static void drop_body(hutch_worker *worker) {
    if (worker->body.capacity > KEPT_ROOM) {
        hutch_buffer_free(&worker->body);
    }
    hutch_buffer_clear(&worker->body);
    worker->next_piece = 0;
    worker->kept = 0;
}

void hutch_worker_release_body(hutch_worker *worker) {
    if (!hutch_frame_reader_is_inside(&worker->reader)) {
        drop_body(worker);
        hutch_worker_settle(worker);
    }
}

/* Nothing has been settled. */
static void drop_settled(hutch_worker *worker) {
    hutch_buffer_free(&worker->settled);
    worker->settled_values = 0;
}

void hutch_worker_ignore_body(hutch_worker *worker) {
    drop_settled(worker);
    if (worker->is_head_judged) {
        worker->ignored = true;
        hutch_frame_reader_skip(&worker->reader);
        drop_body(worker);
        /* Nor does it wait for room any more: it must not be given a turn that it never takes. */
        hutch_worker_hold_nothing(worker);
    }
}

/* Header and struct are there. */
static hutch_reading judge_head(hutch_worker *worker, const char **why) {
    if (worker->is_head_judged) {
        return HUTCH_READING_FRAME;
    }
    worker->is_head_judged = true;
    worker->ignored = worker->session.abandoned;
    drop_body(worker);
    worker->judged = 0;
    return judged(hutch_session_judge_head(&worker->session, &worker->reader, why));
}

/* Judges what of the body has come since the last look. @param has_ended  all of it is there */
static hutch_reading judge_piece(hutch_worker *worker, bool has_ended, const char **why) {
    uint64_t length = worker->reader.body_length;
    uint64_t come = has_ended ? length : length - hutch_frame_reader_remaining(&worker->reader);
    if (!worker->is_head_judged || worker->ignored || come == worker->judged) {
        return HUTCH_READING_FRAME;
    }
    size_t from = worker->next_piece;
    size_t to = from + (size_t)(come - worker->judged);
    worker->judged = come;
    worker->next_piece = to;
    return judged(hutch_session_judge_piece(&worker->session, &worker->reader, worker->body.data,
                                            from, to, &worker->kept, why));
}

/* The room of the body has been filled and judged: what was taken out of it leaves room. */
static void close_gap(hutch_worker *worker) {
    hutch_buffer_truncate(&worker->body, worker->kept);
    worker->next_piece = worker->kept;
}

/* What room for more of the body will come to, if it goes on as it has begun. No product is too large:
 * a value has a byte at least. */
static uint64_t cost_of_room(const hutch_worker *worker, size_t room) {
    size_t length = worker->body.length;
    uint64_t values = length == 0 ? 0 : values_of_body(worker) * room / length;
    return room + HUTCH_BUDGET_OF_VALUE * values;
}

/* Room for the body's next bytes: as much again as have come already. NOTHING: not now, the pool holds
 * too much for others. */
static hutch_reading make_room(hutch_worker *worker) {
    uint64_t remaining = hutch_frame_reader_remaining(&worker->reader);
    if (worker->ignored) {
        hutch_frame_reader_skip(&worker->reader);
        return HUTCH_READING_FRAME;
    }
    close_gap(worker);
    size_t room = worker->body.length > FIRST_ROOM ? worker->body.length : FIRST_ROOM;
    room = remaining < room ? (size_t)remaining : room;
    char *place;
    if (!may_grow(worker, cost_of_room(worker, room))) {
        return HUTCH_READING_NOTHING;
    }
    if (hutch_buffer_extend(&worker->body, room, &place, NULL) != HUTCH_OK) {
        return HUTCH_READING_NO_MEMORY;
    }
    hutch_worker_settle(worker);
    hutch_frame_reader_place(&worker->reader, place, room);
    return HUTCH_READING_FRAME;
}

/* A result that has come early is put aside until DONE, whose body it is. */
static void keep_result(hutch_worker *worker) {
    hutch_buffer body = worker->body;
    if (worker->reader.header.type == HUTCH_FRAME_SETTLED) {
        worker->settled_values = body.length > 0 ? worker->session.json.values : 0;
        worker->body = worker->settled;
        worker->settled = body;
    } else if (worker->reader.header.type == HUTCH_FRAME_DONE && worker->session.settled) {
        worker->values_of_done = worker->settled_values;
        worker->settled_values = 0;
        worker->body = worker->settled;
        worker->settled = body;
    }
}

/* The frame is whole. */
static hutch_reading take_frame(hutch_worker *worker, const char **why) {
    hutch_reading reading = judge_head(worker, why);
    if (reading == HUTCH_READING_FRAME) {
        reading = judge_piece(worker, true, why);
    }
    worker->is_head_judged = false;
    if (reading != HUTCH_READING_FRAME) {
        return reading;
    }
    close_gap(worker);
    reading = judged(hutch_session_take(&worker->session, &worker->reader, worker->body.data, why));
    if (reading == HUTCH_READING_FRAME && !worker->ignored) {
        keep_result(worker);
    }
    return reading;
}

/* That is all for now. */
static hutch_reading pause_frame(hutch_worker *worker, hutch_reading sound, const char **why) {
    hutch_reading reading = judge_piece(worker, false, why);
    return reading == HUTCH_READING_FRAME ? sound : reading;
}

/* The body wants room. */
static hutch_reading go_on(hutch_worker *worker, const char **why) {
    hutch_reading reading = judge_head(worker, why);
    if (reading == HUTCH_READING_FRAME) {
        reading = judge_piece(worker, false, why);
    }
    return reading == HUTCH_READING_FRAME ? make_room(worker) : reading;
}

static const char *text_of_break(hutch_frame_break broken) {
    switch (broken) {
    case HUTCH_FRAME_BREAK_TYPE:
        return "a frame of an unknown type";
    case HUTCH_FRAME_BREAK_LENGTH:
        return "a frame of an impossible length";
    case HUTCH_FRAME_BREAK_RING:
    case HUTCH_FRAME_SOUND:
        break;
    }
    return "an impossible position of its ring";
}

static hutch_reading read_frame(hutch_worker *worker, const char **why) {
    for (;;) {
        hutch_reading reading;
        switch (hutch_frame_reader_next(&worker->reader)) {
        case HUTCH_FRAME_STEP_NOTHING:
            return pause_frame(worker, HUTCH_READING_NOTHING, why);
        case HUTCH_FRAME_STEP_MORE:
            return pause_frame(worker, HUTCH_READING_MORE, why);
        case HUTCH_FRAME_STEP_COMPLETE:
            worker->frames_left--;
            return take_frame(worker, why);
        case HUTCH_FRAME_STEP_BROKEN:
            *why = text_of_break(worker->reader.broken);
            return HUTCH_READING_VIOLATION;
        case HUTCH_FRAME_STEP_ROOM:
            reading = go_on(worker, why);
            if (reading != HUTCH_READING_FRAME) {
                return reading;
            }
        }
    }
}

void hutch_worker_begin_look(hutch_worker *worker) {
    worker->frames_left = HUTCH_WORKER_LOOK_FRAMES;
    hutch_frame_reader_allow(&worker->reader, HUTCH_WORKER_LOOK_BYTES);
}

void hutch_worker_look_later(hutch_worker *worker) {
    hutch_watcher *watcher = worker->watcher;
    hutch_watcher_lock(watcher);
    hutch_watcher_notify(watcher, &worker->watched);
    bool is_wake_due = watcher->is_wake_due;
    hutch_watcher_unlock(watcher);
    if (is_wake_due) {
        hutch_watcher_ring(watcher);
    }
}

/* Of all that no frame may be begun in this look, only bytes that are there make MORE. */
static hutch_reading end_look(const hutch_worker *worker) {
    size_t bytes;
    bool is_sound = hutch_ring_readable(&worker->to_pool, &bytes) == HUTCH_RING_SOUND;
    return is_sound && bytes == 0 ? HUTCH_READING_NOTHING : HUTCH_READING_MORE;
}

hutch_reading hutch_worker_read(hutch_worker *worker, const char **why) {
    if (worker->frames_left == 0) {
        return end_look(worker);
    }
    uint32_t consumed = worker->to_pool.consumed;
    hutch_reading reading = read_frame(worker, why);
    hutch_worker_settle(worker);
    if (worker->to_pool.consumed != consumed &&
        hutch_ring_must_ring(&worker->watched.shared->worker_awaits_room)) {
        hutch_watched_wake(worker->watched.shared);
    }
    return reading;
}
