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

/*
 * Every number of hutch_pool_options: X(field, default, least, most). One table
 * feeds the defaults, the checks and the test of them.
 */
#define HUTCH_POOL_OPTIONS_TABLE(X)                                                                \
    X(max_workers, 1024, 1, 65536)                                                                 \
    X(max_idle, 4, 0, 65536)                                                                       \
    X(spare, 1, 0, 1024)                                                                           \
    X(max_spare, 64, 0, 1024)                                                                      \
    X(look_us, 50, 0, 1000)                                                                        \
    X(kill_grace_ms, 50, 1, 60000)

/** @return HUTCH_OK or HUTCH_INVALID_ARGUMENT */
hutch_status hutch_pool_options_check(const hutch_pool_options *options, hutch_error *error);

/** All but the tools (tool_table.h). @return HUTCH_OK or HUTCH_INVALID_ARGUMENT */
hutch_status hutch_context_options_check(const hutch_context_options *options, hutch_error *error);

/** @param options may be NULL @return HUTCH_OK or HUTCH_INVALID_ARGUMENT */
hutch_status hutch_run_options_check(const hutch_run_options *options, hutch_error *error);

#endif
