/*
 * From OPEN to CLOSE: what a context is made of, and how nothing of it stays.
 *
 * Threads: the worker has one.
 */
#include "isolate/driver.h"
#include "worker/runner.h"

#include <string.h>

void hutch_runner_begin_open(hutch_runner *runner) {
    const hutch_frame_open *open = &runner->reader.fixed.open;
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    hutch_isolate_options_set(&options, open->options);
    runner->limits = options.limits;
    if (open->for_once != 0) {
        hutch_spin_give_up(&runner->spin_for_work);
    }
    if (hutch_isolate_reset(runner->isolate, &options, NULL) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
}

/* Whether the arena had no room for the body. */
static bool is_lost(const hutch_runner *runner) {
    return runner->body.text == NULL && runner->reader.body_length > 0;
}

/* Takes the next text off the list. False: the list is malformed. */
static bool take_text(hutch_text *list, hutch_text *text) {
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
    *text = (hutch_text){.data = list->data, .length = length};
    list->data += length;
    list->length -= length;
    return true;
}

/* False: the memory limit leaves no room for it. */
static bool define_tool(hutch_runner *runner, const hutch_tool *tool) {
    hutch_status status = hutch_isolate_add_tool(runner->isolate, tool, NULL);
    if (status == HUTCH_INVALID_ARGUMENT || status == HUTCH_WRONG_STATE) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    return status == HUTCH_OK;
}

static void define_tools(hutch_runner *runner) {
    hutch_text list = {.data = runner->body.text, .length = (size_t)runner->reader.body_length};
    for (uint32_t i = 0; i < runner->reader.fixed.open.tool_count; i++) {
        hutch_tool tool = HUTCH_TOOL_INIT;
        if (!take_text(&list, &tool.name) || !take_text(&list, &tool.bound)) {
            hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
        }
        runner->starved = runner->starved || !define_tool(runner, &tool);
    }
    if (list.length > 0) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_FRAME);
    }
}

void hutch_runner_finish_open(hutch_runner *runner) {
    runner->starved = is_lost(runner);
    if (!runner->starved) {
        define_tools(runner);
    }
    hutch_isolate_payload_free(runner->isolate, runner->body.text);
    runner->body.text = NULL;
    runner->state = HUTCH_RUNNER_OPEN;
}

void hutch_runner_start_run(hutch_runner *runner) {
    hutch_isolate *isolate = runner->isolate;
    char *text = runner->body.text;
    bool has_room = !is_lost(runner) && !runner->starved;
    /* Not before: a CLOSE makes the isolate as new, whatever the last run has left. */
    if (!hutch_isolate_tidy(isolate)) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_SPENT);
    }
    runner->run = runner->reader.header.run;
    runner->answered = 0;
    runner->waiting_sent = false;
    runner->value_sent = false;
    runner->state = HUTCH_RUNNER_RUNNING;
    hutch_isolate_watch_stop(isolate, &runner->shared->stop_run, runner->run);
    hutch_isolate_set_deadline(isolate, runner->reader.fixed.run.deadline_ns);
    bool has_code = has_room && text != NULL;
    if (hutch_isolate_start(isolate, has_code ? text : "",
                            has_code ? (size_t)runner->reader.body_length : 0, NULL) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    if (!has_room) {
        hutch_isolate_fail_memory(isolate);
    }
    hutch_isolate_payload_free(isolate, text);
    runner->body.text = NULL;
}

/* Everything in the struct that came from the pool or the guest. */
static void forget(hutch_runner *runner) {
    hutch_frame_reader_init(&runner->reader, runner->reader.ring, runner->reader.shapes,
                            runner->reader.shape_count);
    hutch_frame_writer_init(&runner->writer, runner->writer.ring);
    memset(&runner->limits, 0, sizeof runner->limits);
    runner->body = (hutch_runner_body){0};
    runner->answers = (hutch_answers){0};
    runner->run = 0;
    runner->starved = false;
    runner->closing = false;
}

void hutch_runner_close(hutch_runner *runner) {
    hutch_isolate_watch_stop(runner->isolate, NULL, 0);
    if (hutch_isolate_reset(runner->isolate, NULL, NULL) != HUTCH_OK) {
        hutch_worker_exit(HUTCH_WORKER_EXIT_REFUSED);
    }
    forget(runner);
    atomic_store_explicit(&runner->shared->stop_run, 0, memory_order_release);
    runner->state = HUTCH_RUNNER_IDLE;
}
