/**
 * @file strip.h
 * `hutch strip`.
 */
#ifndef HUTCH_CLI_STRIP_H
#define HUTCH_CLI_STRIP_H

/** @param texts  the words after `strip` @return the status to end with */
int cli_strip(int count, char **texts);

#endif
