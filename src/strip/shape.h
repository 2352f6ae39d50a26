/**
 * @file shape.h
 * What an expression was: noted while it is read, as each is done. An outer
 * expression is done after its parts, and says the last word.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_SHAPE_H
#define HUTCH_STRIP_SHAPE_H

#include "strip/parser.h"

/** The calls and members after an operand, as they are read. */
typedef struct strip_links {
    const unsigned char *before; /* end of what stands before the last member */
    const unsigned char *chain;  /* as strip_shape.chain, so far */
    strip_token last;            /* what the last one began with; TOKEN_END: there is none */
    bool is_pending;             /* the last one was `.then` or the like */
} strip_links;

/** The operand's first token, prefixes included. */
typedef struct strip_first {
    strip_token prefix;  /* the first prefix; TOKEN_END: there is none */
    strip_token primary; /* what stands without prefix and suffix begins with it */
    bool is_console;     /* it is the name console */
    bool is_awaited;     /* no prefix but await */
} strip_first;

/** A function has just been read. @param takes  it cannot be called without arguments */
static inline void strip_shape_function(stripper *p, bool takes) {
    p->wrapped.takes = takes;
    p->wrapped.shape =
        (strip_shape){.kind = takes ? STRIP_SHAPE_TAKING : STRIP_SHAPE_CALLABLE, .chain = NULL};
}

/** The current token begins what stands without prefix and suffix. */
strip_first strip_shape_begin(const stripper *p, strip_token prefix, bool is_awaited);

/** The current token, after a dot, is the name of a member. */
bool strip_shape_is_chain_word(const stripper *p);

/** One more of the suffixes, which begins with `token`. */
void strip_shape_link(strip_links *links, strip_token token, bool is_chain_word,
                      const unsigned char *before);

/** The operand has been read. @param is_name  it is a name, alone  @param is_whole  an arrow function */
void strip_shape_operand(stripper *p, const strip_first *first, const strip_links *links,
                         bool is_name, bool is_whole);

/** An operator and the operand after it have been read. @param has_assigned [in, out] the row has an
 *  assignment, since its last comma */
void strip_shape_operator(stripper *p, strip_token token, bool is_assignment, bool *has_assigned);

#endif
