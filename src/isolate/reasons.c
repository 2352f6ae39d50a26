/*
 * Threads: the isolate's own.
 */
#include "isolate/reasons.h"

#include "inspect/property.h"

#define HIDDEN (JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE)

/* Takes the value. False: an exception is pending. */
static bool define(JSContext *ctx, JSValueConst object, const char *name, JSValue value,
                   int flags) {
    return !JS_IsException(value) &&
           JS_DefinePropertyValueStr(ctx, object, name, value, flags) >= 0;
}

/* A text of the JSON as a property of an error, if it is there. */
static bool copy_text(JSContext *ctx, JSValueConst error, JSValueConst from, const char *name,
                      int flags) {
    JSValue text = hutch_property_data(ctx, from, name);
    bool good = true;
    if (JS_IsString(text)) {
        good = define(ctx, error, name, text, flags);
    } else {
        JS_FreeValue(ctx, text);
    }
    return good;
}

static bool define_reasons(JSContext *ctx, JSValueConst error, JSValueConst from, int depth);

static JSValue make_error(JSContext *ctx, JSValueConst from, int depth) {
    JSValue error = JS_NewError(ctx);
    if (!JS_IsException(error) && !(copy_text(ctx, error, from, "message", HIDDEN) &&
                                    copy_text(ctx, error, from, "name", HIDDEN) &&
                                    copy_text(ctx, error, from, "code", JS_PROP_C_W_E) &&
                                    define_reasons(ctx, error, from, depth - 1))) {
        JS_FreeValue(ctx, error);
        error = JS_EXCEPTION;
    }
    return error;
}

/* @return the reason; undefined for what is none */
static JSValue make_reason(JSContext *ctx, JSValueConst from, int depth) {
    JSValue error = hutch_property_data(ctx, from, "error");
    JSValue reason = JS_IsObject(error) ? make_error(ctx, error, depth)
                                        : hutch_property_data(ctx, from, "value");
    JS_FreeValue(ctx, error);
    return reason;
}

static bool define_cause(JSContext *ctx, JSValueConst error, JSValueConst from, int depth) {
    JSValue cause = hutch_property_data(ctx, from, "cause");
    bool good =
        !JS_IsObject(cause) || define(ctx, error, "cause", make_reason(ctx, cause, depth), HIDDEN);
    JS_FreeValue(ctx, cause);
    return good;
}

/* Takes one reason after another. False: an exception is pending. */
static bool fill(JSContext *ctx, JSValueConst list, JSValueConst from, int depth) {
    int64_t length = 0;
    bool good = JS_GetLength(ctx, from, &length) >= 0;
    for (uint32_t i = 0; good && i < length; i++) {
        JSValue element = JS_GetPropertyUint32(ctx, from, i);
        JSValue reason = JS_IsObject(element) ? make_reason(ctx, element, depth) : JS_UNDEFINED;
        JS_FreeValue(ctx, element);
        good = !JS_IsException(reason) &&
               JS_DefinePropertyValueUint32(ctx, list, i, reason, JS_PROP_C_W_E) >= 0;
    }
    return good;
}

static bool define_errors(JSContext *ctx, JSValueConst error, JSValueConst from, int depth) {
    JSValue errors = hutch_property_data(ctx, from, "errors");
    bool good = true;
    if (JS_IsArray(errors)) {
        JSValue list = JS_NewArray(ctx);
        good = !JS_IsException(list) && fill(ctx, list, errors, depth);
        if (good) {
            good = define(ctx, error, "errors", list, HIDDEN);
        } else {
            JS_FreeValue(ctx, list);
        }
    }
    JS_FreeValue(ctx, errors);
    return good;
}

static bool define_reasons(JSContext *ctx, JSValueConst error, JSValueConst from, int depth) {
    return depth == 0 || !JS_IsObject(from) ||
           (define_cause(ctx, error, from, depth) && define_errors(ctx, error, from, depth));
}

bool hutch_reasons_define(hutch_guest *guest, JSValueConst error, hutch_text reasons) {
    bool good = true;
    if (reasons.length > 0) {
        hutch_guest_take_refusal(guest);
        JSValue from = JS_ParseJSON(guest->ctx, reasons.data, reasons.length, "<reasons>");
        bool made = !JS_IsException(from) &&
                    define_reasons(guest->ctx, error, from, HUTCH_TOOL_REASONS_DEPTH);
        JS_FreeValue(guest->ctx, from);
        /* A guest may have got at the error and frozen it: then it keeps what it has. */
        good = made || !hutch_guest_take_refusal(guest);
    }
    return good;
}
