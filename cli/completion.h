/**
 * @file completion.h
 * `hutch completion`: what shells want to know of the command line, made of the
 * help texts.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_COMPLETION_H
#define HUTCH_CLI_COMPLETION_H

/** `hutch completion SHELL` with its arguments. @return how the command ends */
int cli_completion(int count, char **texts);

#endif
