/*
 * How inspection prints errors: name, message and the frames of the place
 * where they were made, then their properties, `cause` and `errors` among
 * them.
 *
 * Threads: the isolate's own.
 */
#include "inspect/parts.h"

#include <string.h>

/* What an error says of itself. */
typedef struct error_text {
    hutch_borrowed name;
    hutch_borrowed message;
    hutch_borrowed frames; /* lines of "    at …" */
    hutch_borrowed stack;  /* set by the guest: stands for all of it */
} error_text;

static void free_error(hutch_inspector *in, error_text *error) {
    hutch_borrowed_free(in->ctx, &error->name);
    hutch_borrowed_free(in->ctx, &error->message);
    hutch_borrowed_free(in->ctx, &error->frames);
    hutch_borrowed_free(in->ctx, &error->stack);
}

/* Lend a string that is a property of the error or of its prototypes. */
static bool lend_inherited(hutch_inspector *in, const hutch_object *object, const char *name,
                           hutch_borrowed *text) {
    JSAtom atom = JS_NewAtom(in->ctx, name);
    JSValue value = hutch_object_inherited(in->ctx, object->value, atom);
    JS_FreeAtom(in->ctx, atom);
    return hutch_borrowed_take_string(in->ctx, value, text);
}

/* The engine's frames of the place where the error was made, unless the guest wrote its own. */
static bool lend_frames(hutch_inspector *in, const hutch_object *object, error_text *error) {
    JSPropertyDescriptor own;
    int has = hutch_property_find_named(in->ctx, object->value, "stack", &own);
    if (has > 0) {
        JSValue stack = JS_DupValue(in->ctx, own.value);
        hutch_property_free(in->ctx, &own);
        return hutch_borrowed_take_string(in->ctx, stack, &error->stack);
    }
    return has == 0 && hutch_borrowed_take_string(
                           in->ctx, JS_GetErrorFrames(in->ctx, object->value), &error->frames);
}

static bool ends_with(const hutch_borrowed *text, const char *end) {
    size_t length = strlen(end);
    return text->data != NULL && text->length >= length &&
           memcmp(text->data + text->length - length, end, length) == 0;
}

static bool has_inside(const hutch_borrowed *text, const hutch_borrowed *part) {
    return memmem(text->data, text->length, part->data, part->length) != NULL;
}

/* `TypeError`; or `MyError` where only the class is called so; or `Oops [Error]`. */
static void put_error_name(hutch_inspector *in, const hutch_object *object,
                           const error_text *error) {
    const hutch_borrowed *class = &object->constructor;
    const hutch_borrowed *name = &error->name;
    if (name->data == NULL) {
        hutch_put(in, "Error");
        return;
    }
    if (!ends_with(name, "Error") || class->data == NULL || object->unnamed_constructor ||
        has_inside(name, class)) {
        hutch_layout_put_indented(&in->layout, name->data, name->length);
        return;
    }
    hutch_put_borrowed(in, class);
    if (!has_inside(class, name)) {
        hutch_put(in, " [");
        hutch_put_borrowed(in, name);
        hutch_put(in, "]");
    }
}

/* Whether a frame is one of the program's: not native, and not of the wrapping on line 0. */
static bool is_frame_of_program(const hutch_borrowed *line) {
    return line->length > 0 && !ends_with(line, "(native)") &&
           memmem(line->data, line->length, ":0:", 3) == NULL;
}

/* The frames on lines of their own. @return how many there were */
static unsigned put_frames(hutch_inspector *in, const hutch_borrowed *frames) {
    const char *text = frames->data;
    size_t left = frames->length;
    unsigned count = 0;
    while (left > 0) {
        const char *feed = memchr(text, '\n', left);
        hutch_borrowed line = {text, feed != NULL ? (size_t)(feed - text) : left};
        size_t used = line.length + (feed != NULL ? 1 : 0);
        if (is_frame_of_program(&line)) {
            hutch_layout_put_indented(&in->layout, "\n", 1);
            hutch_put_borrowed(in, &line);
            count++;
        }
        left -= used;
        text += used;
    }
    return count;
}

/* A stack that the guest wrote, as it is; in brackets when it has no frames. */
static void put_written_stack(hutch_inspector *in, const hutch_borrowed *stack) {
    bool traced = memmem(stack->data, stack->length, "\n    at", 7) != NULL;
    hutch_put(in, traced ? "" : "[");
    hutch_layout_put_indented(&in->layout, stack->data, stack->length);
    hutch_put(in, traced ? "" : "]");
}

static void put_headline(hutch_inspector *in, const hutch_object *object, const error_text *error) {
    put_error_name(in, object, error);
    if (error->message.length > 0) {
        hutch_put(in, ": ");
        hutch_layout_put_indented(&in->layout, error->message.data, error->message.length);
    }
}

static void put_error(hutch_inspector *in, const hutch_object *object, const error_text *error) {
    size_t start = in->layout.text.length;
    if (error->stack.length > 0) {
        put_written_stack(in, &error->stack);
        return;
    }
    put_headline(in, object, error);
    if (put_frames(in, &error->frames) == 0) {
        hutch_buffer_truncate(&in->layout.text, start);
        hutch_put(in, "[");
        put_headline(in, object, error);
        hutch_put(in, "]");
    }
}

/* Own properties of errors that are shown although they are not enumerable. */
static const char *const hidden_names[] = {"cause", "errors"};
#define HIDDEN_COUNT (sizeof hidden_names / sizeof hidden_names[0])

/* Whether the error has this property, and not among its enumerable ones. */
static int has_hidden(hutch_inspector *in, const hutch_object *object, const char *name) {
    JSPropertyDescriptor own;
    int has = hutch_property_find_named(in->ctx, object->value, name, &own);
    hutch_property_free(in->ctx, &own);
    return has > 0 ? (own.flags & JS_PROP_ENUMERABLE) == 0 : has;
}

static int count_error_entries(hutch_inspector *in, const hutch_object *object) {
    int count = 0;
    for (uint32_t i = 0; i < object->name_count; i++) {
        count += hutch_error_hides(in, object, object->names[i].atom) ? 0 : 1;
    }
    for (size_t i = 0; i < HIDDEN_COUNT; i++) {
        int has = has_hidden(in, object, hidden_names[i]);
        if (has < 0) {
            return -1;
        }
        count += has;
    }
    return count;
}

hutch_head hutch_head_error(hutch_inspector *in, const hutch_object *object,
                            hutch_layout_group *group) {
    error_text error = {.name = {.data = NULL}};
    bool sound = lend_inherited(in, object, "name", &error.name) &&
                 lend_inherited(in, object, "message", &error.message) &&
                 lend_frames(in, object, &error);
    if (sound) {
        put_error(in, object, &error);
    }
    free_error(in, &error);
    int entries = sound ? count_error_entries(in, object) : -1;
    return entries < 0 ? HUTCH_HEAD_FAILED : hutch_head_prefix(in, group, entries > 0);
}

/* After the enumerable properties in Node.js; here before them, as they explain the error. */
bool hutch_entries_error(hutch_inspector *in, const hutch_object *object,
                         hutch_layout_group *group) {
    bool sound = true;
    (void)group;
    for (size_t i = 0; sound && i < HIDDEN_COUNT; i++) {
        JSAtom name = JS_NewAtom(in->ctx, hidden_names[i]);
        sound = hutch_inspect_property(in, object->value, name, HUTCH_NAMING_HIDDEN);
        JS_FreeAtom(in->ctx, name);
    }
    return sound;
}

bool hutch_error_hides(hutch_inspector *in, const hutch_object *object, JSAtom name) {
    static const char *const told[] = {"name", "message", "stack"};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        JSAtom atom = JS_NewAtom(in->ctx, told[i]);
        JS_FreeAtom(in->ctx, atom);
        if (atom == name) {
            JSValue value = hutch_property_data(in->ctx, object->value, told[i]);
            bool hidden = JS_IsString(value);
            JS_FreeValue(in->ctx, value);
            return hidden;
        }
    }
    return false;
}
