/**
 * @file callee.h
 * How V8 names what a program called, made or took apart, out of the text of
 * the program and the place of the mistake. Only a chain of names, strings, short
 * arrays, calls and indexes is named, and a member that is called on anything; each
 * function returns false for all else.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_ISOLATE_CALLEE_H
#define HUTCH_ISOLATE_CALLEE_H

#include <stdbool.h>
#include <stddef.h>

/** Longest name, in bytes with its NUL. */
#define HUTCH_CALLEE_MAX ((size_t)256)

/** A program; borrowed. */
typedef struct hutch_callee_text {
    const char *data;
    size_t length;
} hutch_callee_text;

/** A name, NUL-terminated. */
typedef struct hutch_callee_name {
    char text[HUTCH_CALLEE_MAX];
    size_t length;
} hutch_callee_name;

/** What is called. @param at  its last name, or the parenthesis where it ends with none */
bool hutch_callee_of_call(hutch_callee_text text, size_t at, hutch_callee_name *name);

/** What `new` is applied to. @param at  of the word `new` */
bool hutch_callee_of_new(hutch_callee_text text, size_t at, hutch_callee_name *name);

/** What a loop walks. @param at  its beginning */
bool hutch_callee_of_loop(hutch_callee_text text, size_t at, hutch_callee_name *name);

/** Where something is spread. */
typedef enum hutch_callee_spread {
    HUTCH_CALLEE_SPREAD_OTHER,
    HUTCH_CALLEE_SPREAD_ONLY_ARGUMENT, /**< of a call */
    HUTCH_CALLEE_SPREAD_RESULT,        /**< of a call, which is what is spread */
} hutch_callee_spread;

/** What is spread. @param at  its last name. @param where [out] */
bool hutch_callee_of_spread(hutch_callee_text text, size_t at, hutch_callee_name *name,
                            hutch_callee_spread *where);

/**
 * What an object pattern takes apart.
 *
 * @param at        of the first token after the brace
 * @param property  [out] the first property; empty where it is not a plain name
 * @param name      [out] what is taken apart; empty where V8 tells of the property only
 */
bool hutch_callee_of_pattern(hutch_callee_text text, size_t at, bool is_null,
                             hutch_callee_name *property, hutch_callee_name *name);

#endif
