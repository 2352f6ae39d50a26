/*
 * Reading the arguments of native functions and reporting how they ended; see
 * addon.h.
 */
#include "addon.h"

#include <time.h>

/* Longest character in UTF-8, and the terminating NUL that Node-API adds. */
#define CHARACTER_MAX 4
/* Room that is tried before a text's length is asked for: most texts fit. */
#define FIRST_TRY 4096

napi_value hutch_call_misused(const hutch_native_call *call, const char *what) {
    (void)napi_throw_type_error(call->env, NULL, what);
    return NULL;
}

napi_value hutch_call_failed(const hutch_native_call *call) {
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

uint32_t hutch_call_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

/* Not napi_get_value_uint32, which cuts a number to one that fits. */
bool hutch_call_uint32(const hutch_native_call *call, int index, uint32_t *value) {
    double number = 0;
    if (napi_get_value_double(call->env, call->values[index], &number) != napi_ok) {
        (void)hutch_call_misused(call, "a native function of hutch wants a number here");
        return false;
    }
    if (!(number >= 0 && number <= UINT32_MAX) || (double)(uint32_t)number != number) {
        (void)napi_throw_range_error(
            call->env, NULL,
            "a native function of hutch wants a whole number from 0 to 4294967295 here");
        return false;
    }
    *value = (uint32_t)number;
    return true;
}

const double *hutch_call_doubles(const hutch_native_call *call, int index, size_t count) {
    napi_typedarray_type type;
    size_t length = 0;
    void *data = NULL;
    bool is_array = napi_get_typedarray_info(call->env, call->values[index], &type, &length, &data,
                                             NULL, NULL) == napi_ok;
    return is_array && type == napi_float64_array && length == count ? data : NULL;
}

static bool no_memory(const hutch_native_call *call) {
    (void)napi_throw_error(call->env, "HUTCH_OUT_OF_MEMORY", "no memory for a text of this length");
    return false;
}

/* Convert into `room` bytes after the buffer's present end. */
static bool convert(hutch_native_call *call, int index, size_t room, size_t *length) {
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

bool hutch_call_text(hutch_native_call *call, int index, size_t *offset, size_t *length) {
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

napi_value hutch_call_report(const hutch_native_call *call, hutch_status status) {
    call->addon->header[HUTCH_HEADER_STATUS] = (uint32_t)status;
    napi_value undefined;
    return napi_get_undefined(call->env, &undefined) == napi_ok ? undefined : NULL;
}

napi_value hutch_call_number(const hutch_native_call *call, double value) {
    napi_value number;
    return napi_create_double(call->env, value, &number) == napi_ok ? number
                                                                    : hutch_call_failed(call);
}

/* A text with as many units as bytes is ASCII, which the runtimes take faster as Latin-1. */
napi_value hutch_call_string(const hutch_native_call *call, hutch_text text, size_t units) {
    napi_value string;
    const char *data = text.data != NULL ? text.data : "";
    napi_status status = units == text.length
                             ? napi_create_string_latin1(call->env, data, text.length, &string)
                             : napi_create_string_utf8(call->env, data, text.length, &string);
    return status == napi_ok ? string : hutch_call_failed(call);
}
