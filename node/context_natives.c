/*
 * Native functions about contexts.
 */
#include "addon.h"
#include "batch.h"
#include "hub.h"
#include "pieces.h"
#include "settings.h"

#include <stdlib.h>
#include <string.h>

/* Tools whose names need no allocation. */
#define FEW_TOOLS 32

static bool read_settings(const hutch_native_call *call, hutch_context_options *options) {
    const double *values = hutch_call_doubles(call, 1, HUTCH_CONTEXT_SETTINGS);
    if (values == NULL || !hutch_settings_read_context(values, options)) {
        (void)hutch_call_misused(call, "contextOpen wants an array of settings");
        return false;
    }
    return true;
}

/* The next of the texts that are joined by NULs; the last one has none after it. False: there is
 * none. */
static bool next_text(const char **joined, const char *end, bool is_last, hutch_text *text) {
    const char *cut = is_last ? end : memchr(*joined, '\0', (size_t)(end - *joined));
    if (cut == NULL) {
        return false;
    }
    *text = (hutch_text){*joined, (size_t)(cut - *joined)};
    *joined = cut + !is_last;
    return true;
}

/* As the caller has joined them. */
typedef struct joined_tools {
    hutch_text names;
    hutch_text bindings; /* empty: all by the rule */
    uint32_t count;
} joined_tools;

static bool split_tools(const joined_tools *joined, hutch_tool *tools) {
    const char *name = joined->names.data;
    const char *binding = joined->bindings.data;
    bool is_sound = true;
    for (uint32_t i = 0; i < joined->count && is_sound; i++) {
        bool is_last = i + 1 == joined->count;
        tools[i] = (hutch_tool)HUTCH_TOOL_INIT;
        is_sound =
            next_text(&name, joined->names.data + joined->names.length, is_last, &tools[i].name) &&
            (joined->bindings.length == 0 ||
             next_text(&binding, joined->bindings.data + joined->bindings.length, is_last,
                       &tools[i].bound));
    }
    return is_sound;
}

/* Arguments 2 to 4. False: an exception is pending. */
static bool read_tools(hutch_native_call *call, joined_tools *joined) {
    size_t names;
    size_t bindings;
    if (!hutch_call_text(call, 2, &names, &joined->names.length) ||
        !hutch_call_uint32(call, 3, &joined->count) ||
        !hutch_call_text(call, 4, &bindings, &joined->bindings.length)) {
        return false;
    }
    joined->names.data = call->addon->arguments.data + names;
    joined->bindings.data = call->addon->arguments.data + bindings;
    return true;
}

static hutch_status open_context(const hutch_native_call *call, hutch_context_options *options,
                                 uint32_t *number) {
    hutch_addon *addon = call->addon;
    hutch_hub *hub = call->hub;
    hutch_context *context = NULL;
    hutch_status status = hutch_hub_attach(hub, call->env);
    if (status == HUTCH_OK) {
        /* The number is known before the context is, which carries it from its first event on. */
        status = hutch_slots_add(&addon->contexts, hub, call->number, number);
    }
    if (status != HUTCH_OK) {
        return status;
    }
    options->user = (void *)(uintptr_t)*number;
    status = hutch_context_open(hub->pool->pool, options, &context, &addon->error);
    if (status != HUTCH_OK) {
        hutch_slots_remove(&addon->contexts, *number);
        *number = HUTCH_SLOT_NONE;
        return status;
    }
    hutch_slots_replace(&addon->contexts, *number, context);
    hub->contexts++;
    return HUTCH_OK;
}

/* (hub, settings, names joined by NULs, their count, bindings joined by NULs; "": by the rule):
 * number */
static napi_value context_open(hutch_native_call *call) {
    hutch_context_options options;
    hutch_tool few[FEW_TOOLS];
    joined_tools joined;
    uint32_t number = HUTCH_SLOT_NONE;
    if (!read_settings(call, &options) || !read_tools(call, &joined)) {
        return NULL;
    }
    call->addon->error.message[0] = '\0';
    hutch_tool *tools = joined.count <= FEW_TOOLS ? few : calloc(joined.count, sizeof *tools);
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    if (tools != NULL && !split_tools(&joined, tools)) {
        status = HUTCH_INVALID_ARGUMENT;
    } else if (tools != NULL) {
        options.tools = tools;
        options.tool_count = joined.count;
        status = open_context(call, &options, &number);
    }
    if (tools != few) {
        free(tools);
    }
    (void)hutch_call_report(call, status);
    return hutch_call_number(call, number);
}

/* (context, code, timeout; 0: the context's): the first batch, or "" with a status */
static napi_value context_start(hutch_native_call *call) {
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    size_t offset;
    size_t length;
    uint32_t timeout;
    if (!hutch_call_uint32(call, 2, &timeout) || !hutch_call_text(call, 1, &offset, &length)) {
        return NULL;
    }
    options.timeout_ms = timeout;
    hutch_status status = hutch_context_start(call->context, call->addon->arguments.data + offset,
                                              length, &options, &call->addon->error);
    if (status != HUTCH_OK) {
        call->addon->header[HUTCH_HEADER_EVENTS] = 0;
        call->addon->header[HUTCH_HEADER_MORE] = 0;
        return hutch_call_report(call, status);
    }
    return hutch_batch_read(call, call->context, call->number);
}

/* (context): a batch */
static napi_value context_pump(hutch_native_call *call) {
    return hutch_batch_read(call, call->context, call->number);
}

/* (context): a batch, for which nothing is looked */
static napi_value context_listen(hutch_native_call *call) {
    return hutch_batch_listen(call, call->context, call->number);
}

/* (context, 1: as text): a piece of the JSON of the batch's last event */
static napi_value context_piece(hutch_native_call *call) {
    uint32_t as_text;
    uint32_t began = hutch_call_clock();
    return hutch_call_uint32(call, 1, &as_text)
               ? hutch_pieces_next(call, call->context, call->number, as_text != 0, began)
               : NULL;
}

/* Gives a reply. False: an exception is pending. */
static bool give_reply(hutch_native_call *call, hutch_status *status) {
    size_t offset;
    size_t length;
    uint32_t id;
    if (!hutch_call_uint32(call, 1, &id) || !hutch_call_text(call, 2, &offset, &length)) {
        return false;
    }
    const char *json = call->addon->arguments.data + offset;
    *status = hutch_context_reply(call->context, id, json, length, &call->addon->error);
    return true;
}

/* (context, call id, JSON; "": undefined) */
static napi_value context_reply(hutch_native_call *call) {
    hutch_status status;
    return give_reply(call, &status) ? hutch_call_report(call, status) : NULL;
}

/* The same, and then a batch; undefined with a status: there was no reply */
static napi_value context_reply_and_pump(hutch_native_call *call) {
    hutch_status status;
    if (!give_reply(call, &status)) {
        return NULL;
    }
    return status == HUTCH_OK ? hutch_batch_read(call, call->context, call->number)
                              : hutch_call_report(call, status);
}

/* (context, call id, name, message, code, reasons) */
static napi_value context_reject(hutch_native_call *call) {
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    hutch_text *texts[] = {&failure.name, &failure.message, &failure.code, &failure.reasons};
    size_t offsets[sizeof texts / sizeof texts[0]];
    uint32_t id;
    if (!hutch_call_uint32(call, 1, &id)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!hutch_call_text(call, 2 + (int)i, &offsets[i], &texts[i]->length)) {
            return NULL;
        }
    }
    /* Only now, when the buffer has stopped growing, does it stay where it is. */
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        texts[i]->data = call->addon->arguments.data + offsets[i];
    }
    return hutch_call_report(
        call, hutch_context_reject(call->context, id, &failure, &call->addon->error));
}

/* (context) */
static napi_value context_stop(hutch_native_call *call) {
    hutch_context_stop(call->context);
    return hutch_call_report(call, HUTCH_OK);
}

/* (context) */
static napi_value context_close(hutch_native_call *call) {
    hutch_addon *addon = call->addon;
    hutch_hub *hub =
        hutch_slots_get(&addon->hubs, hutch_slots_owner(&addon->contexts, call->number));
    hub->contexts--;
    hutch_pieces_drop(addon, call->number);
    hutch_slots_remove(&addon->contexts, call->number);
    hutch_context_close(call->context);
    return hutch_call_report(call, HUTCH_OK);
}

/* (context): process id of its worker, 0 when it has none */
static napi_value context_pid(hutch_native_call *call) {
    return hutch_call_number(call, (double)hutch_context_get_pid(call->context));
}

/* (context): whether its run ends soon, whatever the guest does */
static napi_value context_is_ending(hutch_native_call *call) {
    return hutch_call_number(call, hutch_context_is_ending(call->context));
}

const hutch_native hutch_context_natives[] = {
    {"contextOpen", HUTCH_ABOUT_HUB, context_open},
    {"contextStart", HUTCH_ABOUT_CONTEXT, context_start},
    {"contextPump", HUTCH_ABOUT_CONTEXT, context_pump},
    {"contextListen", HUTCH_ABOUT_CONTEXT, context_listen},
    {"contextPiece", HUTCH_ABOUT_CONTEXT, context_piece},
    {"contextReply", HUTCH_ABOUT_CONTEXT, context_reply},
    {"contextReplyAndPump", HUTCH_ABOUT_CONTEXT, context_reply_and_pump},
    {"contextReject", HUTCH_ABOUT_CONTEXT, context_reject},
    {"contextStop", HUTCH_ABOUT_CONTEXT, context_stop},
    {"contextClose", HUTCH_ABOUT_CONTEXT, context_close},
    {"contextPid", HUTCH_ABOUT_CONTEXT, context_pid},
    {"contextIsEnding", HUTCH_ABOUT_CONTEXT, context_is_ending},
    {NULL, HUTCH_ABOUT_NOTHING, NULL},
};
