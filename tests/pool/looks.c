/*
 * Looks end: a worker that writes as fast as it is read does not hold the
 * pool's thread. No process is here: the pool believes that a zygote is there
 * which has not answered yet, and the workers' ends of the rings belong to this
 * test, which fills a ring again each time that the pool has read from it. So
 * everything is counted, and nothing depends on who is faster.
 */
#include "support.h"

#include "plat/watch.h"
#include "pool/launch.h"
#include "pool/state.h"

#include <stdlib.h>
#include <string.h>

enum {
    MANY = 4,
    BIG = 10 * 1000 * 1000,
    OPEN_CALLS = 8,
    /* A `next` without waiting looks once, asks to be rung, and looks again. */
    LOOKS_OF_NEXT = 2,
    SHORT_US = 200,
};

/* Closing looks once, and sees to those with more to say as polling does, which looks four times. */
#define MOST_OF_CLOSE (5 * HUTCH_WORKER_LOOK_BYTES)
/* No machine copies and judges that much in SHORT_US, and much more than it is there to read. */
#define MOST_OF_SHORT (64 * HUTCH_MIB)
#define MOST_OF_NEXT (LOOKS_OF_NEXT * HUTCH_WORKER_LOOK_BYTES)

/* A worker, as far as the pool can tell. It says `unit` again and again, for so many bytes. */
typedef struct talker {
    hutch_ring_writer out;
    uint64_t read; /* by the pool */
    const char *unit;
    size_t unit_length;
    uint64_t at; /* bytes of units that have been said */
    uint64_t total;
    bool owes_quote; /* that ends a string */
} talker;

static talker talkers[MANY];
static hutch_pool *pool;
static hutch_context *contexts[MANY];

static void go_on(talker *self) {
    size_t written;
    do {
        size_t from = (size_t)(self->at % self->unit_length);
        uint64_t left = self->total - self->at;
        size_t length = self->unit_length - from;
        length = left < length ? (size_t)left : length;
        assert_int_equal(hutch_ring_write(&self->out, self->unit + from, length, &written),
                         HUTCH_RING_SOUND);
        self->at += written;
    } while (written > 0);
    if (self->at == self->total && self->owes_quote) {
        assert_int_equal(hutch_ring_write(&self->out, "\"", 1, &written), HUTCH_RING_SOUND);
        self->owes_quote = written == 0;
    }
}

static void say(talker *self, const void *bytes, size_t length) {
    size_t written;
    assert_int_equal(hutch_ring_write(&self->out, bytes, length, &written), HUTCH_RING_SOUND);
    assert_int_equal(written, length);
}

static void say_header(talker *self, hutch_frame_type type, uint32_t run, uint64_t length) {
    hutch_frame_header header = {.type = type, .run = run, .length = length};
    say(self, &header, sizeof header);
}

static void say_units(talker *self, const char *unit, size_t unit_length, uint64_t total) {
    self->unit = unit;
    self->unit_length = unit_length;
    self->at = 0;
    self->total = total;
    go_on(self);
}

hutch_ring_state __real_hutch_ring_read(hutch_ring_reader *reader, void *data, size_t length,
                                        size_t *read);
hutch_ring_state __wrap_hutch_ring_read(hutch_ring_reader *reader, void *data, size_t length,
                                        size_t *read);

hutch_ring_state __wrap_hutch_ring_read(hutch_ring_reader *reader, void *data, size_t length,
                                        size_t *read) {
    hutch_ring_state state = __real_hutch_ring_read(reader, data, length, read);
    for (size_t i = 0; i < MANY; i++) {
        if (talkers[i].out.control == reader->control) {
            talkers[i].read += *read;
            if (talkers[i].unit != NULL) {
                go_on(&talkers[i]);
            }
        }
    }
    return state;
}

static void make_pool(void) {
    hutch_pool_options options;
    hutch_pool_options_init(&options);
    options.spare = 0;
    options.look_us = 0;
    assert_int_equal(hutch_pool_new(&options, &pool, NULL), HUTCH_OK);
    assert_int_equal(hutch_watch_new(&pool->watcher.watch), 0);
    pool->watcher.is_started = true;
    pool->watcher.zygote.generation = 1;
    pool->watcher.zygote.asked = SIZE_MAX;
    pool->watcher.zygote.socket = pool->watcher.watch;
}

static void free_pool(void) {
    pool->watcher.is_started = false;
    pool->watcher.zygote.socket = -1;
    hutch_pool_free(pool);
    memset(talkers, 0, sizeof talkers);
}

/* A context with a run, whose worker has said READY. */
static talker *open_running(size_t place) {
    hutch_context_options options;
    hutch_tool tool = HUTCH_TOOL("ask");
    hutch_ring_reader unused;
    hutch_context_options_init(&options);
    options.tools = &tool;
    options.tool_count = 1;
    options.isolate.limits.log_entries = 100000;
    options.isolate.limits.open_calls = OPEN_CALLS;
    options.isolate.limits.tool_calls = 100000;
    options.isolate.limits.result_bytes = 512 * HUTCH_MIB;
    assert_int_equal(hutch_context_open(pool, &options, &contexts[place], NULL), HUTCH_OK);
    /* Nobody is born here: so none must be waited for. */
    assert_int_equal(hutch_lease_take(&pool->leases, &contexts[place]->wish, HUTCH_EFFORT_MAKE,
                                      contexts[place], &contexts[place]->worker, NULL),
                     HUTCH_OK);
    assert_int_equal(hutch_launch_open(contexts[place], NULL), HUTCH_OK);
    start(contexts[place], "");
    talker *self = &talkers[place];
    *self = (talker){0};
    hutch_ring_attach_worker(contexts[place]->worker->watched.shared, &self->out, &unused);
    say_header(self, HUTCH_FRAME_READY, 0, 0);
    return self;
}

static uint32_t run_of(size_t place) {
    return contexts[place]->worker->session.run;
}

static hutch_event ask(size_t place, uint64_t wait_us) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(contexts[place], wait_us, &event), HUTCH_OK);
    return event;
}

/* A result: a string of so many bytes of JSON, which has no end as far as a look is concerned. */
static void say_result(size_t place, uint64_t length) {
    static char unit[4096];
    memset(unit, 'x', sizeof unit);
    say_header(&talkers[place], HUTCH_FRAME_DONE, run_of(place), length);
    say(&talkers[place], "\"", 1);
    talkers[place].owes_quote = true;
    say_units(&talkers[place], unit, sizeof unit, length - 2);
}

static void test_a_worker_that_writes_as_it_is_read_does_not_hold_a_look(void **state) {
    (void)state;
    make_pool();
    talker *self = open_running(0);
    say_result(0, 512 * HUTCH_MIB);
    for (int i = 0; i < 20; i++) {
        uint64_t before = self->read;
        assert_int_equal(ask(0, 0).type, HUTCH_EVENT_NONE);
        assert_in_range(self->read - before, 1, MOST_OF_NEXT);
        assert_ptr_equal(hutch_pool_poll(pool), contexts[0]);
    }
    free_pool();
}

static void test_a_long_honest_frame_arrives_over_several_looks(void **state) {
    (void)state;
    make_pool();
    (void)open_running(0);
    say_result(0, BIG);
    hutch_event event = ask(0, 0);
    size_t looks = 1;
    for (; event.type == HUTCH_EVENT_NONE; looks++) {
        assert_ptr_equal(hutch_pool_poll(pool), contexts[0]);
        event = ask(0, 0);
    }
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    assert_int_equal(event.as.done.json.length, BIG);
    assert_true(looks >= BIG / MOST_OF_NEXT);
    assert_null(hutch_pool_poll(pool));
    free_pool();
}

static void test_who_waits_gets_a_long_frame_in_one_call(void **state) {
    (void)state;
    make_pool();
    (void)open_running(0);
    say_result(0, BIG);
    hutch_event event = ask(0, LONG_US);
    assert_int_equal(event.type, HUTCH_EVENT_DONE);
    assert_int_equal(event.as.done.json.length, BIG);
    free_pool();
}

/* A frame that gets on is looked at further, and no longer than the caller has time: whether the pool
 * looks before it sleeps or not. */
static void test_a_frame_that_gets_on_does_not_hold_who_has_no_time(void **state) {
    static const uint32_t looks_us[] = {0, 50};
    (void)state;
    for (size_t i = 0; i < sizeof looks_us / sizeof looks_us[0]; i++) {
        make_pool();
        pool->options.look_us = looks_us[i];
        talker *self = open_running(0);
        atomic_store(&contexts[0]->worker->watched.is_alive, true);
        say_result(0, 512 * HUTCH_MIB);
        assert_int_equal(ask(0, SHORT_US).type, HUTCH_EVENT_NONE);
        assert_in_range(self->read, 1, MOST_OF_SHORT);
        atomic_store(&contexts[0]->worker->watched.is_alive, false);
        free_pool();
    }
}

static void test_those_with_more_to_say_come_in_turn(void **state) {
    unsigned turns[MANY] = {0};
    (void)state;
    make_pool();
    for (size_t i = 0; i < MANY; i++) {
        (void)open_running(i);
        say_result(i, 512 * HUTCH_MIB);
        assert_int_equal(ask(i, 0).type, HUTCH_EVENT_NONE);
    }
    for (size_t i = 0; i < 5 * MANY; i++) {
        assert_ptr_equal(hutch_pool_poll(pool), contexts[i % MANY]);
        turns[i % MANY]++;
        assert_int_equal(ask(i % MANY, 0).type, HUTCH_EVENT_NONE);
    }
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(turns[i], 5);
    }
    free_pool();
}

/* So that a host which does not poll by itself comes back. */
static void test_more_to_read_makes_wake_due(void **state) {
    (void)state;
    make_pool();
    (void)open_running(0);
    assert_null(hutch_pool_poll(pool));
    assert_false(pool->watcher.is_woken);
    say_result(0, BIG);
    assert_int_equal(ask(0, 0).type, HUTCH_EVENT_NONE);
    assert_true(pool->watcher.is_woken);
    free_pool();
}

/* A log entry as its worker says it. @return its bytes */
static size_t make_log(char *unit, uint32_t run, const char *text) {
    hutch_frame_header header = {
        .type = HUTCH_FRAME_LOG, .run = run, .length = sizeof(hutch_frame_log) + strlen(text)};
    hutch_frame_log log = {.level = HUTCH_LOG_LOG};
    memcpy(unit, &header, sizeof header);
    memcpy(unit + sizeof header, &log, sizeof log);
    memcpy(unit + sizeof header + sizeof log, text, strlen(text));
    return sizeof header + sizeof log + strlen(text);
}

/* Closes a context in mid-run, whose worker goes on like this, and polls until it is discarded.
   @return bytes that the pool has read after the close */
static uint64_t close_and_drop(size_t place, const char *unit, size_t length) {
    talker *self = &talkers[place];
    uint32_t workers = stats_of(pool).workers;
    say_units(self, unit, length, UINT64_MAX);
    uint64_t begin = self->read;
    hutch_context_close(contexts[place]);
    assert_in_range(self->read - begin, 1, MOST_OF_CLOSE);
    while (stats_of(pool).workers == workers) {
        uint64_t before = self->read;
        assert_null(hutch_pool_poll(pool));
        assert_in_range(self->read - before, 1, MOST_OF_CLOSE);
    }
    return self->read - begin;
}

static void test_entries_of_an_abandoned_run_are_bounded_in_number(void **state) {
    static char unit[64];
    (void)state;
    make_pool();
    (void)open_running(0);
    assert_int_equal(ask(0, 0).type, HUTCH_EVENT_NONE);
    size_t length = make_log(unit, run_of(0), "");
    uint64_t read = close_and_drop(0, unit, length);
    assert_in_range(read, 100000 * length, 100010 * length);
    free_pool();
}

static void test_text_of_an_abandoned_run_is_bounded_in_sum(void **state) {
    static char unit[4096];
    static char text[3001];
    (void)state;
    make_pool();
    (void)open_running(0);
    assert_int_equal(ask(0, 0).type, HUTCH_EVENT_NONE);
    memset(text, 'x', sizeof text - 1);
    size_t length = make_log(unit, run_of(0), text);
    uint64_t read = close_and_drop(0, unit, length);
    /* A thousand entries of a thousand units at least, and what the notes may take. */
    assert_in_range(read, 1000 * length, (1001 + HUTCH_SESSION_LOG_NOTE_UNITS / 1000) * length);
    free_pool();
}

static void say_call(talker *self, uint32_t run, uint32_t id) {
    hutch_frame_call call = {.call_id = id};
    say_header(self, HUTCH_FRAME_CALL, run, sizeof call + 2);
    say(self, &call, sizeof call);
    say(self, "{}", 2);
}

/* Whether a worker that has made so many calls before its context is closed, and so many after it,
   is still there. */
static bool survives_calls(uint32_t before, uint32_t after) {
    make_pool();
    talker *self = open_running(0);
    uint32_t run = run_of(0);
    for (uint32_t id = 1; id <= before; id++) {
        say_call(self, run, id);
        assert_int_equal(ask(0, 0).type, HUTCH_EVENT_TOOL_CALL);
    }
    for (uint32_t id = before + 1; id <= before + after; id++) {
        say_call(self, run, id);
    }
    hutch_context_close(contexts[0]);
    bool survives = stats_of(pool).workers == 1;
    free_pool();
    return survives;
}

static void test_calls_of_an_abandoned_run_stay_open(void **state) {
    (void)state;
    assert_true(survives_calls(0, OPEN_CALLS));
    assert_false(survives_calls(0, OPEN_CALLS + 1));
    assert_true(survives_calls(OPEN_CALLS - 1, 1));
    assert_false(survives_calls(OPEN_CALLS - 1, 2));
}

static void test_bodies_of_an_abandoned_run_are_no_more_than_its_memory(void **state) {
    static const uint64_t lengths[] = {128 * HUTCH_MIB, 128 * HUTCH_MIB + 1};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        make_pool();
        (void)open_running(0);
        assert_int_equal(ask(0, 0).type, HUTCH_EVENT_NONE);
        uint32_t run = run_of(0);
        say_header(&talkers[0], HUTCH_FRAME_DONE, run, lengths[i]);
        hutch_context_close(contexts[0]);
        assert_int_equal(stats_of(pool).workers, i == 0 ? 1 : 0);
        free_pool();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_that_writes_as_it_is_read_does_not_hold_a_look),
        cmocka_unit_test(test_a_long_honest_frame_arrives_over_several_looks),
        cmocka_unit_test(test_who_waits_gets_a_long_frame_in_one_call),
        cmocka_unit_test(test_a_frame_that_gets_on_does_not_hold_who_has_no_time),
        cmocka_unit_test(test_those_with_more_to_say_come_in_turn),
        cmocka_unit_test(test_more_to_read_makes_wake_due),
        cmocka_unit_test(test_entries_of_an_abandoned_run_are_bounded_in_number),
        cmocka_unit_test(test_text_of_an_abandoned_run_is_bounded_in_sum),
        cmocka_unit_test(test_calls_of_an_abandoned_run_stay_open),
        cmocka_unit_test(test_bodies_of_an_abandoned_run_are_no_more_than_its_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
