/**
 * @file operand.h
 * Operands: prefixes, what stands alone, suffixes.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_OPERAND_H
#define HUTCH_STRIP_OPERAND_H

#include "strip/parser.h"

/** What an operand was. */
typedef enum strip_operand {
    STRIP_OPERAND_PLAIN,
    STRIP_OPERAND_NAME,    /* a name or `this`, alone */
    STRIP_OPERAND_PATTERN, /* an object or array, alone: perhaps one that takes things apart */
    STRIP_OPERAND_WHOLE    /* an arrow function or the like: no operator can follow */
} strip_operand;

/** Read one operand with its prefixes and suffixes. */
strip_operand strip_operand_read(stripper *p, unsigned around);

#endif
