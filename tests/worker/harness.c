/*
 * The harness. A worker's ends are kept as a pool keeps them, sleeping included,
 * so that the doorbells are tested by every test.
 */
#include "harness.h"

#include "memory.h"
#include "plat/channel.h"
#include "plat/clock.h"
#include "plat/doorbell.h"
#include "plat/shared_memory.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const hutch_frame_shape shapes[] = {HUTCH_FRAMES_TO_POOL(HUTCH_FRAME_SHAPE)};

static void close_descriptor(int *descriptor) {
    if (*descriptor >= 0) {
        (void)close(*descriptor);
    }
    *descriptor = -1;
}

/* Waits for events; false when none came in time. */
static bool wait_for(int descriptor, short events, int milliseconds) {
    struct pollfd waited = {.fd = descriptor, .events = events};
    int ready;
    do {
        ready = poll(&waited, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

static bool is_at_rest(int64_t pid) {
    size_t length;
    char *stat = proc_read(pid, "stat", &length);
    assert_non_null(stat);
    /* The state stands behind the name, which is in parentheses. */
    const char *state = strrchr(stat, ')');
    bool rests = state != NULL && strncmp(state, ") S", 3) == 0;
    free(stat);
    return rests;
}

void await_rest(int64_t pid) {
    AWAIT(is_at_rest(pid));
}

/* --- the zygote --- */

zygote zygote_start(void) {
    int program;
    assert_int_equal(hutch_process_program_file(HUTCH_WORKER_PATH, &program), 0);
    zygote started = zygote_start_program(program);
    (void)close(program);
    return started;
}

zygote zygote_start_program(int program) {
    zygote started = {.socket = -1};
    int ends[2];
    assert_int_equal(hutch_channel_new(ends), 0);
    const char *const arguments[] = {"hutch-worker", NULL};
    assert_int_equal(hutch_process_spawn(program, arguments, ends[1], &started.process), 0);
    (void)close(ends[1]);
    started.socket = ends[0];
    int pidfd;
    hutch_zygote_message hello = zygote_receive(&started, &pidfd);
    assert_int_equal(hello.kind, HUTCH_ZYGOTE_HELLO);
    assert_int_equal(hello.worker, 0);
    started.layers = (uint32_t)hello.value;
    return started;
}

void zygote_end(zygote *used, int exit_status) {
    int status = 0;
    close_descriptor(&used->socket);
    assert_true(hutch_process_wait(&used->process, PATIENCE_MS, &status));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), exit_status);
    close_descriptor(&used->process.descriptor);
}

void zygote_send(zygote *used, hutch_zygote_message order, const int *descriptors, size_t count) {
    int failure;
    while ((failure = hutch_channel_send(used->socket, &order, sizeof order, descriptors, count)) ==
           EAGAIN) {
        assert_true(wait_for(used->socket, POLLOUT, PATIENCE_MS));
    }
    assert_int_equal(failure, 0);
}

hutch_zygote_message zygote_receive(zygote *used, int *pidfd) {
    hutch_zygote_message message = {0};
    hutch_channel_arrival arrival;
    int failure;
    while ((failure = hutch_channel_receive(used->socket, &message, sizeof message, &arrival)) ==
           EAGAIN) {
        assert_true(wait_for(used->socket, POLLIN, PATIENCE_MS));
    }
    assert_int_equal(failure, 0);
    assert_int_equal(arrival.length, sizeof message);
    assert_int_equal(arrival.count, message.kind == HUTCH_ZYGOTE_FORKED ? 1 : 0);
    *pidfd = arrival.count > 0 ? arrival.descriptors[0] : -1;
    return message;
}

/* --- workers --- */

static void attach(worker *made) {
    hutch_ring_attach_pool(made->shared, &made->ring_out, &made->ring_in);
    hutch_frame_writer_init(&made->writer, &made->ring_out);
    hutch_frame_reader_init(&made->reader, &made->ring_in, shapes, HUTCH_FRAMES_TO_POOL_COUNT);
}

worker *worker_order(zygote *from) {
    worker *made = calloc(1, sizeof *made);
    int memory;
    void *address;
    assert_non_null(made);
    made->number = ++from->last_worker;
    made->pidfd = -1;
    assert_int_equal(hutch_shared_memory_new(HUTCH_SHARED_SIZE, &memory, &address), 0);
    assert_int_equal(hutch_doorbell_new(&made->doorbell), 0);
    made->shared = address;
    attach(made);
    hutch_zygote_message order = {.kind = HUTCH_ZYGOTE_FORK, .worker = made->number};
    zygote_send(from, order, (int[]){memory, made->doorbell}, 2);
    (void)close(memory);
    return made;
}

void worker_arrive(zygote *from, worker *ordered) {
    hutch_zygote_message message = zygote_receive(from, &ordered->pidfd);
    assert_int_equal(message.kind, HUTCH_ZYGOTE_FORKED);
    assert_int_equal(message.worker, ordered->number);
    assert_true(ordered->pidfd >= 0);
    ordered->pid = hutch_process_number(ordered->pidfd);
    assert_true(ordered->pid > 0);
}

worker *worker_start(zygote *from) {
    worker *made = worker_order(from);
    worker_arrive(from, made);
    expect_frame(made, HUTCH_FRAME_READY);
    return made;
}

bool worker_lives(const worker *used) {
    return !wait_for(used->pidfd, POLLIN, 0);
}

void worker_free(worker *used) {
    close_descriptor(&used->pidfd);
    close_descriptor(&used->doorbell);
    hutch_shared_memory_unmap(used->shared, HUTCH_SHARED_SIZE);
    free(used->body);
    free(used);
}

static int take_exit(zygote *from, worker *used) {
    int pidfd;
    hutch_zygote_message message = zygote_receive(from, &pidfd);
    assert_int_equal(message.kind, HUTCH_ZYGOTE_EXITED);
    assert_int_equal(message.worker, used->number);
    return (int)message.value;
}

void worker_end(zygote *from, worker *used) {
    hutch_process_kill(used->pidfd);
    int status = take_exit(from, used);
    assert_true(WIFSIGNALED(status));
    worker_free(used);
}

void worker_expect_exit(zygote *from, worker *used, int exit_status) {
    int status = take_exit(from, used);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), exit_status);
    assert_false(worker_lives(used));
    worker_free(used);
}

/* --- frames --- */

static void ring(worker *to) {
    (void)atomic_fetch_add_explicit(&to->shared->worker_doorbell, 1, memory_order_release);
    hutch_futex_wake_shared(&to->shared->worker_doorbell);
}

static void ring_for_bytes(worker *to) {
    if (hutch_ring_must_ring(&to->shared->worker_awaits_bytes)) {
        ring(to);
    }
}

static void ring_for_room(worker *to) {
    if (hutch_ring_must_ring(&to->shared->worker_awaits_room)) {
        ring(to);
    }
}

static bool has_bytes(worker *of) {
    size_t bytes;
    assert_int_equal(hutch_ring_readable(&of->ring_in, &bytes), HUTCH_RING_SOUND);
    return bytes > 0;
}

static bool has_room(worker *of) {
    size_t bytes;
    assert_int_equal(hutch_ring_writable(&of->ring_out, &bytes), HUTCH_RING_SOUND);
    return bytes > 0;
}

/* Sleeps until the condition holds, the worker rings for any reason, or the time is over. */
static bool sleep_until(worker *of, _Atomic uint32_t *awaits, bool (*holds)(worker *),
                        int milliseconds) {
    bool rung = true;
    uint64_t counter;
    hutch_ring_sleep_begin(awaits);
    if (!holds(of)) {
        rung = wait_for(of->doorbell, POLLIN, milliseconds);
    }
    hutch_ring_sleep_end(awaits);
    (void)!read(of->doorbell, &counter, sizeof counter);
    return rung;
}

static void finish_frame(worker *to) {
    hutch_frame_progress progress;
    while ((progress = hutch_frame_writer_flush(&to->writer)) == HUTCH_FRAME_FULL) {
        ring_for_bytes(to);
        assert_true(sleep_until(to, &to->shared->pool_awaits_room, has_room, PATIENCE_MS));
    }
    assert_int_equal(progress, HUTCH_FRAME_WRITTEN);
    ring_for_bytes(to);
}

void send_frame(worker *to, hutch_frame_type type, uint32_t run, const void *fixed,
                size_t fixed_length, const void *body, size_t body_length) {
    hutch_frame_writer_begin(&to->writer, type, run, fixed, fixed_length);
    hutch_frame_writer_add(&to->writer, body, body_length);
    finish_frame(to);
}

void send_raw(worker *to, const void *bytes, size_t length) {
    size_t written;
    assert_int_equal(hutch_ring_write(&to->ring_out, bytes, length, &written), HUTCH_RING_SOUND);
    assert_int_equal(written, length);
    ring_for_bytes(to);
}

static void make_body_room(worker *from) {
    size_t length = (size_t)from->reader.body_length;
    if (from->body_room < length + 1) {
        from->body = realloc(from->body, length + 1);
        from->body_room = length + 1;
        assert_non_null(from->body);
    }
    from->body_length = length;
    from->body[length] = '\0';
}

static hutch_frame_step read_on(worker *from) {
    hutch_frame_step step;
    while ((step = hutch_frame_reader_next(&from->reader)) == HUTCH_FRAME_STEP_ROOM) {
        make_body_room(from);
        hutch_frame_reader_place(&from->reader, from->body, from->reader.body_length);
    }
    ring_for_room(from);
    return step;
}

hutch_frame_type take_frame_within(worker *from, int milliseconds) {
    hutch_frame_step step;
    while ((step = read_on(from)) == HUTCH_FRAME_STEP_NOTHING) {
        if (!sleep_until(from, &from->shared->pool_awaits_bytes, has_bytes, milliseconds)) {
            return (hutch_frame_type)0;
        }
    }
    assert_int_equal(step, HUTCH_FRAME_STEP_COMPLETE);
    if (from->reader.body_length == 0) {
        make_body_room(from);
    }
    return (hutch_frame_type)from->reader.header.type;
}

hutch_frame_type take_frame(worker *from) {
    hutch_frame_type type = take_frame_within(from, PATIENCE_MS);
    assert_int_not_equal(type, 0);
    return type;
}

hutch_frame_open open_defaults(void) {
    hutch_frame_open open = {.tool_count = 0};
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    options.detached = HUTCH_DETACHED_DELIVER;
    options.unhandled_rejections = HUTCH_UNHANDLED_IGNORE;
    options.fixed_random = true;
    options.random_seed = 1;
    hutch_isolate_options_get(&options, open.options);
    return open;
}

void open_context(worker *to, const hutch_frame_open *options, const char *const *tools) {
    hutch_frame_open open = options != NULL ? *options : open_defaults();
    char *list = NULL;
    size_t length = 0;
    for (; tools != NULL && tools[open.tool_count] != NULL; open.tool_count++) {
        uint32_t name_length = (uint32_t)strlen(tools[open.tool_count]);
        static const uint32_t own_name = 0;
        list = realloc(list, length + sizeof name_length + name_length + sizeof own_name);
        assert_non_null(list);
        memcpy(list + length, &name_length, sizeof name_length);
        memcpy(list + length + sizeof name_length, tools[open.tool_count], name_length);
        length += sizeof name_length + name_length;
        memcpy(list + length, &own_name, sizeof own_name);
        length += sizeof own_name;
    }
    send_frame(to, HUTCH_FRAME_OPEN, 0, &open, sizeof open, list, length);
    free(list);
    to->run = 0;
}

void start_long_run(worker *to, const char *code, size_t length, uint64_t deadline_ns) {
    hutch_frame_run fixed = {.deadline_ns = deadline_ns};
    send_frame(to, HUTCH_FRAME_RUN, ++to->run, &fixed, sizeof fixed, code, length);
}

void start_run(worker *to, const char *code) {
    start_long_run(to, code, strlen(code), hutch_clock_now() + 600 * HUTCH_NS_PER_S);
}

void send_reply(worker *to, uint32_t call_id, const char *json) {
    hutch_frame_reply fixed = {.call_id = call_id};
    send_frame(to, HUTCH_FRAME_REPLY, to->run, &fixed, sizeof fixed, json, strlen(json));
}

void send_reject(worker *to, uint32_t call_id, const char *name, const char *message,
                 const char *code) {
    hutch_frame_reject fixed = {.call_id = call_id,
                                .name_length = (uint32_t)strlen(name),
                                .message_length = (uint32_t)strlen(message),
                                .code_length = (uint32_t)strlen(code)};
    hutch_frame_writer_begin(&to->writer, HUTCH_FRAME_REJECT, to->run, &fixed, sizeof fixed);
    hutch_frame_writer_add(&to->writer, name, strlen(name));
    hutch_frame_writer_add(&to->writer, message, strlen(message));
    hutch_frame_writer_add(&to->writer, code, strlen(code));
    finish_frame(to);
}

void close_context(worker *to) {
    send_frame(to, HUTCH_FRAME_CLOSE, 0, NULL, 0, NULL, 0);
    while (take_frame(to) != HUTCH_FRAME_READY) {
    }
}

void expect_frame(worker *from, hutch_frame_type type) {
    hutch_frame_type got = take_frame(from);
    while (got == HUTCH_FRAME_WAITING && type != HUTCH_FRAME_WAITING) {
        got = take_frame(from);
    }
    if (got == HUTCH_FRAME_FAILED && type != got) {
        print_message("the run failed: %s\n", from->body);
    }
    assert_int_equal(got, type);
}

void expect_done(worker *from, const char *json) {
    expect_frame(from, HUTCH_FRAME_DONE);
    assert_int_equal(from->reader.header.run, from->run);
    assert_string_equal(from->body, json);
}

void expect_failed(worker *from, hutch_failure failure) {
    expect_frame(from, HUTCH_FRAME_FAILED);
    assert_int_equal(from->reader.header.run, from->run);
    assert_int_equal(from->reader.fixed.failed.failure, failure);
}

uint32_t expect_call(worker *from, uint32_t tool, const char *input) {
    expect_frame(from, HUTCH_FRAME_CALL);
    assert_int_equal(from->reader.header.run, from->run);
    assert_int_equal(from->reader.fixed.call.tool, tool);
    assert_string_equal(from->body, input);
    return from->reader.fixed.call.call_id;
}

void run_to_done(worker *to, const char *code, const char *json) {
    open_context(to, NULL, NULL);
    start_run(to, code);
    expect_done(to, json);
}

void stop_run(worker *to) {
    atomic_store_explicit(&to->shared->stop_run, to->run, memory_order_release);
    ring_for_bytes(to);
}

int zygote_setup(void **state) {
    static zygote shared;
    shared = zygote_start();
    *state = &shared;
    return 0;
}

int zygote_teardown(void **state) {
    zygote_end(*state, HUTCH_WORKER_EXIT_POOL_GONE);
    return 0;
}
