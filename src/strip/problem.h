/**
 * @file problem.h
 * What was wrong, and where. A failure is sticky; see parser.h.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_PROBLEM_H
#define HUTCH_STRIP_PROBLEM_H

#include <hutch/strip.h>

typedef struct stripper stripper;

/** Remember that this was expected where the current token is. */
void strip_fail_expected(stripper *p, const char *expected);

/** Remember a whole message about a range. */
void strip_fail_at(stripper *p, const unsigned char *from, const unsigned char *to,
                   const char *message);

/** Remember that the source is nested too deeply. */
void strip_fail_too_deep(stripper *p);

/** Fill `problem` from the failure. */
void strip_problem_write(const stripper *p, hutch_strip_problem *problem);

#endif
