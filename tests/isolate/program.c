/*
 * Running programs for the tests of src/isolate; see program.h.
 */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(hutch_text text, char *out, size_t size) {
    size_t length = text.length < size ? text.length : size - 1;
    if (length > 0) {
        memcpy(out, text.data, length);
    }
    out[length] = '\0';
}

hutch_isolate_options program_options(void) {
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    options.detached = HUTCH_DETACHED_DELIVER;
    options.unhandled_rejections = HUTCH_UNHANDLED_IGNORE;
    return options;
}

static void add_tools(hutch_isolate *isolate) {
    static const char *const names[] = {"echo", "fail", "never"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        hutch_error error = {0};
        if (program_add_tool(isolate, names[i], strlen(names[i]), &error) != HUTCH_OK) {
            fail_msg("%s", error.message);
        }
    }
}

hutch_isolate *program_isolate(const hutch_isolate_options *options) {
    hutch_isolate *isolate = NULL;
    hutch_error error = {0};
    hutch_isolate_options standard = program_options();
    options = options != NULL ? options : &standard;
    if (hutch_isolate_new(options, &isolate, &error) != HUTCH_OK) {
        fail_msg("%s", error.message);
    }
    add_tools(isolate);
    return isolate;
}

void program_reset(hutch_isolate *isolate, const hutch_isolate_options *options) {
    hutch_error error = {0};
    if (hutch_isolate_reset(isolate, options, &error) != HUTCH_OK) {
        fail_msg("%s", error.message);
    }
    add_tools(isolate);
}

void program_start(hutch_isolate *isolate, const char *code) {
    hutch_error error = {0};
    if (hutch_isolate_start(isolate, code, strlen(code), &error) != HUTCH_OK) {
        fail_msg("%s: %s", code, error.message);
    }
}

hutch_event program_next(hutch_isolate *isolate) {
    hutch_event event = HUTCH_EVENT_INIT;
    assert_int_equal(hutch_isolate_next(isolate, &event), HUTCH_OK);
    assert_int_equal(event.size, sizeof event);
    return event;
}

void program_reply(hutch_isolate *isolate, uint32_t id, const char *json) {
    hutch_error error = {0};
    if (hutch_isolate_reply(isolate, id, json, strlen(json), &error) != HUTCH_OK) {
        fail_msg("%s", error.message);
    }
}

bool program_text_is(hutch_text text, const char *expected) {
    return text.length == strlen(expected) && memcmp(text.data, expected, text.length) == 0;
}

/* The string that a key of a flat JSON object has; "" without it. */
static hutch_text find(const char *json, const char *key) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":\"", key);
    const char *at = strstr(json, quoted);
    if (at == NULL) {
        return (hutch_text){0};
    }
    at += strlen(quoted);
    return (hutch_text){at, strcspn(at, "\"")};
}

static void answer(hutch_isolate *isolate, const hutch_tool_call *call) {
    uint32_t id = call->id;
    uint32_t tool = call->tool;
    char *input = malloc(call->input.length + 1);
    assert_non_null(input);
    copy(call->input, input, call->input.length + 1);
    if (tool == 0) {
        assert_int_equal(hutch_isolate_reply(isolate, id, input, strlen(input), NULL), HUTCH_OK);
    } else if (tool == 1) {
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.name = find(input, "name");
        failure.message = find(input, "message");
        failure.code = find(input, "code");
        assert_int_equal(hutch_isolate_reject(isolate, id, &failure, NULL), HUTCH_OK);
    }
    free(input);
}

static void note_log(const hutch_log *log, program_end *end) {
    static const char *const levels[] = {"log", "info", "warn", "error", "debug"};
    size_t used = strlen(end->logs);
    copy(log->text, end->last_log, sizeof end->last_log);
    snprintf(end->logs + used, sizeof end->logs - used, "%s %.*s\n", levels[log->level],
             (int)log->text.length, log->text.length > 0 ? log->text.data : "");
    end->log_count++;
}

static void note_failure(const hutch_failed *failed, program_end *end) {
    end->failure = failed->failure;
    end->usable = failed->usable;
    end->line = failed->line;
    end->column = failed->column;
    copy(failed->name, end->name, sizeof end->name);
    copy(failed->message, end->message, sizeof end->message);
    copy(failed->stack, end->stack, sizeof end->stack);
    copy(failed->code, end->code, sizeof end->code);
}

/* Whether the run ends or waits with this event. */
static bool note(hutch_isolate *isolate, const hutch_event *event, program_end *end) {
    switch (event->type) {
    case HUTCH_EVENT_TOOL_CALL:
        end->call_count++;
        answer(isolate, &event->as.tool_call);
        return false;
    case HUTCH_EVENT_LOG:
        note_log(&event->as.log, end);
        return false;
    case HUTCH_EVENT_DONE:
        end->json_length = event->as.done.json.length;
        copy(event->as.done.json, end->json, sizeof end->json);
        return true;
    case HUTCH_EVENT_FAILED:
        note_failure(&event->as.failed, end);
        return true;
    default:
        assert_int_equal(event->type, HUTCH_EVENT_WAITING);
        return true;
    }
}

void program_finish(hutch_isolate *isolate, program_end *end) {
    memset(end, 0, sizeof *end);
    hutch_event event;
    do {
        event = program_next(isolate);
        end->type = event.type;
        end->run = event.run;
    } while (!note(isolate, &event, end));
}

void program_run(hutch_isolate *isolate, const char *code, program_end *end) {
    program_start(isolate, code);
    program_finish(isolate, end);
}

void program_expect(hutch_isolate *isolate, const char *code, const char *json) {
    program_end end;
    program_run(isolate, code, &end);
    if (end.type == HUTCH_EVENT_FAILED) {
        fail_msg("%s\n  failed: %s: %s\n%s", code, end.name, end.message, end.stack);
    }
    if (end.type != HUTCH_EVENT_DONE || strcmp(end.json, json) != 0) {
        fail_msg("%s\n  gave:     %s\n  expected: %s", code,
                 end.type == HUTCH_EVENT_DONE ? end.json : "(waits)", json);
    }
}

void program_expect_failure(hutch_isolate *isolate, const char *code, hutch_failure failure,
                            const char *name, const char *message) {
    program_end end;
    program_run(isolate, code, &end);
    if (end.type != HUTCH_EVENT_FAILED || end.failure != failure || strcmp(end.name, name) != 0 ||
        strstr(end.message, message) == NULL) {
        fail_msg("%s\n  gave:     %s %s: %s%s\n  expected: %s %s: …%s…", code,
                 end.type == HUTCH_EVENT_FAILED ? hutch_failure_text(end.failure) : "no failure",
                 end.name, end.message, end.json, hutch_failure_text(failure), name, message);
    }
}

unsigned program_check_rows(hutch_isolate *isolate, const char *path,
                            void (*check)(hutch_isolate *isolate, const char *left,
                                          const char *right)) {
    char line[1024];
    unsigned count = 0;
    FILE *rows = fopen(path, "r");
    assert_non_null(rows);
    while (fgets(line, sizeof line, rows) != NULL) {
        char *right = strchr(line, '\t');
        assert_non_null(right);
        *right++ = '\0';
        right[strcspn(right, "\n")] = '\0';
        check(isolate, line, right);
        count++;
    }
    (void)fclose(rows);
    return count;
}

int program_setup(void **state) {
    *state = program_isolate(NULL);
    return 0;
}

int program_teardown(void **state) {
    hutch_isolate_free(*state);
    return 0;
}
