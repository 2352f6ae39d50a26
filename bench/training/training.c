/*
 * Runs programs of the kind that models write, so that an instrumented build
 * counts what the engine and the isolate do for them. What is measured later
 * is none of these programs.
 *
 * Usage: hutch-training PROGRAM...
 *
 * Each program must return true. Its tools: `echo` gives its input back,
 * `rows` a list of some hundred KB.
 */
#include <hutch/isolate.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 40, /* of each program, each in a fresh isolate */
    ROWS = 2000,
    ROW_SIZE = 128, /* more than one row takes */
};

typedef struct text {
    char *data;
    size_t length;
} text;

static bool read_file(const char *path, text *out) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    bool good = fseek(file, 0, SEEK_END) == 0;
    long size = good ? ftell(file) : -1;
    rewind(file);
    *out = (text){.data = size < 0 ? NULL : malloc((size_t)size + 1)};
    if (out->data != NULL) {
        out->length = fread(out->data, 1, (size_t)size, file);
        good = out->length == (size_t)size;
    }
    (void)fclose(file);
    return good && out->data != NULL;
}

static bool make_rows(text *out) {
    *out = (text){.data = malloc((size_t)ROWS * ROW_SIZE)};
    if (out->data == NULL) {
        return false;
    }
    for (int i = 0; i < ROWS; i++) {
        int written = snprintf(out->data + out->length, ROW_SIZE,
                               "%s{\"id\":%d,\"name\":\"Item %d\",\"price\":%d.%02d,"
                               "\"tags\":[\"a%d\",\"b\"],\"sold\":%s}",
                               i == 0 ? "[" : ",", i, i * 7919 % 1000, i % 90, i % 100, i % 5,
                               i % 3 == 0 ? "true" : "false");
        out->length += (size_t)written;
    }
    out->data[out->length++] = ']';
    return true;
}

static bool answer(hutch_isolate *isolate, const hutch_tool_call *call, const text *rows) {
    text json = *rows;
    if (call->tool == 0) {
        json = (text){malloc(call->input.length + 1), call->input.length};
        if (json.data == NULL) {
            return false;
        }
        memcpy(json.data, call->input.data, call->input.length);
    }
    hutch_status status = hutch_isolate_reply(isolate, call->id, json.data, json.length, NULL);
    if (call->tool == 0) {
        free(json.data);
    }
    return status == HUTCH_OK;
}

static bool is_true(hutch_text json) {
    return json.length == 4 && memcmp(json.data, "true", 4) == 0;
}

static bool run(hutch_isolate *isolate, const text *code, const text *rows) {
    hutch_event event = HUTCH_EVENT_INIT;
    static const hutch_tool echo = HUTCH_TOOL("echo");
    static const hutch_tool table = HUTCH_TOOL("rows");
    bool good = hutch_isolate_reset(isolate, NULL, NULL) == HUTCH_OK &&
                hutch_isolate_add_tool(isolate, &echo, NULL) == HUTCH_OK &&
                hutch_isolate_add_tool(isolate, &table, NULL) == HUTCH_OK &&
                hutch_isolate_start(isolate, code->data, code->length, NULL) == HUTCH_OK;
    while (good && hutch_isolate_next(isolate, &event) == HUTCH_OK) {
        if (event.type == HUTCH_EVENT_TOOL_CALL) {
            good = answer(isolate, &event.as.tool_call, rows);
        } else if (event.type == HUTCH_EVENT_DONE) {
            return is_true(event.as.done.json);
        } else if (event.type == HUTCH_EVENT_FAILED) {
            (void)fprintf(stderr, "%.*s\n", (int)event.as.failed.message.length,
                          event.as.failed.message.data);
            good = false;
        }
    }
    return false;
}

static bool train(const char *path, hutch_isolate *isolate, const text *rows) {
    text code = {0};
    bool good = read_file(path, &code);
    for (int i = 0; i < ROUNDS && good; i++) {
        good = run(isolate, &code, rows);
    }
    free(code.data);
    if (!good) {
        (void)fprintf(stderr, "hutch-training: %s did not return true\n", path);
    }
    return good;
}

int main(int count, char **arguments) {
    text rows = {0};
    hutch_isolate *isolate = NULL;
    bool good =
        count > 1 && make_rows(&rows) && hutch_isolate_new(NULL, &isolate, NULL) == HUTCH_OK;
    for (int i = 1; i < count && good; i++) {
        good = train(arguments[i], isolate, &rows);
    }
    hutch_isolate_free(isolate);
    free(rows.data);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
