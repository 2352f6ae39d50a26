/*
 * The one function that Node-API calls: it reads the arguments, finds what the
 * call is about, and hands on to the row of the table.
 */
#include "addon.h"

/* Buffers above this are not kept from call to call. */
#define KEPT_MAX ((size_t)1024 * 1024)

/* The texts of the call before are gone. */
static void empty(hutch_buffer *arguments) {
    if (arguments->capacity > KEPT_MAX) {
        hutch_buffer_free(arguments);
    } else {
        hutch_buffer_clear(arguments);
    }
}

/* False: an exception is pending. */
static bool find_hub(hutch_native_call *call) {
    if (!hutch_call_uint32(call, 0, &call->number)) {
        return false;
    }
    call->hub = hutch_slots_get(&call->addon->hubs, call->number);
    if (call->hub == NULL) {
        (void)hutch_call_misused(call, "this pool has been closed");
    }
    return call->hub != NULL;
}

/* False: an exception is pending. */
static bool find_context(hutch_native_call *call) {
    if (!hutch_call_uint32(call, 0, &call->number)) {
        return false;
    }
    call->context = hutch_slots_get(&call->addon->contexts, call->number);
    if (call->context == NULL) {
        (void)hutch_call_misused(call, "this context has been closed");
    }
    return call->context != NULL;
}

/* False: an exception is pending. */
static bool find_subject(hutch_native_call *call, hutch_native_subject subject) {
    switch (subject) {
    case HUTCH_ABOUT_NOTHING:
        return true;
    case HUTCH_ABOUT_HUB:
        return find_hub(call);
    case HUTCH_ABOUT_CONTEXT:
        return find_context(call);
    }
    (void)hutch_call_misused(call, "a native function of hutch is about nothing that is known");
    return false;
}

napi_value hutch_native_enter(napi_env env, napi_callback_info info) {
    hutch_native_call call;
    size_t count = HUTCH_ARGUMENTS_MAX;
    void *data = NULL;
    call.env = env;
    if (napi_get_cb_info(env, info, &count, call.values, NULL, &data) != napi_ok) {
        return hutch_call_failed(&call);
    }
    const hutch_bound_native *bound = data;
    call.addon = bound->addon;
    empty(&call.addon->arguments);
    return find_subject(&call, bound->native->subject) ? bound->native->function(&call) : NULL;
}
