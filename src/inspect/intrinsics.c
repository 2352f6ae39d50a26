/*
 * The engine's own methods, kept for inspection: see intrinsics.h.
 *
 * Threads: the isolate's own.
 */
#include "inspect/intrinsics.h"

#include "inspect/property.h"

static const struct {
    const char *global;
    const char *property;
    bool getter;
} methods[] = {
#define HUTCH_INTRINSIC_ROW(constant, global, property, getter) {global, property, getter},
    HUTCH_INTRINSICS_TABLE(HUTCH_INTRINSIC_ROW)
#undef HUTCH_INTRINSIC_ROW
};

#define METHOD_COUNT (sizeof methods / sizeof methods[0])

/* The method, the getter, or undefined. */
static JSValue find_method(JSContext *ctx, JSValueConst global, const char *owner,
                           const char *property, bool getter) {
    JSPropertyDescriptor found;
    JSValue constructor = JS_GetPropertyStr(ctx, global, owner);
    if (!JS_IsObject(constructor)) {
        return constructor;
    }
    JSValue prototype = JS_GetPropertyStr(ctx, constructor, "prototype");
    int has = hutch_property_find_named(ctx, prototype, property, &found);
    JSValue method = JS_DupValue(ctx, getter ? found.getter : found.value);
    hutch_property_free(ctx, &found);
    JS_FreeValue(ctx, prototype);
    JS_FreeValue(ctx, constructor);
    return has < 0 ? JS_EXCEPTION : method;
}

/* The `next` that the iterators of a Map or a Set share. */
static JSValue find_next(JSContext *ctx, JSValueConst global, const char *owner,
                         JSValueConst iterate) {
    JSValue constructor = JS_GetPropertyStr(ctx, global, owner);
    if (!JS_IsObject(constructor)) {
        return constructor;
    }
    JSValue collection = JS_CallConstructor(ctx, constructor, 0, NULL);
    JSValue iterator = JS_Call(ctx, iterate, collection, 0, NULL);
    JSValue next = JS_GetPropertyStr(ctx, iterator, "next");
    JS_FreeValue(ctx, iterator);
    JS_FreeValue(ctx, collection);
    JS_FreeValue(ctx, constructor);
    return next;
}

static JSAtom find_tag(JSContext *ctx, JSValueConst global) {
    JSValue symbol = JS_GetPropertyStr(ctx, global, "Symbol");
    JSValue tag = JS_GetPropertyStr(ctx, symbol, "toStringTag");
    JSAtom atom = JS_IsSymbol(tag) ? JS_ValueToAtom(ctx, tag) : JS_ATOM_NULL;
    JS_FreeValue(ctx, symbol);
    JS_FreeValue(ctx, tag);
    return atom;
}

int hutch_intrinsics_keep(JSContext *ctx, hutch_intrinsics *kept) {
    JSValue *method = kept->methods;
    JSValue global = JS_GetGlobalObject(ctx);
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        method[i] =
            find_method(ctx, global, methods[i].global, methods[i].property, methods[i].getter);
    }
    method[HUTCH_INTRINSIC_MAP_NEXT] =
        find_next(ctx, global, "Map", method[HUTCH_INTRINSIC_MAP_ENTRIES]);
    method[HUTCH_INTRINSIC_SET_NEXT] =
        find_next(ctx, global, "Set", method[HUTCH_INTRINSIC_SET_VALUES]);
    kept->tag = find_tag(ctx, global);
    JS_FreeValue(ctx, global);
    return JS_HasException(ctx) ? -1 : 0;
}

JSValue hutch_intrinsics_call(JSContext *ctx, const hutch_intrinsics *kept, hutch_intrinsic which,
                              JSValueConst value) {
    return JS_Call(ctx, kept->methods[which], value, 0, NULL);
}
