/**
 * @file isolate_options.h
 * The check of an isolate's options, decided once: what the pool lets through,
 * the isolate in its worker must take. hutch_isolate_options_init() is here too.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_ISOLATE_OPTIONS_H
#define HUTCH_BASE_ISOLATE_OPTIONS_H

#include <hutch/isolate.h>

/** Size, console, time zone, clock and limits. @return HUTCH_OK, or HUTCH_INVALID_ARGUMENT with a
 *  message that names the option, its value and what was expected */
hutch_status hutch_isolate_options_check(const hutch_isolate_options *options, hutch_error *error);

#endif
