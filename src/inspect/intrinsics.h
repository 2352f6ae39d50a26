/**
 * @file intrinsics.h
 * The engine's own methods that inspection calls (Map.prototype.entries, …),
 * kept out of the guest's reach in a struct of the host's.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_INSPECT_INTRINSICS_H
#define HUTCH_INSPECT_INTRINSICS_H

#include <quickjs.h>
#include <stdbool.h>

/* X(constant, name of a global, property of its prototype, whether it is a getter) */
#define HUTCH_INTRINSICS_TABLE(X)                                                                  \
    X(HUTCH_INTRINSIC_FUNCTION_TEXT, "Function", "toString", false)                                \
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
    HUTCH_INTRINSIC_COUNT,
} hutch_intrinsic;

/** What is kept of a context; as zeros, nothing is. */
typedef struct hutch_intrinsics {
    JSValue methods[HUTCH_INTRINSIC_COUNT]; /**< owned; undefined where it was not there */
    JSAtom tag;                             /**< Symbol.toStringTag; owned */
} hutch_intrinsics;

/**
 * Keep the methods of a context. Call it after its intrinsics have been added
 * and before any guest code. A global that is not there leaves its methods
 * undefined; without them the contents of Map, Set, Date, RegExp and boxed
 * values are `[unprintable]`.
 *
 * @return 0, or -1 with an exception pending
 */
int hutch_intrinsics_keep(JSContext *ctx, hutch_intrinsics *kept);

/** Call one of them on `value`. Owned by the caller; an exception when the engine threw or it was
 *  not there. */
JSValue hutch_intrinsics_call(JSContext *ctx, const hutch_intrinsics *kept, hutch_intrinsic which,
                              JSValueConst value);

#endif
