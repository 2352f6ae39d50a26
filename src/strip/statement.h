/**
 * @file statement.h
 * Statements, and the declarations that only TypeScript has.
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

/** Read a declaration of variables behind `let` and its kin. @param around  STRIP_NO_IN or 0 */
void strip_variables(stripper *p, unsigned around);

/**
 * Try the declarations that only TypeScript has: `type`, `interface`, `declare`, `enum`, … .
 *
 * @param from         where the statement begins, before `export` if there is one
 * @param is_exported  `export` stood before it
 * @param kind         [out] written when there was one
 * @return false when the current token begins something else; nothing has moved then
 */
bool strip_type_declaration(stripper *p, const unsigned char *from, bool is_exported,
                            strip_statement_kind *kind);

/** Read an enum, `enum` or `const enum` being current. */
strip_statement_kind strip_enum(stripper *p, const unsigned char *from, bool is_exported);

/** Read a namespace, `namespace` or `module` being current. */
strip_statement_kind strip_namespace(stripper *p, const unsigned char *from, bool is_exported);

/** Read a statement that begins with `import` or `export`. */
strip_statement_kind strip_import(stripper *p);
strip_statement_kind strip_export(stripper *p);

#endif
