/*
 * The options of an isolate; see isolate_options.h.
 */
#include "base/isolate_options.h"

#include "base/error.h"
#include "base/size.h"

#define ROW(field, option, kind, type, standard, minimum, maximum, unit, meaning)                  \
    HUTCH_OPTION_ROW(hutch_isolate_options, field, option, #field, HUTCH_OPTION_##kind, standard,  \
                     minimum, maximum, unit, meaning)

const hutch_option hutch_isolate_rows[HUTCH_ISOLATE_ROWS] = {HUTCH_ISOLATE_OPTIONS_TABLE(ROW)};

void hutch_isolate_options_init(hutch_isolate_options *options) {
#define STANDARD(field, option, kind, type, standard, minimum, maximum, unit, meaning)             \
    .field = (standard),
    *options =
        (hutch_isolate_options){.size = sizeof *options, HUTCH_ISOLATE_OPTIONS_TABLE(STANDARD)};
#undef STANDARD
    hutch_limits_init(&options->limits);
}

hutch_status hutch_isolate_options_check(const hutch_isolate_options *options, hutch_error *error) {
    hutch_status status = hutch_size_check(options->size, sizeof *options, "hutch_isolate_options",
                                           "hutch_isolate_options_init()", error);
    if (status == HUTCH_OK) {
        status = hutch_options_check(hutch_isolate_rows, HUTCH_ISOLATE_ROWS, options, error);
    }
    return status == HUTCH_OK ? hutch_limits_check(&options->limits, error) : status;
}

void hutch_isolate_options_get(const hutch_isolate_options *options,
                               uint64_t words[HUTCH_ISOLATE_WORDS]) {
    hutch_options_get(hutch_limit_rows, HUTCH_LIMIT_ROWS, &options->limits, words);
    hutch_options_get(hutch_isolate_rows, HUTCH_ISOLATE_ROWS, options, words + HUTCH_LIMIT_ROWS);
}

void hutch_isolate_options_set(hutch_isolate_options *options,
                               const uint64_t words[HUTCH_ISOLATE_WORDS]) {
    hutch_options_set(hutch_limit_rows, HUTCH_LIMIT_ROWS, &options->limits, words);
    hutch_options_set(hutch_isolate_rows, HUTCH_ISOLATE_ROWS, options, words + HUTCH_LIMIT_ROWS);
}
