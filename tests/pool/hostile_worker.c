/*
 * A worker program that lies. As a zygote it is honest; its workers do what the
 * program they are given is called: each scenario below is one way to break
 * the protocol.
 */
#include "plat/channel.h"
#include "plat/doorbell.h"
#include "plat/process.h"
#include "wire/frame_reader.h"
#include "wire/zygote_message.h"

#include <hutch/event.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct liar {
    hutch_shared *shared;
    int memory;
    int doorbell;
    hutch_ring_writer out;
    hutch_ring_reader in;
    hutch_frame_reader reader;
    char body[65536];
    uint32_t run;
    bool is_ready;
} liar;

static void nap(void) {
    struct timespec time = {.tv_nsec = 200000};
    (void)nanosleep(&time, NULL);
}

static void ring(const liar *self) {
    hutch_doorbell_ring(self->doorbell);
}

/* Writes all of it, ringing each time. */
static void raw(liar *self, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        size_t written;
        if (hutch_ring_write(&self->out, at, length, &written) != HUTCH_RING_SOUND) {
            _exit(1);
        }
        at += written;
        length -= written;
        if (written > 0 && hutch_ring_must_ring(&self->shared->pool_awaits_bytes)) {
            ring(self);
        }
        if (length > 0) {
            nap();
        }
    }
}

static void header(liar *self, uint32_t type, uint32_t run, uint64_t length) {
    hutch_frame_header made = {.type = type, .run = run, .length = length};
    raw(self, &made, sizeof made);
}

static void say(liar *self, uint32_t type, const void *fixed, size_t fixed_length, const char *text,
                size_t length) {
    header(self, type, self->run, fixed_length + length);
    raw(self, fixed, fixed_length);
    raw(self, text, length);
}

static void call(liar *self, uint32_t id, uint32_t tool, const char *text) {
    hutch_frame_call made = {.call_id = id, .tool = tool};
    say(self, HUTCH_FRAME_CALL, &made, sizeof made, text, strlen(text));
}

static void log_line(liar *self, uint32_t level, const char *text, size_t length) {
    hutch_frame_log made = {.level = level};
    say(self, HUTCH_FRAME_LOG, &made, sizeof made, text, length);
}

static void done(liar *self, const char *json) {
    say(self, HUTCH_FRAME_DONE, NULL, 0, json, strlen(json));
}

static void fail(liar *self, hutch_frame_failed made, const char *text, size_t length) {
    say(self, HUTCH_FRAME_FAILED, &made, sizeof made, text, length);
}

static void waiting(liar *self, uint32_t answers) {
    hutch_frame_waiting made = {.answers = answers};
    say(self, HUTCH_FRAME_WAITING, &made, sizeof made, NULL, 0);
}

static void settled(liar *self, const char *json) {
    say(self, HUTCH_FRAME_SETTLED, NULL, 0, json, strlen(json));
}

static void honest(liar *self) {
    done(self, "1");
}

static void endless_length(liar *self) {
    header(self, HUTCH_FRAME_CALL, self->run, UINT64_MAX);
}

static void length_below_struct(liar *self) {
    header(self, HUTCH_FRAME_CALL, self->run, 4);
}

static void ready_with_payload(liar *self) {
    header(self, HUTCH_FRAME_READY, 0, 1);
}

static void result_beyond_limit(liar *self) {
    header(self, HUTCH_FRAME_DONE, self->run, 1001);
}

static void input_beyond_limit(liar *self) {
    header(self, HUTCH_FRAME_CALL, self->run, sizeof(hutch_frame_call) + 1001);
}

static void log_beyond_limit(liar *self) {
    header(self, HUTCH_FRAME_LOG, self->run, 4 + 3 * (1000 + 64 + 2 * 1024) + 1);
}

static void ready_unasked(liar *self) {
    header(self, HUTCH_FRAME_READY, 0, 0);
}

static void another_run(liar *self) {
    self->run++;
    done(self, "1");
}

static void run_zero(liar *self) {
    self->run = 0;
    done(self, "1");
}

static void call_zero(liar *self) {
    call(self, 0, 0, "{}");
}

static void call_twice(liar *self) {
    call(self, 5, 0, "{}");
    call(self, 5, 0, "{}");
}

static void call_backwards(liar *self) {
    call(self, 5, 0, "{}");
    call(self, 4, 0, "{}");
}

static void unknown_tool(liar *self) {
    call(self, 1, 1, "{}");
}

static void call_without_input(liar *self) {
    call(self, 1, 0, "");
}

static void call_not_utf8(liar *self) {
    call(self, 1, 0, "\"\xff\"");
}

static void calls_beyond_budget(liar *self) {
    for (uint32_t id = 1; id <= 100; id++) {
        call(self, id, 0, "{}");
    }
}

/* Of the second input there is only the head: that is enough. */
static void inputs_beyond_sum(liar *self) {
    char text[601];
    memset(text, '1', 600);
    text[600] = '\0';
    call(self, 1, 0, text);
    hutch_frame_call second = {.call_id = 2, .tool = 0};
    header(self, HUTCH_FRAME_CALL, self->run, sizeof second + 401);
    raw(self, &second, sizeof second);
}

static void values_beyond_sum(liar *self) {
    call(self, 1, 0, "[1,2,3,4,5,6]");
    call(self, 2, 0, "[1,2,3]");
}

static void log_not_utf8(liar *self) {
    log_line(self, 0, "\xc3", 1);
}

static void log_flood(liar *self) {
    for (;;) {
        log_line(self, 0, "", 0);
    }
}

static void log_text_flood(liar *self) {
    static char text[900];
    memset(text, 'x', sizeof text);
    for (;;) {
        log_line(self, 0, text, sizeof text);
    }
}

static void result_not_utf8(liar *self) {
    done(self, "\"\xed\xa0\x80\"");
}

static void input_not_json(liar *self) {
    call(self, 1, 0, "{\"a\":undefined}");
}

static void input_cut_off(liar *self) {
    call(self, 1, 0, "{\"a\":[1,2]");
}

static void input_of_many_values(liar *self) {
    call(self, 1, 0, "[1,2,3,4,5,6,7,8,9,10]");
}

static void input_of_open_arrays(liar *self) {
    call(self, 1, 0, "[[[[[[[[[[[[[[[[[[[[[[");
}

/* The rest, all of which would close them, never comes. */
static void result_too_deep(liar *self) {
    header(self, HUTCH_FRAME_DONE, self->run, 2 * (HUTCH_JSON_DEPTH_MAX + 1));
    for (int i = 0; i <= HUTCH_JSON_DEPTH_MAX; i++) {
        raw(self, "[", 1);
    }
    for (;;) {
        nap();
    }
}

static void result_with_proto(liar *self) {
    done(self, "{\"a\":1,\"\\u005F_proto__\":{\"b\":2}}");
}

static void input_with_proto(liar *self) {
    call(self, 1, 0, "[{\"__proto__\":{\"b\":2},\"a\":1}]");
    done(self, "1");
}

static void result_not_json(liar *self) {
    done(self, "'a'");
}

static void result_cut_off(liar *self) {
    done(self, "[");
}

static void result_of_many_values(liar *self) {
    done(self, "{\"a\":[1,2,3,4,5,6,7,8,9]}");
}

/* The rest never comes: what has come must do. */
static void broken_result_without_end(liar *self) {
    header(self, HUTCH_FRAME_DONE, self->run, 1000);
    raw(self, "[1,,", 4);
    for (;;) {
        nap();
    }
}

static void half_usable(liar *self) {
    fail(self, (hutch_frame_failed){.usable = 2, .name_length = 1}, "x", 1);
}

static void lengths_short_of_frame(liar *self) {
    fail(self, (hutch_frame_failed){.name_length = 1}, "xy", 2);
}

static void lengths_beyond_frame(liar *self) {
    fail(self, (hutch_frame_failed){.name_length = 1, .stack_length = 5}, "xy", 2);
}

static void lengths_that_wrap(liar *self) {
    fail(self,
         (hutch_frame_failed){.name_length = 1,
                              .message_length = UINT32_MAX,
                              .stack_length = UINT32_MAX,
                              .code_length = 4},
         "xy", 2);
}

static void error_text_beyond_limit(liar *self) {
    static char text[HUTCH_FRAME_ERROR_TEXT_MAX + 2];
    memset(text, 'x', sizeof text);
    fail(self,
         (hutch_frame_failed){.name_length = 1, .message_length = HUTCH_FRAME_ERROR_TEXT_MAX + 1},
         text, sizeof text);
}

static void error_without_name(liar *self) {
    fail(self, (hutch_frame_failed){.message_length = 1}, "x", 1);
}

static void character_across_texts(liar *self) {
    fail(self, (hutch_frame_failed){.name_length = 2, .message_length = 1}, "x\xc3\xa4", 3);
}

static void settled_twice(liar *self) {
    settled(self, "1");
    settled(self, "2");
}

static void settled_and_done_with_result(liar *self) {
    settled(self, "1");
    done(self, "2");
}

static void settled_and_failed(liar *self) {
    hutch_frame_failed made = {.failure = HUTCH_FAILURE_GUEST, .usable = 1, .name_length = 1};
    settled(self, "1");
    fail(self, made, "E", 1);
}

static void settled_not_json(liar *self) {
    settled(self, "{");
}

static void settled_of_many_values(liar *self) {
    settled(self, "[1,2,3,4,5,6,7,8,9,10]");
}

static void settled_beyond_limit(liar *self) {
    header(self, HUTCH_FRAME_SETTLED, self->run, 1001);
}

/* The result is known, and it dies. */
static void settled_and_gone(liar *self) {
    settled(self, "1");
    _exit(66);
}

/* The result is known, calls are open, and it never comes to rest. */
static void settled_and_spin(liar *self) {
    call(self, 1, 0, "{}");
    call(self, 2, 0, "{}");
    settled(self, "[\"kept\"]");
    for (;;) {
    }
}

static void waiting_ahead_of_answers(liar *self) {
    call(self, 1, 0, "{}");
    waiting(self, 7);
}

static const hutch_frame_header *hear(liar *self);

/* Each counts fewer answers than there are, so that the host would drop them one by one, for ever. */
static void waiting_flood(liar *self) {
    call(self, 1, 0, "{}");
    (void)hear(self);
    for (;;) {
        waiting(self, 0);
    }
}

static void waiting_for_nothing(liar *self) {
    waiting(self, 0);
}

static void position_ahead(liar *self) {
    atomic_fetch_add(&self->shared->to_pool.written, HUTCH_RING_SIZE + 1);
    ring(self);
}

/* Behind the READY that the pool may not have read yet. */
static void position_back(liar *self) {
    atomic_fetch_sub(&self->shared->to_pool.written, 100);
    ring(self);
}

/* The pool notices at its next write, which is the answer. */
static void consumed_ahead(liar *self) {
    atomic_fetch_add(&self->shared->to_worker.consumed, 1);
    call(self, 1, 0, "{}");
}

static void scribble(liar *self) {
    for (uint32_t random = 1;; random = random * 1664525u + 1013904223u) {
        size_t at = (random >> 8) % HUTCH_SHARED_SIZE;
        ((volatile unsigned char *)self->shared)[at] = (unsigned char)(random >> 24);
        if (random % 64 == 0) {
            ring(self);
            nap();
        }
    }
}

static void doorbell_flood(liar *self) {
    for (;;) {
        ring(self);
    }
}

static void doorbell_full(liar *self) {
    uint64_t most = UINT64_MAX - 1;
    (void)!write(self->doorbell, &most, sizeof most);
    done(self, "1");
}

static void die_inside_frame(liar *self) {
    header(self, HUTCH_FRAME_DONE, self->run, 100);
    raw(self, "[1,2", 4);
    _exit(66);
}

static void sleep_for_ever(liar *self);

enum { LONG_RESULT = 400000, BURST = 20000 };

/* So much of a long result that whoever waits for it looks for its rest. */
static void begin_long_result(liar *self, int bursts) {
    static char text[BURST];
    memset(text, 'x', sizeof text);
    header(self, HUTCH_FRAME_DONE, self->run, LONG_RESULT);
    raw(self, "\"", 1);
    for (int i = 0; i < bursts; i++) {
        raw(self, text, sizeof text);
    }
}

static void die_inside_long_frame(liar *self) {
    begin_long_result(self, 10);
    _exit(66);
}

static void stop_inside_long_frame(liar *self) {
    begin_long_result(self, 10);
    sleep_for_ever(self);
}

static void lie_inside_long_frame(liar *self) {
    begin_long_result(self, 10);
    position_ahead(self);
    sleep_for_ever(self);
}

static void go_back_inside_long_frame(liar *self) {
    begin_long_result(self, 10);
    atomic_store(&self->shared->to_pool.written, 0);
    ring(self);
    sleep_for_ever(self);
}

static void break_long_frame(liar *self) {
    begin_long_result(self, 10);
    raw(self, "\n", 1);
    sleep_for_ever(self);
}

/* As much at a time as is worth looking on for, and a pause longer than a look. */
static void send_in_bursts(liar *self) {
    static char text[BURST];
    memset(text, 'x', sizeof text);
    header(self, HUTCH_FRAME_DONE, self->run, LONG_RESULT);
    raw(self, "\"", 1);
    for (size_t left = LONG_RESULT - 2; left > 0;) {
        size_t length = left < sizeof text ? left : sizeof text;
        raw(self, text, length);
        left -= length;
        (void)poll(NULL, 0, 1);
    }
    raw(self, "\"", 1);
}

/* A byte at a time, each with its ring. */
static void drip(liar *self) {
    header(self, HUTCH_FRAME_DONE, self->run, LONG_RESULT);
    raw(self, "\"", 1);
    for (int i = 0; i < LONG_RESULT - 2; i++) {
        raw(self, "x", 1);
    }
    raw(self, "\"", 1);
}

static void die_inside_header(liar *self) {
    raw(self, "half", 4);
    (void)raise(SIGABRT);
}

static void trickle(liar *self) {
    header(self, HUTCH_FRAME_CALL, self->run, sizeof(hutch_frame_call) + 1000);
    raw(self, "\1\0\0\0\0\0\0\0", 8);
    for (;;) {
        nap();
    }
}

static void spin(liar *self) {
    (void)self;
    for (volatile uint32_t i = 0;; i++) {
    }
}

/* The run is over, and the worker does not rest. */
static void done_and_spin(liar *self) {
    honest(self);
    spin(self);
}

static void spin_saying_it_sleeps(liar *self) {
    for (volatile uint32_t i = 0;; i++) {
        atomic_store(&self->shared->worker_awaits_bytes, 1);
    }
}

/* As an engine that is broken could in its arena, which is reserved for the largest limit. */
static void touch_memory(liar *self) {
    (void)self;
    for (;;) {
        size_t step = (size_t)4 << 20;
        char *more = mmap(NULL, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) {
            _exit(124);
        }
        memset(more, 1, step);
    }
}

static char *kept; /* until the context is closed */
enum { KEPT_BYTES = 200 << 20, FORGETTING_ROUNDS = 400 };

static void keep_memory(liar *self) {
    kept = mmap(NULL, KEPT_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (kept == MAP_FAILED) {
        _exit(124);
    }
    memset(kept, 1, KEPT_BYTES);
    done(self, "1");
}

/* As a worker does that has a lot to wipe: several looks long. */
static void forget_slowly(void) {
    for (int i = 0; kept != NULL && i < FORGETTING_ROUNDS; i++) {
        memset(kept, 0, 1 << 20);
        (void)poll(NULL, 0, 1);
    }
    if (kept != NULL) {
        (void)munmap(kept, KEPT_BYTES);
        kept = NULL;
    }
}

/* Never awake for long. */
static void touch_memory_slowly(liar *self) {
    for (;;) {
        size_t step = (size_t)1 << 20;
        char *more = mmap(NULL, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) {
            _exit(124);
        }
        memset(more, 1, step);
        hutch_ring_sleep_begin(&self->shared->worker_awaits_bytes);
        (void)poll(NULL, 0, 1);
    }
}

static void sleep_for_ever(liar *self) {
    for (;;) {
        hutch_ring_sleep_begin(&self->shared->worker_awaits_bytes);
        (void)poll(NULL, 0, 100);
    }
}

static void call_and_wait(liar *self) {
    call(self, 1, 0, "{}");
    waiting(self, 0);
}

static void call_wait_and_exit(liar *self) {
    call_and_wait(self);
    _exit(0);
}

static void call_wait_and_sleep(liar *self) {
    call_and_wait(self);
    sleep_for_ever(self);
}

/* The result, and no word after that. */
static void never_ready_again(liar *self) {
    done(self, "1");
    sleep_for_ever(self);
}

/* The same, and never awake again, not even for a moment. */
static void never_ready_and_still(liar *self) {
    done(self, "1");
    (void)poll(NULL, 0, -1);
}

/* What the seals are for. */
static void shrink_the_memory(liar *self) {
    bool shrunk = ftruncate(self->memory, 0) == 0;
    bool grown = ftruncate(self->memory, (off_t)HUTCH_SHARED_SIZE + 4096) == 0;
    done(self, shrunk || grown ? "\"resized\"" : "\"sealed\"");
}

/* A frame after the end of the run; the pool finds it when it looks next. */
static void one_more_frame(liar *self) {
    done(self, "1");
    log_line(self, 0, "x", 1);
}

/* What these say is the number after their name. */

static void claim_failure(liar *self, uint32_t failure) {
    fail(self, (hutch_frame_failed){.failure = failure, .name_length = 1}, "x", 1);
}

static void log_at_level(liar *self, uint32_t level) {
    log_line(self, level, "x", 1);
    done(self, "1");
}

/* No body, and no struct: which type it is shows first. */
static void send_type(liar *self, uint32_t type) {
    header(self, type, self->run, 0);
}

/* X(function) */
#define NUMBERED_SCENARIOS(X)                                                                      \
    X(claim_failure)                                                                               \
    X(log_at_level)                                                                                \
    X(send_type)

/* X(function) */
#define SCENARIOS(X)                                                                               \
    X(honest)                                                                                      \
    X(endless_length)                                                                              \
    X(length_below_struct)                                                                         \
    X(ready_with_payload)                                                                          \
    X(result_beyond_limit)                                                                         \
    X(input_beyond_limit)                                                                          \
    X(log_beyond_limit)                                                                            \
    X(ready_unasked)                                                                               \
    X(another_run)                                                                                 \
    X(run_zero)                                                                                    \
    X(call_zero)                                                                                   \
    X(call_twice)                                                                                  \
    X(call_backwards)                                                                              \
    X(unknown_tool)                                                                                \
    X(call_without_input)                                                                          \
    X(call_not_utf8)                                                                               \
    X(calls_beyond_budget)                                                                         \
    X(inputs_beyond_sum)                                                                           \
    X(values_beyond_sum)                                                                           \
    X(log_not_utf8)                                                                                \
    X(log_flood)                                                                                   \
    X(log_text_flood)                                                                              \
    X(result_not_utf8)                                                                             \
    X(input_not_json)                                                                              \
    X(input_cut_off)                                                                               \
    X(input_of_many_values)                                                                        \
    X(input_of_open_arrays)                                                                        \
    X(result_too_deep)                                                                             \
    X(result_with_proto)                                                                           \
    X(input_with_proto)                                                                            \
    X(result_not_json)                                                                             \
    X(result_cut_off)                                                                              \
    X(result_of_many_values)                                                                       \
    X(broken_result_without_end)                                                                   \
    X(half_usable)                                                                                 \
    X(lengths_short_of_frame)                                                                      \
    X(lengths_beyond_frame)                                                                        \
    X(lengths_that_wrap)                                                                           \
    X(error_text_beyond_limit)                                                                     \
    X(error_without_name)                                                                          \
    X(character_across_texts)                                                                      \
    X(settled_twice)                                                                               \
    X(settled_and_done_with_result)                                                                \
    X(settled_and_failed)                                                                          \
    X(settled_not_json)                                                                            \
    X(settled_of_many_values)                                                                      \
    X(settled_beyond_limit)                                                                        \
    X(settled_and_gone)                                                                            \
    X(settled_and_spin)                                                                            \
    X(waiting_ahead_of_answers)                                                                    \
    X(waiting_flood)                                                                               \
    X(waiting_for_nothing)                                                                         \
    X(position_ahead)                                                                              \
    X(position_back)                                                                               \
    X(consumed_ahead)                                                                              \
    X(scribble)                                                                                    \
    X(doorbell_flood)                                                                              \
    X(doorbell_full)                                                                               \
    X(die_inside_frame)                                                                            \
    X(die_inside_header)                                                                           \
    X(die_inside_long_frame)                                                                       \
    X(stop_inside_long_frame)                                                                      \
    X(lie_inside_long_frame)                                                                       \
    X(go_back_inside_long_frame)                                                                   \
    X(break_long_frame)                                                                            \
    X(send_in_bursts)                                                                              \
    X(drip)                                                                                        \
    X(trickle)                                                                                     \
    X(spin)                                                                                        \
    X(done_and_spin)                                                                               \
    X(spin_saying_it_sleeps)                                                                       \
    X(touch_memory)                                                                                \
    X(keep_memory)                                                                                 \
    X(touch_memory_slowly)                                                                         \
    X(sleep_for_ever)                                                                              \
    X(call_wait_and_exit)                                                                          \
    X(call_wait_and_sleep)                                                                         \
    X(never_ready_again)                                                                           \
    X(never_ready_and_still)                                                                       \
    X(shrink_the_memory)                                                                           \
    X(one_more_frame)

#define SCENARIO(function) {#function, function},

static const struct {
    const char *name;
    void (*act)(liar *self);
} scenarios[] = {SCENARIOS(SCENARIO)};

static const struct {
    const char *name;
    void (*act)(liar *self, uint32_t number);
} numbered[] = {NUMBERED_SCENARIOS(SCENARIO)};
#undef SCENARIO

/* "name number". */
static void act_by_number(liar *self, const char *text, size_t length) {
    char name[64];
    unsigned number;
    char copy[128] = {0};
    memcpy(copy, text, length < sizeof copy ? length : sizeof copy - 1);
    if (sscanf(copy, "%63s %u", name, &number) != 2) {
        _exit(127);
    }
    for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        if (strcmp(numbered[i].name, name) == 0) {
            numbered[i].act(self, number);
            return;
        }
    }
    _exit(127);
}

static void act(liar *self, const char *name, size_t length) {
    if (length == 0) {
        honest(self);
        return;
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        if (strlen(scenarios[i].name) == length && memcmp(scenarios[i].name, name, length) == 0) {
            scenarios[i].act(self);
            return;
        }
    }
    act_by_number(self, name, length);
}

/* The next frame, its body cut to what there is room for. */
static const hutch_frame_header *hear(liar *self) {
    for (;;) {
        switch (hutch_frame_reader_next(&self->reader)) {
        case HUTCH_FRAME_STEP_COMPLETE:
            return &self->reader.header;
        case HUTCH_FRAME_STEP_ROOM:
            if (self->reader.body_length > sizeof self->body) {
                hutch_frame_reader_skip(&self->reader);
            } else {
                hutch_frame_reader_place(&self->reader, self->body, self->reader.body_length);
            }
            break;
        case HUTCH_FRAME_STEP_NOTHING:
        case HUTCH_FRAME_STEP_MORE:
            nap();
            break;
        case HUTCH_FRAME_STEP_BROKEN:
            _exit(126);
        }
    }
}

/* What it is to do before it is ready is the name of its first tool. So it says READY only now. */
static void open_context(liar *self) {
    if (self->is_ready) {
        return;
    }
    self->is_ready = true;
    static const char early[] = "before_ready";
    if (self->reader.body_length == 4 + sizeof early - 1 + 4 &&
        memcmp(self->body + 4, early, sizeof early - 1) == 0) {
        header(self, HUTCH_FRAME_DONE, 1, 0);
    }
    header(self, HUTCH_FRAME_READY, 0, 0);
}

_Noreturn static void lie(int memory, int doorbell) {
    static const hutch_frame_shape shapes[] = {HUTCH_FRAMES_TO_WORKER(HUTCH_FRAME_SHAPE)};
    static liar self;
    self.memory = memory;
    self.doorbell = doorbell;
    self.shared = mmap(NULL, HUTCH_SHARED_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (self.shared == MAP_FAILED) {
        _exit(125);
    }
    hutch_ring_attach_worker(self.shared, &self.out, &self.in);
    hutch_frame_reader_init(&self.reader, &self.in, shapes, HUTCH_FRAMES_TO_WORKER_COUNT);
    for (;;) {
        const hutch_frame_header *frame = hear(&self);
        if (frame->type == HUTCH_FRAME_OPEN) {
            open_context(&self);
        } else if (frame->type == HUTCH_FRAME_RUN) {
            self.run = frame->run;
            act(&self, self.body, (size_t)self.reader.body_length);
        } else if (frame->type == HUTCH_FRAME_CLOSE) {
            forget_slowly();
            header(&self, HUTCH_FRAME_READY, 0, 0);
        }
    }
}

static void send_message(uint32_t kind, uint32_t worker, int64_t value, int descriptor) {
    hutch_zygote_message message = {.kind = kind, .worker = worker, .value = value};
    (void)hutch_channel_send(HUTCH_ZYGOTE_SOCKET, &message, sizeof message, &descriptor,
                             descriptor >= 0 ? 1 : 0);
}

/* Which worker is which process; enough for a test. */
static struct {
    pid_t pid;
    uint32_t worker;
} crew[256];

static void fork_worker(uint32_t worker, int memory, int doorbell) {
    pid_t pid = fork();
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close(HUTCH_ZYGOTE_SOCKET);
        lie(memory, doorbell);
    }
    for (size_t i = 0; i < sizeof crew / sizeof crew[0]; i++) {
        if (crew[i].pid == 0) {
            crew[i].pid = pid;
            crew[i].worker = worker;
            break;
        }
    }
    int descriptor = (int)syscall(SYS_pidfd_open, pid, 0);
    send_message(HUTCH_ZYGOTE_FORKED, worker, pid, descriptor);
    (void)close(descriptor);
    (void)close(memory);
    (void)close(doorbell);
}

static void reap(void) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (size_t i = 0; i < sizeof crew / sizeof crew[0]; i++) {
            if (crew[i].pid == pid) {
                crew[i].pid = 0;
                send_message(HUTCH_ZYGOTE_EXITED, crew[i].worker, status, -1);
            }
        }
    }
}

static void end(void) {
    for (size_t i = 0; i < sizeof crew / sizeof crew[0]; i++) {
        if (crew[i].pid != 0) {
            (void)kill(crew[i].pid, SIGKILL);
        }
    }
    while (waitpid(-1, NULL, 0) > 0) {
    }
    _exit(0);
}

int main(void) {
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    send_message(HUTCH_ZYGOTE_HELLO, 0, 0, -1);
    for (;;) {
        hutch_zygote_message message;
        hutch_channel_arrival arrival;
        struct pollfd socket = {.fd = HUTCH_ZYGOTE_SOCKET, .events = POLLIN};
        (void)poll(&socket, 1, 2);
        int failure =
            hutch_channel_receive(HUTCH_ZYGOTE_SOCKET, &message, sizeof message, &arrival);
        if (failure == 0 && arrival.count == 2) {
            fork_worker(message.worker, arrival.descriptors[0], arrival.descriptors[1]);
        } else if (failure != EAGAIN) {
            end();
        }
        reap();
    }
}
