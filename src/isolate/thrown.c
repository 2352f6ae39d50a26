/*
 * Making sense of what a guest threw; see thrown.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/thrown.h"

#include "inspect/inspect.h"
#include "inspect/property.h"
#include "isolate/frames.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char unprintable[] = "[unprintable]";

const char *hutch_thrown_own_text(JSContext *ctx, JSValueConst object, const char *name) {
    JSValue value = hutch_property_data(ctx, object, name);
    const char *text = JS_IsString(value) ? JS_ToCString(ctx, value) : NULL;
    JS_FreeValue(ctx, value);
    return text;
}

/* Whether an own property of a plain object is this text. */
static bool own_text_is(JSContext *ctx, JSValueConst object, const char *name, const char *text) {
    const char *value = hutch_thrown_own_text(ctx, object, name);
    bool same = value != NULL && strcmp(value, text) == 0;
    JS_FreeCString(ctx, value);
    return same;
}

bool hutch_thrown_is(hutch_guest *guest, JSValueConst thrown, JSValueConst prototype) {
    JSContext *ctx = guest->ctx;
    if (!JS_IsError(thrown)) {
        return false;
    }
    JSValue own = JS_GetPrototype(ctx, thrown);
    bool is = JS_IsStrictEqual(ctx, own, prototype);
    JS_FreeValue(ctx, own);
    return is;
}

/* How the engine says that there was no memory: wherever, or in regular expressions. */
static bool is_memory_error(JSContext *ctx, JSValueConst thrown) {
    return JS_IsError(thrown) &&
           (own_text_is(ctx, thrown, "message", "out of memory") ||
            own_text_is(ctx, thrown, "message", "out of memory in regexp execution"));
}

static bool is_stack_error(hutch_guest *guest, JSValueConst thrown) {
    return hutch_thrown_is(guest, thrown, guest->range_error) &&
           own_text_is(guest->ctx, thrown, "message", "Maximum call stack size exceeded");
}

hutch_failure hutch_thrown_classify(hutch_guest *guest, JSValueConst thrown) {
    JSContext *ctx = guest->ctx;
    hutch_failure failure = HUTCH_FAILURE_GUEST;
    hutch_guest_take_refusal(guest);
    hutch_guest_open_reserve(guest);
    /* Without memory for an error object the engine throws null. */
    bool nothing = JS_IsNull(thrown) || JS_IsUninitialized(thrown);
    if (guest->run.refused && (nothing || is_memory_error(ctx, thrown))) {
        failure = HUTCH_FAILURE_MEMORY;
    } else if (is_stack_error(guest, thrown)) {
        failure = HUTCH_FAILURE_STACK;
    }
    hutch_guest_clear_exception(guest);
    hutch_guest_close_reserve(guest);
    return failure;
}

static void add_inspected(hutch_guest *guest, JSValueConst value, hutch_buffer *text) {
    hutch_buffer shown;
    hutch_buffer_init(&shown, HUTCH_REPORT_TEXT_MAX, "the text of an error", &guest->allocator);
    int status = hutch_inspect_append(guest->ctx, &guest->intrinsics, value, true, NULL, &shown);
    if (status == 0 || shown.length > 0) {
        hutch_report_add(text, shown.data, shown.length);
    } else {
        hutch_report_add(text, unprintable, strlen(unprintable));
    }
    hutch_buffer_free(&shown);
    hutch_guest_clear_exception(guest);
}

static void add_string(hutch_guest *guest, JSValueConst value, hutch_buffer *text) {
    size_t length = 0;
    const char *bytes = JS_ToCStringLen(guest->ctx, &length, value);
    if (bytes != NULL) {
        hutch_report_add(text, bytes, length);
        JS_FreeCString(guest->ctx, bytes);
    } else {
        hutch_report_add(text, unprintable, strlen(unprintable));
        hutch_guest_clear_exception(guest);
    }
}

/* A property's value; undefined where reading it throws. */
static JSValue read_property(hutch_guest *guest, JSValueConst object, const char *name) {
    if (guest->run.halted) {
        return JS_UNDEFINED;
    }
    JSValue value = JS_GetPropertyStr(guest->ctx, object, name);
    if (JS_IsException(value)) {
        hutch_guest_clear_exception(guest);
        return JS_UNDEFINED;
    }
    return value;
}

static void report_name(hutch_guest *guest, JSValueConst thrown) {
    hutch_buffer *name = &guest->isolate->report.name;
    JSValue value = read_property(guest, thrown, "name");
    if (JS_IsString(value)) {
        hutch_report_clear(name);
        add_string(guest, value, name);
    }
    JS_FreeValue(guest->ctx, value);
}

/* The message of an error that stands behind a proxy whose traps tell none. @return whether there is one */
static bool report_behind(hutch_guest *guest, JSValueConst thrown) {
    JSContext *ctx = guest->ctx;
    JSValue behind = JS_DupValue(ctx, thrown);
    while (JS_IsProxy(behind)) {
        JSValue target = JS_GetProxyTarget(ctx, behind);
        JS_FreeValue(ctx, behind);
        behind = target;
    }
    bool is_error = JS_IsError(behind);
    const char *text = is_error ? hutch_thrown_own_text(ctx, behind, "message") : NULL;
    if (text != NULL) {
        hutch_report_add(&guest->isolate->report.message, text, strlen(text));
    }
    JS_FreeCString(ctx, text);
    JS_FreeValue(ctx, behind);
    return is_error;
}

static void report_message(hutch_guest *guest, JSValueConst thrown) {
    hutch_buffer *message = &guest->isolate->report.message;
    JSValue value = read_property(guest, thrown, "message");
    if (JS_IsString(value)) {
        add_string(guest, value, message);
    } else if (!JS_IsUndefined(value)) {
        add_inspected(guest, value, message);
    } else if (!JS_IsError(thrown) && !report_behind(guest, thrown)) {
        add_inspected(guest, thrown, message);
    }
    JS_FreeValue(guest->ctx, value);
}

/* Most errors of an AggregateError that are told, and most causes of causes. */
#define REASONS_SHOWN 8
#define REASON_NAME "4294967295"

static void add_reason(hutch_guest *guest, JSValueConst reason, const char *separator) {
    hutch_buffer *message = &guest->isolate->report.message;
    hutch_report_format(message, "%s", message->length > 0 ? separator : "");
    if (!JS_IsError(reason)) {
        add_inspected(guest, reason, message);
        return;
    }
    JSValue name = read_property(guest, reason, "name");
    JSValue text = read_property(guest, reason, "message");
    add_string(guest, name, message);
    if (JS_IsString(text)) {
        hutch_report_format(message, ": ");
        add_string(guest, text, message);
    }
    JS_FreeValue(guest->ctx, name);
    JS_FreeValue(guest->ctx, text);
}

static void report_errors(hutch_guest *guest, JSValueConst thrown) {
    JSValue errors = hutch_property_data(guest->ctx, thrown, "errors");
    for (uint32_t i = 0; JS_IsArray(errors) && i < REASONS_SHOWN; i++) {
        char index[sizeof REASON_NAME];
        (void)snprintf(index, sizeof index, "%" PRIu32, i);
        JSValue reason = hutch_property_data(guest->ctx, errors, index);
        bool is_last = JS_IsUndefined(reason) || JS_IsException(reason);
        if (!is_last) {
            add_reason(guest, reason, i > 0 ? "; " : ": ");
        }
        JS_FreeValue(guest->ctx, reason);
        if (is_last) {
            break;
        }
    }
    JS_FreeValue(guest->ctx, errors);
}

/* What is behind an error, at the end of its message: the errors that it stands for, and its
 * causes. */
static void report_reasons(hutch_guest *guest, JSValueConst thrown) {
    if (!JS_IsError(thrown)) {
        return;
    }
    report_errors(guest, thrown);
    JSValue cause = hutch_property_data(guest->ctx, thrown, "cause");
    for (int i = 0; i < REASONS_SHOWN && !JS_IsUndefined(cause) && !JS_IsException(cause); i++) {
        add_reason(guest, cause, "; cause: ");
        JSValue next =
            JS_IsError(cause) ? hutch_property_data(guest->ctx, cause, "cause") : JS_UNDEFINED;
        JS_FreeValue(guest->ctx, cause);
        cause = next;
    }
    JS_FreeValue(guest->ctx, cause);
    hutch_guest_clear_exception(guest);
}

static void report_code(hutch_guest *guest, JSValueConst thrown) {
    JSValue value = read_property(guest, thrown, "code");
    if (JS_IsString(value) || JS_IsNumber(value)) {
        add_string(guest, value, &guest->isolate->report.code);
    }
    JS_FreeValue(guest->ctx, value);
}

/* The frames of an error; of a stack that the program wrote or captured, all of it. */
static JSValue read_frames(hutch_guest *guest, JSValueConst thrown) {
    JSValue frames = JS_GetErrorFrames(guest->ctx, thrown);
    JSValue own = hutch_property_data(guest->ctx, thrown, "stack");
    bool is_written = !JS_IsString(frames) || JS_IsString(own);
    JS_FreeValue(guest->ctx, own);
    if (is_written) {
        JS_FreeValue(guest->ctx, frames);
        frames = read_property(guest, thrown, "stack");
    }
    return frames;
}

static void report_stack(hutch_guest *guest, JSValueConst thrown) {
    size_t length = 0;
    JSValue value = read_frames(guest, thrown);
    const char *text = JS_IsString(value) ? JS_ToCStringLen(guest->ctx, &length, value) : NULL;
    if (text != NULL) {
        hutch_frames_read(&guest->isolate->report, &guest->run.source, text, length);
        JS_FreeCString(guest->ctx, text);
    }
    hutch_guest_clear_exception(guest);
    JS_FreeValue(guest->ctx, value);
}

void hutch_thrown_report(hutch_guest *guest, JSValueConst thrown) {
    hutch_report *report = &guest->isolate->report;
    hutch_guest_open_reserve(guest);
    if (JS_IsObject(thrown)) {
        report_name(guest, thrown);
        report_message(guest, thrown);
        report_reasons(guest, thrown);
        report_code(guest, thrown);
        report_stack(guest, thrown);
    } else if (JS_IsString(thrown)) {
        add_string(guest, thrown, &report->message);
    } else {
        add_inspected(guest, thrown, &report->message);
    }
    if (report->name.length == 0) {
        hutch_report_format(&report->name, "Error");
    }
    hutch_guest_close_reserve(guest);
}
