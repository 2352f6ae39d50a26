/*
 * Defaults and ranges of the limits; see hutch/limits.h.
 *
 * Threads: any.
 */
#include <hutch/limits.h>

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct limit_row {
    const char *option;
    const char *unit;
    size_t offset; /* of the field in hutch_limits */
    uint64_t standard;
    uint64_t minimum;
    uint64_t maximum;
} limit_row;

#define LIMIT_ROW(field, name, standard_value, least, most, unit_name, meaning)                    \
    {.option = (name),                                                                             \
     .unit = (unit_name),                                                                          \
     .offset = offsetof(hutch_limits, field),                                                      \
     .standard = (standard_value),                                                                 \
     .minimum = (least),                                                                           \
     .maximum = (most)},

static const limit_row rows[] = {HUTCH_LIMITS_TABLE(LIMIT_ROW)};
static const size_t row_count = sizeof rows / sizeof rows[0];

void hutch_limits_init(hutch_limits *limits) {
    *limits = (hutch_limits){.size = sizeof *limits};
    for (size_t i = 0; i < row_count; i++) {
        *(uint64_t *)((char *)limits + rows[i].offset) = rows[i].standard;
    }
}

static hutch_status out_of_range(const limit_row *row, uint64_t value, hutch_error *error) {
    char most[sizeof "18446744073709551615"];
    snprintf(most, sizeof most, "%" PRIu64, row->maximum);
    return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                           "%s is %" PRIu64 ", expected %" PRIu64 " to %s %s", row->option, value,
                           row->minimum, row->maximum == HUTCH_NO_LIMIT ? "no limit" : most,
                           row->unit);
}

hutch_status hutch_limits_check(const hutch_limits *limits, hutch_error *error) {
    if (limits->size != sizeof *limits) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "size of hutch_limits is %zu, expected %zu: call "
                               "hutch_limits_init() first",
                               limits->size, sizeof *limits);
    }
    for (size_t i = 0; i < row_count; i++) {
        uint64_t value = *(const uint64_t *)((const char *)limits + rows[i].offset);
        if (value < rows[i].minimum || value > rows[i].maximum) {
            return out_of_range(&rows[i], value, error);
        }
    }
    return HUTCH_OK;
}
