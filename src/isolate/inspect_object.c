/*
 * Looks at objects for inspection: see inspect_object.h.
 *
 * Invariant: no call here can run guest code. A prototype chain is walked only
 * up to the first proxy, and getters are seen but not called.
 *
 * Threads: the isolate's own.
 */
#include "isolate/inspect_object.h"

#include "isolate/inspect.h"

#include <string.h>

static const struct {
    const char *class_name;
    hutch_kind kind;
} kinds[] = {
    {"Array", HUTCH_KIND_ARRAY},
    {"Arguments", HUTCH_KIND_ARGUMENTS},
    {"Error", HUTCH_KIND_ERROR},
    {"RegExp", HUTCH_KIND_REGEXP},
    {"Date", HUTCH_KIND_DATE},
    {"Number", HUTCH_KIND_BOXED},
    {"String", HUTCH_KIND_BOXED},
    {"Boolean", HUTCH_KIND_BOXED},
    {"Symbol", HUTCH_KIND_BOXED},
    {"BigInt", HUTCH_KIND_BOXED},
    {"Map", HUTCH_KIND_MAP},
    {"Set", HUTCH_KIND_SET},
    {"WeakMap", HUTCH_KIND_WEAK},
    {"WeakSet", HUTCH_KIND_WEAK},
    {"WeakRef", HUTCH_KIND_WEAK_REF},
    {"Promise", HUTCH_KIND_PROMISE},
    {"ArrayBuffer", HUTCH_KIND_BUFFER},
    {"SharedArrayBuffer", HUTCH_KIND_BUFFER},
    {"DataView", HUTCH_KIND_VIEW},
};

bool hutch_lent_take(JSContext *ctx, JSValueConst value, hutch_lent *lent) {
    lent->data = JS_ToCStringLen(ctx, &lent->length, value);
    return lent->data != NULL;
}

void hutch_lent_free(JSContext *ctx, hutch_lent *lent) {
    if (lent->data != NULL) {
        JS_FreeCString(ctx, lent->data);
    }
    *lent = (hutch_lent){.data = NULL};
}

bool hutch_lent_equal(const hutch_lent *lent, const char *text) {
    return lent->data != NULL && lent->length == strlen(text) &&
           memcmp(lent->data, text, lent->length) == 0;
}

static bool is_same(const hutch_lent *a, const hutch_lent *b) {
    return a->data != NULL && b->data != NULL && a->length == b->length &&
           memcmp(a->data, b->data, a->length) == 0;
}

bool hutch_atom_index(JSContext *ctx, JSAtom name, uint32_t *index) {
    size_t length;
    uint64_t value = 0;
    const JSValue text = JS_AtomToValue(ctx, name);
    const char *digits = JS_IsSymbol(text) ? NULL : JS_AtomToCStringLen(ctx, &length, name);
    JS_FreeValue(ctx, text);
    if (digits == NULL) {
        return false;
    }
    bool valid = length > 0 && length <= 10 && (digits[0] != '0' || length == 1);
    for (size_t i = 0; valid && i < length; i++) {
        valid = digits[i] >= '0' && digits[i] <= '9';
        value = value * 10 + (uint64_t)(digits[i] - '0');
    }
    JS_FreeCString(ctx, digits);
    if (!valid || value >= UINT32_MAX) {
        return false;
    }
    *index = (uint32_t)value;
    return true;
}

/* A data property's value, undefined for a getter; -1 exception, 0 none, 1 found. */
static int own_value(JSContext *ctx, JSValueConst object, JSAtom name, JSValue *value) {
    JSPropertyDescriptor found;
    *value = JS_UNDEFINED;
    const int has = JS_GetOwnProperty(ctx, &found, object, name);
    if (has > 0) {
        *value = found.value;
        JS_FreeValue(ctx, found.getter);
        JS_FreeValue(ctx, found.setter);
    }
    return has;
}

/* Replace an object by its prototype; false at the end of the chain, or of what may be seen. */
static bool step_up(JSContext *ctx, JSValue *object) {
    const JSValue up = JS_IsProxy(*object) ? JS_NULL : JS_GetPrototype(ctx, *object);
    JS_FreeValue(ctx, *object);
    *object = up;
    return JS_IsObject(up) && !JS_IsProxy(up);
}

JSValue hutch_object_data(JSContext *ctx, JSValueConst object, JSAtom name) {
    JSValue value = JS_UNDEFINED;
    JSValue holder = JS_DupValue(ctx, object);
    int has = 0;
    for (unsigned i = 0; i < HUTCH_INSPECT_CHAIN && has == 0; i++) {
        has = own_value(ctx, holder, name, &value);
        if (has == 0 && !step_up(ctx, &holder)) {
            break;
        }
    }
    JS_FreeValue(ctx, holder);
    return has < 0 ? JS_EXCEPTION : value;
}

JSValue hutch_object_own_data(JSContext *ctx, JSValueConst object, const char *name) {
    JSValue value = JS_EXCEPTION;
    const JSAtom atom = JS_NewAtom(ctx, name);
    if (atom != JS_ATOM_NULL && own_value(ctx, object, atom, &value) < 0) {
        value = JS_EXCEPTION;
    }
    JS_FreeAtom(ctx, atom);
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
                             hutch_lent *name) {
    bool taken = true;
    if (!JS_IsFunction(ctx, constructor) || JS_IsProxy(constructor)) {
        return true;
    }
    const JSValue prototype = hutch_object_own_data(ctx, constructor, "prototype");
    const JSValue text = hutch_object_own_data(ctx, constructor, "name");
    if (JS_IsException(prototype) || JS_IsException(text)) {
        taken = false;
    } else if (JS_IsObject(prototype) && JS_IsString(text) && is_above(ctx, object, prototype)) {
        taken = hutch_lent_take(ctx, text, name);
        if (taken && name->length == 0) {
            hutch_lent_free(ctx, name);
        }
    }
    JS_FreeValue(ctx, prototype);
    JS_FreeValue(ctx, text);
    return taken;
}

/* The nearest constructor on the chain that the object is an instance of. */
static bool find_constructor(JSContext *ctx, JSValueConst object, hutch_lent *name) {
    const JSAtom atom = JS_NewAtom(ctx, "constructor");
    JSValue holder = JS_DupValue(ctx, object);
    bool sound = atom != JS_ATOM_NULL;
    for (unsigned i = 0; sound && i < HUTCH_INSPECT_CHAIN && name->data == NULL; i++) {
        JSValue constructor;
        sound = own_value(ctx, holder, atom, &constructor) >= 0 &&
                take_constructor(ctx, object, constructor, name);
        JS_FreeValue(ctx, constructor);
        if (!sound || (name->data == NULL && !step_up(ctx, &holder))) {
            break;
        }
    }
    JS_FreeValue(ctx, holder);
    JS_FreeAtom(ctx, atom);
    return sound;
}

/* Objects whose chain names no constructor: null prototype, or that of their prototype. */
static bool find_prototype_constructor(JSContext *ctx, hutch_object *object) {
    const JSValue prototype = JS_GetPrototype(ctx, object->value);
    bool sound = true;
    if (JS_IsObject(prototype)) {
        object->unnamed_constructor = true;
        sound = JS_IsProxy(prototype) || find_constructor(ctx, prototype, &object->constructor);
    }
    JS_FreeValue(ctx, prototype);
    return sound;
}

/* The tag, unless it is an own enumerable property, which is printed anyway. */
static bool find_tag(JSContext *ctx, JSValueConst kept, hutch_object *object) {
    JSPropertyDescriptor own;
    const JSValue symbol = hutch_intrinsics_read(ctx, kept, HUTCH_INTRINSIC_TAG);
    const JSAtom atom = JS_IsSymbol(symbol) ? JS_ValueToAtom(ctx, symbol) : JS_ATOM_NULL;
    JS_FreeValue(ctx, symbol);
    if (atom == JS_ATOM_NULL) {
        return !JS_HasException(ctx);
    }
    bool shown = false;
    const int has = JS_GetOwnProperty(ctx, &own, object->value, atom);
    if (has > 0) {
        shown = (own.flags & JS_PROP_ENUMERABLE) != 0;
        JS_FreeValue(ctx, own.value);
        JS_FreeValue(ctx, own.getter);
        JS_FreeValue(ctx, own.setter);
    }
    JSValue tag = has < 0 ? JS_EXCEPTION : JS_UNDEFINED;
    if (object->kind == HUTCH_KIND_TYPED_ARRAY) {
        /* A getter of the engine's would say the same. */
        tag = JS_NewStringLen(ctx, object->class_name.data, object->class_name.length);
    } else if (has >= 0 && !shown) {
        tag = hutch_object_data(ctx, object->value, atom);
    }
    JS_FreeAtom(ctx, atom);
    const bool sound =
        !JS_IsException(tag) && (!JS_IsString(tag) || hutch_lent_take(ctx, tag, &object->tag));
    JS_FreeValue(ctx, tag);
    if (object->tag.length == 0 || is_same(&object->tag, &object->constructor)) {
        hutch_lent_free(ctx, &object->tag);
    }
    return sound;
}

static bool find_kind(JSContext *ctx, hutch_object *object) {
    const JSAtom name = JS_GetClassName(JS_GetRuntime(ctx), JS_GetClassID(object->value));
    object->class_name.data = JS_AtomToCStringLen(ctx, &object->class_name.length, name);
    JS_FreeAtom(ctx, name);
    if (object->class_name.data == NULL) {
        return false;
    }
    object->kind = HUTCH_KIND_PLAIN;
    if (JS_IsFunction(ctx, object->value)) {
        object->kind = HUTCH_KIND_FUNCTION;
    } else if (JS_GetTypedArrayType(object->value) >= 0) {
        object->kind = HUTCH_KIND_TYPED_ARRAY;
    }
    const size_t count = sizeof(kinds) / sizeof(kinds[0]);
    for (size_t i = 0; i < count && object->kind == HUTCH_KIND_PLAIN; i++) {
        if (hutch_lent_equal(&object->class_name, kinds[i].class_name)) {
            object->kind = kinds[i].kind;
        }
    }
    return true;
}

static bool find_length(JSContext *ctx, hutch_object *object) {
    int64_t length = 0;
    size_t offset;
    size_t bytes = 0;
    size_t item = 1;
    if (object->kind == HUTCH_KIND_ARRAY) {
        if (JS_GetLength(ctx, object->value, &length) < 0) {
            return false;
        }
    } else if (object->kind == HUTCH_KIND_TYPED_ARRAY) {
        const JSValue buffer = JS_GetTypedArrayBuffer(ctx, object->value, &offset, &bytes, &item);
        if (JS_IsException(buffer)) {
            /* Its buffer is gone: it has no items. */
            JS_FreeValue(ctx, JS_GetException(ctx));
            bytes = 0;
        }
        JS_FreeValue(ctx, buffer);
        length = (int64_t)(bytes / item);
    }
    object->length = (uint64_t)length;
    return true;
}

/* Whether every item that would be printed is there. */
static bool is_dense(JSContext *ctx, const hutch_object *object) {
    bool dense = true;
    for (uint32_t i = 0; dense && i <= HUTCH_INSPECT_ITEMS && i < object->length; i++) {
        const JSAtom index = JS_NewAtomUInt32(ctx, i);
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
        const uint32_t middle = low + (high - low) / 2;
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
    const bool indexed = object->kind == HUTCH_KIND_ARRAY || object->kind == HUTCH_KIND_TYPED_ARRAY;
    if (indexed && object->length > HUTCH_INSPECT_NAMED_SEARCH &&
        (object->kind == HUTCH_KIND_TYPED_ARRAY || is_dense(ctx, object))) {
        return true;
    }
    if (JS_GetOwnPropertyNames(ctx, &object->names, &object->name_count, object->value,
                               JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK | JS_GPN_ENUM_ONLY) < 0) {
        object->names = NULL;
        object->name_count = 0;
        return false;
    }
    if (indexed || hutch_lent_equal(&object->class_name, "String")) {
        object->index_count = count_indices(ctx, object);
    }
    return true;
}

bool hutch_object_look(JSContext *ctx, JSValueConst kept, JSValueConst value,
                       hutch_object *object) {
    *object = (hutch_object){.value = value};
    return find_kind(ctx, object) && find_constructor(ctx, value, &object->constructor) &&
           (object->constructor.data != NULL || find_prototype_constructor(ctx, object)) &&
           find_tag(ctx, kept, object) && find_length(ctx, object) && find_names(ctx, object);
}

void hutch_object_free(JSContext *ctx, hutch_object *object) {
    hutch_lent_free(ctx, &object->class_name);
    hutch_lent_free(ctx, &object->constructor);
    hutch_lent_free(ctx, &object->tag);
    if (object->names != NULL) {
        JS_FreePropertyEnum(ctx, object->names, object->name_count);
        object->names = NULL;
    }
}
