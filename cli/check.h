/**
 * @file check.h
 * `hutch check`: a program's types, checked by TypeScript's own compiler. That
 * is a program in JavaScript, so this one becomes a runtime for it, with the
 * script of the npm package @hutch/isolate.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_CHECK_H
#define HUTCH_CLI_CHECK_H

/** @param texts  the words after `check` @return the status to end with, where it returns */
int cli_check(int count, char **texts);

#endif
