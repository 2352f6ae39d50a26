/**
 * @file wrapping.h
 * Programs in a wrapping: what the parser notes at the top of a program, and
 * what is made of it when the whole has been read. All of it is written where it
 * moves no token on its line, or told as a move.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_WRAPPING_H
#define HUTCH_STRIP_WRAPPING_H

#include "strip/notes.h"

/** Read the statements of a program up to its end, and note them. */
void strip_wrapping_statements(stripper *p);

/** The program has been read: unwrap it, or refuse it. */
void strip_wrapping_finish(stripper *p);

#endif
