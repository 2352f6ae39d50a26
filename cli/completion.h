/**
 * @file completion.h
 * `hutch completion`, and the page of `hutch help --man`: what other programs
 * want to know of the command line, made of the help texts.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_COMPLETION_H
#define HUTCH_CLI_COMPLETION_H

#include "bytes.h"

/** `hutch completion SHELL` with its arguments. @return how the command ends */
int cli_completion(int count, char **texts);

/** The page for man(1). */
void cli_man(cli_bytes *out);

#endif
