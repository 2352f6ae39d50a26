/**
 * @file callee.h
 * How V8 names what a program called, made, walked or took apart, out of the text of the program and the
 * place of the mistake (shown.h). Each function returns false for what has no name that is known.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_ISOLATE_CALLEE_H
#define HUTCH_ISOLATE_CALLEE_H

#include "isolate/shown.h"

/** What is called. @param at  its last name, or the parenthesis where it ends with none */
bool hutch_callee_of_call(hutch_shown_text text, size_t at, hutch_shown_name *name);

/** What `new` is applied to. @param at  of the word `new` */
bool hutch_callee_of_new(hutch_shown_text text, size_t at, hutch_shown_name *name);

/** What a loop walks, or an array pattern takes apart: with what V8 says of it before "is not iterable".
 *  @param at  of what is walked: where it begins, or its last name or parenthesis; in a loop, the end of
 *             the pattern */
bool hutch_callee_of_loop(hutch_shown_text text, size_t at, hutch_shown_name *name);

/** Where something is spread. */
typedef enum hutch_callee_spread {
    HUTCH_CALLEE_SPREAD_ELEMENT,       /**< of an array */
    HUTCH_CALLEE_SPREAD_ARGUMENT,      /**< of a call, among others after it */
    HUTCH_CALLEE_SPREAD_LAST_ARGUMENT, /**< of a call */
    HUTCH_CALLEE_SPREAD_RESULT,        /**< in an array: of a call, which is what is spread */
} hutch_callee_spread;

/** What is spread. @param at  its last name, or that of the call whose last argument it is.
 *  @param where  [out] */
bool hutch_callee_of_spread(hutch_shown_text text, size_t at, hutch_shown_name *name,
                            hutch_callee_spread *where);

/**
 * What an object pattern takes apart.
 *
 * @param at        of its first target, or of its brace
 * @param property  [out] the first property; empty where it is computed, or there is none
 * @param name      [out] what is taken apart; empty where V8 tells of the property only
 */
bool hutch_callee_of_pattern(hutch_shown_text text, size_t at, bool is_null,
                             hutch_shown_name *property, hutch_shown_name *name);

#endif
