/*
 * Messages in the words of Node.js; see words.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/words.h"

#include "inspect/property.h"
#include "isolate/callee.h"
#include "isolate/guest.h"
#include "isolate/json_words.h"
#include "isolate/regexp_words.h"

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
    {"expecting hex digit", malformed_uri},
    {"malformed UTF-8", malformed_uri},
    {"expecting surrogate pair", malformed_uri},
    {"private class field '%' already exists", "Cannot initialize % twice on the same object"},
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

/* `#<Object>`, by the constructor that an object inherits. @return as snprintf() */
static int show_class(JSContext *ctx, JSValueConst object, char *text, size_t size) {
    JSValue prototype = JS_GetPrototype(ctx, object);
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
static bool show_plain(JSContext *ctx, JSValueConst value, char *text, size_t size) {
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
    {"null or undefined are forbidden", NULL, "String.prototype.% called on null or undefined"},
    {"not a number", NULL, "Number.prototype.% requires that 'this' be a Number"},
    {"not an object", "ownKeys", "Reflect.% called on non-object"},
    {"not an object", "Proxy", "Cannot create proxy with a non-object as target or handler"},
};

static const char not_comparing[] =
    "The comparison function must be either a function or undefined: %";

/* The same, where `%` is the first argument. */
static const native_words of_values[] = {
    {"invalid repeat count", "repeat", "Invalid count value: %"},
    {"not a function", "Promise", "Promise resolver % is not a function"},
    {"invalid BigInt literal", "BigInt", "Cannot convert % to a BigInt"},
    {"cannot convert to BigInt", "BigInt", "Cannot convert % to a BigInt"},
    {"cannot convert to BigInt: not an integer", "BigInt",
     "The number % cannot be converted to a BigInt because it is not an integer"},
    {"object prototype may only be an Object or null", "create",
     "Object prototype may only be an Object or null: %"},
    {"not a symbol", "keyFor", "% is not a symbol"},
    {"not a function", "sort", not_comparing},
    {"not a function", "toSorted", not_comparing},
    {"invalid code point", "fromCodePoint", "Invalid code point %"},
};

static bool give_by_value(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    char shown[128];
    for (size_t i = 0; facts->function != NULL && i < sizeof of_values / sizeof of_values[0]; i++) {
        if (says(facts->message, of_values[i].engine) &&
            says(facts->function, of_values[i].function)) {
            JSValueConst value = facts->arg_count > 0 ? facts->args[0] : JS_UNDEFINED;
            return show_plain(ctx, value, shown, sizeof shown) &&
                   fill(words, size, of_values[i].node, shown, strlen(shown));
        }
    }
    return false;
}

/* An entry of a list that a Map or an object was to be made of. */
static bool give_entry(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    bool good = false;
    if (facts->function == NULL || facts->arg_count < 1 || !JS_IsArray(facts->args[0]) ||
        !says(facts->message, "not an object") ||
        !(says(facts->function, "Map") || says(facts->function, "fromEntries") ||
          says(facts->function, "WeakMap"))) {
        return false;
    }
    for (uint32_t i = 0; !good; i++) {
        char index[sizeof "4294967295"];
        char shown[128];
        (void)snprintf(index, sizeof index, "%" PRIu32, i);
        JSValue entry = hutch_property_data(ctx, facts->args[0], index);
        bool is_last = JS_IsUndefined(entry) || JS_IsException(entry);
        good = !is_last && !JS_IsObject(entry) && show_plain(ctx, entry, shown, sizeof shown) &&
               fill(words, size, "Iterator value % is not an entry object", shown, strlen(shown));
        JS_FreeValue(ctx, entry);
        if (is_last) {
            break;
        }
    }
    return good;
}

/* What JSON.parse() was given, if it was text or becomes some without the program's help. */
static bool give_json(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    bool is_object = facts->arg_count > 0 && JS_IsObject(facts->args[0]);
    /* Nothing else becomes text without an error of its own, or without the program. */
    bool is_symbol = facts->arg_count > 0 && JS_IsSymbol(facts->args[0]);
    bool is_known = is_object ? says(facts->message, "unexpected token: 'object'") : !is_symbol;
    bool is_of_syntax = !says(facts->message, "out of memory") &&
                        !says(facts->message, "Maximum call stack size exceeded");
    size_t length = 0;
    bool good = false;
    if (facts->function != NULL && says(facts->function, "parse") && is_known && is_of_syntax) {
        JSValueConst value = facts->arg_count > 0 ? facts->args[0] : JS_UNDEFINED;
        const char *text = is_object ? NULL : JS_ToCStringLen(ctx, &length, value);
        good = is_object ? hutch_json_words("[object Object]", 15, words, size)
                         : text != NULL && hutch_json_words(text, length, words, size);
        JS_FreeCString(ctx, text);
    }
    return good;
}

/* An argument that is text; NULL otherwise. Freed with JS_FreeCString(). */
static const char *text_argument(JSContext *ctx, const JSErrorFacts *facts, int index) {
    return facts->arg_count > index && JS_IsString(facts->args[index])
               ? JS_ToCString(ctx, facts->args[index])
               : NULL;
}

/* A regular expression that a program makes of text. */
static bool give_regexp(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    static const char *const makers[] = {"RegExp", "match", "search", "matchAll"};
    bool good = false;
    for (size_t i = 0; facts->function != NULL && i < sizeof makers / sizeof makers[0]; i++) {
        if (says(facts->function, makers[i])) {
            const char *source = text_argument(ctx, facts, 0);
            const char *flags = i == 0 ? text_argument(ctx, facts, 1) : NULL;
            good =
                flags != NULL && says(facts->message, "invalid regular expression flags")
                    ? fill(words, size, "Invalid flags supplied to RegExp constructor '%'", flags,
                           strlen(flags))
                    : source != NULL && hutch_regexp_words(facts->message, source,
                                                           flags != NULL ? flags : "", words, size);
            JS_FreeCString(ctx, source);
            JS_FreeCString(ctx, flags);
        }
    }
    return good;
}

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
    return give_by_name(facts, words, size) || give_by_value(ctx, facts, words, size) ||
           give_entry(ctx, facts, words, size) || give_json(ctx, facts, words, size) ||
           give_regexp(ctx, facts, words, size);
}

/* What is spread, by its name. */
static bool give_spread(hutch_callee_text text, size_t at, const JSErrorFacts *facts, char *words,
                        size_t size) {
    hutch_callee_name name = {.length = 0};
    bool is_nothing = JS_IsUndefined(facts->args[0]) || JS_IsNull(facts->args[0]);
    hutch_callee_spread where = HUTCH_CALLEE_SPREAD_OTHER;
    if (!hutch_callee_of_spread(text, at, &name, &where)) {
        return false;
    }
    switch (where) {
    case HUTCH_CALLEE_SPREAD_ONLY_ARGUMENT:
        return is_nothing
                   ? fill(words, size,
                          JS_IsNull(facts->args[0])
                              ? "% is not iterable (cannot read property null)"
                              : "% is not iterable (cannot read property undefined)",
                          name.text, name.length)
                   : fill(words, size,
                          "Spread syntax requires ...iterable[Symbol.iterator] to be a function",
                          "", 0);
    case HUTCH_CALLEE_SPREAD_RESULT:
        return fill(words, size, "% is not a function or its return value is not iterable",
                    name.text, name.length);
    case HUTCH_CALLEE_SPREAD_OTHER:
        break;
    }
    return fill(words, size, "% is not iterable", name.text, name.length);
}

static bool give_in(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    char key[128];
    char value[128];
    int written = -1;
    if (show_plain(ctx, facts->under[0], key, sizeof key) &&
        show_plain(ctx, facts->args[0], value, sizeof value)) {
        written =
            snprintf(words, size, "Cannot use 'in' operator to search for '%s' in %s", key, value);
    }
    return written > 0 && (size_t)written < size;
}

static bool give_extend(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    char value[128] = "function";
    return says(facts->message, "parent class must be constructor") &&
           (JS_IsFunction(ctx, facts->under[0]) ||
            show_plain(ctx, facts->under[0], value, sizeof value)) &&
           fill(words, size, "Class extends value % is not a constructor or null", value,
                strlen(value));
}

static bool give_private(const JSErrorFacts *facts, char *words, size_t size) {
    size_t length = 0;
    const char *name = match(facts->message, "private class field '%' does not exist", &length);
    return name != NULL &&
           fill(words, size,
                facts->operation == JS_ERROR_OP_PRIVATE_GET
                    ? "Cannot read private member % from an object whose class did not declare it"
                    : "Cannot write private member % to an object whose class did not declare it",
                name, length);
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
    if (facts->operation == JS_ERROR_OP_SPREAD && is_not_iterable(facts)) {
        return give_spread(text, at, facts, words, size);
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
    if (facts->operation == JS_ERROR_OP_IN) {
        return says(facts->message, "invalid 'in' operand") && give_in(ctx, facts, words, size);
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
        const char *name = match(facts->message, "'%' is read-only", &length);
        return name != NULL &&
               fill(words, size, "Private method '%' is not writable", name, length);
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
    if (says(facts->message, "invalid 'instanceof' right operand")) {
        return fill(words, size,
                    JS_IsObject(facts->args[0])
                        ? "Right-hand side of 'instanceof' is not callable"
                        : "Right-hand side of 'instanceof' is not an object",
                    "", 0);
    }
    return give_named(ctx, facts, words, size) || reword(facts->message, words, size);
}
