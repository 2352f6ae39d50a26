/*
 * The entries that objects have besides their properties: items of arrays,
 * entries of collections, the state of promises, bytes of buffers.
 *
 * Threads: the isolate's own.
 */
#include "inspect/parts.h"

static void entry_of_count(hutch_inspector *in, const char *before, uint64_t count,
                           const char *after) {
    size_t start = in->layout.text.length;
    hutch_put(in, before);
    hutch_layout_put_count(&in->layout, count);
    hutch_put(in, after);
    hutch_layout_end_entry(&in->layout, start);
}

static void entry_of_rest(hutch_inspector *in, hutch_layout_group *group, uint64_t rest) {
    entry_of_count(in, "... ", rest, rest == 1 ? " more item" : " more items");
    group->left_out = true;
}

static bool is_number_at(hutch_inspector *in, const hutch_object *object, uint32_t index) {
    JSPropertyDescriptor found;
    JSAtom name = JS_NewAtomUInt32(in->ctx, index);
    int has = hutch_property_find(in->ctx, object->value, name, &found);
    bool number = has > 0 && (JS_IsNumber(found.value) || JS_IsBigInt(found.value));
    hutch_property_free(in->ctx, &found);
    JS_FreeAtom(in->ctx, name);
    return number;
}

static bool item(hutch_inspector *in, const hutch_object *object, hutch_layout_group *group,
                 uint32_t index) {
    JSAtom name = JS_NewAtomUInt32(in->ctx, index);
    group->numbers = group->numbers && is_number_at(in, object, index);
    bool sound = hutch_inspect_property(in, object->value, name, HUTCH_NAMING_NONE);
    JS_FreeAtom(in->ctx, name);
    return sound;
}

/* The next index that has an item, at or after `index`; the array's length when there is none.
 * Without names every index has one, and with as many names as items as well. */
static uint64_t next_item(hutch_inspector *in, const hutch_object *object, uint32_t *name,
                          uint64_t index) {
    uint32_t found = 0;
    if (object->names == NULL || object->index_count == object->length) {
        return index;
    }
    if (*name >= object->index_count ||
        !hutch_atom_index(in->ctx, object->names[*name].atom, &found)) {
        return object->length;
    }
    ++*name;
    return found;
}

bool hutch_entries_array(hutch_inspector *in, const hutch_object *object,
                         hutch_layout_group *group) {
    uint64_t index = 0;
    uint32_t name = 0;
    bool sound = true;
    group->numbers = object->name_count == object->index_count;
    for (unsigned shown = 0; sound && index < object->length && hutch_inspect_goes_on(in);
         shown++) {
        if (shown == HUTCH_INSPECT_ITEMS) {
            group->numbers = group->numbers && is_number_at(in, object, (uint32_t)index);
            entry_of_rest(in, group, object->length - index);
            break;
        }
        uint64_t next = next_item(in, object, &name, index);
        if (next > index) {
            entry_of_count(in, "<", next - index,
                           next - index == 1 ? " empty item>" : " empty items>");
            group->numbers = false;
            index = next;
            /* The item after the hole is an entry of its own. */
            name -= next < object->length ? 1 : 0;
        } else {
            sound = item(in, object, group, (uint32_t)index);
            index++;
        }
    }
    return sound;
}

/* A Map's entry is an array of key and value, a Set's the value. */
static void entry_of_collection(hutch_inspector *in, const hutch_object *object,
                                JSValueConst value) {
    size_t start = in->layout.text.length;
    if (JS_IsSet(object->value)) {
        hutch_inspect_entry(in, start, value);
        return;
    }
    JSValue key = JS_GetPropertyUint32(in->ctx, value, 0);
    JSValue held = JS_GetPropertyUint32(in->ctx, value, 1);
    in->layout.indent += 2;
    hutch_inspect_value(in, key);
    hutch_put(in, " => ");
    in->layout.indent -= 2;
    hutch_inspect_entry(in, start, held);
    JS_FreeValue(in->ctx, key);
    JS_FreeValue(in->ctx, held);
}

bool hutch_entries_collection(hutch_inspector *in, const hutch_object *object,
                              hutch_layout_group *group) {
    bool map = JS_IsMap(object->value);
    JSValue iterator = hutch_inspect_call(
        in, map ? HUTCH_INTRINSIC_MAP_ENTRIES : HUTCH_INTRINSIC_SET_VALUES, object->value);
    bool sound = !JS_IsException(iterator);
    for (uint64_t i = 0; sound && i < object->length && hutch_inspect_goes_on(in); i++) {
        if (i == HUTCH_INSPECT_ITEMS) {
            entry_of_rest(in, group, object->length - i);
            break;
        }
        JSValue step = hutch_inspect_call(
            in, map ? HUTCH_INTRINSIC_MAP_NEXT : HUTCH_INTRINSIC_SET_NEXT, iterator);
        JSValue value =
            JS_IsException(step) ? JS_EXCEPTION : hutch_property_data(in->ctx, step, "value");
        sound = !JS_IsException(value);
        if (sound) {
            entry_of_collection(in, object, value);
        }
        JS_FreeValue(in->ctx, value);
        JS_FreeValue(in->ctx, step);
    }
    JS_FreeValue(in->ctx, iterator);
    return sound;
}

static void entry_of_text(hutch_inspector *in, const char *text) {
    size_t start = in->layout.text.length;
    hutch_put(in, text);
    hutch_layout_end_entry(&in->layout, start);
}

bool hutch_entries_promise(hutch_inspector *in, const hutch_object *object,
                           hutch_layout_group *group) {
    (void)group;
    JSPromiseStateEnum state = JS_PromiseState(in->ctx, object->value);
    if (state == JS_PROMISE_PENDING) {
        entry_of_text(in, "<pending>");
        return true;
    }
    size_t start = in->layout.text.length;
    JSValue result = JS_PromiseResult(in->ctx, object->value);
    hutch_put(in, state == JS_PROMISE_REJECTED ? "<rejected> " : "");
    hutch_inspect_entry(in, start, result);
    JS_FreeValue(in->ctx, result);
    return true;
}

bool hutch_entries_buffer(hutch_inspector *in, const hutch_object *object,
                          hutch_layout_group *group) {
    static const char digits[] = "0123456789abcdef";
    (void)group;
    size_t size = 0;
    const uint8_t *bytes = JS_GetArrayBuffer(in->ctx, &size, object->value);
    if (bytes == NULL && JS_HasException(in->ctx)) {
        JS_FreeValue(in->ctx, JS_GetException(in->ctx));
        entry_of_text(in, "(detached)");
        entry_of_count(in, "[byteLength]: ", 0, "");
        return true;
    }
    size_t start = in->layout.text.length;
    size_t shown = size < HUTCH_INSPECT_ITEMS ? size : HUTCH_INSPECT_ITEMS;
    hutch_put(in, "[Uint8Contents]: <");
    for (size_t i = 0; i < shown && bytes != NULL; i++) {
        const char pair[3] = {' ', digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        hutch_layout_put(&in->layout, i == 0 ? pair + 1 : pair, i == 0 ? 2 : 3);
    }
    if (size > shown) {
        hutch_put(in, " ... ");
        hutch_layout_put_count(&in->layout, size - shown);
        hutch_put(in, size - shown == 1 ? " more byte" : " more bytes");
    }
    hutch_put(in, ">");
    hutch_layout_end_entry(&in->layout, start);
    entry_of_count(in, "[byteLength]: ", size, "");
    return true;
}

bool hutch_entries_view(hutch_inspector *in, const hutch_object *object,
                        hutch_layout_group *group) {
    static const struct {
        const char *name;
        hutch_intrinsic getter;
    } parts[] = {
        {"[byteLength]: ", HUTCH_INTRINSIC_VIEW_LENGTH},
        {"[byteOffset]: ", HUTCH_INTRINSIC_VIEW_OFFSET},
        {"[buffer]: ", HUTCH_INTRINSIC_VIEW_BUFFER},
    };
    (void)group;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t start = in->layout.text.length;
        JSValue value = hutch_inspect_call(in, parts[i].getter, object->value);
        if (JS_IsException(value)) {
            return false;
        }
        hutch_put(in, parts[i].name);
        hutch_inspect_entry(in, start, value);
        JS_FreeValue(in->ctx, value);
    }
    return true;
}

bool hutch_entries_unknown(hutch_inspector *in, const hutch_object *object,
                           hutch_layout_group *group) {
    (void)object;
    (void)group;
    entry_of_text(in, "<items unknown>");
    return true;
}
