/**
 * @file namespace.h
 * Namespaces, and what they export.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_NAMESPACE_H
#define HUTCH_STRIP_NAMESPACE_H

#include "strip/statement.h"

/** After a function or class that a namespace exports: `N.x = x;`. */
void strip_namespace_publish(stripper *p, const unsigned char *name, size_t length);

/** Before the value of a constant that a namespace exports: `N.x = `. */
void strip_namespace_constant(stripper *p, const unsigned char *name, size_t length);

/** Note that the namespace around exports a name. */
void strip_namespace_note(stripper *p, const unsigned char *name, size_t length);

/** Read variables that a namespace exports, `const`, `let` or `var` being current. */
void strip_namespace_variables(stripper *p);

/** Read a namespace, `namespace` or `module` being current. */
strip_statement_kind strip_namespace(stripper *p, const unsigned char *from, bool is_exported);

#endif
