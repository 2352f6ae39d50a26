/*
 * Messages in the words of Node.js; see words.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/words.h"

#include "isolate/callee.h"
#include "isolate/guest.h"
#include "isolate/native_words.h"
#include "isolate/phrases.h"

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

static const char malformed_uri[] = "URI malformed";

static const rewording rewordings[] = {
    {"cannot read property 'Symbol(Symbol.iterator)' of null",
     "object null" HUTCH_PHRASE_NOT_ITERABLE},
    {"cannot read property 'Symbol(Symbol.iterator)' of undefined",
     "undefined" HUTCH_PHRASE_NOT_ITERABLE},
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
    {"not a Date object", "this is not a Date object."},
    {"bad normalization form", "The normalization form should be one of NFC, NFD, NFKC, NFKD."},
    {"already running", "Generator is already running"},
    {"cannot invoke a running generator", "Generator is already running"},
    {"circular prototype chain", "Cyclic __proto__ value"},
    {"cannot convert to object", "Cannot convert undefined or null to object"},
    {"circular reference", "Converting circular structure to JSON"},
    {"receiver is not class '%'", "Receiver must be class %"},
    {"receiver is no instance of class '%'", "Receiver must be an instance of class %"},
    {"'%' has no getter", "'%' was defined without a getter"},
    {"'%' has no setter", "'%' was defined without a setter"},
    {"expecting hex digit", malformed_uri},
    {"malformed UTF-8", malformed_uri},
    {"expecting surrogate pair", malformed_uri},
    {"private class field '%' already exists", "Cannot initialize % twice on the same object"},
};

static bool reword(const char *message, char *words, size_t size) {
    for (size_t i = 0; i < sizeof rewordings / sizeof rewordings[0]; i++) {
        size_t length = 0;
        const char *name = hutch_phrase_match(message, rewordings[i].engine, &length);
        if (name != NULL) {
            return hutch_phrase_fill(words, size, rewordings[i].node, name, length);
        }
    }
    return false;
}

/* Whether the place is in the program that runs, whose text is known; the text, and its byte. */
static bool find_place(hutch_guest *guest, const JSErrorFacts *facts, hutch_shown_text *text,
                       size_t *at) {
    char name[sizeof HUTCH_SOURCE_NAME + sizeof "#4294967295"] = HUTCH_SOURCE_NAME;
    hutch_source *source = &guest->run.source;
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
    *text = (hutch_shown_text){source->code, hutch_source_mask(source, guest->ctx), source->length};
    return *at < source->length && text->mask != NULL;
}

static bool is_not_iterable(const JSErrorFacts *facts) {
    return hutch_phrase_is(facts->message, "value is not iterable") ||
           strstr(facts->message, "'Symbol(Symbol.iterator)'") != NULL;
}

/* What is spread, by its name. */
static bool give_spread(JSContext *ctx, hutch_shown_text text, size_t at, const JSErrorFacts *facts,
                        char *words, size_t size) {
    hutch_shown_name name = {.length = 0};
    bool is_null = JS_IsNull(facts->args[0]);
    bool is_nothing = JS_IsUndefined(facts->args[0]) || is_null;
    hutch_callee_spread where = HUTCH_CALLEE_SPREAD_ELEMENT;
    if (!hutch_callee_of_spread(text, at, &name, &where)) {
        return false;
    }
    switch (where) {
    case HUTCH_CALLEE_SPREAD_ARGUMENT:
        return hutch_phrase_complain(ctx, facts->args[0], HUTCH_PHRASE_NOT_ITERABLE, words, size);
    case HUTCH_CALLEE_SPREAD_LAST_ARGUMENT:
        return is_nothing
                   ? hutch_phrase_fill(words, size,
                                       is_null
                                           ? "% is not iterable (cannot read property null)"
                                           : "% is not iterable (cannot read property undefined)",
                                       name.text, name.length)
                   : hutch_phrase_fill(
                         words, size,
                         "Spread syntax requires ...iterable[Symbol.iterator] to be a function", "",
                         0);
    case HUTCH_CALLEE_SPREAD_RESULT:
        return hutch_phrase_fill(words, size,
                                 "% is not a function or its return value is not iterable",
                                 name.text, name.length);
    case HUTCH_CALLEE_SPREAD_ELEMENT:
        return hutch_phrase_fill(words, size, "% is not iterable", name.text, name.length);
    }
    return false;
}

static bool give_in(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    char key[128];
    char value[128];
    int written = -1;
    if (hutch_phrase_show_plain(ctx, facts->under[0], key, sizeof key) &&
        hutch_phrase_show_plain(ctx, facts->args[0], value, sizeof value)) {
        written =
            snprintf(words, size, "Cannot use 'in' operator to search for '%s' in %s", key, value);
    }
    return written > 0 && (size_t)written < size;
}

static bool give_private_in(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    size_t length = 0;
    char value[128];
    const char *name = hutch_phrase_match(facts->message, "invalid 'in' operand for '%'", &length);
    int written = -1;
    if (name != NULL && hutch_phrase_show_plain(ctx, facts->under[0], value, sizeof value)) {
        written = snprintf(words, size, "Cannot use 'in' operator to search for '%.*s' in %s",
                           (int)length, name, value);
    }
    return written > 0 && (size_t)written < size;
}

static bool give_extend(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    static const char complaint[] = "Class extends value % is not a constructor or null";
    char value[128] = "function";
    if (!hutch_phrase_is(facts->message, "parent class must be constructor")) {
        return false;
    }
    if (facts->source != NULL &&
        hutch_phrase_fill(words, size, complaint, facts->source, (size_t)facts->source_len)) {
        return true;
    }
    return (JS_IsFunction(ctx, facts->under[0]) ||
            hutch_phrase_show_plain(ctx, facts->under[0], value, sizeof value)) &&
           hutch_phrase_fill(words, size, complaint, value, strlen(value));
}

/* What is said of a property that cannot be changed: `%` is its name, and the object's stands between. */
typedef struct property_words {
    const char *engine;
    const char *before;
    const char *after;
} property_words;

static const property_words property_rows[] = {
    {"read-only", "Cannot assign to read only property '%' of object '", "'"},
    {"could not delete property", "Cannot delete property '%' of ", ""},
    {"no setter for property", "Cannot set property % of ", " which has only a getter"},
    {"object is not extensible", "Cannot add property %, object is not extensible", NULL},
};

static bool fill_property(const property_words *row, const char *object, const char *name,
                          char *words, size_t size) {
    char text[256];
    int written = row->after == NULL
                      ? snprintf(text, sizeof text, "%s", row->before)
                      : snprintf(text, sizeof text, "%s%s%s", row->before, object, row->after);
    return written > 0 && (size_t)written < sizeof text &&
           hutch_phrase_fill(words, size, text, name, strlen(name));
}

static bool give_property(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    char object[128] = "";
    const property_words *row = NULL;
    for (size_t i = 0; i < sizeof property_rows / sizeof property_rows[0]; i++) {
        row = hutch_phrase_is(facts->message, property_rows[i].engine) ? &property_rows[i] : row;
    }
    bool is_known =
        row != NULL &&
        (row->after == NULL || hutch_phrase_show_plain(ctx, facts->args[0], object, sizeof object));
    return is_known ? fill_property(row, object, facts->property, words, size)
                    : hutch_phrase_is(facts->message, "read-only") &&
                          hutch_phrase_fill(words, size, "'%' is read-only", facts->property,
                                            strlen(facts->property));
}

static bool give_private(const JSErrorFacts *facts, char *words, size_t size) {
    size_t length = 0;
    const char *name =
        hutch_phrase_match(facts->message, "private class field '%' does not exist", &length);
    return name != NULL &&
           hutch_phrase_fill(
               words, size,
               facts->operation == JS_ERROR_OP_PRIVATE_GET
                   ? "Cannot read private member % from an object whose class did not declare it"
                   : "Cannot write private member % to an object whose class did not declare it",
               name, length);
}

/* What `for await` walks. */
static bool give_async_loop(hutch_shown_text text, size_t at, const JSErrorFacts *facts,
                            char *words, size_t size) {
    hutch_shown_name name = {.length = 0};
    if (JS_IsUndefined(facts->args[0]) || JS_IsNull(facts->args[0])) {
        const char *source = JS_IsNull(facts->args[0]) ? "null" : "undefined";
        return hutch_phrase_fill(
            words, size, "Cannot read properties of % (reading 'Symbol(Symbol.asyncIterator)')",
            source, strlen(source));
    }
    if (!hutch_phrase_is(facts->message, "not a function")) {
        return false;
    }
    if (!hutch_callee_of_loop(text, at, &name)) {
        return hutch_phrase_fill(words, size, "(intermediate value) is not async iterable", "", 0);
    }
    size_t length = 0;
    const char *called =
        hutch_phrase_match(name.text, "% is not a function or its return value", &length);
    return called != NULL
               ? hutch_phrase_fill(
                     words, size,
                     "%(...) is not a function or its return value is not async iterable", called,
                     length)
               : hutch_phrase_fill(words, size, "% is not async iterable", name.text, name.length);
}

/* What names the callee, the class, or what is taken apart, from the text of the program. */
static bool give_named(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    hutch_shown_text text = {.length = 0};
    size_t at = 0;
    if (!find_place(hutch_guest_of(ctx), facts, &text, &at)) {
        return false;
    }
    hutch_shown_name name = {.length = 0};
    if (facts->operation == JS_ERROR_OP_CALL && hutch_phrase_is(facts->message, "not a function")) {
        return hutch_callee_of_call(text, at, &name) &&
               hutch_phrase_fill(words, size, "% is not a function", name.text, name.length);
    }
    if (facts->operation == JS_ERROR_OP_NEW && (hutch_phrase_is(facts->message, "not a function") ||
                                                strstr(facts->message, "not a constructor"))) {
        return hutch_callee_of_new(text, at, &name) &&
               hutch_phrase_fill(words, size, "% is not a constructor", name.text, name.length);
    }
    if (facts->operation == JS_ERROR_OP_ITERATE && is_not_iterable(facts)) {
        return hutch_callee_of_loop(text, at, &name)
                   ? hutch_phrase_fill(words, size, "% is not iterable", name.text, name.length)
                   : hutch_phrase_complain(ctx, facts->args[0], HUTCH_PHRASE_NOT_ITERABLE, words,
                                           size);
    }
    if (facts->operation == JS_ERROR_OP_ITERATE_ASYNC) {
        return give_async_loop(text, at, facts, words, size);
    }
    if (facts->operation == JS_ERROR_OP_SPREAD && is_not_iterable(facts)) {
        return give_spread(ctx, text, at, facts, words, size);
    }
    if (facts->operation == JS_ERROR_OP_DESTRUCTURE) {
        bool is_null = JS_IsNull(facts->args[0]);
        const char *value = is_null ? "null" : "undefined";
        hutch_shown_name property = {.length = 0};
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
        return hutch_native_words_give(ctx, facts, words, size) ||
               reword(facts->message, words, size);
    }
    if (facts->operation == JS_ERROR_OP_PROPERTY) {
        return give_property(ctx, facts, words, size);
    }
    if (facts->operation == JS_ERROR_OP_IN) {
        return hutch_phrase_is(facts->message, "invalid 'in' operand") &&
               give_in(ctx, facts, words, size);
    }
    if (facts->operation == JS_ERROR_OP_PRIVATE_IN) {
        return give_private_in(ctx, facts, words, size);
    }
    if (facts->operation == JS_ERROR_OP_EXTEND) {
        return give_extend(ctx, facts, words, size);
    }
    if (facts->operation == JS_ERROR_OP_PRIVATE_GET ||
        facts->operation == JS_ERROR_OP_PRIVATE_SET) {
        return give_private(facts, words, size) || reword(facts->message, words, size);
    }
    if (facts->operation == JS_ERROR_OP_CONSTANT && facts->message[1] == '#') {
        size_t length = 0;
        const char *name = hutch_phrase_match(facts->message, "'%' is read-only", &length);
        return name != NULL ? hutch_phrase_fill(words, size, "Private method '%' is not writable",
                                                name, length)
                            : reword(facts->message, words, size);
    }
    if (facts->operation == JS_ERROR_OP_CONSTANT) {
        bool is_constant = strstr(facts->message, " is read-only") != NULL;
        return hutch_phrase_fill(words, size, "Assignment to constant variable.", "", 0) &&
                       is_constant
                   ? true
                   : reword(facts->message, words, size);
    }
    if (hutch_phrase_is(facts->message, "class constructors must be invoked with 'new'")) {
        return facts->function != NULL &&
               hutch_phrase_fill(words, size, "Class constructor % cannot be invoked without 'new'",
                                 facts->function, strlen(facts->function));
    }
    if (hutch_phrase_is(facts->message, "cannot convert BigInt to number")) {
        return hutch_phrase_fill(words, size, mixed, "", 0);
    }
    if (hutch_phrase_is(facts->message, "invalid 'instanceof' right operand")) {
        return hutch_phrase_fill(words, size,
                                 JS_IsObject(facts->args[0])
                                     ? "Right-hand side of 'instanceof' is not callable"
                                     : "Right-hand side of 'instanceof' is not an object",
                                 "", 0);
    }
    return give_named(ctx, facts, words, size) || reword(facts->message, words, size);
}
