/*
 * Native functions about texts, of programs and names: they need no pool.
 */
#include "addon.h"

#include "base/utf8.h"

#include <hutch/excerpt.h>
#include <hutch/strip.h>
#include <hutch/tool.h>

#include <string.h>

static napi_value make_text(const hutch_native_call *call, const char *text, size_t length) {
    napi_value made;
    return napi_create_string_utf8(call->env, text, length, &made) == napi_ok
               ? made
               : hutch_call_failed(call);
}

/* (code, line, column): the lines around the place; "" where there is no such line */
static napi_value excerpt(hutch_native_call *call) {
    size_t offset;
    size_t length;
    uint32_t line;
    uint32_t column;
    char text[HUTCH_EXCERPT_SIZE];
    if (!hutch_call_uint32(call, 1, &line) || !hutch_call_uint32(call, 2, &column) ||
        !hutch_call_text(call, 0, &offset, &length)) {
        return NULL;
    }
    const char *code = call->addon->arguments.data + offset;
    size_t written = hutch_excerpt_write(code, length, line, column, text, sizeof text);
    return make_text(call, text, written);
}

static bool put_place(napi_env env, napi_value object, const char *name, uint32_t number) {
    napi_value value;
    return napi_create_uint32(env, number, &value) == napi_ok &&
           napi_set_named_property(env, object, name, value) == napi_ok;
}

static napi_value make_problem(const hutch_native_call *call, const hutch_strip_problem *problem) {
    napi_value object;
    napi_value message = make_text(call, problem->message, NAPI_AUTO_LENGTH);
    if (message == NULL) {
        return NULL;
    }
    return napi_create_object(call->env, &object) == napi_ok &&
                   napi_set_named_property(call->env, object, "message", message) == napi_ok &&
                   put_place(call->env, object, "line", problem->line) &&
                   put_place(call->env, object, "column", problem->column)
               ? object
               : hutch_call_failed(call);
}

/* What was unwrapped, in one line: the head of the text. The places of what was put into it follow as lines
 * "offset length". */
static napi_value make_unwrapped(const hutch_native_call *call, const hutch_strip_output *output) {
    napi_value object;
    napi_value moves;
    napi_value text = make_text(call, output->text, output->length);
    const char *head = output->head != NULL ? output->head : "";
    napi_value head_text = make_text(call, head, strlen(head));
    bool made = text != NULL && head_text != NULL &&
                napi_create_object(call->env, &object) == napi_ok &&
                napi_create_array(call->env, &moves) == napi_ok &&
                napi_set_named_property(call->env, object, "text", text) == napi_ok &&
                napi_set_named_property(call->env, object, "head", head_text) == napi_ok &&
                napi_set_named_property(call->env, object, "moves", moves) == napi_ok;
    for (uint32_t i = 0; made && i < output->move_count; i++) {
        const hutch_strip_move *move = &output->moves[i];
        napi_value place;
        double units = (double)hutch_utf8_utf16_units(output->text, move->offset);
        made = napi_create_double(call->env, units, &place) == napi_ok &&
               napi_set_element(call->env, moves, 2 * i, place) == napi_ok &&
               napi_create_double(call->env, (double)move->length, &place) == napi_ok &&
               napi_set_element(call->env, moves, 2 * i + 1, place) == napi_ok;
    }
    return made ? object : hutch_call_failed(call);
}

typedef napi_value (*output_maker)(const hutch_native_call *call, const hutch_strip_output *output);

static napi_value make_stripped(const hutch_native_call *call, const hutch_strip_output *output) {
    return make_text(call, output->text, output->length);
}

/* Take the source, argument 0, through the stripper: what `make` makes of the output; undefined where that is
 * the source; an object with message, line and column where it cannot be stripped. */
static napi_value through_stripper(hutch_native_call *call, const hutch_strip_options *options,
                                   output_maker make) {
    size_t offset;
    size_t length;
    hutch_strip_output output = {.text = NULL};
    hutch_strip_problem problem;
    if (!hutch_call_text(call, 0, &offset, &length)) {
        return NULL;
    }
    const char *source = call->addon->arguments.data + offset;
    hutch_status status = hutch_strip(source, length, options, &output, &problem);
    if (status == HUTCH_INVALID_ARGUMENT) {
        return make_problem(call, &problem);
    }
    if (status != HUTCH_OK) {
        (void)napi_throw_range_error(call->env, "HUTCH_OUT_OF_MEMORY", "no memory for the source");
        return NULL;
    }
    napi_value made = output.is_unchanged ? NULL : make(call, &output);
    hutch_strip_output_free(&output, NULL);
    return made;
}

/* (source, is it a module): the JavaScript */
static napi_value strip(hutch_native_call *call) {
    bool is_module = false;
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    if (napi_get_value_bool(call->env, call->values[1], &is_module) != napi_ok) {
        return hutch_call_misused(call, "strip wants to know whether the source is a module");
    }
    options.goal = is_module ? HUTCH_STRIP_MODULE : HUTCH_STRIP_BODY;
    return through_stripper(call, &options, make_stripped);
}

/* (source): the program without its wrapping, types and all */
static napi_value unwrap(hutch_native_call *call) {
    hutch_strip_options options = HUTCH_STRIP_OPTIONS_INIT;
    options.wrapping = HUTCH_WRAPPING_UNWRAP;
    options.keeps_types = true;
    return through_stripper(call, &options, make_unwrapped);
}

/* (name): what a tool of this name is bound to; "" with a status: it can have none */
static napi_value tool_bind(hutch_native_call *call) {
    size_t offset;
    size_t length;
    hutch_tool_bound bound;
    if (!hutch_call_text(call, 0, &offset, &length)) {
        return NULL;
    }
    hutch_status status =
        hutch_tool_bind(call->addon->arguments.data + offset, length, &bound, &call->addon->error);
    (void)hutch_call_report(call, status);
    return make_text(call, bound.data, bound.length);
}

const hutch_native hutch_text_natives[] = {
    {"excerpt", HUTCH_ABOUT_NOTHING, excerpt},
    {"strip", HUTCH_ABOUT_NOTHING, strip},
    {"toolBind", HUTCH_ABOUT_NOTHING, tool_bind},
    {"unwrap", HUTCH_ABOUT_NOTHING, unwrap},
    {NULL, HUTCH_ABOUT_NOTHING, NULL},
};
