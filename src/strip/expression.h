/**
 * @file expression.h
 * Expressions. An expression is a row of operands with operators between them;
 * which binds tighter matters only where a type is taken out of the row.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_EXPRESSION_H
#define HUTCH_STRIP_EXPRESSION_H

#include "strip/parser.h"

/** What surrounds an expression. */
enum {
    STRIP_ALLOWS_COMMA = 1,
    STRIP_NO_IN = 2,         /* head of a `for`: `in` ends the expression */
    STRIP_IN_BRANCH = 4,     /* between `?` and `:` */
    STRIP_IN_CASE = 8,       /* between `case` and `:` */
    STRIP_IS_STATEMENT = 16, /* at the beginning of a statement */
    STRIP_IS_BODY = 32,      /* body of an arrow function */
    STRIP_ENDS_AT_BREAK = 64 /* behind `return` and the like: must begin on the same line */
};

/** What an operand was. */
typedef enum strip_operand {
    STRIP_OPERAND_PLAIN,
    STRIP_OPERAND_NAME,    /* a name or `this`, alone */
    STRIP_OPERAND_PATTERN, /* an object or array, alone: perhaps one that takes things apart */
    STRIP_OPERAND_WHOLE    /* an arrow function or the like: no operator can follow */
} strip_operand;

/** Read an expression. @param around  of the flags above */
void strip_expression(stripper *p, unsigned around);

/** Read the rest of an expression whose first operand has been read. */
void strip_expression_rest(stripper *p, strip_operand operand, unsigned around);

/** Read one operand with its prefixes and suffixes. */
strip_operand strip_operand_read(stripper *p, unsigned around);

/** Read the suffixes of an operand: calls, members, `!`, types. @return whether there was one */
bool strip_suffixes(stripper *p);

/** Read an object or the pattern that looks like one, `{` being current.
 *  @param is_target  it is a pattern whose names are those of new variables */
void strip_object(stripper *p, bool is_target);

/** Read an array or the pattern that looks like one, `[` being current. */
void strip_array(stripper *p);

/** Read `( … )` and, if it is one, the whole arrow function. @param less  start of the list of types
 *  before the `(`, or NULL. @return STRIP_OPERAND_WHOLE for an arrow function */
strip_operand strip_parenthesis(stripper *p, unsigned around, const unsigned char *less);

/** Read the arguments of a call, `(` being current. */
void strip_arguments(stripper *p);

/** Read an arrow function's `=>` and body. */
void strip_arrow_body(stripper *p, unsigned around);

/** Read and blank the `<` … `>` before an operand. @return where the `<` was */
const unsigned char *strip_assertion_prefix(stripper *p, unsigned around);

/** Read `[ expression ]`, the name of a member. */
void strip_computed_name(stripper *p);

/** Read a template, its backtick being current. */
void strip_template(stripper *p);

/** Read `@decorator`s while there are any. */
void strip_decorators(stripper *p);

#endif
