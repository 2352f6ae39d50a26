/**
 * @file fence.h
 * Markdown fences: lines of at least three backticks or tildes around code.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_STRIP_FENCE_H
#define HUTCH_STRIP_FENCE_H

#include <stdbool.h>
#include <stddef.h>

/** The fenced blocks of a text. Offsets, in bytes. */
typedef struct strip_fence {
    size_t count;    /* of blocks, 0 to 2: there may be more */
    size_t open;     /* of the first: its first backtick or tilde */
    size_t line_end; /* of that line */
    size_t begin;    /* of the code */
    size_t end;      /* of the code */
    size_t second;   /* where the second block begins */
} strip_fence;

/** Look for fenced blocks. A block of backticks that is not closed ends with the text. */
strip_fence strip_fence_find(const unsigned char *text, size_t length);

#endif
