/**
 * @file rescan.h
 * Tokens that only what stands around them tells apart, and the token after the
 * current one.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_RESCAN_H
#define HUTCH_STRIP_RESCAN_H

#include "strip/parser.h"

/** The current `>` and what follows directly become one operator. */
void strip_rescan_greater(stripper *p);

/** The current `<<` becomes a `<`, with the other one to be read. */
void strip_rescan_less(stripper *p);

/** The current `/` or `/=` begins a regular expression: make it a TOKEN_STRING. */
void strip_rescan_regex(stripper *p);

/**
 * Scan characters of a template, from after the backtick or after the `}` of
 * a substitution.
 *
 * @return true: a substitution follows, its first token is current; false: the template has ended
 *         and the token after it is current
 */
bool strip_scan_template(stripper *p);

/** The token after the current one. @param after_break [out, optional] */
strip_token strip_peek(stripper *p, bool *after_break);

#endif
