/**
 * @file native_words.h
 * What V8 says where a native function throws.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_NATIVE_WORDS_H
#define HUTCH_ISOLATE_NATIVE_WORDS_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * Say what is wrong with the arguments, or by the function's name.
 *
 * @param facts  of JS_ERROR_OP_NATIVE
 * @param words  [out] NUL-terminated
 * @return false where the engine's words stay, or those for all operations are due
 */
bool hutch_native_words_give(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size);

#endif
