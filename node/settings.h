/**
 * @file settings.h
 * What a context is opened with, as an array of doubles that JavaScript fills
 * in once and passes to every open: one argument instead of a property look-up
 * for each option.
 *
 * Threads: any.
 */
#ifndef HUTCH_NODE_SETTINGS_H
#define HUTCH_NODE_SETTINGS_H

#include <hutch/context.h>

#include <stdbool.h>

/** The elements of the array: the limits, of which Infinity is "no limit", then the others. */
enum {
#define HUTCH_SETTING_LIMIT(field, option, standard, minimum, maximum, unit, meaning)              \
    HUTCH_SETTING_##field,
    HUTCH_LIMITS_TABLE(HUTCH_SETTING_LIMIT)
#undef HUTCH_SETTING_LIMIT
        HUTCH_SETTING_LIMITS, /**< number of limits */

    HUTCH_SETTING_CONSOLE = HUTCH_SETTING_LIMITS, /**< hutch_console_style */
    HUTCH_SETTING_UTC_OFFSET,                     /**< minutes */
    HUTCH_SETTING_TRUST_DOMAIN, /**< from 0: a number of the caller's; below: that of a name, which
                                     is none of those */
    HUTCH_SETTING_RANDOM_SEED,  /**< NaN: none */
    HUTCH_SETTING_CLOCK,        /**< ms since 1970; NaN: the system's clock */
    HUTCH_SETTING_TYPESCRIPT,   /**< 0 or 1 */
    HUTCH_SETTING_HINTS,        /**< 0 or 1 */
    HUTCH_SETTING_RECYCLE,      /**< hutch_recycle */
    HUTCH_SETTINGS,             /**< length of the array */
};

/**
 * Fill in the options.
 *
 * @param values   HUTCH_SETTINGS numbers
 * @param options  [out] without tools
 * @return false when a number is none that the option's type can hold; ranges are the library's
 *         to check
 */
bool hutch_settings_read(const double *values, hutch_context_options *options);

#endif
