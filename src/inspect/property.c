/*
 * Own properties, their names and texts: see property.h.
 *
 * Threads: the isolate's own.
 */
#include "inspect/property.h"

#include <string.h>

bool hutch_borrowed_take(JSContext *ctx, JSValueConst value, hutch_borrowed *text) {
    text->data = JS_ToCStringLen(ctx, &text->length, value);
    return text->data != NULL;
}

bool hutch_borrowed_take_string(JSContext *ctx, JSValue value, hutch_borrowed *text) {
    *text = (hutch_borrowed){.data = NULL};
    bool sound =
        !JS_IsException(value) && (!JS_IsString(value) || hutch_borrowed_take(ctx, value, text));
    JS_FreeValue(ctx, value);
    return sound;
}

void hutch_borrowed_free(JSContext *ctx, hutch_borrowed *text) {
    if (text->data != NULL) {
        JS_FreeCString(ctx, text->data);
    }
    *text = (hutch_borrowed){.data = NULL};
}

bool hutch_borrowed_equal(const hutch_borrowed *text, const char *other) {
    return text->data != NULL && text->length == strlen(other) &&
           memcmp(text->data, other, text->length) == 0;
}

bool hutch_atom_index(JSContext *ctx, JSAtom name, uint32_t *index) {
    uint32_t value = UINT32_MAX;
    JSValue text = JS_AtomToValue(ctx, name);
    if (JS_IsSymbol(text) || JS_ToUint32(ctx, &value, text) < 0 || value == UINT32_MAX) {
        JS_FreeValue(ctx, text);
        return false;
    }
    JS_FreeValue(ctx, text);
    /* "01" and "1e3" are numbers, but not written as an index is. */
    JSAtom written = JS_NewAtomUInt32(ctx, value);
    JS_FreeAtom(ctx, written);
    if (written != name) {
        return false;
    }
    *index = value;
    return true;
}

int hutch_property_find(JSContext *ctx, JSValueConst object, JSAtom name,
                        JSPropertyDescriptor *found) {
    JSPropertyDescriptor own;
    int has = name == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(ctx, &own, object, name);
    *found = has > 0 ? own
                     : (JSPropertyDescriptor){
                           .value = JS_UNDEFINED, .getter = JS_UNDEFINED, .setter = JS_UNDEFINED};
    return has;
}

int hutch_property_find_named(JSContext *ctx, JSValueConst object, const char *name,
                              JSPropertyDescriptor *found) {
    JSAtom atom = JS_NewAtom(ctx, name);
    int has = hutch_property_find(ctx, object, atom, found);
    JS_FreeAtom(ctx, atom);
    return has;
}

void hutch_property_free(JSContext *ctx, JSPropertyDescriptor *found) {
    JS_FreeValue(ctx, found->value);
    JS_FreeValue(ctx, found->getter);
    JS_FreeValue(ctx, found->setter);
}

JSValue hutch_property_data(JSContext *ctx, JSValueConst object, const char *name) {
    JSPropertyDescriptor found;
    int has = hutch_property_find_named(ctx, object, name, &found);
    JSValue value = has < 0 ? JS_EXCEPTION : JS_DupValue(ctx, found.value);
    hutch_property_free(ctx, &found);
    return value;
}
