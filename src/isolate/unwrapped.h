/**
 * @file unwrapped.h
 * What is said of a program that came in a wrapping, and what becomes of a value that it did not say it
 * would return. See hutch_wrapping.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_UNWRAPPED_H
#define HUTCH_ISOLATE_UNWRAPPED_H

#include "isolate/guest.h"

/** One line of the console, at the level debug, if the program was unwrapped. */
void hutch_unwrapped_tell(hutch_guest *guest);

/**
 * The value of the last expression has been turned into JSON, or could not be. Where it cannot cross it is
 * undefined, and a line of the console says so.
 *
 * @param made     it is JSON, or undefined; otherwise an exception is pending
 * @param verdict  on the JSON
 * @return whether there was something to forgive; false also where the run has to fail
 */
bool hutch_unwrapped_forgive(hutch_guest *guest, bool made, hutch_json_verdict verdict);

#endif
