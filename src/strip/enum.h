/**
 * @file enum.h
 * Enums.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_ENUM_H
#define HUTCH_STRIP_ENUM_H

#include "strip/statement.h"

/** Read an enum, `enum` or `const enum` being current. */
strip_statement_kind strip_enum(stripper *p, const unsigned char *from, bool is_exported);

#endif
