/**
 * @file run.h
 * `hutch run`.
 */
#ifndef HUTCH_CLI_RUN_H
#define HUTCH_CLI_RUN_H

/** @param texts  the words after `run` @return the status to end with */
int cli_run(int count, char **texts);

#endif
