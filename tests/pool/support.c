/*
 * What the tests of the pool share.
 */
#include "support.h"

#include "pool/state.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void patient(hutch_pool_options *options) {
    options->kill_grace_ms = 60000;
}

hutch_pool *pool_new(void (*change)(hutch_pool_options *options)) {
    hutch_pool_options options;
    hutch_pool *pool = NULL;
    hutch_error error = {0};
    hutch_pool_options_init(&options);
    if (change != NULL) {
        change(&options);
    }
    if (hutch_pool_new(&options, &pool, &error) != HUTCH_OK) {
        fail_msg("hutch_pool_new: %s", error.message);
    }
    return pool;
}

hutch_context *context_recycled(hutch_pool *pool, const char *const *names, hutch_recycle recycle) {
    hutch_tool tools[16];
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_error error = {0};
    hutch_context_options_init(&options);
    while (names != NULL && names[options.tool_count] != NULL) {
        const char *name = names[options.tool_count];
        tools[options.tool_count++] = hutch_tool_named(name, strlen(name));
    }
    options.tools = tools;
    options.recycle = recycle;
    if (hutch_context_open(pool, &options, &context, &error) != HUTCH_OK) {
        fail_msg("hutch_context_open: %s", error.message);
    }
    return context;
}

hutch_context *context_with(hutch_pool *pool, const char *const *names) {
    return context_recycled(pool, names, HUTCH_RECYCLE_RESET);
}

hutch_context *context_new(hutch_pool *pool) {
    return context_with(pool, NULL);
}

void start_within(hutch_context *context, const char *code, uint64_t timeout_ms) {
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    hutch_error error = {0};
    options.timeout_ms = timeout_ms;
    if (hutch_context_start(context, code, strlen(code), &options, &error) != HUTCH_OK) {
        fail_msg("hutch_context_start: %s", error.message);
    }
}

void start(hutch_context *context, const char *code) {
    start_within(context, code, 0);
}

uint64_t start_until_it_waits(hutch_context *context, const char *code, uint64_t timeout_ms) {
    hutch_event event = HUTCH_EVENT_INIT;
    while (event.type != HUTCH_EVENT_WAITING) {
        start_within(context, code, timeout_ms);
        do {
            event = (hutch_event)HUTCH_EVENT_INIT;
            assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
        } while (event.type == HUTCH_EVENT_TOOL_CALL || event.type == HUTCH_EVENT_LOG);
        timeout_ms *= event.type == HUTCH_EVENT_WAITING ? 1 : 2;
    }
    return timeout_ms;
}

static void copy_text(char *copy, size_t size, hutch_text text) {
    size_t length = text.length < size - 1 ? text.length : size - 1;
    if (length > 0) {
        memcpy(copy, text.data, length);
    }
    copy[length] = '\0';
}

void note_outcome(const hutch_event *event, outcome *end) {
    end->type = event->type;
    if (event->type == HUTCH_EVENT_DONE) {
        copy_text(end->text, sizeof end->text, event->as.done.json);
        end->length = event->as.done.json.length;
    } else {
        const hutch_failed *failed = &event->as.failed;
        end->failure = failed->failure;
        end->usable = failed->usable;
        copy_text(end->name, sizeof end->name, failed->name);
        copy_text(end->text, sizeof end->text, failed->message);
        copy_text(end->code, sizeof end->code, failed->code);
    }
}

/* The input lives only until the next call on the context. */
static void answer_with_input(hutch_context *context, const hutch_tool_call *call) {
    hutch_error error = {0};
    if (hutch_context_reply(context, call->id, call->input.data, call->input.length, &error) !=
        HUTCH_OK) {
        fail_msg("hutch_context_reply: %s", error.message);
    }
}

outcome finish(hutch_context *context) {
    outcome end = {.type = HUTCH_EVENT_NONE};
    for (;;) {
        hutch_event event = HUTCH_EVENT_INIT;
        (void)hutch_context_next(context, LONG_US, &event);
        switch (event.type) {
        case HUTCH_EVENT_TOOL_CALL:
            end.calls++;
            answer_with_input(context, &event.as.tool_call);
            break;
        case HUTCH_EVENT_LOG:
            end.logs++;
            break;
        case HUTCH_EVENT_DONE:
        case HUTCH_EVENT_FAILED:
            note_outcome(&event, &end);
            return end;
        case HUTCH_EVENT_NONE:
            return end;
        case HUTCH_EVENT_WAITING:
            break;
        }
    }
}

outcome run(hutch_context *context, const char *code) {
    start(context, code);
    return finish(context);
}

void assert_done(const outcome *end, const char *json) {
    if (end->type == HUTCH_EVENT_FAILED) {
        fail_msg("%s: %s", end->name, end->text);
    }
    assert_int_equal(end->type, HUTCH_EVENT_DONE);
    assert_string_equal(end->text, json);
}

void assert_failed(const outcome *end, hutch_failure failure, const char *text) {
    assert_int_equal(end->type, HUTCH_EVENT_FAILED);
    if (end->failure != failure || strstr(end->text, text) == NULL) {
        fail_msg("failed with %s (%s: %s), expected %s (%s)", hutch_failure_text(end->failure),
                 end->name, end->text, hutch_failure_text(failure), text);
    }
}

void assert_timed_out(const outcome *end, uint64_t timeout_ms) {
    char text[64];
    (void)snprintf(text, sizeof text, "Execution timed out after %" PRIu64 " ms", timeout_ms);
    assert_failed(end, HUTCH_FAILURE_TIMEOUT, text);
}

hutch_event expect_event(hutch_context *context, hutch_event_type type) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_context_next(context, LONG_US, &event), HUTCH_OK);
    if (event.type == HUTCH_EVENT_FAILED && type != HUTCH_EVENT_FAILED) {
        fail_msg("%.*s: %.*s", (int)event.as.failed.name.length, event.as.failed.name.data,
                 (int)event.as.failed.message.length, event.as.failed.message.data);
    }
    assert_int_equal(event.type, type);
    return event;
}

bool text_equals(hutch_text text, const char *expected) {
    return text.length == strlen(expected) &&
           (text.length == 0 || memcmp(text.data, expected, text.length) == 0);
}

void sleep_ms(unsigned milliseconds) {
    struct timespec time = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&time, &time) != 0) {
    }
}

uint64_t now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Nobody else gives a program that waits for a worker its turn. */
static int64_t pid_in_turn(hutch_context *context) {
    hutch_queue_press(context->pool);
    return hutch_context_get_pid(context);
}

pid_t pid_of(hutch_context *context) {
    int64_t pid;
    hutch_run_options patient_run = HUTCH_RUN_OPTIONS_INIT;
    patient_run.timeout_ms = LONG_US / 1000;
    if (hutch_context_get_pid(context) == 0 &&
        hutch_context_start(context, "", 0, &patient_run, NULL) == HUTCH_OK) {
        outcome end = finish(context);
        assert_int_equal(end.type, HUTCH_EVENT_DONE);
    }
    AWAIT((pid = pid_in_turn(context)) != 0);
    return (pid_t)pid;
}

/* What /proc says of a process. False: there is none. */
static bool read_stat(pid_t pid, char *state, pid_t *parent) {
    char path[64];
    char line[512];
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(line, 1, sizeof line - 1, file);
    (void)fclose(file);
    line[length] = '\0';
    const char *rest = strrchr(line, ')');
    if (rest == NULL || strlen(rest) < 5) {
        return false;
    }
    *state = rest[2];
    *parent = (pid_t)strtol(rest + 4, NULL, 10);
    return true;
}

/* 'X' where there is none. */
static char state_of(pid_t pid) {
    char state;
    pid_t parent;
    return read_stat(pid, &state, &parent) ? state : 'X';
}

bool has_ended(pid_t pid) {
    char state = state_of(pid);
    return state == 'Z' || state == 'X';
}

bool is_at_rest(pid_t pid) {
    return state_of(pid) == 'S';
}

bool process_ends(pid_t pid) {
    uint64_t naps = 0;
    while (!has_ended(pid)) {
        if (!patience_nap(&naps)) {
            return false;
        }
    }
    return true;
}

void await_stop(pid_t pid) {
    AWAIT(state_of(pid) == 'T');
}

void await_rest(pid_t pid) {
    AWAIT(is_at_rest(pid));
}

static uint64_t used_ms(pid_t pid) {
    clockid_t clock;
    struct timespec used;
    assert_int_equal(clock_getcpuclockid(pid, &clock), 0);
    assert_int_equal(clock_gettime(clock, &used), 0);
    return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

void await_work(pid_t pid, unsigned milliseconds) {
    uint64_t begin = used_ms(pid);
    AWAIT(used_ms(pid) >= begin + milliseconds);
}

size_t count_descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;
    assert_non_null(folder);
    while (readdir(folder) != NULL) {
        count++;
    }
    (void)closedir(folder);
    return count;
}

static bool descends_from(pid_t pid, pid_t ancestor) {
    for (int depth = 0; depth < 8 && pid > 1; depth++) {
        char state;
        pid_t parent;
        if (!read_stat(pid, &state, &parent)) {
            return false;
        }
        if (parent == ancestor) {
            return true;
        }
        pid = parent;
    }
    return false;
}

size_t find_descendants(pid_t ancestor, pid_t *pids, size_t capacity) {
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    size_t count = 0;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 1 && descends_from(pid, ancestor)) {
            if (count < capacity) {
                pids[count] = pid;
            }
            count++;
        }
    }
    (void)closedir(folder);
    return count;
}

size_t count_children(void) {
    return find_descendants(getpid(), NULL, 0);
}

hutch_pool_stats stats_of(hutch_pool *pool) {
    hutch_pool_stats stats = {.size = sizeof stats};
    assert_int_equal(hutch_pool_get_stats(pool, &stats), HUTCH_OK);
    return stats;
}

void await_idle(hutch_pool *pool, uint32_t count) {
    AWAIT(stats_of(pool).idle == count);
}
