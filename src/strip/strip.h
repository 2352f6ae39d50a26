/**
 * @file strip.h
 * The stripper behind hutch_strip(), which also counts.
 *
 * Threads: any.
 */
#ifndef HUTCH_STRIP_STRIP_H
#define HUTCH_STRIP_STRIP_H

#include "strip/parser.h"

/** As hutch_strip(), without its checks of the arguments. @param steps [out, optional] tokens that
 *  were read, those read twice counted twice */
hutch_status strip_run(const char *source, size_t length, const hutch_strip_options *options,
                       hutch_strip_output *output, hutch_strip_problem *problem, size_t *steps);

#endif
