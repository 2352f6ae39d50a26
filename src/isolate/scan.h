/**
 * @file scan.h
 * A quick look at a program: can one of its braces close the function that it
 * is the body of? Strings, templates and comments are told exactly; where only
 * a parser can know (a slash may divide or begin a regular expression) the
 * answer is that it is not known.
 *
 * Threads: any; a pure function.
 */
#ifndef HUTCH_ISOLATE_SCAN_H
#define HUTCH_ISOLATE_SCAN_H

#include <stddef.h>

/** What a look at the braces says. */
typedef enum hutch_scan_result {
    HUTCH_SCAN_INSIDE,  /**< no brace closes more than the program has opened */
    HUTCH_SCAN_CLOSES,  /**< the brace at `offset` does; certain if the text before it is valid */
    HUTCH_SCAN_UNKNOWN, /**< a parser has to tell */
} hutch_scan_result;

/**
 * Look at a function body.
 *
 * @param code    valid UTF-8
 * @param offset  [out] with HUTCH_SCAN_CLOSES: of the brace, in bytes
 */
hutch_scan_result hutch_scan(const char *code, size_t length, size_t *offset);

#endif
