/*
 * Tables of sources and of what they become, and what is true of all of them.
 */
#ifndef HUTCH_TESTS_STRIP_ROWS_H
#define HUTCH_TESTS_STRIP_ROWS_H

#include <hutch/strip.h>

#include "../support/cmocka.h"

typedef struct strip_row {
    const char *what;
    const char *source;
    const char *stripped; /* NULL: unchanged */
} strip_row;

/* Strip a copy of exactly the source's bytes, as a module. */
hutch_status strip_copy(const char *source, size_t length, hutch_strip_goal goal,
                        hutch_strip_output *output, hutch_strip_problem *problem);

/* Every source becomes what its row says. */
void strip_rows_check(const strip_row *rows, size_t count);

/* Stripping what a row says changes nothing more. */
void strip_rows_check_again(const strip_row *rows, size_t count);

/* Each character that is left has the line and column it had. A few are written: `;`, parentheses
   that move, and `0||`. */
void strip_rows_check_places(const strip_row *rows, size_t count);

/* There are as many lines as there were. */
void strip_rows_check_lines(const strip_row *rows, size_t count);

#endif
