/**
 * @file hint.h
 * What to do about a name that does not exist: the tools that were probably
 * meant, or, for a global that other runtimes have, why it is missing and what
 * there is instead.
 *
 * A guest can throw an error that looks like the engine's own. It gets a hint
 * as well, and that is harmless: the hint is made of the host's names of tools
 * and of texts of ours, nothing of the guest's is repeated in it, no code of
 * the guest's runs for it, and it has at most a few hundred bytes.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_HINT_H
#define HUTCH_ISOLATE_HINT_H

#include "isolate/guest.h"

/** Append the hint for what was thrown to the message of the report; nothing where there is none
 *  to give. */
void hutch_hint_append(hutch_guest *guest, JSValueConst thrown);

#endif
