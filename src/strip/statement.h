/**
 * @file statement.h
 * Statements that JavaScript has too.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_STATEMENT_H
#define HUTCH_STRIP_STATEMENT_H

#include "strip/parser.h"

/** What a statement was for the namespace around it. */
typedef enum strip_statement_kind {
    STRIP_STATEMENT_VALUE, /* something happens at run time */
    STRIP_STATEMENT_TYPE   /* erased */
} strip_statement_kind;

/** Read statements up to `}` or the end, neither of which is consumed.
 *  @return whether one of them is there at run time */
bool strip_statements(stripper *p);

/** Read one statement. */
strip_statement_kind strip_statement(stripper *p);

/** Read `{ … }`. */
void strip_block(stripper *p);

/** Read the body of a function, `{ … }`. */
void strip_function_body(stripper *p);

/** Take the `;` that ends a statement, or see that none is needed. */
void strip_statement_end(stripper *p);

/** Whether the last token that was read is a `;`. */
bool strip_ended_by_semicolon(const stripper *p);

/** After a member of a list: place the `;` that an erased `as T` at its end would be missing, and
 *  note whether what comes next needs one. */
void strip_list_member_end(stripper *p);

/** Blank what was read from a place on; with a `;` at its start if what was read before it might
 *  go on after it. */
void strip_erase_statement(stripper *p, const unsigned char *from);

/** Read a declaration of variables after `let` and its kin. @param around  STRIP_NO_IN or 0 */
void strip_variables(stripper *p, unsigned around);

/** Whether `let`, `using` or `await using`, being current, begins a declaration. */
bool strip_is_declaration_word(stripper *p);

#endif
