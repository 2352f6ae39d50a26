/*
 * The arrays of settings; see settings.h.
 */
#include "settings.h"

#include <math.h>

/* Integers up to here are exact. */
#define EXACT_MAX 9007199254740992.0

static bool is_whole(double value, double least, double most) {
    return value >= least && value <= most && trunc(value) == value;
}

/* Domains that have a name, and so come as numbers below 0, are apart from those of numbers. */
static bool read_domain(double value, uint64_t *word) {
    uint64_t named = value < 0 ? UINT64_C(1) << 63 : 0;
    if (!is_whole(value, -EXACT_MAX, EXACT_MAX)) {
        return false;
    }
    *word = (uint64_t)fabs(value) | named;
    return true;
}

/* What a member of the type can hold, as far as a double tells. */
static bool fits(hutch_option_type type, double value) {
    switch (type) {
    case HUTCH_OPTION_BOOL:
        return is_whole(value, 0, 1);
    case HUTCH_OPTION_INT32:
        return is_whole(value, INT32_MIN, INT32_MAX);
    case HUTCH_OPTION_UINT32:
        return is_whole(value, 0, UINT32_MAX);
    case HUTCH_OPTION_INT64:
        return is_whole(value, -EXACT_MAX, EXACT_MAX);
    case HUTCH_OPTION_UINT64:
        return is_whole(value, 0, EXACT_MAX);
    }
    return false;
}

static bool read_word(const hutch_option *row, double value, uint64_t *word) {
    switch (row->kind) {
    case HUTCH_OPTION_LIMIT:
        if (isinf(value) && value > 0) {
            *word = HUTCH_NO_LIMIT;
            return true;
        }
        break;
    case HUTCH_OPTION_DOMAIN:
        return read_domain(value, word);
    case HUTCH_OPTION_FLAG:
    case HUTCH_OPTION_CHOICE:
    case HUTCH_OPTION_WHOLE:
    case HUTCH_OPTION_GIVEN:
        break;
    }
    if (!fits(row->type, value)) {
        return false;
    }
    *word = (uint64_t)(int64_t)value;
    return true;
}

static bool read_rows(const hutch_option *rows, size_t count, const double *values, void *options) {
    for (size_t i = 0; i < count; i++) {
        uint64_t word = 0;
        if (!read_word(&rows[i], values[i], &word)) {
            return false;
        }
        hutch_option_set(&rows[i], options, word);
    }
    return true;
}

bool hutch_settings_read_context(const double *values, hutch_context_options *options) {
    hutch_isolate_options *isolate = &options->isolate;
    hutch_context_options_init(options);
    const double *of_isolate = values + HUTCH_LIMIT_ROWS;
    const double *of_context = of_isolate + HUTCH_ISOLATE_ROWS;
    return read_rows(hutch_limit_rows, HUTCH_LIMIT_ROWS, values, &isolate->limits) &&
           read_rows(hutch_isolate_rows, HUTCH_ISOLATE_ROWS, of_isolate, isolate) &&
           read_rows(hutch_context_rows, HUTCH_CONTEXT_ROWS, of_context, options);
}

bool hutch_settings_read_pool(const double *values, hutch_pool_options *options) {
    hutch_pool_options_init(options);
    return read_rows(hutch_pool_rows, HUTCH_POOL_ROWS, values, options);
}
