/*
 * How inspection prints errors: name, message and the frames of the place
 * where they were made, then their properties, `cause` and `errors` among
 * them.
 *
 * Threads: the isolate's own.
 */
#include "isolate/inspect_parts.h"

#include <string.h>

static void put(hutch_inspector *in, const char *text) {
    hutch_layout_put_text(&in->layout, text);
}

static void put_lent(hutch_inspector *in, const hutch_lent *text) {
    hutch_layout_put(&in->layout, text->data, text->length);
}

/* What an error says of itself. */
typedef struct error_text {
    hutch_lent name;
    hutch_lent message;
    hutch_lent frames; /* lines of "    at …" */
    hutch_lent stack;  /* set by the guest: stands for all of it */
} error_text;

static void free_error(hutch_inspector *in, error_text *error) {
    hutch_lent_free(in->ctx, &error->name);
    hutch_lent_free(in->ctx, &error->message);
    hutch_lent_free(in->ctx, &error->frames);
    hutch_lent_free(in->ctx, &error->stack);
}

/* Lend a string that is a property of the error or of its prototypes. */
static bool lend_inherited(hutch_inspector *in, const hutch_object *object, const char *name,
                           hutch_lent *text) {
    const JSAtom atom = JS_NewAtom(in->ctx, name);
    const JSValue value =
        atom == JS_ATOM_NULL ? JS_EXCEPTION : hutch_object_data(in->ctx, object->value, atom);
    const bool sound =
        !JS_IsException(value) && (!JS_IsString(value) || hutch_lent_take(in->ctx, value, text));
    JS_FreeValue(in->ctx, value);
    JS_FreeAtom(in->ctx, atom);
    return sound;
}

/* The engine's frames of the place where the error was made, unless the guest wrote its own. */
static bool lend_frames(hutch_inspector *in, const hutch_object *object, error_text *error) {
    JSPropertyDescriptor own;
    const JSAtom name = JS_NewAtom(in->ctx, "stack");
    const int has =
        name == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(in->ctx, &own, object->value, name);
    JS_FreeAtom(in->ctx, name);
    if (has > 0) {
        const bool sound =
            !JS_IsString(own.value) || hutch_lent_take(in->ctx, own.value, &error->stack);
        JS_FreeValue(in->ctx, own.value);
        JS_FreeValue(in->ctx, own.getter);
        JS_FreeValue(in->ctx, own.setter);
        return sound;
    }
    const JSValue frames =
        has < 0
            ? JS_EXCEPTION
            : hutch_intrinsics_call(in->ctx, in->kept, HUTCH_INTRINSIC_ERROR_STACK, object->value);
    const bool sound = !JS_IsException(frames) &&
                       (!JS_IsString(frames) || hutch_lent_take(in->ctx, frames, &error->frames));
    JS_FreeValue(in->ctx, frames);
    return sound;
}

static bool ends_with(const hutch_lent *text, const char *end) {
    const size_t length = strlen(end);
    return text->data != NULL && text->length >= length &&
           memcmp(text->data + text->length - length, end, length) == 0;
}

static bool has_inside(const hutch_lent *text, const hutch_lent *part) {
    return memmem(text->data, text->length, part->data, part->length) != NULL;
}

/* `TypeError`; or `MyError` where only the class is called so; or `Oops [Error]`. */
static void put_error_name(hutch_inspector *in, const hutch_object *object,
                           const error_text *error) {
    const hutch_lent *class = &object->constructor;
    const hutch_lent *name = &error->name;
    if (name->data == NULL) {
        put(in, "Error");
        return;
    }
    if (!ends_with(name, "Error") || class->data == NULL || object->unnamed_constructor ||
        has_inside(name, class)) {
        hutch_layout_put_indented(&in->layout, name->data, name->length);
        return;
    }
    put_lent(in, class);
    if (!has_inside(class, name)) {
        put(in, " [");
        put_lent(in, name);
        put(in, "]");
    }
}

/* Whether a frame is one of the program's: not native, and not of the wrapping on line 0. */
static bool is_frame_of_program(const char *line, size_t length) {
    static const char native[] = "(native)";
    if (length == 0 || (length >= sizeof(native) - 1 && memcmp(line + length - (sizeof(native) - 1),
                                                               native, sizeof(native) - 1) == 0)) {
        return false;
    }
    return memmem(line, length, ":0:", 3) == NULL;
}

/* The frames on lines of their own. @return how many there were */
static unsigned put_frames(hutch_inspector *in, const char *text, size_t length) {
    unsigned count = 0;
    while (length > 0) {
        const char *feed = memchr(text, '\n', length);
        const size_t line = feed != NULL ? (size_t)(feed - text) : length;
        if (is_frame_of_program(text, line)) {
            hutch_layout_put_indented(&in->layout, "\n", 1);
            hutch_layout_put(&in->layout, text, line);
            count++;
        }
        length -= feed != NULL ? line + 1 : line;
        text += feed != NULL ? line + 1 : line;
    }
    return count;
}

/* A stack that the guest wrote, as it is; in brackets when it has no frames. */
static void put_written_stack(hutch_inspector *in, const hutch_lent *stack) {
    const bool traced = memmem(stack->data, stack->length, "\n    at", 7) != NULL;
    put(in, traced ? "" : "[");
    hutch_layout_put_indented(&in->layout, stack->data, stack->length);
    put(in, traced ? "" : "]");
}

static void put_headline(hutch_inspector *in, const hutch_object *object, const error_text *error) {
    put_error_name(in, object, error);
    if (error->message.length > 0) {
        put(in, ": ");
        hutch_layout_put_indented(&in->layout, error->message.data, error->message.length);
    }
}

static void put_error(hutch_inspector *in, const hutch_object *object, const error_text *error) {
    const size_t start = in->layout.text.length;
    if (error->stack.length > 0) {
        put_written_stack(in, &error->stack);
        return;
    }
    put_headline(in, object, error);
    if (put_frames(in, error->frames.data, error->frames.length) == 0) {
        hutch_buffer_truncate(&in->layout.text, start);
        put(in, "[");
        put_headline(in, object, error);
        put(in, "]");
    }
}

/* Own properties of errors that are shown although they are not enumerable. */
static const char *const hidden_names[] = {"cause", "errors"};
#define HIDDEN_COUNT (sizeof(hidden_names) / sizeof(hidden_names[0]))

/* Whether the error has this property, and not among its enumerable ones. */
static int has_hidden(hutch_inspector *in, const hutch_object *object, JSAtom name) {
    JSPropertyDescriptor own;
    const int has =
        name == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(in->ctx, &own, object->value, name);
    if (has <= 0) {
        return has;
    }
    JS_FreeValue(in->ctx, own.value);
    JS_FreeValue(in->ctx, own.getter);
    JS_FreeValue(in->ctx, own.setter);
    return (own.flags & JS_PROP_ENUMERABLE) == 0;
}

static int count_error_entries(hutch_inspector *in, const hutch_object *object) {
    int count = 0;
    for (uint32_t i = 0; i < object->name_count; i++) {
        count += hutch_kind_hides(in, object, object->names[i].atom) ? 0 : 1;
    }
    for (size_t i = 0; i < HIDDEN_COUNT; i++) {
        const JSAtom name = JS_NewAtom(in->ctx, hidden_names[i]);
        const int has = has_hidden(in, object, name);
        JS_FreeAtom(in->ctx, name);
        if (has < 0) {
            return -1;
        }
        count += has;
    }
    return count;
}

hutch_head hutch_error_head(hutch_inspector *in, hutch_object *object, hutch_layout_group *group) {
    error_text error = {.name = {.data = NULL}};
    const bool sound = lend_inherited(in, object, "name", &error.name) &&
                       lend_inherited(in, object, "message", &error.message) &&
                       lend_frames(in, object, &error);
    if (sound) {
        put_error(in, object, &error);
    }
    free_error(in, &error);
    const int entries = sound ? count_error_entries(in, object) : -1;
    if (entries < 0) {
        return HUTCH_HEAD_FAILED;
    }
    group->prefix_end = in->layout.text.length;
    group->opening_end = group->prefix_end;
    if (entries == 0) {
        return HUTCH_HEAD_COMPLETE;
    }
    hutch_inspect_open(in, group, "{");
    return HUTCH_HEAD_OPEN;
}

/* After the enumerable properties in Node.js; here before them, as they explain the error. */
bool hutch_error_entries(hutch_inspector *in, const hutch_object *object) {
    bool sound = true;
    for (size_t i = 0; sound && i < HIDDEN_COUNT; i++) {
        const JSAtom name = JS_NewAtom(in->ctx, hidden_names[i]);
        const int has = has_hidden(in, object, name);
        sound = has == 0 ||
                (has > 0 && hutch_inspect_property(in, object->value, name, HUTCH_NAMING_HIDDEN));
        JS_FreeAtom(in->ctx, name);
    }
    return sound;
}

bool hutch_kind_hides(hutch_inspector *in, const hutch_object *object, JSAtom name) {
    static const char *const told[] = {"name", "message", "stack"};
    bool hidden = false;
    if (object->kind != HUTCH_KIND_ERROR) {
        return false;
    }
    for (size_t i = 0; !hidden && i < sizeof(told) / sizeof(told[0]); i++) {
        const JSAtom atom = JS_NewAtom(in->ctx, told[i]);
        if (atom == name) {
            const JSValue value = hutch_object_own_data(in->ctx, object->value, told[i]);
            hidden = JS_IsString(value);
            JS_FreeValue(in->ctx, value);
        }
        JS_FreeAtom(in->ctx, atom);
    }
    return hidden;
}
