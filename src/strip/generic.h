/**
 * @file generic.h
 * Is `a < b` the beginning of a list of types, or a comparison? It is read as
 * types; if that fails, or what stands after the `>` says otherwise, it is a
 * comparison.
 *
 * So that `a<(b<(c<(` stays linear, an attempt leaves a mark in the text over
 * each inner `<` that it found to be a comparison: nobody tries there again.
 * A `<` inside an attempt without a mark is a list for whoever tries it, who then
 * goes on after it. So each `<` is tried a fixed number of times.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_GENERIC_H
#define HUTCH_STRIP_GENERIC_H

#include "strip/parser.h"

/** The current `<` or `<<` after an expression: read and blank a list of types.
 *  @return false when it is a comparison; nothing has moved then */
bool strip_generic_try(stripper *p);

/** The current token is a comparison: take a mark away that stands in its place. */
static inline void strip_generic_settle(stripper *p) {
    if (*p->place.start == STRIP_LESS_MARK) {
        *p->place.start = '<';
    }
}

/** Whether the current `>` stands for itself and is not part of `>>`, `>=` and so on. */
bool strip_ends_arguments(const stripper *p);

/** Inside of a type: `less` began a list whose end has just been read, or was not found. */
void strip_generic_note(stripper *p, unsigned char *less, bool is_last);

#endif
