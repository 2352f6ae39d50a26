/**
 * @file type.h
 * Types. A type is only read, never edited: whoever asked for it blanks the
 * whole range afterwards. So there is no going back inside of types either: what
 * may be a list of parameters or a type in parentheses is read as both at once.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_TYPE_H
#define HUTCH_STRIP_TYPE_H

#include "strip/parser.h"

/** Read a type. */
void strip_type(stripper *p);

/** A type that a class or an interface is to have: its list of types may begin on a line of its own. */
void strip_type_heritage(stripper *p);

/** Read the type of an arrow function's result, up to the function's `=>`. Of `(a): (b) => c` the
 *  grammar makes a function type and misses the `=>` after it; where there is none, `(b)` is the type. */
void strip_type_result(stripper *p);

/** As strip_type(), and `T extends U ?` is not part of it. */
void strip_type_unconditional(stripper *p);

/** Read and blank `: T`, of which the `:` is current. */
void strip_annotation(stripper *p);

#endif
