/**
 * @file liar.c
 * The hostile worker; see liar.h. Frames that do not fit into the ring lose
 * their end, as with a worker that is killed in the middle of one.
 */
#include "liar.h"

#include "wire/frame.h"

#include <string.h>

enum { POUR_UNIT = 512 };

/* A length about the most that a text of FAILED may have. */
#define LONG_TEXT (HUTCH_FRAME_ERROR_TEXT_MAX - 6)

void liar_attach(liar *worker, hutch_shared *shared) {
    worker->shared = shared;
    hutch_ring_attach_worker(shared, &worker->to_pool, &worker->to_worker);
}

static void write_bytes(liar *worker, const void *bytes, size_t length) {
    size_t written;
    (void)hutch_ring_write(&worker->to_pool, bytes, length, &written);
}

/* A number that is nearly always `honest`. */
static uint32_t nearly(fuzz_input *input, uint32_t honest) {
    uint8_t lie = fuzz_byte(input);
    if (lie < 200) {
        return honest;
    }
    return lie == 255 ? fuzz_number(input) : honest + lie - 225u;
}

/* The struct of a frame, and the texts it announces. */
typedef struct draft {
    uint32_t type;
    unsigned char fixed[sizeof(hutch_frame_failed)];
    size_t fixed_length;
    const char *body;
    size_t body_length;
} draft;

static void set_fixed(draft *frame, const void *fixed, size_t length) {
    memcpy(frame->fixed, fixed, length);
    frame->fixed_length = length;
}

static void draft_failed(draft *frame, fuzz_input *input) {
    hutch_frame_failed failed = {.failure = fuzz_byte(input),
                                 .usable = fuzz_byte(input) % 3,
                                 .line = fuzz_byte(input),
                                 .column = fuzz_byte(input)};
    uint8_t shares = fuzz_byte(input);
    size_t quarter = frame->body_length / 4;
    failed.name_length = nearly(input, (uint32_t)(frame->body_length - 3 * quarter));
    failed.message_length = nearly(input, (uint32_t)quarter);
    failed.stack_length = nearly(input, (uint32_t)quarter);
    failed.code_length = shares == 255 ? LONG_TEXT + fuzz_byte(input) : (uint32_t)quarter;
    set_fixed(frame, &failed, sizeof failed);
}

static void draft_struct(draft *frame, fuzz_input *input, const liar_knowledge *known) {
    switch (frame->type) {
    case HUTCH_FRAME_CALL: {
        hutch_frame_call call = {.call_id = nearly(input, known->last_call + 1),
                                 .tool = fuzz_byte(input) % 3};
        set_fixed(frame, &call, sizeof call);
        break;
    }
    case HUTCH_FRAME_LOG: {
        hutch_frame_log log = {.level = fuzz_byte(input) % 6};
        set_fixed(frame, &log, sizeof log);
        break;
    }
    case HUTCH_FRAME_FAILED:
        draft_failed(frame, input);
        break;
    case HUTCH_FRAME_WAITING: {
        hutch_frame_waiting waiting = {.answers = nearly(input, known->answers)};
        set_fixed(frame, &waiting, sizeof waiting);
        frame->body_length = 0;
        break;
    }
    case HUTCH_FRAME_READY:
        frame->body_length = 0;
        break;
    default:
        break;
    }
}

static void write_frame(liar *worker, fuzz_input *input, const liar_knowledge *known) {
    static const uint32_t types[] = {HUTCH_FRAME_READY,   HUTCH_FRAME_CALL,   HUTCH_FRAME_LOG,
                                     HUTCH_FRAME_DONE,    HUTCH_FRAME_FAILED, HUTCH_FRAME_WAITING,
                                     HUTCH_FRAME_SETTLED, HUTCH_FRAME_CALL};
    draft frame = {.type = types[fuzz_byte(input) % (sizeof types / sizeof types[0])]};
    frame.body = fuzz_text(input, fuzz_byte(input), &frame.body_length);
    draft_struct(&frame, input, known);
    hutch_frame_header header = {.type = nearly(input, frame.type)};
    header.run = nearly(input, header.type == HUTCH_FRAME_READY ? 0 : known->run);
    header.length = nearly(input, (uint32_t)(frame.fixed_length + frame.body_length));
    if (fuzz_byte(input) == 255) {
        header.length |= (uint64_t)fuzz_number(input) << 32;
    }
    write_bytes(worker, &header, sizeof header);
    write_bytes(worker, frame.fixed, frame.fixed_length);
    write_bytes(worker, frame.body, frame.body_length);
}

/* DONE with a body longer than the ring: its header now, its bytes by pour(). */
static void begin_long_frame(liar *worker, fuzz_input *input, const liar_knowledge *known) {
    hutch_frame_header header = {
        .type = HUTCH_FRAME_DONE, .run = known->run, .length = (uint64_t)fuzz_byte(input) * 1024};
    write_bytes(worker, &header, sizeof header);
}

static void pour(liar *worker, fuzz_input *input) {
    unsigned char bytes[POUR_UNIT];
    memset(bytes, fuzz_byte(input), sizeof bytes);
    for (int left = fuzz_byte(input); left > 0; left--) {
        write_bytes(worker, bytes, sizeof bytes);
    }
}

static void write_raw(liar *worker, fuzz_input *input) {
    size_t length;
    const char *bytes = fuzz_text(input, fuzz_byte(input), &length);
    write_bytes(worker, bytes, length);
}

/* A position moves by a little, or to anywhere. */
static void move(_Atomic uint32_t *position, fuzz_input *input) {
    uint8_t how = fuzz_byte(input);
    uint32_t now = atomic_load(position);
    atomic_store(position, how == 255 ? fuzz_number(input) : now + how - 128u);
}

static void scribble(const liar *worker, fuzz_input *input) {
    volatile unsigned char *bytes = (volatile unsigned char *)worker->shared;
    size_t at = fuzz_number(input) % HUTCH_SHARED_SIZE;
    size_t length;
    const char *text = fuzz_text(input, fuzz_byte(input), &length);
    for (size_t i = 0; i < length && at + i < HUTCH_SHARED_SIZE; i++) {
        bytes[at + i] = (unsigned char)text[i];
    }
}

static void take_all(liar *worker) {
    size_t got;
    (void)hutch_ring_read(&worker->to_worker, NULL, HUTCH_RING_SIZE, &got);
}

void liar_act(liar *worker, fuzz_input *input, const liar_knowledge *known) {
    switch (fuzz_byte(input) % 16) {
    case 0:
        write_raw(worker, input);
        break;
    case 1:
        move(&worker->shared->to_pool.written, input);
        break;
    case 2:
        move(&worker->shared->to_worker.consumed, input);
        break;
    case 3:
        scribble(worker, input);
        break;
    case 4:
        atomic_store(&worker->shared->worker_awaits_bytes, 1);
        atomic_store(&worker->shared->worker_awaits_room, 1);
        break;
    case 5:
        begin_long_frame(worker, input, known);
        break;
    case 6:
        pour(worker, input);
        break;
    case 7:
        take_all(worker);
        break;
    default:
        write_frame(worker, input, known);
        break;
    }
}
