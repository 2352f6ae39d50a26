/**
 * @file frames.h
 * The engine's stack text, turned into one of the caller's code only: frames of
 * native functions, of `eval` and of our own wrapping are left out, columns
 * count UTF-16 units.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_FRAMES_H
#define HUTCH_ISOLATE_FRAMES_H

#include "isolate/report.h"
#include "isolate/source.h"

/**
 * Append the frames of `text` to the report's stack, and fill in its line and
 * column from the first one that lies in this run's program. The text may be
 * anything: a guest can write what it likes into a `stack` property.
 *
 * @param text  not NUL-terminated
 */
void hutch_frames_read(hutch_report *report, const hutch_source *source, const char *text,
                       size_t length);

#endif
