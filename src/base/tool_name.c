/*
 * Which names a tool may have, and what they are bound to; see tool_name.h. Three
 * sorted tables: the reserved words of the language, what a global lookup finds
 * in a fresh realm, own and inherited (the global object inherits from
 * Object.prototype), and those of the latter that are the Web's, whose place a
 * tool may take.
 *
 * Threads: any.
 */
#include "base/tool_name.h"

#include "base/error.h"
#include "base/utf8.h"

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

/* Globals that are no ECMAScript: a program that was given a tool of this name means the tool. */
static const char *const web_globals[] = {
    "DOMException", "atob", "btoa", "performance", "queueMicrotask",
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool is_part(char c) {
    return is_start(c) || is_digit(c);
}

size_t hutch_tool_name_word(const char *name, size_t length) {
    size_t end = 0;
    if (length > 0 && is_start(name[0])) {
        do {
            end++;
        } while (end < length && is_part(name[end]));
    }
    return end;
}

static bool is_identifier(const char *name, size_t length) {
    return length > 0 && hutch_tool_name_word(name, length) == length;
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

static bool is_taken(const char *name, size_t length) {
    return CONTAINS(globals, name, length) && !CONTAINS(web_globals, name, length);
}

/* Of a text that is too long, a message shows enough to recognise it. */
static int shown_length(size_t length) {
    static const size_t most = 64;
    return (int)(length < most ? length : most);
}

static hutch_status refuse(hutch_error *error, const char *what, const char *text, size_t length,
                           const char *wrong) {
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0, "%s \"%.*s\": %s", what,
                           shown_length(length), text != NULL ? text : "", wrong);
}

static hutch_status refuse_length(hutch_error *error, const char *what, const char *text,
                                  size_t length, int most) {
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                           "%s \"%.*s\" (cut) has %zu bytes, expected 1 to %d", what,
                           shown_length(length), text, length, most);
}

#define EXPECTED_NO_GLOBAL "expected a name that no global of JavaScript has"

hutch_status hutch_tool_bound_check(const char *bound, size_t length, hutch_error *error) {
    static const char what[] = "tool binding";
    hutch_status status = HUTCH_OK;
    if (length > HUTCH_TOOL_BOUND_MAX) {
        status = refuse_length(error, what, bound, length, HUTCH_TOOL_BOUND_MAX);
    } else if (!is_identifier(bound, length)) {
        status = refuse(error, what, bound, length,
                        "expected an identifier of ASCII letters, digits, _ and $ that does not "
                        "begin with a digit");
    } else if (CONTAINS(reserved, bound, length)) {
        status = refuse(error, what, bound, length,
                        "expected a name that is not a reserved word of JavaScript");
    } else if (is_taken(bound, length)) {
        status = refuse(error, what, bound, length, EXPECTED_NO_GLOBAL);
    }
    return status;
}

/* Whether a tool may have this name at all. */
static hutch_status check_name(const char *name, size_t length, hutch_error *error) {
    static const char what[] = "tool name";
    hutch_status status = HUTCH_OK;
    if (length == 0) {
        status = refuse(error, what, "", 0, "expected at least one character");
    } else if (length > HUTCH_TOOL_NAME_MAX) {
        status = refuse_length(error, what, name, length, HUTCH_TOOL_NAME_MAX);
    } else if (!hutch_utf8_is_valid(name, length)) {
        status = refuse(error, what, name, length, "expected UTF-8");
    } else if (memchr(name, '\0', length) != NULL) {
        status = refuse(error, what, name, length, "expected a name without NUL");
    } else if (is_taken(name, length)) {
        status = refuse(error, what, name, length, EXPECTED_NO_GLOBAL);
    }
    return status;
}

static bool becomes_underscore(char c) {
    return c == '-' || c == '.' || c == ' ' || (c >= '\t' && c <= '\r');
}

/* The rule of tool.h. HUTCH_TOOL_BIND_GROWTH bytes are added at most: one on each side. */
static size_t bind(const char *name, size_t length, char *bound) {
    size_t end = 0;
    for (size_t i = 0; i < length; i++) {
        if (becomes_underscore(name[i])) {
            bound[end++] = '_';
        } else if (is_part(name[i])) {
            bound[end++] = name[i];
        }
    }
    if (end == 0 || is_digit(bound[0])) {
        memmove(bound + 1, bound, end++);
        bound[0] = '_';
    }
    if (CONTAINS(reserved, bound, end) || is_taken(bound, end)) {
        bound[end++] = '_';
    }
    return end;
}

hutch_status hutch_tool_bind(const char *name, size_t length, hutch_tool_bound *bound,
                             hutch_error *error) {
    hutch_status status = check_name(name, length, error);
    bound->length = status == HUTCH_OK ? bind(name, length, bound->data) : 0;
    bound->data[bound->length] = '\0';
    return status;
}

hutch_status hutch_tool_name_settle(const hutch_tool *tool, hutch_tool_bound *bound,
                                    hutch_error *error) {
    hutch_status status = hutch_tool_bind(tool->name.data, tool->name.length, bound, error);
    if (status == HUTCH_OK && tool->bound.length > 0) {
        status = hutch_tool_bound_check(tool->bound.data, tool->bound.length, error);
        if (status == HUTCH_OK) {
            memcpy(bound->data, tool->bound.data, tool->bound.length);
            bound->length = tool->bound.length;
            bound->data[bound->length] = '\0';
        }
    }
    return status;
}

const char *const *hutch_tool_name_globals(size_t *count) {
    *count = sizeof globals / sizeof globals[0];
    return globals;
}

const char *const *hutch_tool_name_web_globals(size_t *count) {
    *count = sizeof web_globals / sizeof web_globals[0];
    return web_globals;
}
