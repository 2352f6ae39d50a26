/**
 * @file options.h
 * Checks of what a pool, a context or a run is made with. Messages name the
 * option, its value and what was expected.
 *
 * Threads: any.
 */
#ifndef HUTCH_POOL_OPTIONS_H
#define HUTCH_POOL_OPTIONS_H

#include <hutch/context.h>

#include "base/option.h"

enum {
    HUTCH_POOL_ROWS = 0 HUTCH_POOL_OPTIONS_TABLE(HUTCH_OPTION_COUNT),
    HUTCH_CONTEXT_ROWS = 0 HUTCH_CONTEXT_OPTIONS_TABLE(HUTCH_OPTION_COUNT),
    HUTCH_RUN_ROWS = 0 HUTCH_RUN_OPTIONS_TABLE(HUTCH_OPTION_COUNT),
};

/** Of members of hutch_pool_options. */
extern const hutch_option hutch_pool_rows[HUTCH_POOL_ROWS];
/** Of members of hutch_context_options; those of its isolate have tables of their own. */
extern const hutch_option hutch_context_rows[HUTCH_CONTEXT_ROWS];
/** Of members of hutch_run_options. */
extern const hutch_option hutch_run_rows[HUTCH_RUN_ROWS];

/** @return HUTCH_OK or HUTCH_INVALID_ARGUMENT */
hutch_status hutch_pool_options_check(const hutch_pool_options *options, hutch_error *error);

/** All but the tools (tool_table.h). @return HUTCH_OK or HUTCH_INVALID_ARGUMENT */
hutch_status hutch_context_options_check(const hutch_context_options *options, hutch_error *error);

/** @param options may be NULL @return HUTCH_OK or HUTCH_INVALID_ARGUMENT */
hutch_status hutch_run_options_check(const hutch_run_options *options, hutch_error *error);

#endif
