/**
 * @file json_short.h
 * The short texts that most inputs and results are: one flat object or array of
 * plain items, or one plain item. They are told from the rest, and
 * counted, in one pass that keeps no state; what is anything else is for
 * json_scan.h.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_JSON_SHORT_H
#define HUTCH_BASE_JSON_SHORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest text that is tried, bytes: no longer than a number may be. There is no white space in it. */
#define HUTCH_JSON_SHORT_MAX 64

/**
 * Whether a text is such a one. It is JSON then, and has no member `__proto__`;
 * and if it is not a number, whatever else but white space comes after it makes it
 * none.
 *
 * @param values  [out] how many values it has, as json_scan.h counts them
 * @return false: nothing is known of it
 */
bool hutch_json_short_count(const char *text, size_t length, uint64_t *values);

#endif
