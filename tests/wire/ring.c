/*
 * The rings: bytes in, bytes out, and what an impossible position does.
 */
#include "support.h"

typedef struct ends {
    hutch_shared *shared;
    hutch_ring_writer writer;       /* the pool's */
    hutch_ring_reader reader;       /* the worker's, of the same ring */
    hutch_ring_writer other_writer; /* the worker's */
    hutch_ring_reader other_reader; /* the pool's */
} ends;

static ends ends_new(void) {
    ends both = {.shared = shared_new()};
    hutch_ring_attach_pool(both.shared, &both.writer, &both.other_reader);
    hutch_ring_attach_worker(both.shared, &both.other_writer, &both.reader);
    return both;
}

/* As if so many bytes had gone through before. */
static void advance_to(ends *both, uint32_t position) {
    both->writer.written = position;
    both->reader.consumed = position;
    atomic_store(&both->writer.control->written, position);
    atomic_store(&both->writer.control->consumed, position);
}

static void a_fresh_ring_is_empty(void **state) {
    (void)state;
    ends both = ends_new();
    size_t bytes = 1;
    assert_int_equal(hutch_ring_readable(&both.reader, &bytes), HUTCH_RING_SOUND);
    assert_int_equal(bytes, 0);
    assert_int_equal(hutch_ring_writable(&both.writer, &bytes), HUTCH_RING_SOUND);
    assert_int_equal(bytes, HUTCH_RING_SIZE);
    free(both.shared);
}

static void each_direction_carries_its_own_bytes(void **state) {
    (void)state;
    ends both = ends_new();
    char got[4] = "";
    size_t count;
    assert_int_equal(hutch_ring_write(&both.writer, "down", 4, &count), HUTCH_RING_SOUND);
    assert_int_equal(hutch_ring_write(&both.other_writer, "up!!", 4, &count), HUTCH_RING_SOUND);
    assert_int_equal(hutch_ring_read(&both.reader, got, 4, &count), HUTCH_RING_SOUND);
    assert_int_equal(count, 4);
    assert_memory_equal(got, "down", 4);
    assert_int_equal(hutch_ring_read(&both.other_reader, got, 4, &count), HUTCH_RING_SOUND);
    assert_int_equal(count, 4);
    assert_memory_equal(got, "up!!", 4);
    free(both.shared);
}

static void a_full_ring_takes_no_more_until_it_is_read(void **state) {
    (void)state;
    ends both = ends_new();
    unsigned char *data = malloc(HUTCH_RING_SIZE + 10);
    size_t count;
    pattern_fill(data, HUTCH_RING_SIZE + 10, 0);
    assert_int_equal(hutch_ring_write(&both.writer, data, HUTCH_RING_SIZE + 10, &count),
                     HUTCH_RING_SOUND);
    assert_int_equal(count, HUTCH_RING_SIZE);
    assert_int_equal(hutch_ring_write(&both.writer, data, 1, &count), HUTCH_RING_SOUND);
    assert_int_equal(count, 0);
    assert_int_equal(hutch_ring_read(&both.reader, data, 3, &count), HUTCH_RING_SOUND);
    assert_int_equal(count, 3);
    assert_int_equal(hutch_ring_writable(&both.writer, &count), HUTCH_RING_SOUND);
    assert_int_equal(count, 3);
    free(data);
    free(both.shared);
}

static void streams_of_all_portions_arrive_unchanged(void **state) {
    (void)state;
    ends both = ends_new();
    unsigned char *data = malloc(HUTCH_RING_SIZE);
    uint64_t random = 1;
    uint64_t sent = 0;
    uint64_t received = 0;
    advance_to(&both, UINT32_MAX - 3 * HUTCH_RING_SIZE); /* the positions wrap on the way */
    while (received < 20 * HUTCH_RING_SIZE) {
        size_t count;
        size_t length = next_random(&random) % HUTCH_RING_SIZE;
        pattern_fill(data, length, sent);
        assert_int_equal(hutch_ring_write(&both.writer, data, length, &count), HUTCH_RING_SOUND);
        sent += count;
        length = next_random(&random) % HUTCH_RING_SIZE;
        assert_int_equal(hutch_ring_read(&both.reader, data, length, &count), HUTCH_RING_SOUND);
        assert_int_equal(pattern_mismatch(data, count, received), count);
        received += count;
    }
    assert_true(both.reader.consumed < 20 * HUTCH_RING_SIZE);
    free(data);
    free(both.shared);
}

static void what_has_been_read_is_wiped(void **state) {
    (void)state;
    ends both = ends_new();
    static const unsigned char zeroes[HUTCH_RING_SIZE];
    unsigned char *data = malloc(HUTCH_RING_SIZE);
    size_t count;
    advance_to(&both, HUTCH_RING_SIZE - 1000);
    memset(data, 'x', HUTCH_RING_SIZE);
    (void)hutch_ring_write(&both.writer, data, 5000, &count);
    (void)hutch_ring_read(&both.reader, data, 2500, &count);
    (void)hutch_ring_read(&both.reader, NULL, 2500, &count);
    assert_int_equal(count, 2500);
    assert_memory_equal(both.reader.bytes, zeroes, HUTCH_RING_SIZE);
    free(data);
    free(both.shared);
}

/* Whatever the other side publishes, no call moves more than the ring holds, and what is beyond
 * it is called corrupt. */
static void an_impossible_position_is_corrupt_and_moves_nothing(void **state) {
    (void)state;
    ends both = ends_new();
    unsigned char *data = malloc(2 * HUTCH_RING_SIZE);
    uint64_t random = 7;
    unsigned corrupt = 0;
    memset(data, 0, 2 * HUTCH_RING_SIZE);
    for (int i = 0; i < 20000; i++) {
        size_t count = 99;
        uint32_t claim = next_random(&random) * (i % 3 == 0 ? 1u : 2u);
        claim = i % 2 == 0 ? claim : both.reader.consumed + claim % (2 * HUTCH_RING_SIZE);
        bool possible = claim - both.reader.consumed <= HUTCH_RING_SIZE;
        atomic_store(&both.reader.control->written, claim);
        hutch_ring_state result = hutch_ring_read(&both.reader, data, 2 * HUTCH_RING_SIZE, &count);
        assert_int_equal(result, possible ? HUTCH_RING_SOUND : HUTCH_RING_CORRUPT);
        assert_true(possible ? count <= HUTCH_RING_SIZE : count == 0);
        corrupt += !possible;
    }
    for (int i = 0; i < 20000; i++) {
        size_t count = 99;
        uint32_t claim = both.writer.written - next_random(&random) % (3 * HUTCH_RING_SIZE);
        bool possible = both.writer.written - claim <= HUTCH_RING_SIZE;
        atomic_store(&both.writer.control->consumed, claim);
        hutch_ring_state result = hutch_ring_write(&both.writer, data, 2 * HUTCH_RING_SIZE, &count);
        assert_int_equal(result, possible ? HUTCH_RING_SOUND : HUTCH_RING_CORRUPT);
        assert_true(possible ? count <= HUTCH_RING_SIZE : count == 0);
        corrupt += !possible;
    }
    assert_true(corrupt > 10000);
    free(data);
    free(both.shared);
}

static void a_sleeper_is_rung_once_for_each_sleep(void **state) {
    (void)state;
    _Atomic uint32_t awaits = 0;
    assert_false(hutch_ring_must_ring(&awaits));
    hutch_ring_sleep_begin(&awaits);
    assert_true(hutch_ring_must_ring(&awaits));
    assert_false(hutch_ring_must_ring(&awaits));
    hutch_ring_sleep_begin(&awaits);
    hutch_ring_sleep_end(&awaits);
    assert_false(hutch_ring_must_ring(&awaits));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_ring_is_empty),
        cmocka_unit_test(each_direction_carries_its_own_bytes),
        cmocka_unit_test(a_full_ring_takes_no_more_until_it_is_read),
        cmocka_unit_test(streams_of_all_portions_arrive_unchanged),
        cmocka_unit_test(what_has_been_read_is_wiped),
        cmocka_unit_test(an_impossible_position_is_corrupt_and_moves_nothing),
        cmocka_unit_test(a_sleeper_is_rung_once_for_each_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
