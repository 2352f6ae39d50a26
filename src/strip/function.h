/**
 * @file function.h
 * Functions and methods after their name: types, parameters, result, body.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_FUNCTION_H
#define HUTCH_STRIP_FUNCTION_H

#include "strip/parser.h"

/** A constructor whose parameters may become properties. */
typedef struct strip_constructor {
    const unsigned char *class_body; /* after the class's `{` */
    bool is_derived;
} strip_constructor;

/** Read `<T>(x: T): T { … }`. @param constructor  NULL for anything else
 *  @return false when there was no body: an overload, of which the caller blanks everything */
bool strip_function_rest(stripper *p, const strip_constructor *constructor);

/** Read `function name …` from `function` on. @return as strip_function_rest() */
bool strip_function(stripper *p, bool is_statement);

/** Read what a value goes into: a name, or a pattern that takes it apart. */
void strip_target(stripper *p, const char *expected);

#endif
