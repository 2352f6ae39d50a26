/*
 * Threads: any, of the functions that take no engine; otherwise the isolate's own.
 */
#include "isolate/phrases.h"

#include "inspect/property.h"

#include <stdio.h>
#include <string.h>

/* The text that `%` stands for, and its length; NULL where a message is another one. */
const char *hutch_phrase_match(const char *message, const char *pattern, size_t *length) {
    const char *hole = strchr(pattern, '%');
    size_t before = hole != NULL ? (size_t)(hole - pattern) : strlen(pattern);
    size_t after = hole != NULL ? strlen(hole + 1) : 0;
    size_t all = strlen(message);
    bool fits = hole != NULL ? all > before + after : all == before;
    if (!fits || memcmp(message, pattern, before) != 0 ||
        (hole != NULL && strcmp(message + all - after, hole + 1) != 0)) {
        return NULL;
    }
    *length = all - before - after;
    return message + before;
}

/* Write a text with `%` replaced. @return false where it does not fit */
bool hutch_phrase_fill(char *words, size_t size, const char *text, const char *name,
                       size_t length) {
    const char *hole = strchr(text, '%');
    size_t before = hole != NULL ? (size_t)(hole - text) : strlen(text);
    int written = snprintf(words, size, "%.*s%.*s%s", (int)before, text,
                           hole != NULL ? (int)length : 0, name, hole != NULL ? hole + 1 : "");
    return written > 0 && (size_t)written < size;
}

/* A value as V8 shows the one that a native function was given. */
bool hutch_phrase_show(JSContext *ctx, JSValueConst value, char *text, size_t size) {
    int written = -1;
    if (JS_IsUndefined(value)) {
        written = snprintf(text, size, "undefined");
    } else if (JS_IsNull(value)) {
        written = snprintf(text, size, "object null");
    } else if (JS_IsObject(value)) {
        written = snprintf(text, size, "%s", JS_IsFunction(ctx, value) ? "function" : "object");
    } else if (JS_IsString(value) || JS_IsNumber(value) || JS_IsBool(value)) {
        const char *shown = JS_ToCString(ctx, value);
        if (shown != NULL) {
            written = JS_IsString(value)   ? snprintf(text, size, "string \"%s\"", shown)
                      : JS_IsNumber(value) ? snprintf(text, size, "number %s", shown)
                                           : snprintf(text, size, "boolean %s", shown);
        }
        JS_FreeCString(ctx, shown);
    }
    return written > 0 && (size_t)written < size;
}

/* `#<Object>`, by the constructor that an object inherits. @return as snprintf() */
static int show_class(JSContext *ctx, JSValueConst object, char *text, size_t size) {
    /* A trap of a proxy's would run. */
    JSValue prototype = JS_IsProxy(object) ? JS_NULL : JS_GetPrototype(ctx, object);
    JSValue constructor = hutch_property_data(ctx, prototype, "constructor");
    JSValue name = hutch_property_data(ctx, constructor, "name");
    const char *shown = JS_IsString(name) ? JS_ToCString(ctx, name) : NULL;
    int written = shown != NULL ? snprintf(text, size, "#<%s>", shown) : -1;
    JS_FreeCString(ctx, shown);
    JS_FreeValue(ctx, name);
    JS_FreeValue(ctx, constructor);
    JS_FreeValue(ctx, prototype);
    return written;
}

/* A value as V8 shows it where nothing says what it is: text as it is, and objects that have no text of
 * their own by their class. */
bool hutch_phrase_show_plain(JSContext *ctx, JSValueConst value, char *text, size_t size) {
    int written = -1;
    JSAtom symbol = JS_ATOM_NULL;
    const char *shown = NULL;
    if (JS_IsArray(value)) {
        written = snprintf(text, size, "[object Array]");
    } else if (JS_IsObject(value)) {
        written = JS_IsFunction(ctx, value) ? -1 : show_class(ctx, value, text, size);
    } else if (JS_IsSymbol(value)) {
        symbol = JS_ValueToAtom(ctx, value);
        shown = JS_AtomToCString(ctx, symbol);
        written = shown != NULL ? snprintf(text, size, "Symbol(%s)", shown) : -1;
    } else {
        shown = JS_ToCString(ctx, value);
        written = shown != NULL ? snprintf(text, size, "%s", shown) : -1;
    }
    JS_FreeCString(ctx, shown);
    JS_FreeAtom(ctx, symbol);
    return written > 0 && (size_t)written < size;
}

bool hutch_phrase_is(const char *message, const char *words) {
    return strcmp(message, words) == 0;
}

/* A value, and what is said of it. */
bool hutch_phrase_complain(JSContext *ctx, JSValueConst value, const char *complaint, char *words,
                           size_t size) {
    char shown[128];
    if (!hutch_phrase_show(ctx, value, shown, sizeof shown)) {
        return false;
    }
    int written = snprintf(words, size, "%s%s", shown, complaint);
    return written > 0 && (size_t)written < size;
}
