/**
 * @file console.h
 * The guest's `console`: each message becomes a LOG event.
 *
 * log, info, warn, error, debug, trace (as error, with the stack), dir, table
 * (as log of their first argument), assert, group, groupCollapsed, groupEnd,
 * count, countReset, time, timeLog, timeEnd. Values become text as the
 * isolate's console style says; one that cannot is `[unprintable]`.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_CONSOLE_H
#define HUTCH_ISOLATE_CONSOLE_H

#include "isolate/guest.h"

/** What a run's console ends with when it has said too much. */
#define HUTCH_CONSOLE_TRUNCATED "[log output truncated]"

/** A message of our own among the guest's, within its budgets. */
void hutch_console_note(hutch_guest *guest, hutch_log_level level, hutch_text text);

/** Likewise, a warning beyond its budgets: however much the program has said, this is heard. Twice in a run
 *  at most, as the pool counts. */
void hutch_console_warn(hutch_guest *guest, hutch_text text);

/** Define `console`. @return false without memory */
bool hutch_console_install(hutch_guest *guest);

#endif
