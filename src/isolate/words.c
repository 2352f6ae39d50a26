/*
 * Messages in the words of Node.js; see words.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/words.h"

#include "isolate/callee.h"
#include "isolate/guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The engine's words, and Node.js's. `%` of the first stands for any text, and is that text in the
 * second. */
typedef struct rewording {
    const char *engine;
    const char *node;
} rewording;

static const char mixed[] = "Cannot mix BigInt and other types, use explicit conversions";

static const rewording rewordings[] = {
    {"cannot read property '%' of null", "Cannot read properties of null (reading '%')"},
    {"cannot read property '%' of undefined", "Cannot read properties of undefined (reading '%')"},
    {"cannot set property '%' of null", "Cannot set properties of null (setting '%')"},
    {"cannot set property '%' of undefined", "Cannot set properties of undefined (setting '%')"},
    {"this is not initialized", "Must call super constructor in derived class before accessing "
                                "'this' or returning from derived constructor"},
    {"'this' can be initialized only once", "Super constructor may only be called once"},
    {"% is not initialized", "Cannot access '%' before initialization"},
    {"invalid array length", "Invalid array length"},
    {"invalid string length", "Invalid string length"},
    {"empty array", "Reduce of empty array with no initial value"},
    {"cannot convert to bigint", mixed},
    {"BigInt division by zero", "Division by zero"},
    {"BigInt operands are forbidden for >>>",
     "BigInts have no unsigned right shift, use >> instead"},
    {"bigint argument with unary +", "Cannot convert a BigInt value to a number"},
    {"cannot convert BigInt to number", "Cannot convert a BigInt value to a number"},
    {"cannot convert symbol to number", "Cannot convert a Symbol value to a number"},
    {"cannot convert symbol to string", "Cannot convert a Symbol value to a string"},
    {"BigInt are forbidden in JSON.stringify", "Do not know how to serialize a BigInt"},
    {"toPrimitive", "Cannot convert object to primitive value"},
    {"invalid time value", "Invalid time value"},
    {"Date value is NaN", "Invalid time value"},
    {"this is not a Date object", "this is not a Date object."},
    {"bad normalization form", "The normalization form should be one of NFC, NFD, NFKC, NFKD."},
    {"already running", "Generator is already running"},
    {"cannot invoke a running generator", "Generator is already running"},
    {"circular prototype chain", "Cyclic __proto__ value"},
    {"cannot convert to object", "Cannot convert undefined or null to object"},
};

/* The text that `%` stands for, and its length; NULL where a message is another one. */
static const char *match(const char *message, const char *pattern, size_t *length) {
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
static bool fill(char *words, size_t size, const char *text, const char *name, size_t length) {
    const char *hole = strchr(text, '%');
    size_t before = hole != NULL ? (size_t)(hole - text) : strlen(text);
    int written = snprintf(words, size, "%.*s%.*s%s", (int)before, text,
                           hole != NULL ? (int)length : 0, name, hole != NULL ? hole + 1 : "");
    return written > 0 && (size_t)written < size;
}

static bool reword(const char *message, char *words, size_t size) {
    for (size_t i = 0; i < sizeof rewordings / sizeof rewordings[0]; i++) {
        size_t length = 0;
        const char *name = match(message, rewordings[i].engine, &length);
        if (name != NULL) {
            return fill(words, size, rewordings[i].node, name, length);
        }
    }
    return false;
}

/* A value as V8 shows the one that a native function was given. */
static bool show_value(JSContext *ctx, JSValueConst value, char *text, size_t size) {
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

/* Whether the place is in the program that runs, whose text is known; its byte. */
static bool find_place(const hutch_guest *guest, const JSErrorFacts *facts, size_t *at) {
    char name[sizeof HUTCH_SOURCE_NAME + sizeof "#4294967295"] = HUTCH_SOURCE_NAME;
    const hutch_source *source = &guest->run.source;
    if (source->code == NULL || facts->line_num < 1 || facts->col_num < 1) {
        return false;
    }
    if (source->run > 1) {
        (void)snprintf(name, sizeof name, HUTCH_SOURCE_NAME "#%" PRIu32, source->run);
    }
    if (strcmp(facts->filename, name) != 0) {
        return false;
    }
    *at = hutch_source_offset(
        source, hutch_source_position(source, (uint32_t)facts->line_num, (uint32_t)facts->col_num));
    return *at < source->length;
}

static bool says(const char *message, const char *words) {
    return strcmp(message, words) == 0;
}

static const char not_iterable[] =
    " is not iterable (cannot read property Symbol(Symbol.iterator))";

static bool is_not_iterable(const JSErrorFacts *facts) {
    return says(facts->message, "value is not iterable") ||
           strstr(facts->message, "'Symbol.iterator'") != NULL;
}

/* A value, and what is said of it. */
static bool give_value(JSContext *ctx, JSValueConst value, const char *complaint, char *words,
                       size_t size) {
    char shown[128];
    if (!show_value(ctx, value, shown, sizeof shown)) {
        return false;
    }
    int written = snprintf(words, size, "%s%s", shown, complaint);
    return written > 0 && (size_t)written < size;
}

/* What a native function says, by its name. `%` is the name. NULL for any name but those that have a
 * row of their own before. */
typedef struct native_words {
    const char *engine;
    const char *function;
    const char *node;
} native_words;

static const native_words natives[] = {
    {"must be called with new", "Promise", "% constructor cannot be invoked without 'new'"},
    {"must be called with new", NULL, "Constructor % requires 'new'"},
    {"not a constructor", "BigInt", "% is not a constructor"},
    {"not a constructor", "Symbol", "% is not a constructor"},
    {"regexp not supported", NULL,
     "First argument to String.prototype.% must not be a regular expression"},
    {"regexp must have the 'g' flag", NULL,
     "String.prototype.% called with a non-global RegExp argument"},
    {"invalid number of digits", "toFixed", "%() digits argument must be between 0 and 100"},
    {"invalid number of digits", "toPrecision", "%() argument must be between 1 and 100"},
    {"invalid number of digits", "toExponential", "%() argument must be between 0 and 100"},
    {"invalid value used as WeakMap key", NULL, "Invalid value used as weak map key"},
    {"invalid value used as WeakSet key", NULL, "Invalid value used in weak set"},
    {"not a object", "apply", "CreateListFromArrayLike called on non-object"},
    {"not an object", "Proxy", "Cannot create proxy with a non-object as target or handler"},
};

static bool give_by_name(const JSErrorFacts *facts, char *words, size_t size) {
    for (size_t i = 0; facts->function != NULL && i < sizeof natives / sizeof natives[0]; i++) {
        if (says(facts->message, natives[i].engine) &&
            (natives[i].function == NULL || strcmp(facts->function, natives[i].function) == 0)) {
            return fill(words, size, natives[i].node, facts->function, strlen(facts->function));
        }
    }
    return false;
}

/* Functions that want a function as their first argument, and say so in these words. */
static const char *const takers[] = {"map",           "forEach",  "filter",  "find",
                                     "findIndex",     "findLast", "some",    "every",
                                     "findLastIndex", "reduce",   "flatMap", "reduceRight"};

static bool takes_function(const char *name) {
    for (size_t i = 0; name != NULL && i < sizeof takers / sizeof takers[0]; i++) {
        if (strcmp(takers[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What a native function says of its first argument, or in words of its own. */
static bool give_native(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    if (facts->arg_count > 0 && says(facts->message, "not a function") &&
        takes_function(facts->function) && !JS_IsFunction(ctx, facts->args[0])) {
        return give_value(ctx, facts->args[0], " is not a function", words, size);
    }
    if (facts->arg_count > 0 && says(facts->message, "value is not iterable")) {
        return give_value(ctx, facts->args[0], not_iterable, words, size);
    }
    return give_by_name(facts, words, size);
}

/* What names the callee, the class, or what is taken apart, from the text of the program. */
static bool give_named(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    const hutch_guest *guest = hutch_guest_of(ctx);
    size_t at = 0;
    if (!find_place(guest, facts, &at)) {
        return false;
    }
    hutch_callee_text text = {guest->run.source.code, guest->run.source.length};
    hutch_callee_name name = {.length = 0};
    if (facts->operation == JS_ERROR_OP_CALL && says(facts->message, "not a function")) {
        return hutch_callee_of_call(text, at, &name) &&
               fill(words, size, "% is not a function", name.text, name.length);
    }
    if (facts->operation == JS_ERROR_OP_NEW &&
        (says(facts->message, "not a function") || strstr(facts->message, "not a constructor"))) {
        return hutch_callee_of_new(text, at, &name) &&
               fill(words, size, "% is not a constructor", name.text, name.length);
    }
    if (facts->operation == JS_ERROR_OP_ITERATE && is_not_iterable(facts)) {
        return hutch_callee_of_loop(text, at, &name)
                   ? fill(words, size, "% is not iterable", name.text, name.length)
                   : text.data[at] == '[' &&
                         give_value(ctx, facts->args[0], not_iterable, words, size);
    }
    if (facts->operation == JS_ERROR_OP_DESTRUCTURE) {
        bool is_null = JS_IsNull(facts->args[0]);
        const char *value = is_null ? "null" : "undefined";
        hutch_callee_name property = {.length = 0};
        if (!hutch_callee_of_pattern(text, at, is_null, &property, &name)) {
            return false;
        }
        int written =
            name.length == 0 ? snprintf(words, size, "Cannot read properties of %s (reading '%s')",
                                        value, property.text)
            : property.length == 0
                ? snprintf(words, size, "Cannot destructure '%s' as it is %s.", name.text, value)
                : snprintf(words, size, "Cannot destructure property '%s' of '%s' as it is %s.",
                           property.text, name.text, value);
        return written > 0 && (size_t)written < size;
    }
    return false;
}

bool hutch_words_give(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    if (facts->operation == JS_ERROR_OP_NATIVE) {
        return give_native(ctx, facts, words, size) || reword(facts->message, words, size);
    }
    if (facts->operation == JS_ERROR_OP_CONSTANT) {
        bool is_constant = strstr(facts->message, " is read-only") != NULL;
        return fill(words, size, "Assignment to constant variable.", "", 0) && is_constant
                   ? true
                   : reword(facts->message, words, size);
    }
    if (says(facts->message, "class constructors must be invoked with 'new'")) {
        return facts->function != NULL &&
               fill(words, size, "Class constructor % cannot be invoked without 'new'",
                    facts->function, strlen(facts->function));
    }
    if (says(facts->message, "cannot convert BigInt to number")) {
        return fill(words, size, mixed, "", 0);
    }
    return give_named(ctx, facts, words, size) || reword(facts->message, words, size);
}
