/**
 * @file property.h
 * Parameters of a constructor that are properties of the class:
 * `constructor(private a: T) {}` becomes `constructor(a) {this.a = a; }`, and the
 * class declares `a;` at its head, as tsc does.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_PROPERTY_H
#define HUTCH_STRIP_PROPERTY_H

#include "strip/function.h"
#include "strip/parser.h"

/** The properties among a function's parameters. */
typedef struct strip_properties {
    const strip_constructor *constructor; /* NULL: no parameter may be one */
    const unsigned char *first;           /* start of the first one's modifiers; NULL: none */
    size_t waiting; /* the number of the first assignment that waits for its place; output.h */
} strip_properties;

/** The current token is the name of a parameter with modifiers, which begin at `from`. */
void strip_properties_add(stripper *p, strip_properties *properties, const unsigned char *from);

/** Read the constructor's body, and put the assignments in: at its start, or after `super(…)`. */
void strip_properties_body(stripper *p, const strip_properties *properties);

/** The constructor has no body: refuses its properties, as there is no place for what waits. */
void strip_properties_without_body(stripper *p, const strip_properties *properties);

#endif
