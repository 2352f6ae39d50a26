/**
 * @file phrases.h
 * What messages are put together from: texts with a hole in them, `%`, and values as V8 shows them.
 * Nothing here runs anything of a program, nor leaves an exception.
 *
 * Threads: those of the engine, of the functions that are given one; otherwise any.
 */
#ifndef HUTCH_ISOLATE_PHRASES_H
#define HUTCH_ISOLATE_PHRASES_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>

/** Said of what is no list. */
#define HUTCH_PHRASE_NOT_ITERABLE " is not iterable (cannot read property Symbol(Symbol.iterator))"

/** The text that `%` of a pattern stands for in a message. @param length [out] of it. @return NULL where the
 *  message is another one */
const char *hutch_phrase_match(const char *message, const char *pattern, size_t *length);

/** Write a text with `%` replaced by a name. @return false where it does not fit */
bool hutch_phrase_fill(char *words, size_t size, const char *text, const char *name, size_t length);

/** Whether a message is this one. */
bool hutch_phrase_is(const char *message, const char *words);

/** A value as V8 shows what a native function was given: with its type. @return false where it cannot */
bool hutch_phrase_show(JSContext *ctx, JSValueConst value, char *text, size_t size);

/** A value as V8 shows it elsewhere: texts as they are, objects by their class. @return false where
 *  it cannot */
bool hutch_phrase_show_plain(JSContext *ctx, JSValueConst value, char *text, size_t size);

/** A value, and what is said of it. @return false where that cannot be said */
bool hutch_phrase_complain(JSContext *ctx, JSValueConst value, const char *complaint, char *words,
                           size_t size);

#endif
