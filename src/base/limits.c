/*
 * Defaults and ranges of the limits; see hutch/limits.h.
 *
 * Threads: any.
 */
#include <hutch/limits.h>

#include "base/error.h"
#include "base/isolate_options.h"
#include "base/size.h"

#define ROW(field, option, standard, minimum, maximum, unit, meaning)                              \
    HUTCH_OPTION_ROW(hutch_limits, field, option, option, HUTCH_OPTION_LIMIT, standard, minimum,   \
                     maximum, unit, meaning)

const hutch_option hutch_limit_rows[HUTCH_LIMIT_ROWS] = {HUTCH_LIMITS_TABLE(ROW)};

void hutch_limits_init(hutch_limits *limits) {
#define STANDARD(field, option, standard, minimum, maximum, unit, meaning) .field = (standard),
    *limits = (hutch_limits){.size = sizeof *limits, HUTCH_LIMITS_TABLE(STANDARD)};
#undef STANDARD
}

hutch_status hutch_limits_check(const hutch_limits *limits, hutch_error *error) {
    hutch_status status = hutch_size_check(limits->size, sizeof *limits, "hutch_limits",
                                           "hutch_limits_init()", error);
    return status == HUTCH_OK
               ? hutch_options_check(hutch_limit_rows, HUTCH_LIMIT_ROWS, limits, error)
               : status;
}
