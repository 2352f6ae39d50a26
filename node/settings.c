/*
 * The array of settings; see settings.h.
 */
#include "settings.h"

#include <math.h>

/* Integers up to here are exact. */
#define EXACT_MAX 9007199254740992.0

static bool read_unsigned(double value, uint64_t *result) {
    if (isinf(value) && value > 0) {
        *result = HUTCH_NO_LIMIT;
        return true;
    }
    if (!(value >= 0 && value <= EXACT_MAX)) {
        return false;
    }
    *result = (uint64_t)value;
    return true;
}

static bool read_signed(double value, int64_t *result) {
    if (!(value >= -EXACT_MAX && value <= EXACT_MAX)) {
        return false;
    }
    *result = (int64_t)value;
    return true;
}

/* Domains that have a name, and so come as numbers below 0, are apart from those of numbers. */
static bool read_domain(double value, uint64_t *domain) {
    const uint64_t named = value < 0 ? UINT64_C(1) << 63 : 0;
    if (!(value >= -EXACT_MAX && value <= EXACT_MAX)) {
        return false;
    }
    *domain = (uint64_t)fabs(value) | named;
    return true;
}

static bool read_limits(const double *values, hutch_limits *limits) {
#define READ_LIMIT(field, option, standard, minimum, maximum, unit, meaning)                       \
    if (!read_unsigned(values[HUTCH_SETTING_##field], &limits->field)) {                           \
        return false;                                                                              \
    }
    HUTCH_LIMITS_TABLE(READ_LIMIT)
#undef READ_LIMIT
    return true;
}

bool hutch_settings_read(const double *values, hutch_context_options *options) {
    hutch_isolate_options *isolate = &options->isolate;
    int64_t offset = 0;
    hutch_context_options_init(options);
    if (!read_limits(values, &isolate->limits) ||
        !read_signed(values[HUTCH_SETTING_UTC_OFFSET], &offset) ||
        !read_domain(values[HUTCH_SETTING_TRUST_DOMAIN], &options->trust_domain) ||
        offset < INT32_MIN || offset > INT32_MAX) {
        return false;
    }
    isolate->utc_offset_minutes = (int32_t)offset;
    isolate->console =
        values[HUTCH_SETTING_CONSOLE] == 1 ? HUTCH_CONSOLE_STRING : HUTCH_CONSOLE_INSPECT;
    isolate->typescript = values[HUTCH_SETTING_TYPESCRIPT] != 0;
    isolate->hints = values[HUTCH_SETTING_HINTS] != 0;
    options->recycle =
        values[HUTCH_SETTING_RECYCLE] == 1 ? HUTCH_RECYCLE_PROCESS : HUTCH_RECYCLE_RESET;
    isolate->fixed_random = !isnan(values[HUTCH_SETTING_RANDOM_SEED]);
    isolate->fixed_clock = !isnan(values[HUTCH_SETTING_CLOCK]);
    return (!isolate->fixed_random ||
            read_unsigned(values[HUTCH_SETTING_RANDOM_SEED], &isolate->random_seed)) &&
           (!isolate->fixed_clock ||
            read_signed(values[HUTCH_SETTING_CLOCK], &isolate->fixed_clock_ms));
}
