/**
 * @file settings.h
 * What a context or a pool is made with, as an array of doubles that JavaScript
 * fills in: one argument instead of one for each option. An element is the
 * member of a row of a table of options (hutch/option.h), in the order of the
 * tables below:
 *
 *     LIMIT   Infinity: no limit
 *     DOMAIN  from 0: a number of the caller's; below: that of a name, which is none of those
 *     FLAG, GIVEN  0 or 1
 *     CHOICE  the place of the name
 *
 * Threads: any.
 */
#ifndef HUTCH_NODE_SETTINGS_H
#define HUTCH_NODE_SETTINGS_H

#include "base/isolate_options.h"
#include "pool/options.h"

/** Lengths of the arrays. */
enum {
    /** Limits, options of the isolate, options of the context. */
    HUTCH_CONTEXT_SETTINGS = HUTCH_LIMIT_ROWS + HUTCH_ISOLATE_ROWS + HUTCH_CONTEXT_ROWS,
    HUTCH_POOL_SETTINGS = HUTCH_POOL_ROWS,
};

/**
 * Fill in the options.
 *
 * @param values   HUTCH_CONTEXT_SETTINGS numbers
 * @param options  [out] without tools
 * @return false when a number is none that the option's type can hold; ranges are the library's
 *         to check
 */
bool hutch_settings_read_context(const double *values, hutch_context_options *options);

/** The same. @param values  HUTCH_POOL_SETTINGS numbers. @param options  [out] all but what has no row */
bool hutch_settings_read_pool(const double *values, hutch_pool_options *options);

#endif
