/*
 * The exports of the addon as a property of the global object; see anchor.h.
 */
#include "anchor.h"

#include <hutch/hutch.h>

#include <stdbool.h>
#include <stddef.h>

/* Symbol.for("@hutch/isolate VERSION"). */
static bool make_key(napi_env env, napi_value global, napi_value *key) {
    napi_value symbol;
    napi_value make;
    napi_value name;
    return napi_get_named_property(env, global, "Symbol", &symbol) == napi_ok &&
           napi_get_named_property(env, symbol, "for", &make) == napi_ok &&
           napi_create_string_utf8(env, "@hutch/isolate " HUTCH_VERSION, NAPI_AUTO_LENGTH, &name) ==
               napi_ok &&
           napi_call_function(env, symbol, make, 1, &name, key) == napi_ok;
}

static void forget_exception(napi_env env) {
    napi_value thrown;
    bool is_pending = false;
    if (napi_is_exception_pending(env, &is_pending) == napi_ok && is_pending) {
        (void)napi_get_and_clear_last_exception(env, &thrown);
    }
}

napi_value hutch_anchor_find(napi_env env) {
    napi_value global;
    napi_value key;
    napi_value found = NULL;
    napi_valuetype type = napi_undefined;
    bool is_there = napi_get_global(env, &global) == napi_ok && make_key(env, global, &key) &&
                    napi_get_property(env, global, key, &found) == napi_ok &&
                    napi_typeof(env, found, &type) == napi_ok && type == napi_object;
    forget_exception(env);
    return is_there ? found : NULL;
}

void hutch_anchor_drop(napi_env env, napi_value exports) {
    napi_value global;
    napi_value key;
    if (napi_get_global(env, &global) == napi_ok && make_key(env, global, &key)) {
        napi_property_descriptor property = {
            .name = key, .value = exports, .attributes = napi_default};
        (void)napi_define_properties(env, global, 1, &property);
    }
    forget_exception(env);
}
