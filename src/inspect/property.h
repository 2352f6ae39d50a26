/**
 * @file property.h
 * Own properties as they are, and text that the engine lends. Getters are seen
 * and not called. The objects are not proxies, so nothing of the guest's runs.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_INSPECT_PROPERTY_H
#define HUTCH_INSPECT_PROPERTY_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Text that the engine lends; freed with JS_FreeCString(). */
typedef struct hutch_borrowed {
    const char *data; /**< NULL: there is none */
    size_t length;
} hutch_borrowed;

/** Find an own property. `found` is to be freed in any case: where there is none it is undefined.
 *  @return whether there is one; -1 with an exception pending */
int hutch_property_find(JSContext *ctx, JSValueConst object, JSAtom name,
                        JSPropertyDescriptor *found);
int hutch_property_find_named(JSContext *ctx, JSValueConst object, const char *name,
                              JSPropertyDescriptor *found);
void hutch_property_free(JSContext *ctx, JSPropertyDescriptor *found);

/** The value of an own data property; undefined where there is none or it is a getter. Owned by the
 *  caller; an exception when the engine failed. */
JSValue hutch_property_data(JSContext *ctx, JSValueConst object, const char *name);

/** Whether a property name is an array index. @return false with *index unchanged where not */
bool hutch_atom_index(JSContext *ctx, JSAtom name, uint32_t *index);

/** Lend the text of a string or of a primitive. @return false with an exception pending */
bool hutch_borrowed_take(JSContext *ctx, JSValueConst value, hutch_borrowed *text);
/** Lend the text of a string, and none of another value. Frees the value.
 *  @return false with an exception pending, also where the value is one */
bool hutch_borrowed_take_string(JSContext *ctx, JSValue value, hutch_borrowed *text);
void hutch_borrowed_free(JSContext *ctx, hutch_borrowed *text);
bool hutch_borrowed_equal(const hutch_borrowed *text, const char *other);

#endif
