/**
 * @file excerpt.h
 * The lines of a program around an error, with a mark below it, as compilers
 * show them. The library reports a line and a column (hutch_failed); whoever
 * has the program can show what is there.
 *
 * Threads: any; a pure function.
 */
#ifndef HUTCH_EXCERPT_H
#define HUTCH_EXCERPT_H

#include <hutch/api.h>

#include <stddef.h>
#include <stdint.h>

HUTCH_BEGIN_API

/** Room for any excerpt, its NUL included, in bytes. */
#define HUTCH_EXCERPT_SIZE 4096
/** Columns of the program that are shown; of longer lines, those around the mark. */
#define HUTCH_EXCERPT_COLUMNS 100

/**
 * Write the line of a place with up to two lines before and one after it:
 *
 *       3 | function shout(user) {
 *     > 4 |   return user.name.toUpperCase()
 *         |               ^^^^
 *       5 | }
 *
 * (without the indentation here). What a terminal or a reader could take for
 * something else, control characters and marks that turn the direction of
 * writing, is replaced with U+FFFD, as are bytes that are no UTF-8; a tab is
 * one blank.
 *
 * @param source  UTF-8, not NUL-terminated
 * @param length  bytes of `source`
 * @param line    from 1
 * @param column  from 1, in UTF-16 units; 0: unknown, nothing is marked
 * @param out     [out] lines that end with a line feed, and a NUL
 * @param size    bytes of `out`, at least 1; HUTCH_EXCERPT_SIZE is enough for all
 * @return bytes written without the NUL; 0 where the source has no such line
 */
size_t hutch_excerpt_write(const char *source, size_t length, uint32_t line, uint32_t column,
                           char *out, size_t size);

HUTCH_END_API

#endif
