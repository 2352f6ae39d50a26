/*
 * The addon's entry: what one environment has, from its loading to its end.
 *
 * Owns the instance data. A runtime that loads the addon again in the same environment gets what it got the
 * first time (anchor.h). The library's pools must end before the environment
 * does (their watchers call into it), so a clean-up hook closes them; the
 * instance data itself goes when the runtime finalizes it. A runtime that
 * skips the hook, or has it after the finalizer, is served as well: both do
 * the same, once.
 */
#include "addon.h"
#include "anchor.h"
#include "hub.h"
#include "pieces.h"

#include <stdlib.h>

/* Caps of the buffers: what Node-API strings can hold in any of the runtimes. */
#define TEXT_MAX ((size_t)4096 * 1024 * 1024)

static void close_pools(void *data) {
    hutch_addon *addon = data;
    uint32_t index = 0;
    for (;;) {
        uint32_t number = hutch_slots_walk(&addon->hubs, &index);
        if (number == HUTCH_SLOT_NONE) {
            break;
        }
        hutch_hub_close(hutch_slots_get(&addon->hubs, number), NULL);
    }
    hutch_closing_reap(&addon->closing, true);
}

static void addon_free(hutch_addon *addon) {
    close_pools(addon);
    hutch_pieces_free(addon);
    hutch_slots_free(&addon->hubs);
    hutch_slots_free(&addon->contexts);
    hutch_buffer_free(&addon->arguments);
    hutch_buffer_free(&addon->texts);
    free(addon->natives);
    free(addon);
}

static void on_finalize(napi_env env, void *data, void *hint) {
    (void)hint;
    (void)napi_remove_env_cleanup_hook(env, close_pools, data);
    addon_free(data);
}

/* (): what was wrong with the last call that failed; "" when there is no more to say */
static napi_value last_error(hutch_native_call *call) {
    napi_value text;
    const char *message = call->addon->error.message;
    return napi_create_string_utf8(call->env, message, NAPI_AUTO_LENGTH, &text) == napi_ok
               ? text
               : hutch_call_failed(call);
}

static const hutch_native addon_natives[] = {
    {"lastError", HUTCH_ABOUT_NOTHING, last_error},
    {NULL, HUTCH_ABOUT_NOTHING, NULL},
};

static const hutch_native *const natives[] = {
    addon_natives,
    hutch_text_natives,
    hutch_pool_natives,
    hutch_context_natives,
};

enum { TABLES = sizeof natives / sizeof natives[0] };

static size_t count_natives(void) {
    size_t count = 0;
    for (size_t i = 0; i < TABLES; i++) {
        for (const hutch_native *native = natives[i]; native->name != NULL; native++) {
            count++;
        }
    }
    return count;
}

static bool export_native(napi_env env, napi_value exports, hutch_bound_native *bound) {
    napi_value function;
    return napi_create_function(env, bound->native->name, NAPI_AUTO_LENGTH, hutch_native_enter,
                                bound, &function) == napi_ok &&
           napi_set_named_property(env, exports, bound->native->name, function) == napi_ok;
}

static bool export_natives(napi_env env, napi_value exports, hutch_addon *addon) {
    hutch_bound_native *bound = calloc(count_natives(), sizeof *bound);
    addon->natives = bound;
    if (bound == NULL) {
        return false;
    }
    for (size_t i = 0; i < TABLES; i++) {
        for (const hutch_native *native = natives[i]; native->name != NULL; native++, bound++) {
            *bound = (hutch_bound_native){.native = native, .addon = addon};
            if (!export_native(env, exports, bound)) {
                return false;
            }
        }
    }
    return true;
}

/* The reference keeps the array, and with it the words, for as long as the environment. */
static bool export_header(napi_env env, napi_value exports, hutch_addon *addon) {
    napi_value memory;
    napi_value header;
    void *words = NULL;
    if (napi_create_arraybuffer(env, HUTCH_HEADER_WORDS * sizeof(uint32_t), &words, &memory) !=
            napi_ok ||
        napi_create_typedarray(env, napi_uint32_array, HUTCH_HEADER_WORDS, memory, 0, &header) !=
            napi_ok ||
        napi_create_reference(env, header, 1, &addon->header_reference) != napi_ok) {
        return false;
    }
    addon->header = words;
    return napi_set_named_property(env, exports, "header", header) == napi_ok;
}

static bool export_version(napi_env env, napi_value exports) {
    napi_value version;
    return napi_create_string_utf8(env, hutch_version(), NAPI_AUTO_LENGTH, &version) == napi_ok &&
           napi_set_named_property(env, exports, "version", version) == napi_ok;
}

static bool fill_exports(napi_env env, napi_value exports, hutch_addon *addon) {
    return export_version(env, exports) && export_header(env, exports, addon) &&
           export_natives(env, exports, addon);
}

/* The header defines this one without declaring it. */
NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void);

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    napi_value elder = hutch_anchor_find(env);
    if (elder != NULL) {
        return elder;
    }
    hutch_addon *addon = calloc(1, sizeof *addon);
    if (addon == NULL) {
        (void)napi_throw_error(env, "HUTCH_OUT_OF_MEMORY", "no memory for the addon of hutch");
        return NULL;
    }
    hutch_slots_init(&addon->hubs);
    hutch_slots_init(&addon->contexts);
    hutch_buffer_init(&addon->arguments, TEXT_MAX, "text passed to the addon", NULL);
    hutch_buffer_init(&addon->texts, TEXT_MAX, "texts of a batch", NULL);
    if (napi_set_instance_data(env, addon, on_finalize, NULL) != napi_ok) {
        addon_free(addon);
        (void)napi_throw_error(env, NULL, "the runtime keeps no data for the addon of hutch");
        return NULL;
    }
    if (napi_add_env_cleanup_hook(env, close_pools, addon) != napi_ok ||
        !fill_exports(env, exports, addon)) {
        hutch_native_call call = {.env = env, .addon = addon};
        return hutch_call_failed(&call);
    }
    hutch_anchor_drop(env, exports);
    return exports;
}
