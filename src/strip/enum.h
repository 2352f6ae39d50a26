/**
 * @file enum.h
 * Members of the enum whose values are being read.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_ENUM_H
#define HUTCH_STRIP_ENUM_H

#include "strip/parser.h"

/** The current token is a name in an expression: when it means a member of the enum around it, say
 *  of which enum; when it means something that an earlier part of a namespace exports, fail. */
void strip_turned_refer(stripper *p);

/** As strip_turned_refer(), in an object where the name is a whole member: `{ a }`. */
void strip_turned_refer_short(stripper *p);

/** Whether the current token names a member of the enum whose values are read. */
bool strip_turned_is_member(const stripper *p);

/** Fail at the name of a variable that would hide a member: every use of it would mean the member. */
void strip_turned_refuse(stripper *p, const unsigned char *from, const unsigned char *to);

/** The current token is the name of a new variable: fail if it would hide a member. */
void strip_turned_declare(stripper *p);

static inline void strip_enum_declare(stripper *p) {
    if (p->enum_scope != 0) {
        strip_turned_declare(p);
    }
}

/** Whether a name may mean something else than it does in JavaScript. */
static inline bool strip_must_refer(const stripper *p) {
    return p->enum_scope != 0 || p->is_merged;
}

static inline void strip_enum_refer(stripper *p) {
    if (strip_must_refer(p)) {
        strip_turned_refer(p);
    }
}

#endif
