/**
 * @file class.h
 * Classes and their members.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_CLASS_H
#define HUTCH_STRIP_CLASS_H

#include "strip/parser.h"

/** Read a class from `class` on. @param is_statement  its name is declared in the scope */
void strip_class(stripper *p, bool is_statement);

#endif
