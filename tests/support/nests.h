/**
 * @file nests.h
 * The table of nests, tests/support/nests.txt: programs that build something
 * 200,000 levels deep and then ask the engine to go through it. A line is
 *
 *     name | end | program
 *
 * with the end `done` (the engine needs no stack for it), `stack` (it runs out
 * of stack) or `any` (a value or an error, whichever it is: proxies that hand on
 * a call as the last thing they do need stack only where the compiler has made no
 * loop of it). `N` is 200,000 in the program. Lines that begin with # are comments.
 */
#ifndef HUTCH_TESTS_SUPPORT_NESTS_H
#define HUTCH_TESTS_SUPPORT_NESTS_H

#include <stdbool.h>
#include <stdio.h>

typedef enum nest_end { NEST_DONE, NEST_STACK, NEST_ANY } nest_end;

typedef struct nest {
    char name[64];
    nest_end end;
    char code[1024]; /**< declares N */
} nest;

/** The next nest of an open table. @return false at its end; `problem` is set where a line is wrong */
bool nests_read(FILE *table, nest *out, const char **problem);

#endif
