/**
 * @file mask.h
 * Which bytes of a program are code: a copy of it, byte for byte, in which comments are blanks, and what a
 * string, a template or a regular expression says is none of the language's characters. In it a
 * bracket is a bracket, and the one that belongs to it can be looked for in either direction.
 *
 * Whether a slash divides is told by what is before it. Where that is wrong, or a text ends inside of a
 * string, the rest is HUTCH_MASK_UNKNOWN.
 *
 * Threads: any; a pure function.
 */
#ifndef HUTCH_ISOLATE_MASK_H
#define HUTCH_ISOLATE_MASK_H

#include <stddef.h>

/** What stands in a mask for what is no code. */
#define HUTCH_MASK_UNKNOWN '\0'
#define HUTCH_MASK_OPEN                                                                            \
    '\1' /**< the first character of a string, a template, a regular expression */
#define HUTCH_MASK_CLOSE '\2' /**< its last one */
#define HUTCH_MASK_TEXT '\3'  /**< what is between them */

/** Write the mask of a program. @param mask  [out] `length` bytes */
void hutch_mask_write(const char *code, size_t length, char *mask);

#endif
