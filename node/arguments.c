/*
 * Reading the arguments of native functions and reporting how they ended; see
 * addon.h.
 */
#include "addon.h"

/* Longest character in UTF-8, and the terminating NUL that Node-API adds. */
#define CHARACTER_MAX 4
/* Room that is tried before a text's length is asked for: most texts fit. */
#define FIRST_TRY 4096
/* Buffers above this are not kept from call to call. */
#define KEPT_MAX ((size_t)1024 * 1024)

bool hutch_call_begin(hutch_call *call, napi_env env, napi_callback_info info) {
    size_t count = HUTCH_ARGUMENTS_MAX;
    void *data = NULL;
    call->env = env;
    if (napi_get_cb_info(env, info, &count, call->values, NULL, &data) != napi_ok) {
        (void)hutch_call_failed(call);
        return false;
    }
    call->addon = data;
    hutch_buffer *arguments = &call->addon->arguments;
    if (arguments->capacity > KEPT_MAX) {
        hutch_buffer_free(arguments);
    } else {
        hutch_buffer_clear(arguments);
    }
    return true;
}

napi_value hutch_call_misused(const hutch_call *call, const char *what) {
    (void)napi_throw_type_error(call->env, NULL, what);
    return NULL;
}

napi_value hutch_call_failed(const hutch_call *call) {
    const napi_extended_error_info *detail = NULL;
    bool pending = false;
    const char *message = "the JavaScript runtime refused a Node-API call";
    if (napi_get_last_error_info(call->env, &detail) == napi_ok && detail->error_message != NULL) {
        message = detail->error_message;
    }
    if (napi_is_exception_pending(call->env, &pending) == napi_ok && !pending) {
        (void)napi_throw_error(call->env, NULL, message);
    }
    return NULL;
}

bool hutch_call_uint32(const hutch_call *call, int index, uint32_t *value) {
    if (napi_get_value_uint32(call->env, call->values[index], value) != napi_ok) {
        (void)hutch_call_misused(call, "a native function of hutch wants a number here");
        return false;
    }
    return true;
}

hutch_addon_pool *hutch_call_pool(const hutch_call *call, uint32_t *number) {
    if (!hutch_call_uint32(call, 0, number)) {
        return NULL;
    }
    hutch_addon_pool *pool = hutch_slots_get(&call->addon->pools, *number);
    if (pool == NULL) {
        (void)hutch_call_misused(call, "this pool has been closed");
    }
    return pool;
}

hutch_context *hutch_call_context(const hutch_call *call, uint32_t *number) {
    if (!hutch_call_uint32(call, 0, number)) {
        return NULL;
    }
    hutch_context *context = hutch_slots_get(&call->addon->contexts, *number);
    if (context == NULL) {
        (void)hutch_call_misused(call, "this context has been closed");
    }
    return context;
}

static bool no_memory(const hutch_call *call) {
    (void)napi_throw_error(call->env, "HUTCH_OUT_OF_MEMORY", "no memory for a text of this length");
    return false;
}

/* Convert into `room` bytes behind the buffer's present end. */
static bool convert(hutch_call *call, int index, size_t room, size_t *length) {
    hutch_buffer *arguments = &call->addon->arguments;
    if (hutch_buffer_reserve(arguments, room, NULL) != HUTCH_OK) {
        return no_memory(call);
    }
    if (napi_get_value_string_utf8(call->env, call->values[index],
                                   arguments->data + arguments->length, room, length) != napi_ok) {
        (void)hutch_call_misused(call, "a native function of hutch wants a string here");
        return false;
    }
    return true;
}

bool hutch_call_text(hutch_call *call, int index, size_t *offset, size_t *length) {
    hutch_buffer *arguments = &call->addon->arguments;
    char *written = NULL;
    *offset = arguments->length;
    if (!convert(call, index, FIRST_TRY, length)) {
        return false;
    }
    /* A text that ends this close to the room's end may have been cut. */
    if (*length + CHARACTER_MAX >= FIRST_TRY) {
        if (napi_get_value_string_utf8(call->env, call->values[index], NULL, 0, length) !=
            napi_ok) {
            (void)hutch_call_failed(call);
            return false;
        }
        if (!convert(call, index, *length + 1, length)) {
            return false;
        }
    }
    /* The bytes are there already; this only moves the end. */
    return hutch_buffer_extend(arguments, *length, &written, NULL) == HUTCH_OK || no_memory(call);
}

napi_value hutch_call_report(const hutch_call *call, hutch_status status) {
    call->addon->header[HUTCH_HEADER_STATUS] = (uint32_t)status;
    napi_value undefined;
    return napi_get_undefined(call->env, &undefined) == napi_ok ? undefined : NULL;
}

napi_value hutch_call_number(const hutch_call *call, double value) {
    napi_value number;
    return napi_create_double(call->env, value, &number) == napi_ok ? number
                                                                    : hutch_call_failed(call);
}
