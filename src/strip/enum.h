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
 *  of which enum; when it means something that an earlier part of the namespace exports, fail. */
void strip_turned_refer(stripper *p);

static inline void strip_enum_refer(stripper *p) {
    if (p->enum_scope != 0 || p->merged_scope != 0) {
        strip_turned_refer(p);
    }
}

#endif
