/*
 * From OPEN to CLOSE: what a context is made of, and how nothing of it stays.
 *
 * Threads: the worker has one.
 */
#include "isolate/driver.h"
#include "worker/worker.h"

#include <string.h>

#define COUNT_LIMIT(field, option, standard, minimum, maximum, unit, meaning) +1
_Static_assert((0 HUTCH_LIMITS_TABLE(COUNT_LIMIT)) == HUTCH_FRAME_LIMIT_COUNT,
               "OPEN carries every limit");

static void take_limits(const hutch_frame_open *open, hutch_limits *limits) {
    size_t next = 0;
    hutch_limits_init(limits);
#define TAKE_LIMIT(field, option, standard, minimum, maximum, unit, meaning)                       \
    limits->field = open->limits[next++];
    HUTCH_LIMITS_TABLE(TAKE_LIMIT)
#undef TAKE_LIMIT
}

static void take_options(const hutch_frame_open *open, hutch_isolate_options *options) {
    hutch_isolate_options_init(options);
    take_limits(open, &options->limits);
    options->console = (hutch_console_style)open->console;
    options->utc_offset_minutes = open->utc_offset_minutes;
    /* A worker cannot ask the kernel for a seed. */
    options->fixed_random = true;
    options->random_seed = open->random_seed;
    options->fixed_clock = (open->flags & HUTCH_FRAME_OPEN_FIXED_CLOCK) != 0;
    options->fixed_clock_ms = open->fixed_clock_ms;
    options->typescript = (open->flags & HUTCH_FRAME_OPEN_TYPESCRIPT) != 0;
    options->hints = (open->flags & HUTCH_FRAME_OPEN_HINTS) != 0;
}

void hutch_worker_begin_open(hutch_worker *worker) {
    hutch_isolate_options options;
    take_options(&worker->reader.fixed.open, &options);
    worker->limits = options.limits;
    if ((worker->reader.fixed.open.flags & HUTCH_FRAME_OPEN_FOR_ONCE) != 0) {
        hutch_look_give_up(&worker->look_for_work);
    }
    if (hutch_isolate_reset(worker->isolate, &options, NULL) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
}

/* Whether the arena had no room for the body. */
static bool is_lost(const hutch_worker *worker) {
    return worker->body.text == NULL && worker->reader.body_length > 0;
}

/* Takes the next name off the list. False: the list is malformed. */
static bool take_name(hutch_text *list, hutch_text *name) {
    uint32_t length;
    if (list->length < sizeof length) {
        return false;
    }
    memcpy(&length, list->data, sizeof length);
    list->data += sizeof length;
    list->length -= sizeof length;
    if (length > list->length) {
        return false;
    }
    *name = (hutch_text){.data = list->data, .length = length};
    list->data += length;
    list->length -= length;
    return true;
}

/* False: the memory limit leaves no room for it. */
static bool define_tool(hutch_worker *worker, hutch_text name) {
    hutch_status status = hutch_isolate_add_tool(worker->isolate, name.data, name.length, NULL);
    if (status == HUTCH_INVALID_ARGUMENT || status == HUTCH_WRONG_STATE) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    return status == HUTCH_OK;
}

static void define_tools(hutch_worker *worker) {
    hutch_text list = {.data = worker->body.text, .length = (size_t)worker->reader.body_length};
    for (uint32_t i = 0; i < worker->reader.fixed.open.tool_count; i++) {
        hutch_text name;
        if (!take_name(&list, &name)) {
            hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
        }
        worker->starved = worker->starved || !define_tool(worker, name);
    }
    if (list.length > 0) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
    }
}

void hutch_worker_finish_open(hutch_worker *worker) {
    worker->starved = is_lost(worker);
    if (!worker->starved) {
        define_tools(worker);
    }
    hutch_isolate_payload_free(worker->isolate, worker->body.text);
    worker->body.text = NULL;
    worker->state = HUTCH_WORKER_OPEN;
}

void hutch_worker_start_run(hutch_worker *worker) {
    hutch_isolate *isolate = worker->isolate;
    char *text = worker->body.text;
    bool has_room = !is_lost(worker) && !worker->starved;
    worker->run = worker->reader.header.run;
    worker->answered = 0;
    worker->told_waiting = false;
    worker->state = HUTCH_WORKER_RUNNING;
    hutch_isolate_watch_stop(isolate, &worker->shared->stop_run, worker->run);
    hutch_isolate_set_deadline(isolate, worker->reader.fixed.run.deadline_ns);
    bool has_code = has_room && text != NULL;
    if (hutch_isolate_start(isolate, has_code ? text : "",
                            has_code ? (size_t)worker->reader.body_length : 0, NULL) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    if (!has_room) {
        hutch_isolate_fail_memory(isolate);
    }
    hutch_isolate_payload_free(isolate, text);
    worker->body.text = NULL;
}

/* Everything in the struct that came from the pool or the guest. */
static void forget(hutch_worker *worker) {
    hutch_frame_reader_init(&worker->reader, worker->reader.ring, worker->reader.shapes,
                            worker->reader.shape_count);
    hutch_frame_writer_init(&worker->writer, worker->writer.ring);
    memset(&worker->limits, 0, sizeof worker->limits);
    worker->body = (hutch_worker_body){0};
    worker->answers = (hutch_answers){0};
    worker->run = 0;
    worker->starved = false;
    worker->closing = false;
}

void hutch_worker_close(hutch_worker *worker) {
    hutch_isolate_watch_stop(worker->isolate, NULL, 0);
    if (hutch_isolate_reset(worker->isolate, NULL, NULL) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    forget(worker);
    atomic_store_explicit(&worker->shared->stop_run, 0, memory_order_release);
    worker->state = HUTCH_WORKER_IDLE;
}
