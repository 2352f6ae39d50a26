/*
 * Looks at objects for inspection: see object.h.
 *
 * Invariant: no call here can run guest code. A prototype chain is walked only
 * up to the first proxy, and getters are seen but not called.
 *
 * Threads: the isolate's own.
 */
#include "inspect/object.h"

#include "inspect/inspect.h"

#include <string.h>

static bool is_same(const hutch_borrowed *a, const hutch_borrowed *b) {
    return a->data != NULL && b->data != NULL && a->length == b->length &&
           memcmp(a->data, b->data, a->length) == 0;
}

/* Replace an object by its prototype; false at the end of the chain, or of what may be seen. */
static bool step_up(JSContext *ctx, JSValue *object) {
    JSValue up = JS_IsProxy(*object) ? JS_NULL : JS_GetPrototype(ctx, *object);
    JS_FreeValue(ctx, *object);
    *object = up;
    return JS_IsObject(up) && !JS_IsProxy(up);
}

JSValue hutch_object_inherited(JSContext *ctx, JSValueConst object, JSAtom name) {
    JSPropertyDescriptor found;
    JSValue value = JS_UNDEFINED;
    JSValue holder = JS_DupValue(ctx, object);
    int has = 0;
    for (unsigned i = 0; i < HUTCH_INSPECT_CHAIN && has == 0; i++) {
        has = hutch_property_find(ctx, holder, name, &found);
        value = has < 0 ? JS_EXCEPTION : JS_DupValue(ctx, found.value);
        hutch_property_free(ctx, &found);
        if (has == 0 && !step_up(ctx, &holder)) {
            break;
        }
    }
    JS_FreeValue(ctx, holder);
    return value;
}

static bool is_above(JSContext *ctx, JSValueConst object, JSValueConst prototype) {
    JSValue holder = JS_DupValue(ctx, object);
    bool found = false;
    for (unsigned i = 0; i < HUTCH_INSPECT_CHAIN && !found && step_up(ctx, &holder); i++) {
        found = JS_VALUE_GET_PTR(holder) == JS_VALUE_GET_PTR(prototype);
    }
    JS_FreeValue(ctx, holder);
    return found;
}

/* The name of `constructor` if the object is an instance of it. */
static bool take_constructor(JSContext *ctx, JSValueConst object, JSValueConst constructor,
                             hutch_borrowed *name) {
    if (!JS_IsFunction(ctx, constructor) || JS_IsProxy(constructor)) {
        return true;
    }
    JSValue prototype = hutch_property_data(ctx, constructor, "prototype");
    bool taken = !JS_IsException(prototype);
    if (JS_IsObject(prototype) && is_above(ctx, object, prototype)) {
        taken =
            hutch_borrowed_take_string(ctx, hutch_property_data(ctx, constructor, "name"), name);
    }
    JS_FreeValue(ctx, prototype);
    if (name->length == 0) {
        hutch_borrowed_free(ctx, name);
    }
    return taken;
}

/* The nearest constructor on the chain that the object is an instance of. */
static bool find_constructor(JSContext *ctx, JSValueConst object, hutch_borrowed *name) {
    JSPropertyDescriptor found;
    JSAtom atom = JS_NewAtom(ctx, "constructor");
    JSValue holder = JS_DupValue(ctx, object);
    bool sound = true;
    for (unsigned i = 0; sound && i < HUTCH_INSPECT_CHAIN && name->data == NULL; i++) {
        sound = hutch_property_find(ctx, holder, atom, &found) >= 0 &&
                take_constructor(ctx, object, found.value, name);
        hutch_property_free(ctx, &found);
        if (name->data == NULL && !step_up(ctx, &holder)) {
            break;
        }
    }
    JS_FreeValue(ctx, holder);
    JS_FreeAtom(ctx, atom);
    return sound;
}

/* Objects whose chain names no constructor: null prototype, or that of their prototype. */
static bool find_prototype_constructor(JSContext *ctx, hutch_object *object) {
    JSValue prototype = JS_GetPrototype(ctx, object->value);
    bool sound = true;
    if (JS_IsObject(prototype)) {
        object->unnamed_constructor = true;
        sound = JS_IsProxy(prototype) || find_constructor(ctx, prototype, &object->constructor);
    }
    JS_FreeValue(ctx, prototype);
    return sound;
}

/* The tag, unless it is an own enumerable property, which is printed anyway. */
static JSValue read_tag(JSContext *ctx, const hutch_intrinsics *kept, const hutch_object *object) {
    JSPropertyDescriptor own;
    if (object->is_typed_array) {
        /* A getter of the engine's would say the same. */
        return JS_NewStringLen(ctx, object->class_name.data, object->class_name.length);
    }
    int has = hutch_property_find(ctx, object->value, kept->tag, &own);
    bool shown = has > 0 && (own.flags & JS_PROP_ENUMERABLE) != 0;
    hutch_property_free(ctx, &own);
    if (has < 0) {
        return JS_EXCEPTION;
    }
    return shown ? JS_UNDEFINED : hutch_object_inherited(ctx, object->value, kept->tag);
}

static bool find_tag(JSContext *ctx, const hutch_intrinsics *kept, hutch_object *object) {
    if (kept->tag == JS_ATOM_NULL) {
        return true;
    }
    bool sound = hutch_borrowed_take_string(ctx, read_tag(ctx, kept, object), &object->tag);
    if (object->tag.length == 0 || is_same(&object->tag, &object->constructor)) {
        hutch_borrowed_free(ctx, &object->tag);
    }
    return sound;
}

static bool find_class(JSContext *ctx, hutch_object *object) {
    JSAtom name = JS_GetClassName(JS_GetRuntime(ctx), JS_GetClassID(object->value));
    object->class_name.data = JS_AtomToCStringLen(ctx, &object->class_name.length, name);
    JS_FreeAtom(ctx, name);
    object->is_array = JS_IsArray(object->value);
    object->is_typed_array = JS_GetTypedArrayType(object->value) >= 0;
    return object->class_name.data != NULL;
}

static uint64_t typed_array_length(JSContext *ctx, JSValueConst value) {
    size_t offset;
    size_t bytes = 0;
    size_t item = 1;
    JSValue buffer = JS_GetTypedArrayBuffer(ctx, value, &offset, &bytes, &item);
    if (JS_IsException(buffer)) {
        /* Its buffer is gone: it has no items. */
        JS_FreeValue(ctx, JS_GetException(ctx));
        bytes = 0;
    }
    JS_FreeValue(ctx, buffer);
    return bytes / item;
}

static bool find_length(JSContext *ctx, const hutch_intrinsics *kept, hutch_object *object) {
    JSValueConst value = object->value;
    bool map = JS_IsMap(value);
    int64_t length = 0;
    bool sound = true;
    if (object->is_typed_array) {
        object->length = typed_array_length(ctx, value);
    } else if (object->is_array) {
        sound = JS_GetLength(ctx, value, &length) == 0;
        object->length = (uint64_t)length;
    } else if (map || JS_IsSet(value)) {
        JSValue size = hutch_intrinsics_call(
            ctx, kept, map ? HUTCH_INTRINSIC_MAP_SIZE : HUTCH_INTRINSIC_SET_SIZE, value);
        sound = !JS_IsException(size) && JS_ToInt64(ctx, &length, size) == 0;
        object->length = (uint64_t)length;
    }
    return sound;
}

/* Whether every item that would be printed is there. */
static bool is_dense(JSContext *ctx, const hutch_object *object) {
    bool dense = true;
    for (uint32_t i = 0; dense && i <= HUTCH_INSPECT_ITEMS && i < object->length; i++) {
        JSAtom index = JS_NewAtomUInt32(ctx, i);
        dense = JS_GetOwnProperty(ctx, NULL, object->value, index) > 0;
        JS_FreeAtom(ctx, index);
    }
    return dense;
}

/* Indices come first, so a binary search finds where they end. */
static uint32_t count_indices(JSContext *ctx, const hutch_object *object) {
    uint32_t low = 0;
    uint32_t high = object->name_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t index;
        if (hutch_atom_index(ctx, object->names[middle].atom, &index)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool find_names(JSContext *ctx, hutch_object *object) {
    bool indexed = object->is_array || object->is_typed_array;
    if (indexed && object->length > HUTCH_INSPECT_NAMED_SEARCH &&
        (object->is_typed_array || is_dense(ctx, object))) {
        return true;
    }
    if (JS_GetOwnPropertyNames(ctx, &object->names, &object->name_count, object->value,
                               JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK | JS_GPN_ENUM_ONLY) < 0) {
        object->names = NULL;
        object->name_count = 0;
        return false;
    }
    if (indexed || hutch_borrowed_equal(&object->class_name, "String")) {
        object->index_count = count_indices(ctx, object);
    }
    return true;
}

bool hutch_object_look(JSContext *ctx, const hutch_intrinsics *kept, JSValueConst value,
                       hutch_object *object) {
    *object = (hutch_object){.value = value};
    return find_class(ctx, object) && find_constructor(ctx, value, &object->constructor) &&
           (object->constructor.data != NULL || find_prototype_constructor(ctx, object)) &&
           find_tag(ctx, kept, object) && find_length(ctx, kept, object) && find_names(ctx, object);
}

void hutch_object_free(JSContext *ctx, hutch_object *object) {
    hutch_borrowed_free(ctx, &object->class_name);
    hutch_borrowed_free(ctx, &object->constructor);
    hutch_borrowed_free(ctx, &object->tag);
    if (object->names != NULL) {
        JS_FreePropertyEnum(ctx, object->names, object->name_count);
        object->names = NULL;
    }
}
