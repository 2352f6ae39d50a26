/**
 * @file typescript.h
 * TypeScript in programs: their types become blanks before the engine sees
 * them.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_TYPESCRIPT_H
#define HUTCH_ISOLATE_TYPESCRIPT_H

#include "isolate/source.h"

#include <hutch/allocator.h>

/**
 * Put the JavaScript of a program in its place: every token keeps its line and
 * column, and JavaScript stays as it is, byte for byte. Where that cannot be
 * done `problem` says why, and the text stays, but for what is around a fence: the engine has the
 * last word, unless it is a refusal.
 *
 * @param allocator    the guest's
 * @param options      what is to be done; their allocator is not looked at
 * @return false without memory
 */
bool hutch_source_strip(hutch_source *source, JSContext *ctx, const hutch_allocator *allocator,
                        const hutch_strip_options *options);

#endif
