/**
 * @file control.h
 * Statements that rule others, and those that jump. Each function reads from the
 * statement's first word on.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_CONTROL_H
#define HUTCH_STRIP_CONTROL_H

#include "strip/parser.h"

void strip_read_if(stripper *p);
void strip_read_do(stripper *p);
void strip_read_for(stripper *p);
void strip_read_switch(stripper *p);
void strip_read_try(stripper *p);

/** `return`, `throw`, `break` or `continue`. */
void strip_read_jump(stripper *p);

/** The word before a condition, and `(condition)`. */
void strip_read_condition(stripper *p);

/** A statement that another one rules. */
void strip_read_ruled(stripper *p);

#endif
