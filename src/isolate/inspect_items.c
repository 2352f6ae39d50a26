/*
 * The entries that objects have besides their properties: items of arrays,
 * entries of collections, the state of promises, bytes of buffers.
 *
 * Threads: the isolate's own.
 */
#include "isolate/inspect_parts.h"

static void put(hutch_inspector *in, const char *text) {
    hutch_layout_put_text(&in->layout, text);
}

/* An entry that is a fixed text around a count. */
static void entry_of_count(hutch_inspector *in, const char *before, uint64_t count,
                           const char *after, const char *plural) {
    const size_t start = in->layout.text.length;
    put(in, before);
    hutch_layout_put_count(&in->layout, count);
    put(in, after);
    put(in, count == 1 ? "" : "s");
    put(in, plural);
    hutch_layout_end_entry(&in->layout, start);
}

static void entry_of_rest(hutch_inspector *in, hutch_layout_group *group, uint64_t rest) {
    entry_of_count(in, "... ", rest, " more item", "");
    group->left_out = true;
}

static bool is_number_at(hutch_inspector *in, const hutch_object *object, uint32_t index) {
    JSPropertyDescriptor found;
    const JSAtom name = JS_NewAtomUInt32(in->ctx, index);
    const int has = JS_GetOwnProperty(in->ctx, &found, object->value, name);
    JS_FreeAtom(in->ctx, name);
    if (has <= 0) {
        return false;
    }
    const bool number = JS_IsNumber(found.value) || JS_IsBigInt(found.value);
    JS_FreeValue(in->ctx, found.value);
    JS_FreeValue(in->ctx, found.getter);
    JS_FreeValue(in->ctx, found.setter);
    return number;
}

static bool item(hutch_inspector *in, const hutch_object *object, hutch_layout_group *group,
                 uint32_t index) {
    const JSAtom name = JS_NewAtomUInt32(in->ctx, index);
    group->numbers = group->numbers && is_number_at(in, object, index);
    const bool sound = hutch_inspect_property(in, object->value, name, HUTCH_NAMING_NONE);
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

static bool entries_array(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
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
        const uint64_t next = next_item(in, object, &name, index);
        if (next > index) {
            entry_of_count(in, "<", next - index, " empty item", ">");
            group->numbers = false;
            index = next;
            /* The item behind the hole is an entry of its own. */
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
    const size_t start = in->layout.text.length;
    if (object->kind == HUTCH_KIND_SET) {
        hutch_inspect_entry(in, start, value);
        return;
    }
    const JSValue key = JS_GetPropertyUint32(in->ctx, value, 0);
    const JSValue held = JS_GetPropertyUint32(in->ctx, value, 1);
    in->layout.indent += 2;
    hutch_inspect_value(in, key);
    put(in, " => ");
    in->layout.indent -= 2;
    hutch_inspect_entry(in, start, held);
    JS_FreeValue(in->ctx, key);
    JS_FreeValue(in->ctx, held);
}

static bool entries_collection(hutch_inspector *in, hutch_object *object,
                               hutch_layout_group *group) {
    const bool map = object->kind == HUTCH_KIND_MAP;
    const JSValue iterator = hutch_intrinsics_call(
        in->ctx, in->kept, map ? HUTCH_INTRINSIC_MAP_ENTRIES : HUTCH_INTRINSIC_SET_VALUES,
        object->value);
    bool sound = !JS_IsException(iterator);
    for (uint64_t i = 0; sound && i < object->length && hutch_inspect_goes_on(in); i++) {
        if (i == HUTCH_INSPECT_ITEMS) {
            entry_of_rest(in, group, object->length - i);
            break;
        }
        const JSValue step = hutch_intrinsics_call(
            in->ctx, in->kept, map ? HUTCH_INTRINSIC_MAP_NEXT : HUTCH_INTRINSIC_SET_NEXT, iterator);
        const JSValue value =
            JS_IsException(step) ? JS_EXCEPTION : hutch_object_own_data(in->ctx, step, "value");
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
    const size_t start = in->layout.text.length;
    put(in, text);
    hutch_layout_end_entry(&in->layout, start);
}

static bool entries_promise(hutch_inspector *in, const hutch_object *object) {
    const JSPromiseStateEnum state = JS_PromiseState(in->ctx, object->value);
    if (state == JS_PROMISE_PENDING) {
        entry_of_text(in, "<pending>");
        return true;
    }
    const size_t start = in->layout.text.length;
    const JSValue result = JS_PromiseResult(in->ctx, object->value);
    put(in, state == JS_PROMISE_REJECTED ? "<rejected> " : "");
    hutch_inspect_entry(in, start, result);
    JS_FreeValue(in->ctx, result);
    return true;
}

static bool entries_buffer(hutch_inspector *in, const hutch_object *object) {
    static const char digits[] = "0123456789abcdef";
    size_t size = 0;
    const uint8_t *bytes = JS_GetArrayBuffer(in->ctx, &size, object->value);
    if (bytes == NULL && JS_HasException(in->ctx)) {
        JS_FreeValue(in->ctx, JS_GetException(in->ctx));
        entry_of_text(in, "(detached)");
        entry_of_text(in, "byteLength: 0");
        return true;
    }
    const size_t start = in->layout.text.length;
    const size_t shown = size < HUTCH_INSPECT_ITEMS ? size : HUTCH_INSPECT_ITEMS;
    put(in, "[Uint8Contents]: <");
    for (size_t i = 0; i < shown && bytes != NULL; i++) {
        const char pair[3] = {' ', digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        hutch_layout_put(&in->layout, i == 0 ? pair + 1 : pair, i == 0 ? 2 : 3);
    }
    if (size > shown) {
        put(in, " ... ");
        hutch_layout_put_count(&in->layout, size - shown);
        put(in, size - shown == 1 ? " more byte" : " more bytes");
    }
    put(in, ">");
    hutch_layout_end_entry(&in->layout, start);
    const size_t second = in->layout.text.length;
    put(in, "byteLength: ");
    hutch_layout_put_count(&in->layout, size);
    hutch_layout_end_entry(&in->layout, second);
    return true;
}

static bool entries_view(hutch_inspector *in, const hutch_object *object) {
    static const struct {
        const char *name;
        hutch_intrinsic getter;
    } parts[] = {
        {"byteLength: ", HUTCH_INTRINSIC_VIEW_LENGTH},
        {"byteOffset: ", HUTCH_INTRINSIC_VIEW_OFFSET},
        {"buffer: ", HUTCH_INTRINSIC_VIEW_BUFFER},
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const size_t start = in->layout.text.length;
        const JSValue value =
            hutch_intrinsics_call(in->ctx, in->kept, parts[i].getter, object->value);
        if (JS_IsException(value)) {
            return false;
        }
        put(in, parts[i].name);
        hutch_inspect_entry(in, start, value);
        JS_FreeValue(in->ctx, value);
    }
    return true;
}

bool hutch_kind_entries(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    switch (object->kind) {
    case HUTCH_KIND_ARRAY:
    case HUTCH_KIND_TYPED_ARRAY:
        return entries_array(in, object, group);
    case HUTCH_KIND_MAP:
    case HUTCH_KIND_SET:
        return entries_collection(in, object, group);
    case HUTCH_KIND_ERROR:
        return hutch_error_entries(in, object);
    case HUTCH_KIND_PROMISE:
        return entries_promise(in, object);
    case HUTCH_KIND_BUFFER:
        return entries_buffer(in, object);
    case HUTCH_KIND_VIEW:
        return entries_view(in, object);
    case HUTCH_KIND_WEAK:
        entry_of_text(in, "<items unknown>");
        return true;
    case HUTCH_KIND_PLAIN:
    case HUTCH_KIND_ARGUMENTS:
    case HUTCH_KIND_FUNCTION:
    case HUTCH_KIND_REGEXP:
    case HUTCH_KIND_DATE:
    case HUTCH_KIND_BOXED:
    case HUTCH_KIND_WEAK_REF:
    default:
        return true;
    }
}
