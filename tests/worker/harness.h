/*
 * Drives the real worker program by hand: what a pool does, one step at a time.
 * Whatever does not come within PATIENCE_MS fails the test.
 */
#ifndef TESTS_WORKER_HARNESS_H
#define TESTS_WORKER_HARNESS_H

#include "plat/process.h"
#include "support/cmocka.h"
#include "support/patience.h"
#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/ring.h"
#include "wire/worker_exit.h"
#include "wire/zygote_message.h"

#include <hutch/event.h>
#include <hutch/isolate.h>

#define PATIENCE_MS ((int)patience_ms(60000))

/* Places in hutch_frame_open.options: PLACE_memory_bytes, PLACE_random_seed and so on. */
enum {
#define PLACE(field, ...) PLACE_##field,
    HUTCH_LIMITS_TABLE(PLACE) HUTCH_ISOLATE_OPTIONS_TABLE(PLACE)
#undef PLACE
};

/* A running zygote and the pool's end of its socket. */
typedef struct zygote {
    hutch_process process;
    int socket;      /* -1 once closed */
    uint32_t layers; /* bits of hutch_layer, as its HELLO says */
    uint32_t last_worker;
} zygote;

/* One worker of it, and the pool's ends of everything. */
typedef struct worker {
    uint32_t number;
    int64_t pid;
    int pidfd;
    int doorbell;
    hutch_shared *shared;
    hutch_ring_writer ring_out;
    hutch_ring_reader ring_in;
    hutch_frame_writer writer;
    hutch_frame_reader reader;
    char *body; /* of the last frame, NUL-terminated; owned */
    size_t body_length;
    size_t body_room;
    uint32_t run;
} worker;

/* --- the zygote --- */

/* Starts the program and takes its HELLO. */
zygote zygote_start(void);

/* The same with a descriptor of the program, which stays the caller's. */
zygote zygote_start_program(int program);

/* Closes the socket, if it is open, and expects the zygote to end with this status. */
void zygote_end(zygote *used, int exit_status);

/** One zygote for all tests of a program: the group's setup and teardown, which expects it to end
 *  because the pool is gone. */
int zygote_setup(void **state);
int zygote_teardown(void **state);

/* Sends an order, with the first `count` of these descriptors. Waits while the socket is full. */
void zygote_send(zygote *used, hutch_zygote_message order, const int *descriptors, size_t count);

/* Takes the next message. `pidfd` is -1 where none came. */
hutch_zygote_message zygote_receive(zygote *used, int *pidfd);

/* --- workers --- */

/* Orders a worker; worker_arrive() is due next. */
worker *worker_order(zygote *from);

/* Takes its FORKED. */
void worker_arrive(zygote *from, worker *ordered);

/* Both, and its first READY. */
worker *worker_start(zygote *from);

/* Kills it if it lives, takes its EXITED, frees what the harness holds. */
void worker_end(zygote *from, worker *used);

/* Expects that the worker ends by itself with this status; frees it. */
void worker_expect_exit(zygote *from, worker *used, int exit_status);

/* Frees what the harness holds. */
void worker_free(worker *used);

/* Waits until a process sleeps. */
void await_rest(int64_t pid);

/* Whether its process is still there. */
bool worker_lives(const worker *used);

/* --- frames --- */

/* Sends a frame. While the ring is full, waits for room as a pool does. */
void send_frame(worker *to, hutch_frame_type type, uint32_t run, const void *fixed,
                size_t fixed_length, const void *body, size_t body_length);

/* Puts raw bytes into the ring and rings. */
void send_raw(worker *to, const void *bytes, size_t length);

/* Takes the next frame; its struct is in `reader.fixed`, its texts in `body`. */
hutch_frame_type take_frame(worker *from);

/* Takes the next frame, unless there is none in so many milliseconds: then 0. */
hutch_frame_type take_frame_within(worker *from, int milliseconds);

/* What OPEN takes: the defaults, to be changed. */
hutch_frame_open open_defaults(void);

/* Opens a context; `tools` is a list of names that ends with NULL, or NULL. */
void open_context(worker *to, const hutch_frame_open *options, const char *const *tools);

/* Starts a program with a deadline far away. */
void start_run(worker *to, const char *code);
void start_long_run(worker *to, const char *code, size_t length, uint64_t deadline_ns);

/* Answers a call of the present run. */
void send_reply(worker *to, uint32_t call_id, const char *json);
void send_reject(worker *to, uint32_t call_id, const char *name, const char *message,
                 const char *code);

/* Closes the context; READY is taken, and whatever comes before it is dropped. */
void close_context(worker *to);

/* Expects a frame of this type next; WAITING ones are passed over unless asked for. */
void expect_frame(worker *from, hutch_frame_type type);

/* Expects DONE with this JSON. */
void expect_done(worker *from, const char *json);

/* Expects FAILED for this reason. */
void expect_failed(worker *from, hutch_failure failure);

/* Expects a CALL of this tool with this input. Returns its id. */
uint32_t expect_call(worker *from, uint32_t tool, const char *input);

/* All of it: a context, a program, its DONE. */
void run_to_done(worker *to, const char *code, const char *json);

/* Asks the present run to stop, as a pool does. */
void stop_run(worker *to);

#endif
