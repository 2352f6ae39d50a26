/*
 * By tables, where the name of the function or one value says all; JSON.parse() and RegExp have files of
 * their own.
 *
 * Threads: the isolate's own.
 */
#include "isolate/native_words.h"

#include "inspect/property.h"
#include "isolate/json_words.h"
#include "isolate/phrases.h"
#include "isolate/regexp_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
        if (hutch_phrase_is(facts->message, of_values[i].engine) &&
            hutch_phrase_is(facts->function, of_values[i].function)) {
            JSValueConst value = facts->arg_count > 0 ? facts->args[0] : JS_UNDEFINED;
            return hutch_phrase_show_plain(ctx, value, shown, sizeof shown) &&
                   hutch_phrase_fill(words, size, of_values[i].node, shown, strlen(shown));
        }
    }
    return false;
}

/* An entry of a list that a Map or an object was to be made of. */
static bool give_entry(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    bool good = false;
    if (facts->function == NULL || facts->arg_count < 1 || !JS_IsArray(facts->args[0]) ||
        !hutch_phrase_is(facts->message, "not an object") ||
        !(hutch_phrase_is(facts->function, "Map") ||
          hutch_phrase_is(facts->function, "fromEntries") ||
          hutch_phrase_is(facts->function, "WeakMap"))) {
        return false;
    }
    for (uint32_t i = 0; !good; i++) {
        char index[sizeof "4294967295"];
        char shown[128];
        (void)snprintf(index, sizeof index, "%" PRIu32, i);
        JSValue entry = hutch_property_data(ctx, facts->args[0], index);
        bool is_last = JS_IsUndefined(entry) || JS_IsException(entry);
        good = !is_last && !JS_IsObject(entry) &&
               hutch_phrase_show_plain(ctx, entry, shown, sizeof shown) &&
               hutch_phrase_fill(words, size, "Iterator value % is not an entry object", shown,
                                 strlen(shown));
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
    bool is_known =
        is_object ? hutch_phrase_is(facts->message, "unexpected token: 'object'") : !is_symbol;
    bool is_of_syntax = !hutch_phrase_is(facts->message, "out of memory") &&
                        !hutch_phrase_is(facts->message, "Maximum call stack size exceeded");
    size_t length = 0;
    bool good = false;
    if (facts->function != NULL && hutch_phrase_is(facts->function, "parse") && is_known &&
        is_of_syntax) {
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
        if (hutch_phrase_is(facts->function, makers[i])) {
            const char *source = text_argument(ctx, facts, 0);
            const char *flags = i == 0 ? text_argument(ctx, facts, 1) : NULL;
            good =
                flags != NULL && hutch_phrase_is(facts->message, "invalid regular expression flags")
                    ? hutch_phrase_fill(words, size,
                                        "Invalid flags supplied to RegExp constructor '%'", flags,
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
        if (hutch_phrase_is(facts->message, natives[i].engine) &&
            (natives[i].function == NULL || strcmp(facts->function, natives[i].function) == 0)) {
            return hutch_phrase_fill(words, size, natives[i].node, facts->function,
                                     strlen(facts->function));
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

bool hutch_native_words_give(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size) {
    if (facts->arg_count > 0 && hutch_phrase_is(facts->message, "not a function") &&
        takes_function(facts->function) && !JS_IsFunction(ctx, facts->args[0])) {
        return hutch_phrase_complain(ctx, facts->args[0], " is not a function", words, size);
    }
    if (facts->arg_count > 0 && hutch_phrase_is(facts->message, "value is not iterable")) {
        return hutch_phrase_complain(ctx, facts->args[0], HUTCH_PHRASE_NOT_ITERABLE, words, size);
    }
    return give_by_name(facts, words, size) || give_by_value(ctx, facts, words, size) ||
           give_entry(ctx, facts, words, size) || give_json(ctx, facts, words, size) ||
           give_regexp(ctx, facts, words, size);
}
