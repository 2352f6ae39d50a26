/**
 * @file syntax.h
 * What is wrong with a program that does not compile, in words about the
 * program.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_SYNTAX_H
#define HUTCH_ISOLATE_SYNTAX_H

#include "isolate/guest.h"

/**
 * Mend the report of a syntax error, which has the engine's words and place.
 * The engine may have complained about what stands around the program, about
 * what only comes after a brace too many, or about a type that it does not
 * know.
 *
 * @param thrown  a plain null: nothing is wrong but hutch_source.strayed
 */
void hutch_syntax_mend(hutch_guest *guest, JSValueConst thrown);

#endif
