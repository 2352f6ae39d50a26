/*
 * What inspection prints before the entries of each kind of object:
 * `Map(2) {`, `[Function: f]`, a date. Errors are in error.c.
 *
 * Threads: the isolate's own.
 */
#include "inspect/parts.h"

#include <math.h>
#include <string.h>

static void put_between(hutch_inspector *in, const char *before, const hutch_borrowed *text,
                        const char *after) {
    hutch_put(in, before);
    hutch_put_borrowed(in, text);
    hutch_put(in, after);
}

static bool has_null_prototype(const hutch_object *object) {
    return object->constructor.data == NULL && !object->unnamed_constructor;
}

/* ` [tag]`, unless it is what has been put already. */
static void put_tag(hutch_inspector *in, const hutch_object *object, const char *put) {
    if (object->tag.data != NULL && !hutch_borrowed_equal(&object->tag, put)) {
        put_between(in, " [", &object->tag, "]");
    }
}

void hutch_head_put_name(hutch_inspector *in, const hutch_object *object, const char *fallback,
                         bool counted) {
    bool null_prototype = has_null_prototype(object);
    if (null_prototype) {
        hutch_put(in, "[");
        hutch_put(in, fallback);
    } else if (!object->unnamed_constructor) {
        hutch_put_borrowed(in, &object->constructor);
    } else if (object->constructor.data != NULL) {
        hutch_put_borrowed(in, &object->class_name);
        put_between(in, " <", &object->constructor, ">");
    } else {
        put_between(in, "", &object->class_name, " <[Object: null prototype] {}>");
    }
    if (counted) {
        hutch_put(in, "(");
        hutch_layout_put_count(&in->layout, object->length);
        hutch_put(in, ")");
    }
    hutch_put(in, null_prototype ? ": null prototype]" : "");
    put_tag(in, object, null_prototype ? fallback : "");
}

static void put_name(hutch_inspector *in, const hutch_object *object, const char *fallback,
                     bool counted) {
    hutch_head_put_name(in, object, fallback, counted);
    hutch_put(in, " ");
}

/* The name, unless the object is of the class that its looks speak of. */
static void put_unusual_name(hutch_inspector *in, const hutch_object *object, const char *usual,
                             bool counted) {
    if (object->unnamed_constructor || !hutch_borrowed_equal(&object->constructor, usual) ||
        object->tag.data != NULL) {
        put_name(in, object, usual, counted);
    }
}

static void open_group(hutch_inspector *in, hutch_layout_group *group, const char *opening) {
    hutch_put(in, opening);
    group->opening_end = in->layout.text.length;
}

hutch_head hutch_head_prefix(hutch_inspector *in, hutch_layout_group *group, bool more) {
    group->prefix_end = in->layout.text.length;
    group->opening_end = group->prefix_end;
    if (!more) {
        return HUTCH_HEAD_COMPLETE;
    }
    open_group(in, group, "{");
    return HUTCH_HEAD_OPEN;
}

static hutch_head end_prefix(hutch_inspector *in, const hutch_object *object,
                             hutch_layout_group *group) {
    return hutch_head_prefix(in, group, object->name_count > object->index_count);
}

/* The opening bracket; the closing one too, where nothing is between them. */
static hutch_head open_unless_empty(hutch_inspector *in, const hutch_object *object,
                                    hutch_layout_group *group, const char *opening) {
    open_group(in, group, opening);
    if (object->length > 0 || object->name_count > object->index_count) {
        return HUTCH_HEAD_OPEN;
    }
    hutch_put(in, group->closing);
    return HUTCH_HEAD_COMPLETE;
}

hutch_head hutch_head_plain(hutch_inspector *in, const hutch_object *object,
                            hutch_layout_group *group) {
    put_unusual_name(in, object, "Object", false);
    return open_unless_empty(in, object, group, "{");
}

hutch_head hutch_head_arguments(hutch_inspector *in, const hutch_object *object,
                                hutch_layout_group *group) {
    hutch_put(in, "[Arguments] ");
    return open_unless_empty(in, object, group, "{");
}

hutch_head hutch_head_named(hutch_inspector *in, const hutch_object *object,
                            hutch_layout_group *group) {
    put_name(in, object, object->class_name.data, false);
    open_group(in, group, "{");
    return HUTCH_HEAD_OPEN;
}

hutch_head hutch_head_array(hutch_inspector *in, const hutch_object *object,
                            hutch_layout_group *group) {
    group->closing = "]";
    group->columns = true;
    if (object->is_typed_array) {
        put_name(in, object, object->class_name.data, true);
    } else {
        put_unusual_name(in, object, "Array", true);
    }
    return open_unless_empty(in, object, group, "[");
}

hutch_head hutch_head_collection(hutch_inspector *in, const hutch_object *object,
                                 hutch_layout_group *group) {
    put_name(in, object, object->class_name.data, true);
    return open_unless_empty(in, object, group, "{");
}

/* Lend the text that one of the engine's own methods gives. */
static bool lend_result(hutch_inspector *in, hutch_intrinsic which, const hutch_object *object,
                        hutch_borrowed *text) {
    return hutch_borrowed_take_string(in->ctx, hutch_inspect_call(in, which, object->value), text);
}

/* A class is a function whose text says so; only those have a prototype that cannot be set. */
static int is_class(hutch_inspector *in, const hutch_object *object) {
    JSPropertyDescriptor prototype;
    hutch_borrowed text;
    int has = hutch_property_find_named(in->ctx, object->value, "prototype", &prototype);
    hutch_property_free(in->ctx, &prototype);
    if (has <= 0 || (prototype.flags & JS_PROP_WRITABLE) != 0) {
        return has < 0 ? -1 : 0;
    }
    if (!lend_result(in, HUTCH_INTRINSIC_FUNCTION_TEXT, object, &text)) {
        return -1;
    }
    bool class = text.length > 5 && memcmp(text.data, "class", 5) == 0;
    hutch_borrowed_free(in->ctx, &text);
    return class;
}

/* ` extends Base`, where the base has a name. */
static bool put_base(hutch_inspector *in, const hutch_object *object) {
    hutch_borrowed name = {.data = NULL};
    bool sound = true;
    if (has_null_prototype(object)) {
        hutch_put(in, " extends null");
        return true;
    }
    JSValue base = JS_GetPrototype(in->ctx, object->value);
    if (JS_IsObject(base) && !JS_IsProxy(base)) {
        sound =
            hutch_borrowed_take_string(in->ctx, hutch_property_data(in->ctx, base, "name"), &name);
    }
    if (name.length > 0) {
        put_between(in, " extends ", &name, "");
    }
    hutch_borrowed_free(in->ctx, &name);
    JS_FreeValue(in->ctx, base);
    return sound;
}

static bool put_class(hutch_inspector *in, const hutch_object *object, const hutch_borrowed *name) {
    put_between(in, "[class ", name, name->length > 0 ? "" : "(anonymous)");
    put_tag(in, object, "");
    bool sound = put_base(in, object);
    hutch_put(in, "]");
    return sound;
}

static void put_function(hutch_inspector *in, const hutch_object *object,
                         const hutch_borrowed *name) {
    const char *class_name = object->class_name.data;
    put_between(in, "[", &object->class_name,
                object->constructor.data == NULL ? " (null prototype)" : "");
    put_between(in, name->length > 0 ? ": " : " (anonymous)", name, "]");
    if (object->constructor.data != NULL &&
        !hutch_borrowed_equal(&object->constructor, class_name)) {
        put_between(in, " ", &object->constructor, "");
    }
    /* The tag of a generator or async function names its class, which stands there already. */
    put_tag(in, object, class_name);
}

hutch_head hutch_head_callable(hutch_inspector *in, const hutch_object *object,
                               hutch_layout_group *group) {
    hutch_borrowed name;
    int class = is_class(in, object);
    bool sound =
        class >= 0 && hutch_borrowed_take_string(
                          in->ctx, hutch_property_data(in->ctx, object->value, "name"), &name);
    if (!sound) {
        return HUTCH_HEAD_FAILED;
    }
    if (class > 0) {
        sound = put_class(in, object, &name);
    } else {
        put_function(in, object, &name);
    }
    hutch_borrowed_free(in->ctx, &name);
    return sound ? end_prefix(in, object, group) : HUTCH_HEAD_FAILED;
}

hutch_head hutch_head_regexp(hutch_inspector *in, const hutch_object *object,
                             hutch_layout_group *group) {
    static const char letters[] = "dgimsuvy";
    hutch_borrowed source;
    if (!lend_result(in, HUTCH_INTRINSIC_REGEXP_SOURCE, object, &source)) {
        return HUTCH_HEAD_FAILED;
    }
    put_unusual_name(in, object, "RegExp", false);
    put_between(in, "/", &source, "/");
    hutch_borrowed_free(in->ctx, &source);
    for (unsigned i = 0; i < sizeof(letters) - 1; i++) {
        JSValue flag = hutch_inspect_call(in, (hutch_intrinsic)(HUTCH_INTRINSIC_REGEXP_INDICES + i),
                                          object->value);
        if (JS_IsException(flag)) {
            return HUTCH_HEAD_FAILED;
        }
        hutch_layout_put(&in->layout, &letters[i], JS_VALUE_GET_BOOL(flag) ? 1 : 0);
    }
    return end_prefix(in, object, group);
}

hutch_head hutch_head_date(hutch_inspector *in, const hutch_object *object,
                           hutch_layout_group *group) {
    hutch_borrowed iso = {.data = NULL};
    double time = NAN;
    JSValue value = hutch_inspect_call(in, HUTCH_INTRINSIC_DATE_TIME, object->value);
    if (JS_IsException(value) || JS_ToFloat64(in->ctx, &time, value) < 0 ||
        (!isnan(time) && !lend_result(in, HUTCH_INTRINSIC_DATE_ISO, object, &iso))) {
        return HUTCH_HEAD_FAILED;
    }
    put_unusual_name(in, object, "Date", false);
    put_between(in, isnan(time) ? "Invalid Date" : "", &iso, "");
    hutch_borrowed_free(in->ctx, &iso);
    return end_prefix(in, object, group);
}

hutch_head hutch_head_boxed(hutch_inspector *in, const hutch_object *object,
                            hutch_layout_group *group) {
    static const struct {
        const char *class_name;
        hutch_intrinsic value;
    } boxes[] = {
        {"Number", HUTCH_INTRINSIC_NUMBER_VALUE},   {"String", HUTCH_INTRINSIC_STRING_VALUE},
        {"Boolean", HUTCH_INTRINSIC_BOOLEAN_VALUE}, {"Symbol", HUTCH_INTRINSIC_SYMBOL_VALUE},
        {"BigInt", HUTCH_INTRINSIC_BIGINT_VALUE},
    };
    const char *class_name = object->class_name.data;
    size_t i = 0;
    while (!hutch_borrowed_equal(&object->class_name, boxes[i].class_name)) {
        i++;
    }
    JSValue value = hutch_inspect_call(in, boxes[i].value, object->value);
    if (JS_IsException(value)) {
        return HUTCH_HEAD_FAILED;
    }
    put_between(in, "[", &object->class_name,
                object->constructor.data == NULL ? " (null prototype)" : "");
    if (object->constructor.data != NULL &&
        !hutch_borrowed_equal(&object->constructor, class_name)) {
        put_between(in, " (", &object->constructor, ")");
    }
    hutch_put(in, ": ");
    hutch_inspect_value(in, value);
    hutch_put(in, "]");
    JS_FreeValue(in->ctx, value);
    put_tag(in, object, class_name);
    return end_prefix(in, object, group);
}
