/**
 * @file wrapped.h
 * What the parser notes of a program for wrapping.c: what its expressions were,
 * which functions it declares at its top, and how its statements end. Only where
 * `is_on`; nothing of it changes what is read.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_WRAPPED_H
#define HUTCH_STRIP_WRAPPED_H

#include <hutch/wrapping.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Functions at the top of a program that are known by name; of more, the first. */
#define STRIP_FUNCTIONS_MAX 32

/** Names of members by which a module gives its program. */
#define STRIP_MEMBERS 4

/** What an expression was, as far as its value matters. */
typedef enum strip_shape_kind {
    STRIP_SHAPE_VALUE,    /* something else */
    STRIP_SHAPE_NAME,     /* a name, alone */
    STRIP_SHAPE_STRING,   /* a string, alone */
    STRIP_SHAPE_CALLABLE, /* a function that can be called without arguments */
    STRIP_SHAPE_TAKING,   /* one that cannot, or a generator */
    STRIP_SHAPE_CHAIN,    /* ends with a call of then, catch or finally */
    STRIP_SHAPE_IDLE,     /* an update, delete or void */
    STRIP_SHAPE_SILENT    /* an assignment, or a call of the console's */
} strip_shape_kind;

/** What is known of an expression. */
typedef struct strip_shape {
    strip_shape_kind kind;
    const unsigned char *chain; /* CHAIN: end of what stands before the first of those calls */
} strip_shape;

/** A function that is declared at the top, or kept in a variable there. */
typedef struct strip_known {
    const unsigned char *name; /* in the text */
    size_t length;
    bool is_callable;
} strip_known;

/** What may be the program's last word. */
typedef struct strip_last {
    const unsigned char *before; /* end of the token before it; NULL: it is the first */
    const unsigned char *from;   /* NULL: there is none */
    const unsigned char *to;     /* its end, without `;` */
    size_t stripped_to;          /* its end in the text without types */
    bool is_expression;
    strip_shape shape;
} strip_last;

/** `export default`. */
typedef struct strip_default {
    const unsigned char *from; /* `export`; NULL: there is none */
    const unsigned char *word; /* after `default` */
    const unsigned char *name; /* of a function or class; NULL: it has none */
    size_t length;
    bool is_class;
    bool is_function;
    const unsigned char *value; /* begins */
    const unsigned char *to;    /* its end, without `;` */
    size_t stripped_to;         /* as strip_last.stripped_to */
    strip_shape shape;
    bool is_commonjs; /* `module.exports = …`: then a program with a return keeps it */
} strip_default;

typedef struct strip_wrapped {
    bool is_on;
    hutch_wrapping wrapping;
    bool has_return;    /* at the top */
    bool meets_fence;   /* a fence was met where a token should be; at `fence` */
    uint32_t functions; /* whose body is being read, around here */
    uint32_t objects;   /* literals that are being read, around here */
    strip_shape shape;  /* of the expression that was read last */
    bool takes;         /* the function that was read last cannot be called without arguments */
    uint32_t wrappers;  /* seen so far */
    const unsigned char *fence;                  /* in the text */
    const unsigned char *begin;                  /* of the code in it, or of the text */
    const unsigned char *places[HUTCH_WRAPPERS]; /* where each was seen */
    strip_last expression;     /* the statement that was begun last, if it is one */
    uint32_t expression_depth; /* and how deep it stands */
    strip_shape assigned;      /* what the assignment that was read last has assigned */
    /* The expression that ends the block of the last `try`, or what the last guard rules, at the top. */
    strip_last attempt;
    /* `(` of the last `if` at the top that asks whether the program is the one that was started;
     * NULL: there is none. */
    const unsigned char *guard;
    const unsigned char *guard_end;
    const unsigned char *list; /* the last `export { … }` at the top */
    bool is_guarded;           /* the last statement is this `if` */
    strip_last last;
    strip_last lone;        /* the last function that was declared */
    size_t statements;      /* but functions, types and directives */
    size_t declared;        /* functions, among them those in a variable */
    strip_default fallback; /* what is exported by default */
    uint32_t uses[2];       /* of the names main and run */
    strip_known entries[2]; /* the functions of these names; name NULL: none */
    /* The functions that are such members of the object that was read last at the top of a statement. */
    strip_known members[STRIP_MEMBERS];
    strip_known functions_known[STRIP_FUNCTIONS_MAX];
    size_t known;
    const char *head; /* as hutch_strip_output.head */
    bool is_found_value;
} strip_wrapped;

#endif
