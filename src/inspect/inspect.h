/**
 * @file inspect.h
 * Turns a guest's value into the text that console.log prints, as Node.js
 * does: `{ a: 1, b: [ 1, 2 ] }`. Nothing of the guest's runs for it: getters,
 * traps, toString and overridden built-in methods are never called.
 *
 * Sources: inspect.c (values and nesting), heads.c, items.c and error.c (what
 * differs from kind to kind), object.c and property.c (looking at objects),
 * intrinsics.c (the engine's own methods), layout.c (text and line breaking;
 * knows no engine).
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_INSPECT_INSPECT_H
#define HUTCH_INSPECT_INSPECT_H

#include "base/buffer.h"
#include "inspect/intrinsics.h"

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Nesting beyond which an object is only named (`[Object]`). */
#define HUTCH_INSPECT_DEPTH 2
/** Items of an array, Map, Set or typed array, and bytes of an ArrayBuffer, that are shown. */
#define HUTCH_INSPECT_ITEMS 100
/** UTF-16 units of a string inside another value that are shown. */
#define HUTCH_INSPECT_STRING_UNITS 10000
/** Bytes of text for one value, after which the rest of it is left out. A top-level string has no
 *  bound of its own. */
#define HUTCH_INSPECT_TEXT_BYTES ((size_t)1024 * 1024)
/** Longer arrays are not searched for named properties: that would list every index first. */
#define HUTCH_INSPECT_NAMED_SEARCH 10000

/**
 * Append the text of a value. Leaves no exception pending.
 *
 * @param kept       of the same context
 * @param top_level  a string is appended as it is (lone surrogates become U+FFFD); otherwise
 *                   it is quoted
 * @param values     [in, out, optional] goes up by the values that were looked at: this one, and
 *                   those in it as far as they are shown
 * @return 0, or -1 when there is no memory for the text or `out` is full; `out` may then have
 *         a part of it
 */
int hutch_inspect_append(JSContext *ctx, const hutch_intrinsics *kept, JSValueConst value,
                         bool top_level, uint64_t *values, hutch_buffer *out);

#endif
