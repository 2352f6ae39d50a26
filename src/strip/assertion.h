/**
 * @file assertion.h
 * `<T>` where an operand begins.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_ASSERTION_H
#define HUTCH_STRIP_ASSERTION_H

#include "strip/parser.h"

/** Read and blank the `<` … `>` before an operand. @return where the `<` was */
const unsigned char *strip_assertion_prefix(stripper *p, unsigned around);

/** What has been read does not go with the narrow form of what may have been written in place of the
 *  type before the expression's first operand: write the wide one. */
void strip_assertion_widen(stripper *p);

#endif
