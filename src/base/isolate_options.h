/**
 * @file isolate_options.h
 * The rows of an isolate's options, and what is made of them: hutch_isolate_options_init(), the check
 * (what the pool lets through, the isolate in its worker must take) and what crosses to a worker.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_ISOLATE_OPTIONS_H
#define HUTCH_BASE_ISOLATE_OPTIONS_H

#include "base/option.h"

#include <hutch/isolate.h>

enum {
    HUTCH_LIMIT_ROWS = 0 HUTCH_LIMITS_TABLE(HUTCH_OPTION_COUNT),
    HUTCH_ISOLATE_ROWS = 0 HUTCH_ISOLATE_OPTIONS_TABLE(HUTCH_OPTION_COUNT),
    /** Words of all options of an isolate: the limits, then the others. */
    HUTCH_ISOLATE_WORDS = HUTCH_LIMIT_ROWS + HUTCH_ISOLATE_ROWS,
};

/** Rows of hutch_limits. */
extern const hutch_option hutch_limit_rows[HUTCH_LIMIT_ROWS];
/** Rows of hutch_isolate_options, without the limits. */
extern const hutch_option hutch_isolate_rows[HUTCH_ISOLATE_ROWS];

/** Sizes, limits and all others. @return HUTCH_OK, or HUTCH_INVALID_ARGUMENT with a message that names the
 *  option, its value and what was expected */
hutch_status hutch_isolate_options_check(const hutch_isolate_options *options, hutch_error *error);

/** All options as words, and back. */
void hutch_isolate_options_get(const hutch_isolate_options *options,
                               uint64_t words[HUTCH_ISOLATE_WORDS]);
void hutch_isolate_options_set(hutch_isolate_options *options,
                               const uint64_t words[HUTCH_ISOLATE_WORDS]);

#endif
