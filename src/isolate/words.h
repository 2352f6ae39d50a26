/**
 * @file words.h
 * The messages of the engine's own errors in the words of Node.js, which
 * programs test for and models repair by. What is not known here keeps the
 * engine's words.
 *
 * The name of what was called comes out of the text of the program that runs,
 * read backwards from the place of the call. Only what can be told without
 * parsing the program is named: a chain of names, calls and indexes. Nothing
 * of this is done unless the engine throws, and no code of the guest's runs.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_WORDS_H
#define HUTCH_ISOLATE_WORDS_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>

/** For JS_SetErrorWords(). */
bool hutch_words_give(JSContext *ctx, const JSErrorFacts *facts, char *words, size_t size);

#endif
