/**
 * @file man.h
 * The page of `hutch help --man`, made of the help texts.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_MAN_H
#define HUTCH_CLI_MAN_H

#include "bytes.h"

/** The page for man(1). */
void cli_man(cli_bytes *out);

#endif
