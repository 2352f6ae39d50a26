/*
 * The engine's own methods, kept for inspection: see inspect_intrinsics.h. They
 * hang on a class of the runtime, so the image carries them and no mutable
 * global is needed to find them again.
 *
 * Threads: the isolate's own.
 */
#include "isolate/inspect_intrinsics.h"

#define CLASS_NAME "HutchIntrinsics"
/* The engine has some 70 classes of its own; ours come right behind them, so the search begins at the
 * far end, where there is nothing to compare. */
#define CLASS_SEARCH_END 128

static const struct {
    const char *global;
    const char *property;
    bool getter;
} methods[] = {
#define HUTCH_INTRINSIC_ROW(constant, global, property, getter) {global, property, getter},
    HUTCH_INTRINSICS_TABLE(HUTCH_INTRINSIC_ROW)
#undef HUTCH_INTRINSIC_ROW
};

#define METHOD_COUNT (sizeof(methods) / sizeof(methods[0]))

static JSClassID find_class(JSContext *ctx) {
    JSRuntime *runtime = JS_GetRuntime(ctx);
    const JSAtom wanted = JS_NewAtom(ctx, CLASS_NAME);
    JSClassID found = JS_INVALID_CLASS_ID;
    for (JSClassID id = CLASS_SEARCH_END; id > 0 && found == JS_INVALID_CLASS_ID; id--) {
        const JSAtom name = JS_GetClassName(runtime, id);
        if (name != JS_ATOM_NULL && name == wanted) {
            found = id;
        }
        JS_FreeAtom(ctx, name);
    }
    JS_FreeAtom(ctx, wanted);
    return found;
}

/* The method, the getter, or undefined. */
static JSValue read_method(JSContext *ctx, JSValueConst prototype, const char *property,
                           bool getter) {
    JSPropertyDescriptor found;
    const JSAtom name = JS_NewAtom(ctx, property);
    const int has = name == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(ctx, &found, prototype, name);
    JS_FreeAtom(ctx, name);
    if (has <= 0) {
        return has < 0 ? JS_EXCEPTION : JS_UNDEFINED;
    }
    JS_FreeValue(ctx, found.setter);
    JS_FreeValue(ctx, getter ? found.value : found.getter);
    return getter ? found.getter : found.value;
}

static JSValue find_method(JSContext *ctx, JSValueConst global, const char *owner,
                           const char *property, bool getter) {
    JSValue method = JS_UNDEFINED;
    const JSValue constructor = JS_GetPropertyStr(ctx, global, owner);
    if (JS_IsObject(constructor)) {
        const JSValue prototype = JS_GetPropertyStr(ctx, constructor, "prototype");
        method = JS_IsException(prototype) ? JS_EXCEPTION
                                           : read_method(ctx, prototype, property, getter);
        JS_FreeValue(ctx, prototype);
    }
    JS_FreeValue(ctx, constructor);
    return method;
}

/* The `next` that the iterators of a Map or a Set share. */
static JSValue find_next(JSContext *ctx, JSValueConst global, const char *owner,
                         JSValueConst iterate) {
    JSValue next = JS_UNDEFINED;
    const JSValue constructor = JS_GetPropertyStr(ctx, global, owner);
    if (JS_IsObject(constructor)) {
        const JSValue collection = JS_CallConstructor(ctx, constructor, 0, NULL);
        const JSValue iterator = JS_Call(ctx, iterate, collection, 0, NULL);
        next = JS_GetPropertyStr(ctx, iterator, "next");
        JS_FreeValue(ctx, iterator);
        JS_FreeValue(ctx, collection);
    }
    JS_FreeValue(ctx, constructor);
    return next;
}

static JSValue find_tag(JSContext *ctx, JSValueConst global) {
    const JSValue symbol = JS_GetPropertyStr(ctx, global, "Symbol");
    const JSValue tag = JS_GetPropertyStr(ctx, symbol, "toStringTag");
    JS_FreeValue(ctx, symbol);
    return tag;
}

static int keep(JSContext *ctx, JSValueConst kept, hutch_intrinsic which, JSValue method) {
    if (JS_IsException(method)) {
        return -1;
    }
    return JS_DefinePropertyValueUint32(ctx, kept, (uint32_t)which, method, JS_PROP_C_W_E);
}

static int keep_all(JSContext *ctx, JSValueConst kept, JSValueConst global) {
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        const JSValue method =
            find_method(ctx, global, methods[i].global, methods[i].property, methods[i].getter);
        if (keep(ctx, kept, (hutch_intrinsic)i, method) < 0) {
            return -1;
        }
    }
    const JSValue entries = hutch_intrinsics_read(ctx, kept, HUTCH_INTRINSIC_MAP_ENTRIES);
    const JSValue values = hutch_intrinsics_read(ctx, kept, HUTCH_INTRINSIC_SET_VALUES);
    const int failed =
        keep(ctx, kept, HUTCH_INTRINSIC_MAP_NEXT, find_next(ctx, global, "Map", entries)) < 0 ||
        keep(ctx, kept, HUTCH_INTRINSIC_SET_NEXT, find_next(ctx, global, "Set", values)) < 0 ||
        keep(ctx, kept, HUTCH_INTRINSIC_TAG, find_tag(ctx, global)) < 0;
    JS_FreeValue(ctx, entries);
    JS_FreeValue(ctx, values);
    return failed ? -1 : 0;
}

int hutch_intrinsics_setup(JSContext *ctx) {
    static const JSClassDef definition = {.class_name = CLASS_NAME};
    JSRuntime *runtime = JS_GetRuntime(ctx);
    JSClassID id = find_class(ctx);
    if (id == JS_INVALID_CLASS_ID) {
        JS_NewClassID(runtime, &id);
        if (JS_NewClass(runtime, id, &definition) < 0) {
            JS_ThrowOutOfMemory(ctx);
            return -1;
        }
    }
    const JSValue kept = JS_NewObjectProto(ctx, JS_NULL);
    const JSValue global = JS_GetGlobalObject(ctx);
    const int result = JS_IsException(kept) ? -1 : keep_all(ctx, kept, global);
    JS_FreeValue(ctx, global);
    if (result < 0) {
        JS_FreeValue(ctx, kept);
        return -1;
    }
    JS_SetClassProto(ctx, id, kept);
    return 0;
}

JSValue hutch_intrinsics_get(JSContext *ctx) {
    const JSClassID id = find_class(ctx);
    return id == JS_INVALID_CLASS_ID ? JS_UNDEFINED : JS_GetClassProto(ctx, id);
}

JSValue hutch_intrinsics_read(JSContext *ctx, JSValueConst kept, hutch_intrinsic which) {
    return JS_IsObject(kept) ? JS_GetPropertyUint32(ctx, kept, (uint32_t)which) : JS_UNDEFINED;
}

JSValue hutch_intrinsics_call(JSContext *ctx, JSValueConst kept, hutch_intrinsic which,
                              JSValueConst value) {
    const JSValue method = hutch_intrinsics_read(ctx, kept, which);
    const JSValue result = JS_Call(ctx, method, value, 0, NULL);
    JS_FreeValue(ctx, method);
    return result;
}
