/*
 * What inspection prints before the entries of each kind of object:
 * `Map(2) {`, `[Function: f]`, a date. Errors are in inspect_error.c.
 *
 * Threads: the isolate's own.
 */
#include "isolate/inspect_parts.h"

#include <math.h>
#include <string.h>

static void put(hutch_inspector *in, const char *text) {
    hutch_layout_put_text(&in->layout, text);
}

static void put_lent(hutch_inspector *in, const hutch_lent *text) {
    hutch_layout_put(&in->layout, text->data, text->length);
}

static void put_count(hutch_inspector *in, uint64_t count) {
    put(in, "(");
    hutch_layout_put_count(&in->layout, count);
    put(in, ")");
}

static bool is_plain_constructor(const hutch_object *object, const char *name) {
    return !object->unnamed_constructor && hutch_lent_equal(&object->constructor, name);
}

void hutch_kind_put_name(hutch_inspector *in, const hutch_object *object, const char *fallback,
                         bool counted, uint64_t count) {
    const bool null_prototype = object->constructor.data == NULL && !object->unnamed_constructor;
    if (null_prototype) {
        put(in, "[");
    }
    if (null_prototype) {
        put(in, fallback);
    } else if (object->unnamed_constructor) {
        put_lent(in, &object->class_name);
        put(in, " <");
        if (object->constructor.data != NULL) {
            put_lent(in, &object->constructor);
        } else {
            put(in, "[Object: null prototype] {}");
        }
        put(in, ">");
    } else {
        put_lent(in, &object->constructor);
    }
    if (counted) {
        put_count(in, count);
    }
    if (null_prototype) {
        put(in, ": null prototype]");
    }
    if (object->tag.data != NULL && !(null_prototype && hutch_lent_equal(&object->tag, fallback))) {
        put(in, " [");
        put_lent(in, &object->tag);
        put(in, "]");
    }
}

/* What has been put is the prefix; properties follow in braces, or there are none. */
static hutch_head end_prefix(hutch_inspector *in, const hutch_object *object,
                             hutch_layout_group *group) {
    const uint32_t items = object->kind == HUTCH_KIND_BOXED ? object->index_count : 0;
    group->prefix_end = in->layout.text.length;
    group->opening_end = group->prefix_end;
    if (object->name_count == items) {
        return HUTCH_HEAD_COMPLETE;
    }
    hutch_inspect_open(in, group, "{");
    return HUTCH_HEAD_OPEN;
}

static hutch_head head_plain(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    const bool named = !is_plain_constructor(object, "Object") || object->tag.data != NULL;
    if (object->kind == HUTCH_KIND_ARGUMENTS) {
        put(in, "[Arguments] ");
    } else if (named) {
        hutch_kind_put_name(in, object, "Object", false, 0);
        put(in, " ");
    }
    hutch_inspect_open(in, group, "{");
    if (object->kind == HUTCH_KIND_PLAIN || object->kind == HUTCH_KIND_ARGUMENTS) {
        if (object->name_count == 0) {
            put(in, "}");
            return HUTCH_HEAD_COMPLETE;
        }
    }
    return HUTCH_HEAD_OPEN;
}

static hutch_head head_array(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    const bool named = object->kind == HUTCH_KIND_TYPED_ARRAY ||
                       !is_plain_constructor(object, "Array") || object->tag.data != NULL;
    if (named) {
        hutch_kind_put_name(in, object, object->class_name.data, true, object->length);
        put(in, " ");
    }
    hutch_inspect_open(in, group, "[");
    group->closing = "]";
    group->columns = true;
    if (object->length == 0 && object->name_count == object->index_count) {
        put(in, "]");
        return HUTCH_HEAD_COMPLETE;
    }
    return HUTCH_HEAD_OPEN;
}

static bool read_count(hutch_inspector *in, const hutch_object *object, hutch_intrinsic which,
                       uint64_t *count) {
    int64_t value = 0;
    const JSValue result = hutch_intrinsics_call(in->ctx, in->kept, which, object->value);
    const bool read = !JS_IsException(result) && JS_ToInt64(in->ctx, &value, result) == 0;
    JS_FreeValue(in->ctx, result);
    *count = value > 0 ? (uint64_t)value : 0;
    return read;
}

static hutch_head head_collection(hutch_inspector *in, hutch_object *object,
                                  hutch_layout_group *group) {
    const bool map = object->kind == HUTCH_KIND_MAP;
    if (!read_count(in, object, map ? HUTCH_INTRINSIC_MAP_SIZE : HUTCH_INTRINSIC_SET_SIZE,
                    &object->length)) {
        return HUTCH_HEAD_FAILED;
    }
    hutch_kind_put_name(in, object, map ? "Map" : "Set", true, object->length);
    put(in, " ");
    hutch_inspect_open(in, group, "{");
    if (object->length == 0 && object->name_count == 0) {
        put(in, "}");
        return HUTCH_HEAD_COMPLETE;
    }
    return HUTCH_HEAD_OPEN;
}

/* A class is a function whose text says so; only those have a prototype that cannot be set. */
static int is_class(hutch_inspector *in, const hutch_object *object) {
    JSPropertyDescriptor found;
    hutch_lent text = {.data = NULL};
    const JSAtom name = JS_NewAtom(in->ctx, "prototype");
    const int has = JS_GetOwnProperty(in->ctx, &found, object->value, name);
    JS_FreeAtom(in->ctx, name);
    if (has <= 0) {
        return has;
    }
    const bool fixed = (found.flags & JS_PROP_WRITABLE) == 0;
    JS_FreeValue(in->ctx, found.value);
    JS_FreeValue(in->ctx, found.getter);
    JS_FreeValue(in->ctx, found.setter);
    if (!fixed) {
        return 0;
    }
    const JSValue source =
        hutch_intrinsics_call(in->ctx, in->kept, HUTCH_INTRINSIC_FUNCTION_TEXT, object->value);
    int result = -1;
    if (!JS_IsException(source) && hutch_lent_take(in->ctx, source, &text)) {
        result = text.length > 5 && memcmp(text.data, "class", 5) == 0;
    }
    hutch_lent_free(in->ctx, &text);
    JS_FreeValue(in->ctx, source);
    return result;
}

/* Lend an own property that is a non-empty string; otherwise `data` stays NULL. */
static bool lend_text(hutch_inspector *in, JSValueConst object, const char *name,
                      hutch_lent *text) {
    const JSValue value = hutch_object_own_data(in->ctx, object, name);
    *text = (hutch_lent){.data = NULL};
    const bool sound =
        !JS_IsException(value) && (!JS_IsString(value) || hutch_lent_take(in->ctx, value, text));
    JS_FreeValue(in->ctx, value);
    if (text->length == 0) {
        hutch_lent_free(in->ctx, text);
    }
    return sound;
}

/* ` extends Base`, where the base has a name. */
static bool put_base(hutch_inspector *in, const hutch_object *object) {
    hutch_lent name = {.data = NULL};
    const JSValue base = JS_GetPrototype(in->ctx, object->value);
    bool sound = true;
    if (object->constructor.data == NULL && !object->unnamed_constructor) {
        put(in, " extends null");
    } else if (JS_IsObject(base) && !JS_IsProxy(base)) {
        sound = lend_text(in, base, "name", &name);
    }
    if (name.data != NULL) {
        put(in, " extends ");
        put_lent(in, &name);
    }
    hutch_lent_free(in->ctx, &name);
    JS_FreeValue(in->ctx, base);
    return sound;
}

static bool put_class(hutch_inspector *in, const hutch_object *object, const hutch_lent *name) {
    put(in, "[class ");
    if (name->data != NULL) {
        put_lent(in, name);
    } else {
        put(in, "(anonymous)");
    }
    if (object->tag.data != NULL) {
        put(in, " [");
        put_lent(in, &object->tag);
        put(in, "]");
    }
    const bool sound = put_base(in, object);
    put(in, "]");
    return sound;
}

static void put_function(hutch_inspector *in, const hutch_object *object, const hutch_lent *name) {
    put(in, "[");
    put_lent(in, &object->class_name);
    if (object->constructor.data == NULL) {
        put(in, " (null prototype)");
    }
    put(in, name->data != NULL ? ": " : " (anonymous)");
    if (name->data != NULL) {
        put_lent(in, name);
    }
    put(in, "]");
    if (object->constructor.data != NULL &&
        !hutch_lent_equal(&object->constructor, object->class_name.data)) {
        put(in, " ");
        put_lent(in, &object->constructor);
    }
    /* The tag of a generator or async function names its class, which stands there already. */
    if (object->tag.data != NULL && !hutch_lent_equal(&object->tag, object->class_name.data)) {
        put(in, " [");
        put_lent(in, &object->tag);
        put(in, "]");
    }
}

static hutch_head head_function(hutch_inspector *in, hutch_object *object,
                                hutch_layout_group *group) {
    hutch_lent name;
    const int class = is_class(in, object);
    if (class < 0 || !lend_text(in, object->value, "name", &name)) {
        return HUTCH_HEAD_FAILED;
    }
    bool sound = true;
    if (class > 0) {
        sound = put_class(in, object, &name);
    } else {
        put_function(in, object, &name);
    }
    hutch_lent_free(in->ctx, &name);
    return sound ? end_prefix(in, object, group) : HUTCH_HEAD_FAILED;
}

static hutch_head head_regexp(hutch_inspector *in, hutch_object *object,
                              hutch_layout_group *group) {
    static const char letters[] = "dgimsuvy";
    hutch_lent source;
    const JSValue text =
        hutch_intrinsics_call(in->ctx, in->kept, HUTCH_INTRINSIC_REGEXP_SOURCE, object->value);
    const bool sound = !JS_IsException(text) && hutch_lent_take(in->ctx, text, &source);
    JS_FreeValue(in->ctx, text);
    if (!sound) {
        return HUTCH_HEAD_FAILED;
    }
    if (!is_plain_constructor(object, "RegExp")) {
        hutch_kind_put_name(in, object, "RegExp", false, 0);
        put(in, " ");
    }
    put(in, "/");
    put_lent(in, &source);
    put(in, "/");
    hutch_lent_free(in->ctx, &source);
    for (unsigned i = 0; i < sizeof(letters) - 1; i++) {
        const JSValue flag = hutch_intrinsics_call(
            in->ctx, in->kept, (hutch_intrinsic)(HUTCH_INTRINSIC_REGEXP_INDICES + i),
            object->value);
        if (JS_IsException(flag)) {
            return HUTCH_HEAD_FAILED;
        }
        hutch_layout_put(&in->layout, &letters[i], JS_VALUE_GET_BOOL(flag) ? 1 : 0);
    }
    return end_prefix(in, object, group);
}

static hutch_head head_date(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    hutch_lent iso = {.data = NULL};
    double time = NAN;
    const JSValue value =
        hutch_intrinsics_call(in->ctx, in->kept, HUTCH_INTRINSIC_DATE_TIME, object->value);
    if (JS_IsException(value) || JS_ToFloat64(in->ctx, &time, value) < 0) {
        return HUTCH_HEAD_FAILED;
    }
    const JSValue text =
        isnan(time)
            ? JS_NewString(in->ctx, "Invalid Date")
            : hutch_intrinsics_call(in->ctx, in->kept, HUTCH_INTRINSIC_DATE_ISO, object->value);
    const bool sound = !JS_IsException(text) && hutch_lent_take(in->ctx, text, &iso);
    JS_FreeValue(in->ctx, value);
    JS_FreeValue(in->ctx, text);
    if (!sound) {
        return HUTCH_HEAD_FAILED;
    }
    if (!is_plain_constructor(object, "Date")) {
        hutch_kind_put_name(in, object, "Date", false, 0);
        put(in, " ");
    }
    put_lent(in, &iso);
    hutch_lent_free(in->ctx, &iso);
    return end_prefix(in, object, group);
}

static hutch_head head_boxed(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    static const struct {
        const char *class_name;
        hutch_intrinsic value;
    } boxes[] = {
        {"Number", HUTCH_INTRINSIC_NUMBER_VALUE},   {"String", HUTCH_INTRINSIC_STRING_VALUE},
        {"Boolean", HUTCH_INTRINSIC_BOOLEAN_VALUE}, {"Symbol", HUTCH_INTRINSIC_SYMBOL_VALUE},
        {"BigInt", HUTCH_INTRINSIC_BIGINT_VALUE},
    };
    size_t i = 0;
    while (!hutch_lent_equal(&object->class_name, boxes[i].class_name)) {
        i++;
    }
    const JSValue value = hutch_intrinsics_call(in->ctx, in->kept, boxes[i].value, object->value);
    if (JS_IsException(value)) {
        return HUTCH_HEAD_FAILED;
    }
    put(in, "[");
    put_lent(in, &object->class_name);
    if (object->constructor.data == NULL) {
        put(in, " (null prototype)");
    } else if (!hutch_lent_equal(&object->constructor, boxes[i].class_name)) {
        put(in, " (");
        put_lent(in, &object->constructor);
        put(in, ")");
    }
    put(in, ": ");
    hutch_inspect_value(in, value);
    put(in, "]");
    JS_FreeValue(in->ctx, value);
    if (object->tag.data != NULL && !hutch_lent_equal(&object->tag, boxes[i].class_name)) {
        put(in, " [");
        put_lent(in, &object->tag);
        put(in, "]");
    }
    return end_prefix(in, object, group);
}

static hutch_head head_named(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    hutch_kind_put_name(in, object, object->class_name.data, false, 0);
    put(in, " ");
    hutch_inspect_open(in, group, "{");
    return HUTCH_HEAD_OPEN;
}

hutch_head hutch_kind_head(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    group->prefix_end = group->start;
    switch (object->kind) {
    case HUTCH_KIND_ARRAY:
    case HUTCH_KIND_TYPED_ARRAY:
        return head_array(in, object, group);
    case HUTCH_KIND_MAP:
    case HUTCH_KIND_SET:
        return head_collection(in, object, group);
    case HUTCH_KIND_FUNCTION:
        return head_function(in, object, group);
    case HUTCH_KIND_ERROR:
        return hutch_error_head(in, object, group);
    case HUTCH_KIND_REGEXP:
        return head_regexp(in, object, group);
    case HUTCH_KIND_DATE:
        return head_date(in, object, group);
    case HUTCH_KIND_BOXED:
        return head_boxed(in, object, group);
    case HUTCH_KIND_WEAK:
    case HUTCH_KIND_PROMISE:
    case HUTCH_KIND_BUFFER:
    case HUTCH_KIND_VIEW:
        return head_named(in, object, group);
    case HUTCH_KIND_PLAIN:
    case HUTCH_KIND_ARGUMENTS:
    case HUTCH_KIND_WEAK_REF:
    default:
        return head_plain(in, object, group);
    }
}
