/*
 * Frames through a ring: any length, any portions, and what malformed ones do.
 */
#include "support.h"
#include "wire/frame_reader.h"
#include "wire/frame_writer.h"

#define BIG_BYTES (3u * HUTCH_RING_SIZE + 17u)

static const hutch_frame_shape to_pool[] = {HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_SHAPE)};

/* A ring with a frame reader and a frame writer on it. */
typedef struct line {
    hutch_shared *shared;
    hutch_ring_writer ring_out;
    hutch_ring_reader ring_in;
    hutch_frame_writer writer;
    hutch_frame_reader reader;
    unsigned char body[BIG_BYTES];
} line;

static line *line_new(void) {
    line *made = calloc(1, sizeof *made);
    hutch_ring_writer unused_writer;
    hutch_ring_reader unused_reader;
    assert_non_null(made);
    made->shared = shared_new();
    hutch_ring_attach_worker(made->shared, &made->ring_out, &unused_reader);
    hutch_ring_attach_pool(made->shared, &unused_writer, &made->ring_in);
    hutch_frame_writer_init(&made->writer, &made->ring_out);
    hutch_frame_reader_init(&made->reader, &made->ring_in, to_pool, HUTCH_FRAMES_TO_POOL_COUNT);
    return made;
}

static void line_free(line *used) {
    free(used->shared);
    free(used);
}

/* Reads on to the end of a frame or of the bytes, with room for bodies in portions. */
static hutch_frame_step read_on(line *used, size_t portion) {
    hutch_frame_step step;
    while ((step = hutch_frame_reader_next(&used->reader)) == HUTCH_FRAME_STEP_ROOM) {
        uint64_t left = hutch_frame_reader_remaining(&used->reader);
        uint64_t have = used->reader.body_length - left;
        assert_true(left > 0 && have + left <= BIG_BYTES);
        hutch_frame_reader_place(&used->reader, used->body + have, left < portion ? left : portion);
    }
    return step;
}

static void put_raw(line *used, const void *bytes, size_t length) {
    size_t count;
    assert_int_equal(hutch_ring_write(&used->ring_out, bytes, length, &count), HUTCH_RING_SOUND);
    assert_int_equal(count, length);
}

static void a_frame_without_a_payload_arrives(void **state) {
    (void)state;
    line *used = line_new();
    hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_READY, 0, NULL, 0);
    assert_true(hutch_frame_writer_is_busy(&used->writer));
    assert_int_equal(hutch_frame_writer_flush(&used->writer), HUTCH_FRAME_WRITTEN);
    assert_false(hutch_frame_writer_is_busy(&used->writer));
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_COMPLETE);
    assert_int_equal(used->reader.header.type, HUTCH_FRAME_READY);
    assert_int_equal(used->reader.body_length, 0);
    assert_false(hutch_frame_reader_is_inside(&used->reader));
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_NOTHING);
    line_free(used);
}

static void begin_failed(line *used, const char *name, const char *message) {
    hutch_frame_failed fixed = {.failure = 3,
                                .usable = 1,
                                .line = 7,
                                .column = 9,
                                .name_length = (uint32_t)strlen(name),
                                .message_length = (uint32_t)strlen(message)};
    hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_FAILED, 12, &fixed, sizeof fixed);
    hutch_frame_writer_add(&used->writer, name, strlen(name));
    hutch_frame_writer_add(&used->writer, message, strlen(message));
    hutch_frame_writer_add(&used->writer, NULL, 0);
}

static void a_struct_and_several_texts_arrive_in_order(void **state) {
    (void)state;
    line *used = line_new();
    begin_failed(used, "TypeError", "no such thing");
    assert_int_equal(hutch_frame_writer_flush(&used->writer), HUTCH_FRAME_WRITTEN);
    assert_int_equal(read_on(used, SIZE_MAX), HUTCH_FRAME_STEP_COMPLETE);
    assert_int_equal(used->reader.header.run, 12);
    assert_int_equal(used->reader.fixed.failed.line, 7);
    assert_int_equal(used->reader.fixed.failed.column, 9);
    assert_int_equal(used->reader.fixed.failed.name_length, 9);
    assert_int_equal(used->reader.body_length, 22);
    assert_memory_equal(used->body, "TypeErrorno such thing", 22);
    line_free(used);
}

/* Writes and reads in turns until a frame is through. */
static void carry_big_frame(line *used, const unsigned char *data, size_t portion) {
    hutch_frame_call fixed = {.call_id = 5, .tool = 6};
    hutch_frame_progress progress;
    hutch_frame_step step;
    hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_CALL, 1, &fixed, sizeof fixed);
    hutch_frame_writer_add(&used->writer, data, BIG_BYTES);
    do {
        progress = hutch_frame_writer_flush(&used->writer);
        step = read_on(used, portion);
        assert_int_equal(progress == HUTCH_FRAME_FULL, step == HUTCH_FRAME_STEP_NOTHING);
    } while (progress == HUTCH_FRAME_FULL);
    assert_int_equal(progress, HUTCH_FRAME_WRITTEN);
    assert_int_equal(step, HUTCH_FRAME_STEP_COMPLETE);
}

static void a_frame_longer_than_the_ring_arrives_whatever_the_portions(void **state) {
    (void)state;
    static const size_t portions[] = {SIZE_MAX, 100000, 4096, 1000, 7};
    unsigned char *data = malloc(BIG_BYTES);
    assert_non_null(data);
    pattern_fill(data, BIG_BYTES, 0);
    for (size_t i = 0; i < sizeof portions / sizeof portions[0]; i++) {
        line *used = line_new();
        carry_big_frame(used, data, portions[i]);
        assert_int_equal(used->reader.fixed.call.tool, 6);
        assert_memory_equal(used->body, data, BIG_BYTES);
        line_free(used);
    }
    free(data);
}

static void a_skipped_body_leaves_the_stream_in_step(void **state) {
    (void)state;
    line *used = line_new();
    hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_DONE, 1, NULL, 0);
    hutch_frame_writer_add(&used->writer, used->body, BIG_BYTES);
    hutch_frame_step step = HUTCH_FRAME_STEP_NOTHING;
    while (step != HUTCH_FRAME_STEP_COMPLETE) {
        (void)hutch_frame_writer_flush(&used->writer);
        step = hutch_frame_reader_next(&used->reader);
        if (step == HUTCH_FRAME_STEP_ROOM) {
            hutch_frame_reader_skip(&used->reader);
        }
    }
    hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_READY, 0, NULL, 0);
    assert_int_equal(hutch_frame_writer_flush(&used->writer), HUTCH_FRAME_WRITTEN);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_COMPLETE);
    assert_int_equal(used->reader.header.type, HUTCH_FRAME_READY);
    line_free(used);
}

/* A frame cut after each of its bytes: nothing is complete before the last one has come. */
static void a_frame_cut_at_any_byte_waits_for_the_rest(void **state) {
    (void)state;
    line *source = line_new();
    unsigned char bytes[256];
    size_t length;
    begin_failed(source, "RangeError", "too far");
    assert_int_equal(hutch_frame_writer_flush(&source->writer), HUTCH_FRAME_WRITTEN);
    (void)hutch_ring_read(&source->ring_in, bytes, sizeof bytes, &length);
    assert_int_equal(length, 16 + 32 + 17);
    for (size_t cut = 0; cut < length; cut++) {
        line *used = line_new();
        put_raw(used, bytes, cut);
        assert_int_equal(read_on(used, SIZE_MAX), HUTCH_FRAME_STEP_NOTHING);
        assert_int_equal(hutch_frame_reader_is_inside(&used->reader), cut > 0);
        put_raw(used, bytes + cut, length - cut);
        assert_int_equal(read_on(used, SIZE_MAX), HUTCH_FRAME_STEP_COMPLETE);
        assert_memory_equal(used->body, "RangeErrortoo far", 17);
        line_free(used);
    }
    line_free(source);
}

/* However little may be taken at a time, the frame arrives; and the other side, which writes as much
 * as was taken, gets no more of the reader than it was allowed. */
static void a_look_takes_no_more_than_it_was_allowed(void **state) {
    (void)state;
    static const uint64_t allowances[] = {1, 7, 1000, HUTCH_RING_SIZE, 2u * HUTCH_RING_SIZE + 1};
    for (size_t i = 0; i < sizeof allowances / sizeof allowances[0]; i++) {
        line *used = line_new();
        hutch_frame_call fixed = {.call_id = 5, .tool = 6};
        hutch_frame_step step = HUTCH_FRAME_STEP_NOTHING;
        uint64_t taken = 0;
        hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_CALL, 1, &fixed, sizeof fixed);
        hutch_frame_writer_add(&used->writer, used->body, BIG_BYTES);
        while (step != HUTCH_FRAME_STEP_COMPLETE) {
            (void)hutch_frame_writer_flush(&used->writer);
            uint32_t before = used->ring_in.consumed;
            hutch_frame_reader_allow(&used->reader, allowances[i]);
            step = read_on(used, 5000);
            assert_in_range(used->ring_in.consumed - before, 1, allowances[i]);
            taken += used->ring_in.consumed - before;
            size_t left;
            (void)hutch_ring_readable(&used->ring_in, &left);
            assert_true(left == 0 || step == HUTCH_FRAME_STEP_MORE);
        }
        assert_int_equal(taken, sizeof(hutch_frame_header) + sizeof fixed + BIG_BYTES);
        assert_int_equal(used->reader.fixed.call.tool, 6);
        line_free(used);
    }
}

static void without_an_allowance_left_a_bad_position_is_still_seen(void **state) {
    (void)state;
    line *used = line_new();
    hutch_frame_reader_allow(&used->reader, 0);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_NOTHING);
    atomic_store(&used->ring_in.control->written, HUTCH_RING_SIZE + 1);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_BROKEN);
    line_free(used);
}

static void breaks(hutch_frame_header header, hutch_frame_break expected) {
    line *used = line_new();
    put_raw(used, &header, sizeof header);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_BROKEN);
    assert_int_equal(used->reader.broken, expected);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_BROKEN);
    line_free(used);
}

static void a_type_that_does_not_go_this_way_is_broken(void **state) {
    (void)state;
    breaks((hutch_frame_header){.type = HUTCH_FRAME_RUN, .length = 8}, HUTCH_FRAME_BREAK_TYPE);
    breaks((hutch_frame_header){.type = 0}, HUTCH_FRAME_BREAK_TYPE);
    breaks((hutch_frame_header){.type = UINT32_MAX}, HUTCH_FRAME_BREAK_TYPE);
}

/* For every type: one byte less than its struct, and one more than its body may have. */
static void a_length_outside_the_shape_is_broken_before_any_room_is_asked_for(void **state) {
    (void)state;
    for (size_t i = 0; i < HUTCH_FRAMES_TO_POOL_COUNT; i++) {
        uint64_t most = to_pool[i].fixed + to_pool[i].body_max;
        breaks((hutch_frame_header){.type = to_pool[i].type, .length = most + 1},
               HUTCH_FRAME_BREAK_LENGTH);
        breaks((hutch_frame_header){.type = to_pool[i].type, .length = UINT64_MAX},
               HUTCH_FRAME_BREAK_LENGTH);
        if (to_pool[i].fixed > 0) {
            breaks((hutch_frame_header){.type = to_pool[i].type, .length = to_pool[i].fixed - 1u},
                   HUTCH_FRAME_BREAK_LENGTH);
        }
    }
}

static void the_longest_length_of_each_shape_is_sound(void **state) {
    (void)state;
    for (size_t i = 0; i < HUTCH_FRAMES_TO_POOL_COUNT; i++) {
        line *used = line_new();
        hutch_frame_header header = {.type = to_pool[i].type,
                                     .length = to_pool[i].fixed + to_pool[i].body_max};
        unsigned char fixed[HUTCH_FRAME_FIXED_MAX] = {0};
        put_raw(used, &header, sizeof header);
        put_raw(used, fixed, to_pool[i].fixed);
        assert_int_equal(hutch_frame_reader_next(&used->reader), to_pool[i].body_max > 0
                                                                     ? HUTCH_FRAME_STEP_ROOM
                                                                     : HUTCH_FRAME_STEP_COMPLETE);
        line_free(used);
    }
}

static void an_impossible_position_breaks_the_reader_for_good(void **state) {
    (void)state;
    line *used = line_new();
    atomic_store(&used->ring_in.control->written, HUTCH_RING_SIZE + 1);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_BROKEN);
    assert_int_equal(used->reader.broken, HUTCH_FRAME_BREAK_RING);
    atomic_store(&used->ring_in.control->written, 0);
    assert_int_equal(hutch_frame_reader_next(&used->reader), HUTCH_FRAME_STEP_BROKEN);
    line_free(used);
}

static void an_impossible_position_stops_the_writer(void **state) {
    (void)state;
    line *used = line_new();
    atomic_store(&used->ring_out.control->consumed, 1);
    hutch_frame_writer_begin(&used->writer, HUTCH_FRAME_READY, 0, NULL, 0);
    assert_int_equal(hutch_frame_writer_flush(&used->writer), HUTCH_FRAME_CORRUPT);
    line_free(used);
}

/* Random bytes and randomly damaged frames: every reader ends at a frame, at the end of the bytes
 * or broken, and never asks for room beyond the shapes. */
static void noise_never_asks_for_more_than_the_shapes_allow(void **state) {
    (void)state;
    hutch_frame_shape small[HUTCH_FRAMES_TO_POOL_COUNT];
    uint64_t random = 42;
    unsigned ends[5] = {0};
    memcpy(small, to_pool, sizeof small);
    for (size_t i = 0; i < HUTCH_FRAMES_TO_POOL_COUNT; i++) {
        small[i].body_max = small[i].body_max < 512 ? small[i].body_max : 512;
    }
    line *used = line_new();
    for (int round = 0; round < 20000; round++) {
        hutch_frame_step step;
        unsigned char noise[64];
        hutch_frame_header header = {.type = 16 + next_random(&random) % 7,
                                     .length = next_random(&random) % 600};
        hutch_frame_reader_init(&used->reader, &used->ring_in, small, HUTCH_FRAMES_TO_POOL_COUNT);
        for (size_t i = 0; i < sizeof noise; i++) {
            noise[i] = (unsigned char)next_random(&random);
        }
        if (next_random(&random) % 4 != 0) {
            memcpy(noise, &header, sizeof header);
        }
        put_raw(used, noise, next_random(&random) % sizeof noise);
        do {
            step = read_on(used, 100);
            ends[step]++;
            assert_true(step == HUTCH_FRAME_STEP_BROKEN || used->reader.body_length <= 512);
        } while (step == HUTCH_FRAME_STEP_COMPLETE);
        size_t rest;
        (void)hutch_ring_read(&used->ring_in, NULL, HUTCH_RING_SIZE, &rest);
    }
    assert_true(ends[HUTCH_FRAME_STEP_NOTHING] > 100);
    assert_true(ends[HUTCH_FRAME_STEP_COMPLETE] > 100);
    assert_true(ends[HUTCH_FRAME_STEP_BROKEN] > 100);
    line_free(used);
}

static void the_shapes_allow_what_the_limits_allow(void **state) {
    (void)state;
    uint64_t code = 0;
    uint64_t json = 0;
#define TAKE(field, option, standard, minimum, maximum, unit, meaning)                             \
    code = strcmp(option, "maxCodeSize") == 0 ? (uint64_t)(maximum) : code;                        \
    json = strcmp(unit, "bytes") == 0 && strncmp(option, "maxTool", 7) == 0 ? (uint64_t)(maximum)  \
                                                                            : json;
    HUTCH_LIMITS_TABLE(TAKE)
#undef TAKE
    assert_int_equal(code, HUTCH_FRAME_CODE_MAX);
    assert_int_equal(json, HUTCH_FRAME_JSON_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_without_a_payload_arrives),
        cmocka_unit_test(a_struct_and_several_texts_arrive_in_order),
        cmocka_unit_test(a_frame_longer_than_the_ring_arrives_whatever_the_portions),
        cmocka_unit_test(a_skipped_body_leaves_the_stream_in_step),
        cmocka_unit_test(a_frame_cut_at_any_byte_waits_for_the_rest),
        cmocka_unit_test(a_look_takes_no_more_than_it_was_allowed),
        cmocka_unit_test(without_an_allowance_left_a_bad_position_is_still_seen),
        cmocka_unit_test(a_type_that_does_not_go_this_way_is_broken),
        cmocka_unit_test(a_length_outside_the_shape_is_broken_before_any_room_is_asked_for),
        cmocka_unit_test(the_longest_length_of_each_shape_is_sound),
        cmocka_unit_test(an_impossible_position_breaks_the_reader_for_good),
        cmocka_unit_test(an_impossible_position_stops_the_writer),
        cmocka_unit_test(noise_never_asks_for_more_than_the_shapes_allow),
        cmocka_unit_test(the_shapes_allow_what_the_limits_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
