/*
 * Which names a tool may have; see tool_name.h. Two sorted tables: the reserved
 * words of the language, and what a global lookup finds in a fresh realm, own
 * and inherited (the global object inherits from Object.prototype).
 *
 * Threads: any.
 */
#include "base/tool_name.h"

#include "base/error.h"

#include <hutch/isolate.h>

#include <stdbool.h>
#include <string.h>

/* Reserved always, in strict code, or inside an async function; and `arguments`, which every
 * function binds anew. Those that are only sometimes words of the grammar (`async`, `of`, `get`)
 * are ordinary names. */
static const char *const reserved[] = {
    "arguments",  "await",     "break",  "case",     "catch",  "class",      "const",   "continue",
    "debugger",   "default",   "delete", "do",       "else",   "enum",       "export",  "extends",
    "false",      "finally",   "for",    "function", "if",     "implements", "import",  "in",
    "instanceof", "interface", "let",    "new",      "null",   "package",    "private", "protected",
    "public",     "return",    "static", "super",    "switch", "this",       "throw",   "true",
    "try",        "typeof",    "var",    "void",     "while",  "with",       "yield",
};

/* Every name for which `name in globalThis` is true in a realm of quickjs-ng 0.17 with all of its
 * intrinsics, and `console`. */
static const char *const globals[] = {
    "AggregateError",
    "Array",
    "ArrayBuffer",
    "AsyncDisposableStack",
    "Atomics",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Boolean",
    "DOMException",
    "DataView",
    "Date",
    "DisposableStack",
    "Error",
    "EvalError",
    "FinalizationRegistry",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Function",
    "Infinity",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "InternalError",
    "Iterator",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "RangeError",
    "ReferenceError",
    "Reflect",
    "RegExp",
    "Set",
    "SharedArrayBuffer",
    "String",
    "SuppressedError",
    "Symbol",
    "SyntaxError",
    "TypeError",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "WeakRef",
    "WeakSet",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "atob",
    "btoa",
    "console",
    "constructor",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "eval",
    "globalThis",
    "hasOwnProperty",
    "isFinite",
    "isNaN",
    "isPrototypeOf",
    "parseFloat",
    "parseInt",
    "performance",
    "propertyIsEnumerable",
    "queueMicrotask",
    "toLocaleString",
    "toString",
    "undefined",
    "unescape",
    "valueOf",
};

static bool is_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool is_part(char c) {
    return is_start(c) || (c >= '0' && c <= '9');
}

static bool is_identifier(const char *name, size_t length) {
    if (length == 0 || !is_start(name[0])) {
        return false;
    }
    for (size_t i = 1; i < length; i++) {
        if (!is_part(name[i])) {
            return false;
        }
    }
    return true;
}

/* Byte order, as strcmp() has it. */
static int compare(const char *name, size_t length, const char *entry) {
    int order = strncmp(name, entry, length);
    return order != 0 || entry[length] == '\0' ? order : -1;
}

static bool contains(const char *const *table, size_t count, const char *name, size_t length) {
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, length, table[middle]);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

#define CONTAINS(table, name, length)                                                              \
    contains((table), sizeof(table) / sizeof(table)[0], (name), (length))

/* What is wrong with a name, or NULL. */
static const char *complaint(const char *name, size_t length) {
    if (!is_identifier(name, length)) {
        return "expected an identifier of ASCII letters, digits, _ and $ that does not begin with "
               "a digit";
    }
    if (CONTAINS(reserved, name, length)) {
        return "expected a name that is not a reserved word of JavaScript";
    }
    if (CONTAINS(globals, name, length)) {
        return "expected a name that no global of JavaScript has";
    }
    return NULL;
}

hutch_status hutch_tool_name_check(const char *name, size_t length, hutch_error *error) {
    /* Of a name that is too long, the message shows enough to recognise it. */
    static const int shown_most = 64;

    if (length > HUTCH_TOOL_NAME_MAX) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "tool name \"%.*s\" (cut) has %zu bytes, expected 1 to %d",
                               shown_most, name, length, HUTCH_TOOL_NAME_MAX);
    }
    const char *wrong = complaint(name, length);
    if (wrong == NULL) {
        return HUTCH_OK;
    }
    int shown = (int)length < shown_most ? (int)length : shown_most;
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "tool name \"%.*s\": %s", shown,
                           name != NULL ? name : "", wrong);
}

const char *const *hutch_tool_name_globals(size_t *count) {
    *count = sizeof globals / sizeof globals[0];
    return globals;
}
