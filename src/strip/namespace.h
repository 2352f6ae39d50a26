/**
 * @file namespace.h
 * What enums and namespaces have in common: both become a function that is
 * called with the object which they fill.
 *
 *     var N; (function (N) { … })(N || (N = {}));
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_NAMESPACE_H
#define HUTCH_STRIP_NAMESPACE_H

#include "strip/parser.h"

/** An enum or namespace that is being turned. */
typedef struct strip_turned {
    const struct strip_turned *outer; /* the namespace around, or NULL */
    const unsigned char *from;        /* its beginning in the text, `export` included */
    strip_holder name;
    strip_holder parent; /* namespace that exports it; name NULL: none */
    uint32_t scope;      /* of its members, the same for all parts of one that is merged */
    bool is_exported;
    bool is_known; /* a variable of this part already: no `var` again */
    uint32_t part; /* which part of it this is, from 1 */
} strip_turned;

/** The current token is the name: note it, and go on behind it. */
strip_turned strip_turned_begin(stripper *p, const unsigned char *from, bool is_exported);

/** The current token is the `{`, or the dot before another name: write what stands for it, and go on
 *  behind it. */
void strip_turned_open(stripper *p, const strip_turned *turned);

/** Write what stands for the `}`, which is current unless it is closed already: then another name's
 *  has just been read. */
void strip_turned_close(stripper *p, const strip_turned *turned, bool is_closed);

/** Behind a function or class that a namespace exports: `N.x = x;`. */
void strip_namespace_publish(stripper *p, const unsigned char *name, size_t length);

/** Before the value of a constant that a namespace exports: `N.x = `. */
void strip_namespace_constant(stripper *p, const unsigned char *name, size_t length);

/** Note that the namespace around exports a name. */
void strip_namespace_note(stripper *p, const unsigned char *name, size_t length);

/** Read variables that a namespace exports, `const`, `let` or `var` being current. */
void strip_namespace_variables(stripper *p);

/** The current token is a name in an expression: fail if an earlier part of a namespace around
 *  exports it, and nothing nearer hides that. */
void strip_namespace_refer(stripper *p);

#endif
