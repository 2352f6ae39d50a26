/**
 * @file type_parts.h
 * Members of object types, and lists in types. Like types they are only read; see
 * type.h.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_TYPE_PARTS_H
#define HUTCH_STRIP_TYPE_PARTS_H

#include "strip/parser.h"

/** Read `{ … }`: members of an interface, an object type or a mapped type. */
void strip_type_members(stripper *p);

/** Read `<` … up to its `>`, which stays current: arguments or parameters of a type. */
void strip_type_list(stripper *p);

/** What stands between parentheses of a type. */
typedef enum strip_parameters {
    STRIP_NO_PARAMETERS,
    STRIP_MAYBE_PARAMETERS, /* one name or pattern: `=>` after them decides */
    STRIP_PARAMETERS
} strip_parameters;

/** Read `( … )`, parameters of a function or a type in parentheses. */
strip_parameters strip_type_parameters(stripper *p);

#endif
