/*
 * Values as text: see inspect.h. This file knows primitives, properties and
 * nesting; what differs from one kind of object to the next is in
 * heads.c, items.c and error.c.
 *
 * Invariant: no guest code runs, so nothing changes while it is looked at, and
 * pointers of objects on the path stay their identity.
 *
 * Threads: the isolate's own; no state outside the call.
 */
#include "inspect/inspect.h"

#include "base/utf8.h"
#include "inspect/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define UNPRINTABLE "[unprintable]"
#define CUT_MARK " ... the rest is left out"

/* How each kind of object is printed. */
typedef struct kind {
    const char *class_name; /* the engine's own name of its class */
    hutch_head_function *head;
    hutch_entries_function *entries; /* NULL: it has properties only */
} kind;

static const kind kinds[] = {
    {"Array", hutch_head_array, hutch_entries_array},
    {"Arguments", hutch_head_arguments, NULL},
    {"Error", hutch_head_error, hutch_entries_error},
    {"RegExp", hutch_head_regexp, NULL},
    {"Date", hutch_head_date, NULL},
    {"Number", hutch_head_boxed, NULL},
    {"String", hutch_head_boxed, NULL},
    {"Boolean", hutch_head_boxed, NULL},
    {"Symbol", hutch_head_boxed, NULL},
    {"BigInt", hutch_head_boxed, NULL},
    {"Map", hutch_head_collection, hutch_entries_collection},
    {"Set", hutch_head_collection, hutch_entries_collection},
    {"WeakMap", hutch_head_named, hutch_entries_unknown},
    {"WeakSet", hutch_head_named, hutch_entries_unknown},
    {"Promise", hutch_head_named, hutch_entries_promise},
    {"ArrayBuffer", hutch_head_named, hutch_entries_buffer},
    {"SharedArrayBuffer", hutch_head_named, hutch_entries_buffer},
    {"DataView", hutch_head_named, hutch_entries_view},
};
/* Those of many classes. */
static const kind function_kind = {"Function", hutch_head_callable, NULL};
static const kind typed_array_kind = {"TypedArray", hutch_head_array, hutch_entries_array};
static const kind plain_kind = {"Object", hutch_head_plain, NULL};

static const kind *kind_of(JSContext *ctx, const hutch_object *object) {
    if (JS_IsFunction(ctx, object->value)) {
        return &function_kind;
    }
    if (object->is_typed_array) {
        return &typed_array_kind;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (hutch_borrowed_equal(&object->class_name, kinds[i].class_name)) {
            return &kinds[i];
        }
    }
    return &plain_kind;
}

static void drop_exception(JSContext *ctx) {
    JS_FreeValue(ctx, JS_GetException(ctx));
}

/* In quotes; beyond HUTCH_INSPECT_STRING_UNITS its rest is only counted. */
static bool put_string(hutch_inspector *in, JSValueConst value) {
    hutch_borrowed text;
    if (!hutch_borrowed_take(in->ctx, value, &text)) {
        return false;
    }
    size_t shown = hutch_utf8_prefix(text.data, text.length, HUTCH_INSPECT_STRING_UNITS);
    hutch_layout_put_quoted(&in->layout, text.data, shown);
    if (shown < text.length) {
        size_t rest = hutch_utf8_utf16_units(text.data + shown, text.length - shown);
        hutch_put(in, "... ");
        hutch_layout_put_count(&in->layout, rest);
        hutch_put(in, rest == 1 ? " more character" : " more characters");
    }
    hutch_borrowed_free(in->ctx, &text);
    return true;
}

static bool put_plain(hutch_inspector *in, JSValueConst value) {
    hutch_borrowed text;
    if (!hutch_borrowed_take(in->ctx, value, &text)) {
        return false;
    }
    hutch_layout_put(&in->layout, text.data, text.length);
    hutch_borrowed_free(in->ctx, &text);
    return true;
}

static bool put_number(hutch_inspector *in, JSValueConst value) {
    double number;
    if (JS_VALUE_GET_TAG(value) == JS_TAG_INT) {
        char digits[16];
        int length = snprintf(digits, sizeof digits, "%d", JS_VALUE_GET_INT(value));
        hutch_layout_put(&in->layout, digits, (size_t)length);
        return true;
    }
    if (JS_ToFloat64(in->ctx, &number, value) < 0) {
        return false;
    }
    if (number == 0 && signbit(number)) {
        hutch_put(in, "-0");
        return true;
    }
    return put_plain(in, value);
}

static bool put_symbol(hutch_inspector *in, JSAtom symbol) {
    size_t length;
    const char *text = JS_AtomToCStringLen(in->ctx, &length, symbol);
    if (text == NULL) {
        return false;
    }
    hutch_put(in, "Symbol(");
    hutch_layout_put(&in->layout, text, length);
    hutch_put(in, ")");
    JS_FreeCString(in->ctx, text);
    return true;
}

static bool put_symbol_value(hutch_inspector *in, JSValueConst value) {
    JSAtom symbol = JS_ValueToAtom(in->ctx, value);
    bool put = symbol != JS_ATOM_NULL && put_symbol(in, symbol);
    JS_FreeAtom(in->ctx, symbol);
    return put;
}

static bool put_primitive(hutch_inspector *in, JSValueConst value) {
    if (JS_IsString(value)) {
        return put_string(in, value);
    }
    if (JS_IsNumber(value)) {
        return put_number(in, value);
    }
    if (JS_IsSymbol(value)) {
        return put_symbol_value(in, value);
    }
    if (!put_plain(in, value)) {
        return false;
    }
    hutch_put(in, JS_IsBigInt(value) ? "n" : "");
    return true;
}

static bool is_identifier(const char *text, size_t length) {
    bool valid = length > 0 && !(text[0] >= '0' && text[0] <= '9');
    for (size_t i = 0; valid && i < length; i++) {
        char c = text[i];
        valid =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    return valid;
}

static bool put_text_name(hutch_inspector *in, JSAtom name) {
    hutch_borrowed text;
    text.data = JS_AtomToCStringLen(in->ctx, &text.length, name);
    if (text.data == NULL) {
        return false;
    }
    if (hutch_borrowed_equal(&text, "__proto__")) {
        /* Bare, it would read as the prototype. */
        hutch_put(in, "['__proto__']");
    } else if (is_identifier(text.data, text.length)) {
        hutch_layout_put(&in->layout, text.data, text.length);
    } else {
        hutch_layout_put_quoted_line(&in->layout, text.data, text.length);
    }
    hutch_borrowed_free(in->ctx, &text);
    return true;
}

static bool put_name(hutch_inspector *in, JSAtom name, hutch_naming naming) {
    bool brackets = naming == HUTCH_NAMING_HIDDEN;
    if (naming == HUTCH_NAMING_NONE) {
        return true;
    }
    JSValue value = JS_AtomToValue(in->ctx, name);
    bool symbol = JS_IsSymbol(value);
    JS_FreeValue(in->ctx, value);
    hutch_put(in, brackets ? "[" : "");
    bool put = symbol ? put_symbol(in, name) : put_text_name(in, name);
    hutch_put(in, brackets ? "]: " : ": ");
    return put;
}

void hutch_inspect_entry(hutch_inspector *in, size_t start, JSValueConst value) {
    in->layout.indent += 2;
    hutch_inspect_value(in, value);
    in->layout.indent -= 2;
    hutch_layout_end_entry(&in->layout, start);
}

/* The value of a property that has been described, or a word for its getter. */
static void put_described(hutch_inspector *in, size_t start, const JSPropertyDescriptor *found) {
    bool get = !JS_IsUndefined(found->getter);
    bool set = !JS_IsUndefined(found->setter);
    if ((found->flags & JS_PROP_GETSET) == 0 || (!get && !set)) {
        hutch_inspect_entry(in, start, found->value);
        return;
    }
    hutch_put(in, get && set ? "[Getter/Setter]" : get ? "[Getter]" : "[Setter]");
    hutch_layout_end_entry(&in->layout, start);
}

bool hutch_inspect_property(hutch_inspector *in, JSValueConst object, JSAtom name,
                            hutch_naming naming) {
    JSPropertyDescriptor found;
    size_t start = in->layout.text.length;
    int has = hutch_property_find(in->ctx, object, name, &found);
    bool sound = has >= 0;
    /* An enumerable one is printed among the others. */
    if (has > 0 && !(naming == HUTCH_NAMING_HIDDEN && (found.flags & JS_PROP_ENUMERABLE) != 0)) {
        sound = put_name(in, name, naming);
        if (sound) {
            put_described(in, start, &found);
        }
    }
    hutch_property_free(in->ctx, &found);
    return sound;
}

/* The own properties that are not items. */
static bool put_properties(hutch_inspector *in, const hutch_object *object) {
    bool sound = true;
    for (uint32_t i = object->index_count;
         sound && i < object->name_count && hutch_inspect_goes_on(in); i++) {
        JSAtom name = object->names[i].atom;
        sound = (JS_IsError(object->value) && hutch_error_hides(in, object, name)) ||
                hutch_inspect_property(in, object->value, name, HUTCH_NAMING_PLAIN);
    }
    return sound;
}

static hutch_reference *find_known(hutch_inspector *in, const void *object) {
    unsigned known =
        in->references < HUTCH_INSPECT_REFERENCES ? in->references : HUTCH_INSPECT_REFERENCES;
    for (unsigned i = 0; i < known; i++) {
        if (in->known[i].object == object) {
            return &in->known[i];
        }
    }
    return NULL;
}

/* A number for an object which has been met inside itself. */
static unsigned number_of(hutch_inspector *in, hutch_reference *around) {
    const hutch_reference *known = find_known(in, around->object);
    if (around->number == 0) {
        around->number = known != NULL ? known->number : ++in->references;
        if (known == NULL && around->number <= HUTCH_INSPECT_REFERENCES) {
            in->known[around->number - 1] = *around;
        }
    }
    return around->number;
}

/* `[Circular *1]` if the object is being printed around this place. */
static bool put_circular(hutch_inspector *in, JSValueConst value) {
    for (unsigned i = 0; i < in->depth; i++) {
        if (in->path[i].object == JS_VALUE_GET_PTR(value)) {
            hutch_put(in, "[Circular *");
            hutch_layout_put_count(&in->layout, number_of(in, &in->path[i]));
            hutch_put(in, "]");
            return true;
        }
    }
    return false;
}

/* The entries of an object whose head is there, and its closing. */
static bool put_entries(hutch_inspector *in, const hutch_object *object, const kind *how,
                        hutch_layout_group *group) {
    hutch_reference *around = &in->path[in->depth++];
    *around = (hutch_reference){.object = JS_VALUE_GET_PTR(object->value)};
    group->level = in->depth;
    in->layout.deepest = in->depth;
    bool sound =
        (how->entries == NULL || how->entries(in, object, group)) && put_properties(in, object);
    in->depth--;
    if (sound) {
        const hutch_reference *known = find_known(in, around->object);
        hutch_layout_close(&in->layout, group, known != NULL ? known->number : around->number);
    }
    return sound;
}

static bool put_looked_at(hutch_inspector *in, const hutch_object *object) {
    const kind *how = kind_of(in->ctx, object);
    hutch_layout_group group = {
        .start = in->layout.text.length,
        .prefix_end = in->layout.text.length,
        .first_entry = in->layout.entry_count,
        .closing = "}",
    };
    hutch_head head = how->head(in, object, &group);
    if (head != HUTCH_HEAD_OPEN) {
        return head == HUTCH_HEAD_COMPLETE;
    }
    if (in->depth > HUTCH_INSPECT_DEPTH) {
        bool named = object->constructor.data != NULL || object->unnamed_constructor;
        hutch_buffer_truncate(&in->layout.text, group.start);
        hutch_put(in, named ? "[" : "");
        hutch_head_put_name(in, object, object->class_name.data, false);
        hutch_put(in, named ? "]" : "");
        return true;
    }
    return put_entries(in, object, how, &group);
}

/* What stands behind a proxy, its traps unasked. Takes and gives ownership. */
static JSValue behind_proxies(JSContext *ctx, JSValue value) {
    while (JS_IsProxy(value)) {
        JSValue target = JS_GetProxyTarget(ctx, value);
        JS_FreeValue(ctx, value);
        value = target;
    }
    return value;
}

static bool put_object(hutch_inspector *in, JSValueConst value) {
    hutch_object object;
    JSValue seen = behind_proxies(in->ctx, JS_DupValue(in->ctx, value));
    if (JS_IsException(seen)) {
        drop_exception(in->ctx);
        hutch_put(in, "<Revoked Proxy>");
        return true;
    }
    bool put = put_circular(in, seen);
    if (!put) {
        put = hutch_object_look(in->ctx, in->kept, seen, &object) && put_looked_at(in, &object);
        hutch_object_free(in->ctx, &object);
    }
    JS_FreeValue(in->ctx, seen);
    return put;
}

void hutch_inspect_value(hutch_inspector *in, JSValueConst value) {
    size_t start = in->layout.text.length;
    size_t entries = in->layout.entry_count;
    size_t indent = in->layout.indent;
    unsigned depth = in->depth;
    in->values++;
    if (JS_IsObject(value) ? put_object(in, value) : put_primitive(in, value)) {
        return;
    }
    drop_exception(in->ctx);
    hutch_buffer_truncate(&in->layout.text, start);
    in->layout.entry_count = entries;
    in->layout.indent = indent;
    in->depth = depth;
    hutch_put(in, UNPRINTABLE);
}

static int append_string(JSContext *ctx, JSValueConst value, hutch_buffer *out) {
    hutch_borrowed text;
    if (!hutch_borrowed_take(ctx, value, &text)) {
        drop_exception(ctx);
        return -1;
    }
    hutch_status status = hutch_buffer_append_repaired(out, text.data, text.length, NULL);
    hutch_borrowed_free(ctx, &text);
    return status == HUTCH_OK ? 0 : -1;
}

static void count(uint64_t *values, uint64_t more) {
    if (values != NULL) {
        *values += more;
    }
}

int hutch_inspect_append(JSContext *ctx, const hutch_intrinsics *kept, JSValueConst value,
                         bool top_level, uint64_t *values, hutch_buffer *out) {
    if (top_level && JS_IsString(value)) {
        count(values, 1);
        return append_string(ctx, value, out);
    }
    hutch_inspector in = {.ctx = ctx, .kept = kept};
    hutch_layout_init(&in.layout, HUTCH_INSPECT_TEXT_BYTES, out->allocator);
    hutch_inspect_value(&in, value);
    count(values, in.values);
    hutch_status status = in.layout.failed ? HUTCH_OUT_OF_MEMORY : HUTCH_OK;
    if (status == HUTCH_OK) {
        status =
            hutch_buffer_append_repaired(out, in.layout.text.data, in.layout.text.length, NULL);
    }
    if (status == HUTCH_OK && in.layout.full) {
        status = hutch_buffer_append(out, CUT_MARK, strlen(CUT_MARK), NULL);
    }
    hutch_layout_free(&in.layout);
    return status == HUTCH_OK ? 0 : -1;
}
