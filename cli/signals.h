/**
 * @file signals.h
 * SIGINT, SIGTERM and SIGHUP become bytes in a pipe, so that a run can be
 * ended in order. The one mutable global of the command is here: a signal
 * handler has no other way to know where to write.
 *
 * Threads: handlers may run on any thread.
 */
#ifndef HUTCH_CLI_SIGNALS_H
#define HUTCH_CLI_SIGNALS_H

#include <stdbool.h>

/** Begin to catch, and to ignore SIGPIPE. @return false when there is no pipe; errno is set */
bool cli_signals_start(void);

/** Readable once a signal has come. */
int cli_signals_descriptor(void);

/** The signal that came first, or 0. */
int cli_signals_caught(void);

/** For a child before exec: SIGPIPE as usual. Handlers end with exec by themselves. */
void cli_signals_reset(void);

#endif
