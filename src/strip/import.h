/**
 * @file import.h
 * `import`, and what `export` has in common with it. Where a program is the body of a function, only those
 * are taken that are gone afterwards.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_IMPORT_H
#define HUTCH_STRIP_IMPORT_H

#include "strip/statement.h"

/** Read a statement that begins with `import`. */
strip_statement_kind strip_import(stripper *p);

/** Read a statement with `import`, which is current. @param from  its beginning, `export` included */
strip_statement_kind strip_read_import(stripper *p, const unsigned char *from, bool is_exported);

/** Read `* as N`, `*` or `{ A, type B }`. */
void strip_read_bindings(stripper *p);

/** Read `from "module" with { … };`. */
void strip_read_from(stripper *p);

/** Fail if a program that is a function's body cannot have what was just read from `from` on. */
void strip_refuse_in_body(stripper *p, const unsigned char *from, const char *message);

#endif
