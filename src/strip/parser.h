/**
 * @file parser.h
 * The state that all parts of the stripper share. The text is a copy of the
 * source with PADDING zero bytes after it; it is read and edited in place, and
 * every edit keeps the offsets, so that an offset means the same in source and
 * text. What has to become longer is written down as insertions (output.h).
 *
 * A failure is sticky: strip_fail_at() and its like remember the first one and move the lexer
 * to the end, so that every loop meets TOKEN_END and returns. Nobody hands a
 * status up.
 *
 * Threads: one at a time; nothing is shared between two strippers.
 */
#ifndef HUTCH_STRIP_PARSER_H
#define HUTCH_STRIP_PARSER_H

#include "strip/names.h"
#include "strip/output.h"
#include "strip/problem.h"
#include "strip/token.h"
#include "strip/wrapped.h"

#include <hutch/strip.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Zero bytes after the text: the lexer may look that far ahead without asking. Two runs (runs.h):
 *  one that begins in the text, and one after an escape at its end. */
#define STRIP_PADDING 32
/** Stands for a `<` that is known to be no list of types; see generic.c. */
#define STRIP_LESS_MARK 0x01

/** Where the lexer is. Copied to come back to a place. */
typedef struct strip_place {
    unsigned char *at;           /* after the current token */
    unsigned char *start;        /* of the current token */
    unsigned char *previous_end; /* end of the token before */
    strip_token token;
    bool after_break; /* a line break stands before the current token */
} strip_place;

/** The first thing that was wrong. */
typedef struct strip_failure {
    const unsigned char *from;
    const unsigned char *to;
    const char *expected; /* or NULL, then: */
    const char *message;
} strip_failure;

/** A namespace or enum whose body is being read. */
typedef struct strip_holder {
    const unsigned char *name;
    size_t length;
} strip_holder;

/** What was written in place of `<T>` at the beginning of an expression; see assertion.c. */
typedef struct strip_stand_in {
    const unsigned char *from; /* of the blanks that it is written over; NULL: there is none */
    const unsigned char *end;
} strip_stand_in;

/** What the statements that are being read are in. Copied when something is entered, and put back
 *  when it is left. */
typedef struct strip_surroundings {
    uint32_t scope;                      /* number of the innermost block */
    strip_holder holder;                 /* namespace that the statements are in; name NULL: none */
    strip_holder enum_name;              /* enum whose values are read */
    uint32_t enum_scope;                 /* scope of its members, 0: none */
    const struct strip_lowered *lowered; /* innermost namespace whose body is read, or NULL */
    bool is_merged;                      /* one of those is a later part of its namespace */
    uint32_t part;                       /* which part the innermost one is, from 1; 0: none */
} strip_surroundings;

struct stripper {
    strip_place place;
    unsigned char *end; /* of the text, where the padding begins */
    strip_output out;
    strip_failure failure;
    bool has_failed;
    bool is_trying;       /* the failure will be taken back */
    bool is_refused;      /* the failure is about the wrapping of what may be a sound program */
    bool is_too_deep;     /* unless it is this one */
    bool needs_semicolon; /* what was read last does not end with one */
    bool is_branch_done;  /* `(b) : c => d` was the rest of a conditional; see arrow.c */
    hutch_strip_goal goal;
    size_t code_begin; /* of the program in the text: it may be in a fence */
    size_t code_end;
    uint32_t depth;
    size_t stack_bytes;  /* as the option; 0: no bound */
    uint32_t ambient;    /* > 0: inside a declaration without values, nothing is lowered */
    uint32_t scopes;     /* blocks so far */
    size_t steps;        /* tokens read, those read twice counted twice */
    size_t semicolon_at; /* start of an erased `as T`; see statement.c */
    const unsigned char *semicolon_end;  /* and its end */
    const unsigned char *maybe_jsx;      /* the last `<` that stood where JSX would, or NULL */
    const unsigned char *constraint_end; /* end of the last `infer T extends C` */
    const unsigned char *group; /* a `(` that holds a type, even before a `=>`; see type.h */
    strip_stand_in stand_in;    /* of the expression that is being read */
    strip_names names;
    strip_surroundings around;
    strip_wrapped wrapped; /* what the program's wrapping is told by */
};

/** Bytes of stack between the stripper, which lies in the outermost frame, and here. */
static inline size_t strip_stack_used(const stripper *p) {
    return (size_t)((uintptr_t)p - (uintptr_t)__builtin_frame_address(0));
}

/** One level deeper. @return false, and a failure, at HUTCH_STRIP_DEPTH_MAX, and where the stack that
 *  nesting may take is used up */
static inline bool strip_enter(stripper *p) {
    if (p->depth >= HUTCH_STRIP_DEPTH_MAX ||
        (p->stack_bytes != 0 && strip_stack_used(p) > p->stack_bytes)) {
        strip_fail_too_deep(p);
        return false;
    }
    p->depth++;
    return true;
}

/** One level up again. */
static inline void strip_leave(stripper *p) {
    p->depth--;
}

static inline size_t strip_offset(const stripper *p, const unsigned char *at) {
    return (size_t)(at - p->out.text);
}

#endif
