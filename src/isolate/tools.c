/*
 * The guest's tool functions and the answers to their calls; see tools.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/tools.h"

#include "base/text.h"
#include "base/utf8.h"
#include "isolate/console.h"
#include "isolate/reasons.h"
#include "isolate/thrown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* `func` of JS_NewCFunctionMagic(): the tool's index is its magic. */
static JSValue call_tool(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv,
                         int magic);

static char *copy_text(char *end, hutch_text *text) {
    memcpy(end, text->data, text->length);
    end[text->length] = '\0';
    text->data = end;
    return end + text->length + 1;
}

static bool keep_names(hutch_guest *guest, hutch_text name, hutch_text bound) {
    if (guest->tool_count == guest->tool_capacity) {
        size_t capacity = guest->tool_capacity == 0 ? 8 : guest->tool_capacity * 2;
        hutch_guest_tool *tools = js_realloc(guest->ctx, guest->tools, capacity * sizeof *tools);
        if (tools == NULL) {
            return false;
        }
        guest->tools = tools;
        guest->tool_capacity = capacity;
    }
    char *text = js_malloc(guest->ctx, name.length + 1 + bound.length + 1);
    if (text == NULL) {
        return false;
    }
    (void)copy_text(copy_text(text, &name), &bound);
    guest->tools[guest->tool_count] = (hutch_guest_tool){text, name, bound};
    return true;
}

/* Whether the global of this name is a tool's, whose binding it is. */
static bool is_binding(const hutch_guest *guest, hutch_text name) {
    for (size_t i = 0; i < guest->tool_count; i++) {
        if (hutch_text_equals(guest->tools[i].bound, name)) {
            return true;
        }
    }
    return false;
}

/* Take the function. False without memory. */
static bool define_global(JSContext *ctx, const char *name, JSValue function) {
    JSValue global = JS_GetGlobalObject(ctx);
    bool defined = JS_DefinePropertyValueStr(ctx, global, name, function, JS_PROP_C_W_E) > 0;
    JS_FreeValue(ctx, global);
    return defined;
}

/* A binding goes before a name: that a tool is also reachable by its name is there for those who only
 * know that. */
static bool define_globals(hutch_guest *guest, const hutch_guest_tool *tool) {
    JSContext *ctx = guest->ctx;
    JSValue function = JS_NewCFunctionMagic(ctx, call_tool, tool->bound.data, 1,
                                            JS_CFUNC_generic_magic, (int)guest->tool_count);
    bool defined = !JS_IsException(function) &&
                   define_global(ctx, tool->bound.data, JS_DupValue(ctx, function));
    bool is_alias = strcmp(tool->name.data, tool->bound.data) != 0;
    if (defined && is_alias && !is_binding(guest, tool->name)) {
        defined = define_global(ctx, tool->name.data, JS_DupValue(ctx, function));
    }
    JS_FreeValue(ctx, function);
    return defined;
}

bool hutch_tools_define(hutch_guest *guest, hutch_text name, hutch_text bound) {
    if (!keep_names(guest, name, bound)) {
        return false;
    }
    const hutch_guest_tool *tool = &guest->tools[guest->tool_count];
    bool defined = define_globals(guest, tool);
    if (defined) {
        guest->tool_count++;
    } else {
        js_free(guest->ctx, tool->text);
    }
    return defined;
}

/* The input as JSON. Without one, or with one that JSON knows nothing of: `{}`. */
static JSValue input_json(JSContext *ctx, int argc, JSValueConst *argv) {
    JSValue json = JS_UNDEFINED;
    if (argc > 0 && !JS_IsUndefined(argv[0])) {
        json = JS_JSONStringify(ctx, argv[0], JS_UNDEFINED, JS_UNDEFINED);
    }
    return JS_IsUndefined(json) ? JS_NewString(ctx, "{}") : json;
}

/* A TypeError with a code of its own. */
static void throw_proto_error(JSContext *ctx) {
    JS_ThrowTypeError(ctx, "The input has a member __proto__, which protoKeys refuses");
    JSValue error = JS_GetException(ctx);
    if (JS_IsObject(error)) {
        (void)JS_DefinePropertyValueStr(ctx, error, "code", JS_NewString(ctx, "protoKeys"),
                                        JS_PROP_C_W_E);
    }
    JS_Throw(ctx, error);
}

/* The input must not cross: the exception for it. */
static void throw_verdict(JSContext *ctx, const hutch_limits *limits, hutch_json_verdict verdict) {
    uint64_t most = hutch_input_most_values(limits);
    switch (verdict) {
    case HUTCH_JSON_TOO_MANY:
        JS_ThrowRangeError(
            ctx, "The input has more JSON values than max%sToolInputValues, which is %" PRIu64,
            most < limits->tool_input_values ? "Open" : "", most);
        break;
    case HUTCH_JSON_TOO_DEEP:
        JS_ThrowRangeError(ctx, "The input is nested deeper than %d levels", HUTCH_JSON_DEPTH_MAX);
        break;
    case HUTCH_JSON_TOO_LONG:
        JS_ThrowRangeError(ctx, "The input has a number of more than %d characters",
                           HUTCH_JSON_NUMBER_MAX);
        break;
    case HUTCH_JSON_PROTO:
        throw_proto_error(ctx);
        break;
    case HUTCH_JSON_SOUND:
    case HUTCH_JSON_NOT_UTF8:
    case HUTCH_JSON_INVALID:
    case HUTCH_JSON_SPACED:
        JS_ThrowTypeError(ctx, "The input cannot be turned into JSON");
        break;
    }
}

/* The input on its way; false with an exception pending. */
static bool take_input(JSContext *ctx, int argc, JSValueConst *argv, hutch_crossing *input) {
    const hutch_isolate_options *options = &hutch_guest_of(ctx)->isolate->options;
    const hutch_limits *limits = &options->limits;
    hutch_json_verdict verdict = HUTCH_JSON_SOUND;
    uint64_t most = hutch_input_most_bytes(limits);
    JSValue json = input_json(ctx, argc, argv);
    bool taken = !JS_IsException(json) &&
                 hutch_crossing_take(input, ctx, json, most, hutch_input_most_values(limits),
                                     options->proto_keys, &verdict);
    JS_FreeValue(ctx, json);
    if (taken && input->json.length > most) {
        JS_ThrowRangeError(ctx,
                           "The input has %zu bytes of JSON, more than max%sToolInputSize, which "
                           "is %" PRIu64 " bytes",
                           input->json.length, most < limits->tool_input_bytes ? "Open" : "", most);
    } else if (taken && verdict != HUTCH_JSON_SOUND) {
        throw_verdict(ctx, limits, verdict);
    } else {
        return taken;
    }
    hutch_crossing_free(input, ctx);
    return false;
}

/* What the guest gives for a call. */
typedef struct request {
    hutch_crossing input; /* owned */
    JSValue site;         /* an error that tells where the call was made, should it fail; owned */
} request;

/* What became of a call. */
typedef enum outcome {
    MADE,
    THROWN, /* an exception is pending, for the promise */
    NO_MEMORY,
} outcome;

static void free_request(JSContext *ctx, request *given) {
    hutch_crossing_free(&given->input, ctx);
    JS_FreeValue(ctx, given->site);
}

/* All that runs the guest's code: toJSON, getters and traps on the way to the input, and
 * Error.prepareStackTrace. It may have called and logged, and spent what budget there was; so
 * nothing is judged before. */
static outcome collect(JSContext *ctx, int argc, JSValueConst *argv, request *given) {
    *given = (request){.site = JS_UNDEFINED};
    if (!take_input(ctx, argc, argv, &given->input)) {
        return THROWN;
    }
    given->site = JS_NewError(ctx);
    if (JS_IsException(given->site)) {
        given->site = JS_UNDEFINED;
        return NO_MEMORY;
    }
    return MADE;
}

/* Whether the input fits beside those of the open calls; an exception is pending otherwise. */
static bool input_fits(hutch_guest *guest, const request *given) {
    const hutch_limits *limits = &guest->isolate->options.limits;
    const hutch_inputs *open = &guest->calls.inputs;
    if (!hutch_inputs_fit_bytes(open, limits, given->input.json.length)) {
        JS_ThrowRangeError(guest->ctx,
                           "The inputs of all open tool calls would have %" PRIu64
                           " bytes of JSON, more than maxOpenToolInputSize, which is %" PRIu64
                           " bytes",
                           open->bytes + given->input.json.length, limits->open_input_bytes);
        return false;
    }
    if (given->input.values > hutch_inputs_values_left(open, limits)) {
        JS_ThrowRangeError(guest->ctx,
                           "The inputs of all open tool calls would have %" PRIu64
                           " JSON values, more than maxOpenToolInputValues, which is %" PRIu64,
                           open->values + given->input.values, limits->open_input_values);
        return false;
    }
    return true;
}

/* Whether one more call is within the budgets; an exception is pending otherwise. None of the
 * guest's code runs before it says yes. */
static bool within_budget(hutch_guest *guest, const request *given) {
    const hutch_limits *limits = &guest->isolate->options.limits;
    if (guest->run.tool_calls >= limits->tool_calls) {
        JS_ThrowPlainError(guest->ctx,
                           "Exceeded the maximum of %" PRIu64 " tool calls per execution",
                           limits->tool_calls);
        return false;
    }
    if (guest->calls.open >= limits->open_calls) {
        JS_ThrowPlainError(guest->ctx,
                           "Exceeded the maximum of %" PRIu64 " tool calls open at once",
                           limits->open_calls);
        return false;
    }
    if (!hutch_calls_have_id(&guest->calls)) {
        JS_ThrowPlainError(guest->ctx,
                           "The context has made %" PRIu32 " tool calls and can make no more",
                           UINT32_MAX);
        return false;
    }
    return input_fits(guest, given);
}

/* Open a call whose promise `settle` decides; takes what was given for it. None of the guest's code
 * runs in here. */
static outcome open_call(hutch_guest *guest, uint32_t tool, request *given, JSValueConst *settle) {
    JSContext *ctx = guest->ctx;
    hutch_input input = {.bytes = (uint32_t)given->input.json.length,
                         .values = (uint32_t)given->input.values};
    hutch_call *call = hutch_calls_add(&guest->calls, ctx, input);
    hutch_event_node *node =
        call != NULL ? hutch_events_add(&guest->events, ctx, HUTCH_EVENT_TOOL_CALL) : NULL;
    if (node == NULL) {
        return NO_MEMORY;
    }
    guest->run.tool_calls++;
    call->tool = tool;
    call->settle[0] = JS_DupValue(ctx, settle[0]);
    call->settle[1] = JS_DupValue(ctx, settle[1]);
    call->site = given->site;
    given->site = JS_UNDEFINED;
    node->id = call->id;
    node->tool = tool;
    node->name = guest->tools[tool].name;
    node->input = given->input;
    given->input = (hutch_crossing){0};
    return MADE;
}

/* Whether arguments are those of a callback of Array.prototype's: a value, its index, the array. */
static bool is_callback_of_array(int argc, JSValueConst *argv) {
    return argc == 3 && JS_IsNumber(argv[1]) && JS_IsArray(argv[2]);
}

/* A tool takes one input. What a program gives beyond it is lost, which it should hear of, once. */
static void tell_arguments(hutch_guest *guest, uint32_t tool, int argc, JSValueConst *argv) {
    if (argc < 2 || JS_IsUndefined(argv[1]) || guest->run.told_arguments ||
        is_callback_of_array(argc, argv)) {
        return;
    }
    guest->run.told_arguments = true;
    char text[HUTCH_TOOL_BOUND_MAX + 128];
    int length = snprintf(text, sizeof text,
                          "%s was called with %d arguments, but a tool takes one, its input: the "
                          "others were dropped",
                          guest->tools[tool].bound.data, argc);
    hutch_guest_open_reserve(guest);
    hutch_console_note(guest, HUTCH_LOG_WARN, (hutch_text){text, (size_t)length});
    hutch_guest_close_reserve(guest);
}

static outcome make_call(hutch_guest *guest, uint32_t tool, int argc, JSValueConst *argv,
                         JSValueConst *settle) {
    request given;
    outcome made = collect(guest->ctx, argc, argv, &given);
    /* What stopped the run may have been swallowed on the way; it unwinds in a moment. */
    if (made == MADE && !guest->run.halted) {
        made = within_budget(guest, &given) ? open_call(guest, tool, &given, settle) : THROWN;
    }
    free_request(guest->ctx, &given);
    if (made == MADE) {
        tell_arguments(guest, tool, argc, argv);
        /* The host can be at work on it while the guest makes more of them. */
        hutch_guest_send_events(guest);
    }
    return made;
}

/* Reject with the pending exception, but for one that nobody may catch. @return MADE, THROWN or
 * NO_MEMORY */
static outcome reject_with_exception(hutch_guest *guest, JSValueConst reject) {
    JSContext *ctx = guest->ctx;
    if (guest->run.halted) {
        return THROWN;
    }
    JSValue error = JS_GetException(ctx);
    outcome result = NO_MEMORY;
    if (hutch_thrown_classify(guest, error) != HUTCH_FAILURE_MEMORY) {
        JSValue done = JS_Call(ctx, reject, JS_UNDEFINED, 1, (JSValueConst *)&error);
        result = JS_IsException(done) ? THROWN : MADE;
        JS_FreeValue(ctx, done);
    }
    JS_FreeValue(ctx, error);
    return result;
}

static JSValue call_tool(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv,
                         int magic) {
    (void)self;
    hutch_guest *guest = hutch_guest_of(ctx);
    /* The engine calls Error.prepareStackTrace with the very error that stops the run. */
    if (guest->run.halted) {
        return hutch_guest_go_on(ctx);
    }
    JSValue settle[2];
    JSValue promise = JS_NewPromiseCapability(ctx, settle);
    if (JS_IsException(promise)) {
        return hutch_guest_halt_memory(ctx);
    }
    outcome made = make_call(guest, (uint32_t)magic, argc, argv, (JSValueConst *)settle);
    if (made == THROWN) {
        made = reject_with_exception(guest, settle[1]);
    }
    JS_FreeValue(ctx, settle[0]);
    JS_FreeValue(ctx, settle[1]);
    JSValue end = made == MADE        ? hutch_guest_go_on(ctx)
                  : made == NO_MEMORY ? hutch_guest_halt_memory(ctx)
                                      : JS_EXCEPTION;
    if (JS_IsException(end)) {
        JS_FreeValue(ctx, promise);
        return end;
    }
    return promise;
}

/* Put an answer into the queue; an exception instead of a value: memory has run out. */
static void answer(hutch_guest *guest, hutch_call *call, JSValue value, bool rejected) {
    if (JS_IsException(value)) {
        hutch_guest_clear_exception(guest);
        hutch_guest_halt(guest, HUTCH_FAILURE_MEMORY);
        value = JS_UNDEFINED;
    }
    call->value = value;
    call->rejected = rejected;
    hutch_calls_answer(&guest->calls, call);
}

/* Define a text as a property of an error. @return false without memory. (A guest can get at the
 * error early, through Error.prepareStackTrace, and freeze it: then it keeps what it has.) */
static bool describe(hutch_guest *guest, JSValueConst error, const char *name, hutch_text text,
                     int flags) {
    hutch_guest_take_refusal(guest);
    JSValue value = JS_NewStringLen(guest->ctx, text.data, text.length);
    bool failed = JS_IsException(value) ||
                  JS_DefinePropertyValueStr(guest->ctx, error, name, value, flags) < 0;
    return !failed || !hutch_guest_take_refusal(guest);
}

#define HIDDEN (JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE)

/* The error that the call made ready, with a message. */
static JSValue site_error(hutch_guest *guest, hutch_call *call, const char *message,
                          size_t length) {
    JSValue error = call->site;
    call->site = JS_UNDEFINED;
    if (!describe(guest, error, "message", (hutch_text){message, length}, HIDDEN)) {
        JS_FreeValue(guest->ctx, error);
        return JS_EXCEPTION;
    }
    hutch_guest_clear_exception(guest);
    return error;
}

/* What the parser complained about. */
static JSValue parse_error(hutch_guest *guest, hutch_call *call, JSValueConst complaint) {
    char message[256];
    const char *words =
        JS_IsError(complaint) ? hutch_thrown_own_text(guest->ctx, complaint, "message") : NULL;
    int length = snprintf(message, sizeof message, "The tool's result is not valid JSON: %.160s",
                          words != NULL ? words : "");
    JS_FreeCString(guest->ctx, words);
    return site_error(guest, call, message, (size_t)length);
}

static JSValue size_error(hutch_guest *guest, hutch_call *call, size_t length) {
    char message[160];
    int written = snprintf(message, sizeof message,
                           "The tool's result has %zu bytes of JSON, more than "
                           "maxToolResultSize, which is %" PRIu64 " bytes",
                           length, guest->isolate->options.limits.tool_result_bytes);
    JS_SetPrototype(guest->ctx, call->site, guest->range_error);
    return site_error(guest, call, message, (size_t)written);
}

void hutch_tools_resolve(hutch_guest *guest, hutch_call *call, const char *json, size_t length) {
    if (length == 0) {
        answer(guest, call, JS_UNDEFINED, false);
        return;
    }
    if (length > guest->isolate->options.limits.tool_result_bytes) {
        answer(guest, call, size_error(guest, call, length), true);
        return;
    }
    if (json == NULL) {
        answer(guest, call, JS_EXCEPTION, false);
        return;
    }
    hutch_guest_take_refusal(guest);
    JSValue value = JS_ParseJSON(guest->ctx, json, length, "<tool result>");
    if (!JS_IsException(value)) {
        answer(guest, call, value, false);
        return;
    }
    /* By the error itself: Error.prepareStackTrace has seen it, and may have met the limit. */
    JSValue complaint = JS_GetException(guest->ctx);
    if (hutch_thrown_classify(guest, complaint) == HUTCH_FAILURE_MEMORY) {
        answer(guest, call, JS_EXCEPTION, false);
    } else {
        answer(guest, call, parse_error(guest, call, complaint), true);
    }
    JS_FreeValue(guest->ctx, complaint);
}

/* As describe(), for text from the host. */
static bool describe_repaired(hutch_guest *guest, JSValueConst error, const char *name,
                              hutch_text text, int flags) {
    size_t length = hutch_utf8_repaired_length(text.data, text.length);
    char *copy = js_malloc(guest->ctx, length + 1);
    if (copy == NULL) {
        return false;
    }
    hutch_utf8_repair(text.data, text.length, copy);
    bool described = describe(guest, error, name, (hutch_text){copy, length}, flags);
    js_free(guest->ctx, copy);
    return described;
}

void hutch_tools_reject(hutch_guest *guest, hutch_call *call, const hutch_tool_failure *failure) {
    JSValue error = call->site;
    call->site = JS_UNDEFINED;
    bool described = describe_repaired(guest, error, "message", failure->message, HIDDEN) &&
                     (failure->name.length == 0 ||
                      describe_repaired(guest, error, "name", failure->name, HIDDEN)) &&
                     (failure->code.length == 0 ||
                      describe_repaired(guest, error, "code", failure->code, JS_PROP_C_W_E)) &&
                     hutch_reasons_define(guest, error, failure->reasons);
    if (!described) {
        JS_FreeValue(guest->ctx, error);
        error = JS_EXCEPTION;
    }
    hutch_guest_clear_exception(guest);
    answer(guest, call, error, true);
}

bool hutch_tools_settle_one(hutch_guest *guest) {
    hutch_call *call = hutch_calls_next_answer(&guest->calls);
    if (call == NULL) {
        return false;
    }
    JSValue done = JS_Call(guest->ctx, call->settle[call->rejected], JS_UNDEFINED, 1,
                           (JSValueConst *)&call->value);
    JS_FreeValue(guest->ctx, done);
    hutch_call_free(call, guest->ctx);
    hutch_guest_clear_exception(guest);
    return true;
}
