/**
 * @file literal.h
 * Objects, arrays, templates and lists of arguments; decorators.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_LITERAL_H
#define HUTCH_STRIP_LITERAL_H

#include "strip/parser.h"

/** Read an object or the pattern that looks like one, `{` being current.
 *  @param is_target  it is a pattern whose names are those of new variables */
void strip_object(stripper *p, bool is_target);

/** Read an array or the pattern that looks like one, `[` being current. */
void strip_array(stripper *p);

/** Read the arguments of a call, `(` being current. */
void strip_arguments(stripper *p);

/** Read `[ expression ]`, the name of a member. */
void strip_computed_name(stripper *p);

/** Read a template, its backtick being current. */
void strip_template(stripper *p);

/** Read `@decorator`s while there are any. */
void strip_decorators(stripper *p);

#endif
