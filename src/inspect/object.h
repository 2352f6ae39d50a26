/**
 * @file object.h
 * What inspection finds out about an object before it prints it: its class, the
 * name of its constructor, its tag and its own property names. Only looks at
 * own data properties, and at no proxy, so nothing of the guest's runs.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_INSPECT_OBJECT_H
#define HUTCH_INSPECT_OBJECT_H

#include "inspect/intrinsics.h"
#include "inspect/property.h"

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Prototypes that are looked at; a longer chain is taken to end there. */
#define HUTCH_INSPECT_CHAIN 1000

/** An object that has been looked at. */
typedef struct hutch_object {
    JSValue value; /**< borrowed; no proxy */
    bool is_array;
    bool is_typed_array;
    hutch_borrowed class_name;  /**< the engine's own name of its class: "Map", "Uint8Array" */
    hutch_borrowed constructor; /**< no data: null prototype */
    bool unnamed_constructor;   /**< `constructor` is the one of its prototype, or nobody's */
    hutch_borrowed tag;    /**< of Symbol.toStringTag where it says more than the constructor */
    uint64_t length;       /**< items of an array, typed array, Map or Set */
    JSPropertyEnum *names; /**< own enumerable ones, array indices first */
    uint32_t name_count;
    uint32_t index_count; /**< how many of them are array indices */
} hutch_object;

/** @return false with an exception pending; `object` is to be freed in any case */
bool hutch_object_look(JSContext *ctx, const hutch_intrinsics *kept, JSValueConst value,
                       hutch_object *object);
void hutch_object_free(JSContext *ctx, hutch_object *object);

/** The value of a data property of an object or of one of its prototypes; undefined where there is
 *  none or it is a getter. Owned by the caller; an exception when the engine failed. */
JSValue hutch_object_inherited(JSContext *ctx, JSValueConst object, JSAtom name);

#endif
