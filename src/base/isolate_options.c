/*
 * The defaults and the check of an isolate's options.
 */
#include "base/isolate_options.h"

#include "base/error.h"

#include <inttypes.h>

#define UTC_OFFSET_MAX 1439
/* Largest time of a Date, in milliseconds either way of 1970. */
#define FIXED_CLOCK_MAX INT64_C(8640000000000000)

void hutch_isolate_options_init(hutch_isolate_options *options) {
    *options = (hutch_isolate_options){.size = sizeof *options,
                                       .console = HUTCH_CONSOLE_INSPECT,
                                       .typescript = true,
                                       .hints = true};
    hutch_limits_init(&options->limits);
}

static hutch_status check_time(const hutch_isolate_options *options, hutch_error *error) {
    if (options->utc_offset_minutes < -UTC_OFFSET_MAX ||
        options->utc_offset_minutes > UTC_OFFSET_MAX) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "utc_offset_minutes is %" PRId32 ", expected %d to %d",
                               options->utc_offset_minutes, -UTC_OFFSET_MAX, UTC_OFFSET_MAX);
    }
    if (options->fixed_clock &&
        (options->fixed_clock_ms < -FIXED_CLOCK_MAX || options->fixed_clock_ms > FIXED_CLOCK_MAX)) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "fixed_clock_ms is %" PRId64
                               ", expected a time that a Date can have, up to 8.64e15 either way",
                               options->fixed_clock_ms);
    }
    return HUTCH_OK;
}

hutch_status hutch_isolate_options_check(const hutch_isolate_options *options, hutch_error *error) {
    if (options->size != sizeof *options) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "size of hutch_isolate_options is %zu, expected %zu: call "
                               "hutch_isolate_options_init() first",
                               options->size, sizeof *options);
    }
    if (options->console != HUTCH_CONSOLE_INSPECT && options->console != HUTCH_CONSOLE_STRING) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "console is %d, expected HUTCH_CONSOLE_INSPECT or "
                               "HUTCH_CONSOLE_STRING",
                               (int)options->console);
    }
    hutch_status status = check_time(options, error);
    return status == HUTCH_OK ? hutch_limits_check(&options->limits, error) : status;
}
