/**
 * @file inspect_object.h
 * What inspection finds out about an object before it prints it: its kind, the
 * name of its constructor, its tag and its own property names. Only looks at
 * own data properties, and at no proxy, so nothing of the guest's runs.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_INSPECT_OBJECT_H
#define HUTCH_ISOLATE_INSPECT_OBJECT_H

#include "isolate/inspect_intrinsics.h"

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Prototypes that are looked at; a longer chain is taken to end there. */
#define HUTCH_INSPECT_CHAIN 1000

/** How an object is printed. */
typedef enum hutch_kind {
    HUTCH_KIND_PLAIN,
    HUTCH_KIND_ARRAY,
    HUTCH_KIND_TYPED_ARRAY,
    HUTCH_KIND_ARGUMENTS,
    HUTCH_KIND_FUNCTION,
    HUTCH_KIND_ERROR,
    HUTCH_KIND_REGEXP,
    HUTCH_KIND_DATE,
    HUTCH_KIND_BOXED,
    HUTCH_KIND_MAP,
    HUTCH_KIND_SET,
    HUTCH_KIND_WEAK,
    HUTCH_KIND_WEAK_REF,
    HUTCH_KIND_PROMISE,
    HUTCH_KIND_BUFFER,
    HUTCH_KIND_VIEW,
} hutch_kind;

/** Text that the engine lends; freed with JS_FreeCString(). */
typedef struct hutch_lent {
    const char *data; /**< NULL: there is none */
    size_t length;
} hutch_lent;

/** An object that has been looked at. */
typedef struct hutch_object {
    JSValue value; /**< borrowed; no proxy */
    hutch_kind kind;
    hutch_lent class_name;    /**< the engine's own name of its class: "Map", "Uint8Array" */
    hutch_lent constructor;   /**< no data: null prototype */
    bool unnamed_constructor; /**< `constructor` is the one of its prototype, or nobody's */
    hutch_lent tag;           /**< of Symbol.toStringTag where it says more than the constructor */
    uint64_t length;          /**< items of an array or typed array, units of a String */
    JSPropertyEnum *names;    /**< own enumerable ones, array indices first */
    uint32_t name_count;
    uint32_t index_count; /**< how many of them are array indices */
} hutch_object;

/** @return false with an exception pending; `object` is to be freed in any case */
bool hutch_object_look(JSContext *ctx, JSValueConst kept, JSValueConst value, hutch_object *object);
void hutch_object_free(JSContext *ctx, hutch_object *object);

/** The value of a data property of the object or of one of its prototypes; undefined where there
 *  is none or it is a getter. Owned by the caller; an exception when the engine failed. */
JSValue hutch_object_data(JSContext *ctx, JSValueConst object, JSAtom name);
/** The same for own properties only. */
JSValue hutch_object_own_data(JSContext *ctx, JSValueConst object, const char *name);

/** Lend the text of a string or of a primitive. @return false with an exception pending */
bool hutch_lent_take(JSContext *ctx, JSValueConst value, hutch_lent *lent);
void hutch_lent_free(JSContext *ctx, hutch_lent *lent);
bool hutch_lent_equal(const hutch_lent *lent, const char *text);

/** Whether a property name is an array index. @return false with *index unchanged where not */
bool hutch_atom_index(JSContext *ctx, JSAtom name, uint32_t *index);

#endif
