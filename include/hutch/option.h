/**
 * @file option.h
 * How options are written down: one row in a table. The struct, the defaults, the checks, what crosses to a
 * worker, the options of the JavaScript package with their checks, and the tests of all that are made from
 * the rows.
 *
 * A row is X(field, option, kind, type, default, minimum, maximum, unit, meaning). `option` is the name in
 * the JavaScript package; "" is none. The kinds, and how JavaScript gives them:
 *
 *     FLAG    bool: true or false
 *     CHOICE  an enum, whose constants and names have a table of their own: a name
 *     WHOLE   a whole number
 *     DOMAIN  a trust domain: a whole number, or a name
 *     GIVEN   bool, without a name of its own: whether the option of the next row is given
 *
 * docs/architecture.md says which places a new one needs.
 */
#ifndef HUTCH_OPTION_H
#define HUTCH_OPTION_H

/** The member of the struct for a row. */
#define HUTCH_OPTION_FIELD(field, option, kind, type, standard, minimum, maximum, unit, meaning)   \
    type field;

/* A CHOICE has a table of its choices: X(constant, name, meaning). The enum is made from it, and the last
 * two columns of the option's row: its maximum and, in place of a unit, its names. */
#define HUTCH_CHOICE_CONSTANT(constant, name, meaning) constant,
#define HUTCH_CHOICE_NAME(constant, name, meaning) "|" name
#define HUTCH_CHOICE_COUNT(constant, name, meaning) +1
#define HUTCH_CHOICE_NAMES(TABLE) TABLE(HUTCH_CHOICE_NAME)
#define HUTCH_CHOICE_LAST(TABLE) (TABLE(HUTCH_CHOICE_COUNT) - 1)

#endif
