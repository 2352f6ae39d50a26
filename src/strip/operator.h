/**
 * @file operator.h
 * The longest operator that begins with a character.
 *
 * Threads: any; a pure function.
 */
#ifndef HUTCH_STRIP_OPERATOR_H
#define HUTCH_STRIP_OPERATOR_H

#include "strip/token.h"

#include <stddef.h>

/** The longest operator that begins with `first`, one of `=!<?+-*%&|^`. @param rest  what follows it
 *  @param size [out] its bytes */
strip_token strip_operator(unsigned char first, const unsigned char *rest, size_t *size);

#endif
