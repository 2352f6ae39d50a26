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
 * done `problem` says why, and the text stays: the engine has the last word.
 *
 * @param allocator    the guest's
 * @param stack_bytes  C stack that it may take
 * @return false without memory
 */
bool hutch_source_strip(hutch_source *source, JSContext *ctx, const hutch_allocator *allocator,
                        size_t stack_bytes);

#endif
