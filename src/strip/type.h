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

/** As strip_type(), and `T extends U ?` is not part of it. */
void strip_type_unconditional(stripper *p);

/** Read `{ … }`: members of an interface, an object type or a mapped type. */
void strip_type_members(stripper *p);

/** Read `<` … up to its `>`, which stays current: arguments or parameters of a type. */
void strip_type_list(stripper *p);

/** Read and blank `: T`, of which the `:` is current. */
void strip_annotation(stripper *p);

/** Blank from a place to the end of the last token that was read. */
void strip_blank_since(stripper *p, const unsigned char *from);

/** What stands between parentheses of a type. */
typedef enum strip_parameters {
    STRIP_NO_PARAMETERS,
    STRIP_MAYBE_PARAMETERS, /* one name or pattern: `=>` behind them decides */
    STRIP_PARAMETERS
} strip_parameters;

/** Read `( … )`, parameters of a function or a type in parentheses. */
strip_parameters strip_type_parameters(stripper *p);

#endif
