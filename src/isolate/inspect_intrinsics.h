/**
 * @file inspect_intrinsics.h
 * The engine's own methods that inspection calls, kept where no guest can
 * replace them: as the prototype of a class that no object has.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_INSPECT_INTRINSICS_H
#define HUTCH_ISOLATE_INSPECT_INTRINSICS_H

#include <quickjs.h>
#include <stdbool.h>

/* X(constant, name of a global, property of its prototype, whether it is a getter) */
#define HUTCH_INTRINSICS_TABLE(X)                                                                  \
    X(HUTCH_INTRINSIC_FUNCTION_TEXT, "Function", "toString", false)                                \
    X(HUTCH_INTRINSIC_ERROR_STACK, "Error", "stack", true)                                         \
    X(HUTCH_INTRINSIC_MAP_SIZE, "Map", "size", true)                                               \
    X(HUTCH_INTRINSIC_MAP_ENTRIES, "Map", "entries", false)                                        \
    X(HUTCH_INTRINSIC_SET_SIZE, "Set", "size", true)                                               \
    X(HUTCH_INTRINSIC_SET_VALUES, "Set", "values", false)                                          \
    X(HUTCH_INTRINSIC_DATE_TIME, "Date", "getTime", false)                                         \
    X(HUTCH_INTRINSIC_DATE_ISO, "Date", "toISOString", false)                                      \
    X(HUTCH_INTRINSIC_REGEXP_SOURCE, "RegExp", "source", true)                                     \
    X(HUTCH_INTRINSIC_REGEXP_INDICES, "RegExp", "hasIndices", true)                                \
    X(HUTCH_INTRINSIC_REGEXP_GLOBAL, "RegExp", "global", true)                                     \
    X(HUTCH_INTRINSIC_REGEXP_IGNORE_CASE, "RegExp", "ignoreCase", true)                            \
    X(HUTCH_INTRINSIC_REGEXP_MULTILINE, "RegExp", "multiline", true)                               \
    X(HUTCH_INTRINSIC_REGEXP_DOT_ALL, "RegExp", "dotAll", true)                                    \
    X(HUTCH_INTRINSIC_REGEXP_UNICODE, "RegExp", "unicode", true)                                   \
    X(HUTCH_INTRINSIC_REGEXP_SETS, "RegExp", "unicodeSets", true)                                  \
    X(HUTCH_INTRINSIC_REGEXP_STICKY, "RegExp", "sticky", true)                                     \
    X(HUTCH_INTRINSIC_NUMBER_VALUE, "Number", "valueOf", false)                                    \
    X(HUTCH_INTRINSIC_STRING_VALUE, "String", "valueOf", false)                                    \
    X(HUTCH_INTRINSIC_BOOLEAN_VALUE, "Boolean", "valueOf", false)                                  \
    X(HUTCH_INTRINSIC_SYMBOL_VALUE, "Symbol", "valueOf", false)                                    \
    X(HUTCH_INTRINSIC_BIGINT_VALUE, "BigInt", "valueOf", false)                                    \
    X(HUTCH_INTRINSIC_VIEW_LENGTH, "DataView", "byteLength", true)                                 \
    X(HUTCH_INTRINSIC_VIEW_OFFSET, "DataView", "byteOffset", true)                                 \
    X(HUTCH_INTRINSIC_VIEW_BUFFER, "DataView", "buffer", true)

typedef enum hutch_intrinsic {
#define HUTCH_INTRINSIC_ENUM(constant, global, property, getter) constant,
    HUTCH_INTRINSICS_TABLE(HUTCH_INTRINSIC_ENUM)
#undef HUTCH_INTRINSIC_ENUM
    /* These come from elsewhere. */
    HUTCH_INTRINSIC_MAP_NEXT, /**< next of Map iterators */
    HUTCH_INTRINSIC_SET_NEXT, /**< next of Set iterators */
    HUTCH_INTRINSIC_TAG,      /**< Symbol.toStringTag */
    HUTCH_INTRINSIC_COUNT,
} hutch_intrinsic;

/** Keep the methods of `ctx`. A global that is not there leaves its methods undefined.
 *  @return 0, or -1 with an exception pending */
int hutch_intrinsics_setup(JSContext *ctx);

/** What setup kept: an object to read by index. Owned by the caller; undefined without setup. */
JSValue hutch_intrinsics_get(JSContext *ctx);

/** One of them. Owned by the caller; undefined when it was not there. */
JSValue hutch_intrinsics_read(JSContext *ctx, JSValueConst kept, hutch_intrinsic which);

/** Call one of them on `value`. Owned by the caller; an exception when the engine threw or it was
 *  not there. */
JSValue hutch_intrinsics_call(JSContext *ctx, JSValueConst kept, hutch_intrinsic which,
                              JSValueConst value);

#endif
