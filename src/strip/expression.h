/**
 * @file expression.h
 * Expressions. An expression is a row of operands with operators between them;
 * which binds tighter matters only where a type is taken out of the row.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_EXPRESSION_H
#define HUTCH_STRIP_EXPRESSION_H

#include "strip/operand.h"

/** What surrounds an expression. */
enum {
    STRIP_ALLOWS_COMMA = 1,
    STRIP_NO_IN = 2,         /* head of a `for`: `in` ends the expression */
    STRIP_IN_BRANCH = 4,     /* between `?` and `:` */
    STRIP_IN_CASE = 8,       /* between `case` and `:` */
    STRIP_IS_STATEMENT = 16, /* at the beginning of a statement */
    STRIP_IS_BODY = 32,      /* body of an arrow function */
    STRIP_ENDS_AT_BREAK = 64 /* after `return` and the like: must begin on the same line */
};

/** Read an expression. @param around  of the flags above */
void strip_expression(stripper *p, unsigned around);

/** Read the rest of an expression whose first operand has been read. */
void strip_expression_rest(stripper *p, strip_operand operand, unsigned around);

#endif
