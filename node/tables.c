/*
 * The tables of the public headers, as JavaScript values: the package makes
 * its options, its messages and its event types from these, so that they
 * cannot drift apart.
 */
#include "addon.h"
#include "settings.h"

#include <hutch/confinement.h>

#include <math.h>

static bool put(napi_env env, napi_value object, const char *name, napi_value value) {
    return napi_set_named_property(env, object, name, value) == napi_ok;
}

static bool put_number(napi_env env, napi_value object, const char *name, double number) {
    napi_value value;
    return napi_create_double(env, number, &value) == napi_ok && put(env, object, name, value);
}

static bool put_text(napi_env env, napi_value object, const char *name, const char *text) {
    napi_value value;
    return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
           put(env, object, name, value);
}

static double limit_number(uint64_t limit) {
    return limit == HUTCH_NO_LIMIT ? (double)INFINITY : (double)limit;
}

typedef struct limit_row {
    const char *option;
    const char *unit;
    const char *meaning;
    uint64_t standard;
    uint64_t minimum;
    uint64_t maximum;
} limit_row;

static bool put_limit(napi_env env, napi_value list, uint32_t index, const limit_row *limit) {
    napi_value entry;
    return napi_create_object(env, &entry) == napi_ok &&
           put_text(env, entry, "option", limit->option) &&
           put_text(env, entry, "unit", limit->unit) &&
           put_text(env, entry, "meaning", limit->meaning) &&
           put_number(env, entry, "standard", limit_number(limit->standard)) &&
           put_number(env, entry, "minimum", limit_number(limit->minimum)) &&
           put_number(env, entry, "maximum", limit_number(limit->maximum)) &&
           napi_set_element(env, list, index, entry) == napi_ok;
}

static bool put_limits(napi_env env, napi_value exports) {
#define LIMIT(field, option, standard, minimum, maximum, unit, meaning)                            \
    {option, unit, meaning, standard, minimum, maximum},
    static const limit_row limits[] = {HUTCH_LIMITS_TABLE(LIMIT)};
#undef LIMIT
    napi_value list;
    if (napi_create_array(env, &list) != napi_ok) {
        return false;
    }
    for (uint32_t i = 0; i < HUTCH_SETTING_LIMITS; i++) {
        if (!put_limit(env, list, i, &limits[i])) {
            return false;
        }
    }
    return put(env, exports, "limits", list);
}

static bool put_words(napi_env env, napi_value exports, const char *name, const char *const *words,
                      uint32_t count) {
    napi_value list;
    if (napi_create_array(env, &list) != napi_ok) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        napi_value word;
        if (napi_create_string_utf8(env, words[i], NAPI_AUTO_LENGTH, &word) != napi_ok ||
            napi_set_element(env, list, i, word) != napi_ok) {
            return false;
        }
    }
    return put(env, exports, name, list);
}

static bool put_failures(napi_env env, napi_value exports) {
#define TEXT(constant, text, name, survives) text,
    static const char *const texts[] = {HUTCH_FAILURE_TABLE(TEXT)};
#undef TEXT
    return put_words(env, exports, "failures", texts, sizeof(texts) / sizeof(texts[0]));
}

static bool put_statuses(napi_env env, napi_value exports) {
#define NAME(constant, text, meaning) text,
    static const char *const names[] = {HUTCH_STATUS_TABLE(NAME)};
#undef NAME
    return put_words(env, exports, "statuses", names, sizeof(names) / sizeof(names[0]));
}

typedef struct layer_row {
    const char *name;
    const char *stops;
    hutch_layer bit;
    bool required;
} layer_row;

static bool put_layer(napi_env env, napi_value list, uint32_t index, const layer_row *layer) {
    napi_value entry;
    return napi_create_object(env, &entry) == napi_ok &&
           put_text(env, entry, "name", layer->name) &&
           put_text(env, entry, "stops", layer->stops) &&
           put_number(env, entry, "bit", layer->bit) &&
           put_number(env, entry, "required", layer->required) &&
           napi_set_element(env, list, index, entry) == napi_ok;
}

static bool put_layers(napi_env env, napi_value exports) {
#define LAYER(constant, bit, name, required, stops) {name, stops, constant, required},
    static const layer_row layers[] = {HUTCH_LAYER_TABLE(LAYER)};
#undef LAYER
    napi_value list;
    if (napi_create_array(env, &list) != napi_ok) {
        return false;
    }
    for (uint32_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
        if (!put_layer(env, list, i, &layers[i])) {
            return false;
        }
    }
    return put(env, exports, "layers", list);
}

bool hutch_addon_export_tables(napi_env env, napi_value exports) {
    return put_limits(env, exports) && put_layers(env, exports) && put_failures(env, exports) &&
           put_statuses(env, exports) && put_number(env, exports, "settings", HUTCH_SETTINGS) &&
           put_text(env, exports, "version", hutch_version());
}
