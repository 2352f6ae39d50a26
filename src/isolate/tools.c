/*
 * The guest's tool functions and the answers to their calls; see tools.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/tools.h"

#include "base/utf8.h"
#include "isolate/thrown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* `func` of JS_NewCFunctionMagic(): the tool's index is its magic. */
static JSValue call_tool(JSContext *ctx, JSValueConst self, int argc, JSValueConst *argv,
                         int magic);

static bool keep_name(hutch_guest *guest, const char *name, size_t length) {
    if (guest->tool_count == guest->tool_capacity) {
        size_t capacity = guest->tool_capacity == 0 ? 8 : guest->tool_capacity * 2;
        hutch_tool *tools = js_realloc(guest->ctx, guest->tools, capacity * sizeof *tools);
        if (tools == NULL) {
            return false;
        }
        guest->tools = tools;
        guest->tool_capacity = capacity;
    }
    char *copy = js_strndup(guest->ctx, name, length);
    if (copy == NULL) {
        return false;
    }
    guest->tools[guest->tool_count] = (hutch_tool){copy, length};
    return true;
}

bool hutch_tools_define(hutch_guest *guest, const char *name, size_t length) {
    JSContext *ctx = guest->ctx;
    if (!keep_name(guest, name, length)) {
        return false;
    }
    const char *kept = guest->tools[guest->tool_count].name;
    JSValue function = JS_NewCFunctionMagic(ctx, call_tool, kept, 1, JS_CFUNC_generic_magic,
                                            (int)guest->tool_count);
    JSValue global = JS_GetGlobalObject(ctx);
    bool defined = !JS_IsException(function) &&
                   JS_DefinePropertyValueStr(ctx, global, kept, function, JS_PROP_C_W_E) > 0;
    JS_FreeValue(ctx, global);
    if (defined) {
        guest->tool_count++;
    } else {
        js_free(ctx, guest->tools[guest->tool_count].name);
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

/* The input as text that the engine owns; NULL with an exception pending. */
static const char *input_text(JSContext *ctx, int argc, JSValueConst *argv, size_t *length) {
    JSValue json = input_json(ctx, argc, argv);
    if (JS_IsException(json)) {
        return NULL;
    }
    const char *text = JS_ToCStringLen(ctx, length, json);
    JS_FreeValue(ctx, json);
    uint64_t most = hutch_guest_of(ctx)->isolate->options.limits.tool_input_bytes;
    if (text != NULL && *length > most) {
        JS_FreeCString(ctx, text);
        JS_ThrowRangeError(ctx,
                           "The input has %zu bytes of JSON, more than maxToolInputSize, which is "
                           "%" PRIu64 " bytes",
                           *length, most);
        return NULL;
    }
    return text;
}

/* Whether one more call is within the budgets; an exception is pending otherwise. */
static bool within_budget(hutch_guest *guest) {
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
    guest->run.tool_calls++;
    return true;
}

/* What became of a call. */
typedef enum outcome {
    MADE,
    THROWN, /* an exception is pending, for the promise */
    NO_MEMORY,
} outcome;

/* Open a call whose promise `settle` decides; takes the text. */
static outcome open_call(hutch_guest *guest, uint32_t tool, const char *text, size_t length,
                         JSValueConst *settle) {
    JSContext *ctx = guest->ctx;
    hutch_call *call = hutch_calls_add(&guest->calls, ctx);
    hutch_event_node *node =
        call != NULL ? hutch_events_add(&guest->events, ctx, HUTCH_EVENT_TOOL_CALL) : NULL;
    if (node == NULL) {
        JS_FreeCString(ctx, text);
        return NO_MEMORY;
    }
    call->settle[0] = JS_DupValue(ctx, settle[0]);
    call->settle[1] = JS_DupValue(ctx, settle[1]);
    node->id = call->id;
    node->tool = tool;
    node->name = (hutch_text){guest->tools[tool].name, guest->tools[tool].length};
    node->text = (hutch_text){text, length};
    node->engine_text = text;
    /* Should the call fail, its error tells where it was made. */
    call->site = JS_NewError(ctx);
    if (JS_IsException(call->site)) {
        return NO_MEMORY;
    }
    /* The host can be at work on it while the guest makes more of them. */
    hutch_guest_send_events(guest);
    return MADE;
}

static outcome make_call(hutch_guest *guest, uint32_t tool, int argc, JSValueConst *argv,
                         JSValueConst *settle) {
    size_t length = 0;
    if (!within_budget(guest)) {
        return THROWN;
    }
    const char *text = input_text(guest->ctx, argc, argv, &length);
    return text == NULL ? THROWN : open_call(guest, tool, text, length, settle);
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
    if (made != MADE) {
        JS_FreeValue(ctx, promise);
        return made == NO_MEMORY ? hutch_guest_halt_memory(ctx) : JS_EXCEPTION;
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

/* The parser's complaint is pending. */
static JSValue parse_error(hutch_guest *guest, hutch_call *call) {
    JSContext *ctx = guest->ctx;
    char message[256];
    JSValue complaint = JS_GetException(ctx);
    JSValue text =
        JS_IsError(complaint) ? JS_GetPropertyStr(ctx, complaint, "message") : JS_UNDEFINED;
    const char *words = JS_IsString(text) ? JS_ToCString(ctx, text) : NULL;
    int length = snprintf(message, sizeof message, "The tool's result is no valid JSON: %.160s",
                          words != NULL ? words : "");
    JS_FreeCString(ctx, words);
    JS_FreeValue(ctx, text);
    JS_FreeValue(ctx, complaint);
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
    if (JS_IsException(value) && !hutch_guest_take_refusal(guest)) {
        answer(guest, call, parse_error(guest, call), true);
    } else {
        answer(guest, call, value, false);
    }
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
                      describe_repaired(guest, error, "code", failure->code, JS_PROP_C_W_E));
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
