/*
 * Native functions about contexts.
 */
#include "addon.h"
#include "batch.h"
#include "settings.h"

#include <stdlib.h>
#include <string.h>

/* Tools whose names need no allocation. */
#define FEW_TOOLS 32

static bool read_settings(const hutch_call *call, hutch_context_options *options) {
    napi_typedarray_type type;
    size_t length = 0;
    void *data = NULL;
    if (napi_get_typedarray_info(call->env, call->values[1], &type, &length, &data, NULL, NULL) !=
            napi_ok ||
        type != napi_float64_array || length != HUTCH_SETTINGS ||
        !hutch_settings_read(data, options)) {
        (void)hutch_call_misused(call, "contextOpen wants an array of settings");
        return false;
    }
    return true;
}

/* Cut the joined names at their NULs. */
static bool split_names(const char *joined, size_t length, hutch_text *names, size_t count) {
    const char *end = joined + length;
    for (size_t i = 0; i < count; i++) {
        const char *cut = i + 1 < count ? memchr(joined, '\0', (size_t)(end - joined)) : end;
        if (cut == NULL) {
            return false;
        }
        names[i] = (hutch_text){joined, (size_t)(cut - joined)};
        joined = cut + (i + 1 < count);
    }
    return true;
}

static hutch_status open_context(const hutch_call *call, hutch_addon_pool *pool, uint32_t owner,
                                 hutch_context_options *options, uint32_t *number) {
    hutch_addon *addon = call->addon;
    hutch_context *context = NULL;
    /* The number is known before the context is, which carries it from its first event on. */
    hutch_status status = hutch_slots_add(&addon->contexts, pool, owner, number);
    if (status != HUTCH_OK) {
        return status;
    }
    options->user = (void *)(uintptr_t)*number;
    status = hutch_context_open(pool->pool, options, &context, &addon->error);
    if (status != HUTCH_OK) {
        hutch_slots_remove(&addon->contexts, *number);
        *number = HUTCH_SLOT_NONE;
        return status;
    }
    hutch_slots_replace(&addon->contexts, *number, context);
    return HUTCH_OK;
}

/* (pool, settings, names joined by NULs, their count): number */
static napi_value context_open(napi_env env, napi_callback_info info) {
    hutch_call call;
    hutch_context_options options;
    hutch_text few[FEW_TOOLS];
    size_t offset;
    size_t length;
    uint32_t owner;
    uint32_t count;
    uint32_t number = HUTCH_SLOT_NONE;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_call_pool(&call, &owner);
    if (pool == NULL || !read_settings(&call, &options) || !hutch_call_uint32(&call, 3, &count) ||
        !hutch_call_text(&call, 2, &offset, &length)) {
        return NULL;
    }
    call.addon->error.message[0] = '\0';
    const char *joined = call.addon->arguments.data + offset;
    hutch_text *names = count <= FEW_TOOLS ? few : calloc(count, sizeof(*names));
    hutch_status status = HUTCH_OUT_OF_MEMORY;
    if (names != NULL && !split_names(joined, length, names, count)) {
        status = HUTCH_INVALID_ARGUMENT;
    } else if (names != NULL) {
        options.tools = names;
        options.tool_count = count;
        status = open_context(&call, pool, owner, &options, &number);
    }
    if (names != few) {
        free(names);
    }
    (void)hutch_call_report(&call, status);
    return hutch_call_number(&call, number);
}

/* (context, code, timeout; 0: the context's): the first batch, or "" with a status */
static napi_value context_start(napi_env env, napi_callback_info info) {
    hutch_call call;
    hutch_run_options options = HUTCH_RUN_OPTIONS_INIT;
    size_t offset;
    size_t length;
    uint32_t number;
    uint32_t timeout;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_context *context = hutch_call_context(&call, &number);
    if (context == NULL || !hutch_call_uint32(&call, 2, &timeout) ||
        !hutch_call_text(&call, 1, &offset, &length)) {
        return NULL;
    }
    options.timeout_ms = timeout;
    hutch_status status = hutch_context_start(context, call.addon->arguments.data + offset, length,
                                              &options, &call.addon->error);
    if (status != HUTCH_OK) {
        call.addon->header[HUTCH_HEADER_EVENTS] = 0;
        call.addon->header[HUTCH_HEADER_MORE] = 0;
        return hutch_call_report(&call, status);
    }
    return hutch_batch_read(&call, context);
}

/* (context): a batch */
static napi_value context_pump(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_context *context = hutch_call_context(&call, &number);
    return context == NULL ? NULL : hutch_batch_read(&call, context);
}

/* (context, call id, JSON; "": undefined) */
static napi_value context_reply(napi_env env, napi_callback_info info) {
    hutch_call call;
    size_t offset;
    size_t length;
    uint32_t number;
    uint32_t id;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_context *context = hutch_call_context(&call, &number);
    if (context == NULL || !hutch_call_uint32(&call, 1, &id) ||
        !hutch_call_text(&call, 2, &offset, &length)) {
        return NULL;
    }
    const char *json = call.addon->arguments.data + offset;
    return hutch_call_report(&call,
                             hutch_context_reply(context, id, json, length, &call.addon->error));
}

/* (context, call id, name, message, code) */
static napi_value context_reject(napi_env env, napi_callback_info info) {
    hutch_call call;
    hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
    hutch_text *texts[] = {&failure.name, &failure.message, &failure.code};
    size_t offsets[3];
    uint32_t number;
    uint32_t id;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_context *context = hutch_call_context(&call, &number);
    if (context == NULL || !hutch_call_uint32(&call, 1, &id)) {
        return NULL;
    }
    for (int i = 0; i < 3; i++) {
        if (!hutch_call_text(&call, 2 + i, &offsets[i], &texts[i]->length)) {
            return NULL;
        }
    }
    /* Only now, when the buffer has stopped growing, does it stay where it is. */
    for (int i = 0; i < 3; i++) {
        texts[i]->data = call.addon->arguments.data + offsets[i];
    }
    return hutch_call_report(&call,
                             hutch_context_reject(context, id, &failure, &call.addon->error));
}

/* (context) */
static napi_value context_stop(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_context *context = hutch_call_context(&call, &number);
    if (context == NULL) {
        return NULL;
    }
    hutch_context_stop(context);
    return hutch_call_report(&call, HUTCH_OK);
}

/* (context) */
static napi_value context_close(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    hutch_context *context = hutch_call_context(&call, &number);
    if (context == NULL) {
        return NULL;
    }
    hutch_slots_remove(&call.addon->contexts, number);
    hutch_context_close(context);
    return hutch_call_report(&call, HUTCH_OK);
}

/* (context): process id of its worker, 0 when it has none */
static napi_value context_pid(napi_env env, napi_callback_info info) {
    hutch_call call;
    uint32_t number;
    if (!hutch_call_begin(&call, env, info)) {
        return NULL;
    }
    const hutch_context *context = hutch_call_context(&call, &number);
    return context == NULL ? NULL
                           : hutch_call_number(&call, (double)hutch_context_get_pid(context));
}

const hutch_native hutch_context_natives[] = {
    {"contextOpen", context_open},
    {"contextStart", context_start},
    {"contextPump", context_pump},
    {"contextReply", context_reply},
    {"contextReject", context_reject},
    {"contextStop", context_stop},
    {"contextClose", context_close},
    {"contextPid", context_pid},
    {NULL, NULL},
};
