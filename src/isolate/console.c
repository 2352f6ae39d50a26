/*
 * The guest's console; see console.h. Counters and timers live in an object
 * without a prototype that the guest never sees.
 *
 * Threads: the isolate's own.
 */
#include "isolate/console.h"

#include "base/utf8.h"
#include "isolate/console_format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Spaces of one console.group(). */
#define GROUP_INDENT 2
#define GROUP_DEPTH_MAX 64
/* UTF-8 needs at most this many bytes for a UTF-16 unit. */
#define BYTES_PER_UNIT 3

static hutch_event_node *add_log(hutch_guest *guest, hutch_log_level level) {
    hutch_event_node *node = hutch_events_add(&guest->events, guest->ctx, HUTCH_EVENT_LOG);
    if (node != NULL) {
        node->level = level;
    }
    return node;
}

/* The last entry of a run's console, once. */
static JSValue truncate_log(hutch_guest *guest, hutch_log_level level) {
    if (guest->run.halted || guest->run.log_truncated) {
        return hutch_guest_go_on(guest->ctx);
    }
    guest->run.log_truncated = true;
    hutch_event_node *node = add_log(guest, level);
    if (node == NULL) {
        return hutch_guest_halt_memory(guest->ctx);
    }
    node->text = (hutch_text){HUTCH_CONSOLE_TRUNCATED, strlen(HUTCH_CONSOLE_TRUNCATED)};
    hutch_guest_send_events(guest);
    return hutch_guest_go_on(guest->ctx);
}

/* Send off a text, whose memory goes to the event. */
static JSValue send(hutch_guest *guest, hutch_log_level level, hutch_buffer *text) {
    hutch_event_node *node = add_log(guest, level);
    if (node == NULL) {
        return hutch_guest_halt_memory(guest->ctx);
    }
    node->text.length = text->length;
    node->block = hutch_buffer_take(text, &node->text.length);
    node->text.data = node->block;
    hutch_guest_send_events(guest);
    return hutch_guest_go_on(guest->ctx);
}

/* Likewise, within the budgets. They are judged here, where none of the guest's code runs: what made the
 * text may have logged as well. */
static JSValue emit(hutch_guest *guest, hutch_log_level level, hutch_buffer *text) {
    const hutch_limits *limits = &guest->isolate->options.limits;
    uint64_t units = hutch_utf8_utf16_units(text->data, text->length);
    if (guest->run.halted || guest->run.log_truncated ||
        guest->run.log_entries >= limits->log_entries ||
        units > limits->log_units - guest->run.log_units) {
        return truncate_log(guest, level);
    }
    guest->run.log_entries++;
    guest->run.log_units += units;
    return send(guest, level, text);
}

static bool copy_text(hutch_guest *guest, hutch_text text, hutch_buffer *copy) {
    hutch_buffer_init(copy, text.length + 1, "a message", &guest->allocator);
    return hutch_buffer_append(copy, text.data, text.length, NULL) == HUTCH_OK;
}

void hutch_console_note(hutch_guest *guest, hutch_log_level level, hutch_text text) {
    hutch_buffer copy;
    if (copy_text(guest, text, &copy)) {
        JS_FreeValue(guest->ctx, emit(guest, level, &copy));
    }
    hutch_buffer_free(&copy);
}

void hutch_console_warn(hutch_guest *guest, hutch_text text) {
    hutch_buffer copy;
    if (copy_text(guest, text, &copy)) {
        JS_FreeValue(guest->ctx, send(guest, HUTCH_LOG_WARN, &copy));
    }
    hutch_buffer_free(&copy);
}

/* Move every line but an empty text's to the right, for the open groups. */
static hutch_format_result indent(hutch_guest *guest, hutch_buffer *text) {
    char spaces[GROUP_INDENT * GROUP_DEPTH_MAX];
    size_t width = (size_t)guest->console_indent * GROUP_INDENT;
    if (width == 0) {
        return HUTCH_FORMAT_DONE;
    }
    memset(spaces, ' ', sizeof spaces);
    hutch_buffer plain = *text;
    hutch_buffer_init(text, plain.cap, plain.cap_name, plain.allocator);
    hutch_format_result result = HUTCH_FORMAT_DONE;
    size_t at = 0;
    do {
        const char *begin = plain.length > 0 ? plain.data + at : "";
        const char *end = memchr(begin, '\n', plain.length - at);
        size_t line = end != NULL ? (size_t)(end - begin) + 1 : plain.length - at;
        result = hutch_console_append(guest, text, spaces, width);
        if (result == HUTCH_FORMAT_DONE) {
            result = hutch_console_append(guest, text, begin, line);
        }
        at += line;
    } while (result == HUTCH_FORMAT_DONE && at < plain.length);
    hutch_buffer_free(&plain);
    return result;
}

/* Log `prefix` and the arguments after it. */
static JSValue write_log_behind(hutch_guest *guest, hutch_log_level level, hutch_text prefix,
                                int argc, JSValueConst *argv) {
    const hutch_limits *limits = &guest->isolate->options.limits;
    if (guest->run.halted) {
        return hutch_guest_go_on(guest->ctx);
    }
    /* That cannot be undone, whatever the arguments do. */
    if (guest->run.log_truncated) {
        return JS_UNDEFINED;
    }
    hutch_buffer text;
    size_t cap = (size_t)(limits->log_units - guest->run.log_units) * BYTES_PER_UNIT;
    hutch_buffer_init(&text, cap, "maxLogLength", &guest->allocator);
    hutch_format_result result = hutch_console_append(guest, &text, prefix.data, prefix.length);
    if (result == HUTCH_FORMAT_DONE) {
        result = hutch_console_format(guest, argc, argv, &text);
    }
    if (result == HUTCH_FORMAT_DONE) {
        result = indent(guest, &text);
    }
    JSValue done = JS_EXCEPTION;
    switch (result) {
    case HUTCH_FORMAT_DONE:
        done = emit(guest, level, &text);
        break;
    case HUTCH_FORMAT_TOO_LONG:
        hutch_guest_clear_exception(guest);
        done = truncate_log(guest, level);
        break;
    case HUTCH_FORMAT_NO_MEMORY:
        done = hutch_guest_halt_memory(guest->ctx);
        break;
    case HUTCH_FORMAT_HALTED:
        break;
    }
    hutch_buffer_free(&text);
    return done;
}

static JSValue write_log(hutch_guest *guest, hutch_log_level level, const char *prefix, int argc,
                         JSValueConst *argv) {
    return write_log_behind(guest, level, (hutch_text){prefix, strlen(prefix)}, argc, argv);
}

/* console.log and its like: the level is the function's magic. */
static JSValue log_at_level(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv,
                            int magic) {
    (void)self;
    return write_log(hutch_guest_of(ctx), (hutch_log_level)magic, "", argc, argv);
}

/* console.dir and console.table: the first argument. */
static JSValue log_first(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    return write_log(hutch_guest_of(ctx), HUTCH_LOG_LOG, "", argc > 0 ? 1 : 0, argv);
}

static JSValue log_trace(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    return write_log(hutch_guest_of(ctx), HUTCH_LOG_ERROR, argc > 0 ? "Trace: " : "Trace", argc,
                     argv);
}

static JSValue log_assert(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    if (argc > 0 && JS_ToBool(ctx, argv[0])) {
        return JS_UNDEFINED;
    }
    const char *prefix = argc > 1 ? "Assertion failed: " : "Assertion failed";
    return write_log(hutch_guest_of(ctx), HUTCH_LOG_ERROR, prefix, argc > 1 ? argc - 1 : 0,
                     argv + (argc > 1 ? 1 : 0));
}

static JSValue open_group(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    hutch_guest *guest = hutch_guest_of(ctx);
    JSValue done = argc > 0 ? write_log(guest, HUTCH_LOG_LOG, "", argc, argv) : JS_UNDEFINED;
    if (guest->console_indent < GROUP_DEPTH_MAX) {
        guest->console_indent++;
    }
    return done;
}

static JSValue close_group(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv) {
    (void)self;
    (void)argc;
    (void)argv;
    hutch_guest *guest = hutch_guest_of(ctx);
    if (guest->console_indent > 0) {
        guest->console_indent--;
    }
    return JS_UNDEFINED;
}

/* Of a label, this many bytes count and are shown, up to the end of a character. */
enum { LABEL_BYTES = 128 };

/* The counters and the timers share the labels' object, told apart by a first letter. */
typedef struct labelled {
    JSAtom key;
    JSValue label;
} labelled;

static bool read_label(JSContext *ctx, int argc, JSValueConst *argv, char kind, labelled *out) {
    out->label = argc > 0 && !JS_IsUndefined(argv[0]) ? JS_ToString(ctx, argv[0])
                                                      : JS_NewString(ctx, "default");
    if (JS_IsException(out->label)) {
        return false;
    }
    size_t length = 0;
    const char *text = JS_ToCStringLen(ctx, &length, out->label);
    char key[1 + LABEL_BYTES];
    if (text != NULL) {
        length = hutch_utf8_cut(text, length, LABEL_BYTES);
        key[0] = kind;
        memcpy(key + 1, text, length);
    }
    out->key = text != NULL ? JS_NewAtomLen(ctx, key, 1 + length) : JS_ATOM_NULL;
    JS_FreeCString(ctx, text);
    if (out->key == JS_ATOM_NULL) {
        JS_FreeValue(ctx, out->label);
        return false;
    }
    return true;
}

static void free_label(JSContext *ctx, labelled *label) {
    JS_FreeAtom(ctx, label->key);
    JS_FreeValue(ctx, label->label);
}

static double read_number(hutch_guest *guest, JSAtom key) {
    double number = NAN;
    JSValue value = JS_GetProperty(guest->ctx, guest->console_state, key);
    if (JS_IsNumber(value)) {
        JS_ToFloat64(guest->ctx, &number, value);
    }
    JS_FreeValue(guest->ctx, value);
    return number;
}

/* Log "label: text" and what is after it. */
static JSValue write_labelled(hutch_guest *guest, JSValueConst label, const char *text, int argc,
                              JSValueConst *argv) {
    size_t length;
    const char *name = JS_ToCStringLen(guest->ctx, &length, label);
    if (name == NULL) {
        return hutch_guest_halt_memory(guest->ctx);
    }
    char line[LABEL_BYTES + 64];
    length = hutch_utf8_cut(name, length, LABEL_BYTES);
    memcpy(line, name, length);
    JS_FreeCString(guest->ctx, name);
    length +=
        (size_t)snprintf(line + length, sizeof line - length, ": %s%s", text, argc > 0 ? " " : "");
    return write_log_behind(guest, HUTCH_LOG_LOG, (hutch_text){line, length}, argc, argv);
}

/* console.count, console.countReset */
static JSValue count(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic) {
    (void)self;
    hutch_guest *guest = hutch_guest_of(ctx);
    labelled label;
    if (!read_label(ctx, argc, argv, 'c', &label)) {
        return JS_EXCEPTION;
    }
    bool reset = magic != 0;
    double before = read_number(guest, label.key);
    double now = reset ? 0 : (isnan(before) ? 0 : before) + 1;
    JSValue done = JS_UNDEFINED;
    if (JS_SetProperty(ctx, guest->console_state, label.key, JS_NewFloat64(ctx, now)) < 0) {
        done = JS_EXCEPTION;
    } else if (!reset) {
        char text[32];
        snprintf(text, sizeof text, "%.0f", now);
        done = write_labelled(guest, label.label, text, 0, NULL);
    }
    free_label(ctx, &label);
    return done;
}

/* What a timer's function does. */
enum timer_verb { TIMER_START, TIMER_LOG, TIMER_END };

static JSValue run_timer(hutch_guest *guest, const labelled *label, int verb, int argc,
                         JSValueConst *argv) {
    JSContext *ctx = guest->ctx;
    double now = (double)hutch_world_elapsed_ns(&guest->world) / 1e6;
    double since = read_number(guest, label->key);
    if (verb == TIMER_START) {
        return JS_SetProperty(ctx, guest->console_state, label->key, JS_NewFloat64(ctx, now)) < 0
                   ? JS_EXCEPTION
                   : JS_UNDEFINED;
    }
    if (isnan(since)) {
        return JS_UNDEFINED;
    }
    if (verb == TIMER_END && JS_DeleteProperty(ctx, guest->console_state, label->key, 0) < 0) {
        return JS_EXCEPTION;
    }
    char text[48];
    snprintf(text, sizeof text, "%.3fms", now - since);
    int rest = argc > 1 ? argc - 1 : 0;
    return write_labelled(guest, label->label, text, rest, argv + (rest > 0 ? 1 : 0));
}

/* console.time, console.timeLog, console.timeEnd */
static JSValue timer(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv, int magic) {
    (void)self;
    labelled label;
    if (!read_label(ctx, argc, argv, 't', &label)) {
        return JS_EXCEPTION;
    }
    JSValue done = run_timer(hutch_guest_of(ctx), &label, magic, argc, argv);
    free_label(ctx, &label);
    return done;
}

#define METHOD(name, length, function) JS_CFUNC_DEF2(name, length, function, JS_PROP_C_W_E)
#define METHOD_MAGIC(name, length, function, magic_value)                                          \
    {                                                                                              \
        name, JS_PROP_C_W_E, JS_DEF_CFUNC, magic_value, {                                          \
            .func = { length, JS_CFUNC_generic_magic, {.generic_magic = function} }                \
        }                                                                                          \
    }

#define METHOD_OF_LEVEL(constant, name, prefix) METHOD_MAGIC(name, 0, log_at_level, constant),

static const JSCFunctionListEntry methods[] = {
    HUTCH_LOG_LEVEL_TABLE(METHOD_OF_LEVEL) METHOD("trace", 0, log_trace),
    METHOD("dir", 0, log_first),
    METHOD("table", 0, log_first),
    METHOD("assert", 0, log_assert),
    METHOD("group", 0, open_group),
    METHOD("groupCollapsed", 0, open_group),
    METHOD("groupEnd", 0, close_group),
    METHOD_MAGIC("count", 0, count, 0),
    METHOD_MAGIC("countReset", 0, count, 1),
    METHOD_MAGIC("time", 0, timer, TIMER_START),
    METHOD_MAGIC("timeLog", 0, timer, TIMER_LOG),
    METHOD_MAGIC("timeEnd", 0, timer, TIMER_END),
};

bool hutch_console_install(hutch_guest *guest) {
    JSContext *ctx = guest->ctx;
    guest->console_state = JS_NewObjectProto(ctx, JS_NULL);
    JSValue console = JS_NewObject(ctx);
    if (JS_IsException(guest->console_state) || JS_IsException(console) ||
        JS_SetPropertyFunctionList(ctx, console, methods,
                                   (int)(sizeof methods / sizeof methods[0])) < 0) {
        JS_FreeValue(ctx, console);
        return false;
    }
    JSValue global = JS_GetGlobalObject(ctx);
    bool defined = JS_DefinePropertyValueStr(ctx, global, "console", console,
                                             JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE) > 0;
    JS_FreeValue(ctx, global);
    return defined;
}
