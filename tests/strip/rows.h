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

/* What stays of where things were. */
typedef enum strip_stay {
    STRIP_PLACES_STAY, /* each character that is left has the line and column it had. A few are
                          written: `;`, parentheses that move, `0||` and `0?0:` */
    STRIP_LINES_STAY,  /* there are as many lines as there were */
} strip_stay;

/* Run the tests of a table: every source becomes what its row says, stripping that changes nothing
   more, and what is to stay stays. @return as main() */
int strip_rows_run(const strip_row *rows, size_t count, strip_stay stay);

#endif
