/**
 * @file thrown.h
 * What a guest threw: which failure of the run it is, and how it reads.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_THROWN_H
#define HUTCH_ISOLATE_THROWN_H

#include "isolate/guest.h"

/**
 * Whether a thrown value is the engine's own word that memory or stack ran
 * out. Runs nothing of the guest's.
 *
 * @return HUTCH_FAILURE_MEMORY, HUTCH_FAILURE_STACK or HUTCH_FAILURE_GUEST
 */
hutch_failure hutch_thrown_classify(hutch_guest *guest, JSValueConst thrown);

/** Whether a value is an error object with exactly this prototype. Runs nothing of the guest's. */
bool hutch_thrown_is(hutch_guest *guest, JSValueConst thrown, JSValueConst prototype);

/** An own property of an object that is not a proxy, where it is a plain string. Runs nothing of the
 *  guest's. @return for JS_FreeCString(); NULL: there is none, an exception may be pending */
const char *hutch_thrown_own_text(JSContext *ctx, JSValueConst object, const char *name);

/**
 * Add name, message, code, stack and place of a thrown value to the report.
 * Whatever throws on the way is left out. Getters of the guest's may run, and
 * may halt it.
 */
void hutch_thrown_report(hutch_guest *guest, JSValueConst thrown);

#endif
