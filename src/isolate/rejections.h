/**
 * @file rejections.h
 * Promises that were rejected and that nobody handles: each is one line of the
 * console when the run ends, where the option wants it.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_REJECTIONS_H
#define HUTCH_ISOLATE_REJECTIONS_H

#include "isolate/guest.h"

/** Have the engine tell of rejections. Part of the image. */
void hutch_rejections_watch(hutch_guest *guest);

/** The run ends: say which rejections nobody has handled, but that of the program itself. Getters of the
 *  guest's may run, and may halt it. */
void hutch_rejections_tell(hutch_guest *guest);

/** Forget all. */
void hutch_rejections_clear(hutch_guest *guest);

#endif
