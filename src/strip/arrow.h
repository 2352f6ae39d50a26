/**
 * @file arrow.h
 * Parentheses, which may be the parameters of an arrow function.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_ARROW_H
#define HUTCH_STRIP_ARROW_H

#include "strip/operand.h"

/** Read `( … )` and, if it is one, the whole arrow function. @param less  start of the list of types
 *  before the `(`, or NULL. @return STRIP_OPERAND_WHOLE for an arrow function */
strip_operand strip_parenthesis(stripper *p, unsigned around, const unsigned char *less);

/** Read an arrow function's `=>` and body. */
void strip_arrow_body(stripper *p, unsigned around);

#endif
