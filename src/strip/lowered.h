/**
 * @file lowered.h
 * What enums and namespaces have in common: both become a function that is
 * called with the object which they fill.
 *
 *     var N; (function (N) { … })(N || (N = {}));
 *
 * And what a name means inside of them: a member of the enum around, or what an
 * earlier part of a namespace exports.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_LOWERED_H
#define HUTCH_STRIP_LOWERED_H

#include "strip/parser.h"

/** An enum or namespace that is being lowered. */
typedef struct strip_lowered {
    const struct strip_lowered *outer; /* the namespace around, or NULL */
    const unsigned char *from;         /* its beginning in the text, `export` included */
    strip_holder name;
    strip_holder parent; /* namespace that exports it; name NULL: none */
    uint32_t scope;      /* of its members, the same for all parts of one that is merged */
    bool is_exported;
    bool is_known; /* a variable of this part already: no `var` again */
    uint32_t part; /* which part of it this is, from 1 */
} strip_lowered;

/** The current token is the name: note it, and go on after it. */
strip_lowered strip_lowered_begin(stripper *p, const unsigned char *from, bool is_exported);

/** The current token is the `{`, or the dot before another name: write what stands for it, and go on
 *  after it. */
void strip_lowered_open(stripper *p, const strip_lowered *lowered);

/** Write what stands for the `}`, which is current unless it is closed already: then another name's
 *  has just been read. */
void strip_lowered_close(stripper *p, const strip_lowered *lowered, bool is_closed);

/** Note a name in a scope. @return NULL when out of memory, which is remembered */
strip_name *strip_lowered_add_name(stripper *p, const unsigned char *name, size_t length,
                                   uint32_t scope);

/** Note that the current token names a class, function, enum or namespace of this scope. */
void strip_declare_name(stripper *p);

/** The current token is a name in an expression: when it means a member of the enum around it, say
 *  of which enum; when it means something that an earlier part of a namespace exports, fail. */
void strip_lowered_refer_inside(stripper *p);

/** As strip_lowered_refer_inside(), in an object where the name is a whole member: `{ a }`. */
void strip_lowered_refer_short(stripper *p);

/** Whether the current token names a member of the enum whose values are read. */
bool strip_lowered_is_member(const stripper *p);

/** Fail at the name of a variable that would hide a member: every use of it would mean the member. */
void strip_lowered_refuse(stripper *p, const unsigned char *from, const unsigned char *to);

/** The current token is the name of a new variable: fail if it would hide a member. */
void strip_lowered_declare_inside(stripper *p);

static inline void strip_lowered_declare(stripper *p) {
    if (p->around.enum_scope != 0) {
        strip_lowered_declare_inside(p);
    }
}

/** Whether a name may mean something else than it does in JavaScript. */
static inline bool strip_lowered_must_refer(const stripper *p) {
    return p->around.enum_scope != 0 || p->around.is_merged;
}

static inline void strip_lowered_refer(stripper *p) {
    if (strip_lowered_must_refer(p)) {
        strip_lowered_refer_inside(p);
    }
}

#endif
