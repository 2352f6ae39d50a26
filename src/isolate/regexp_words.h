/**
 * @file regexp_words.h
 * What V8 says of a regular expression that is none.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_ISOLATE_REGEXP_WORDS_H
#define HUTCH_ISOLATE_REGEXP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Say what is wrong.
 *
 * @param message  the engine's words
 * @param source   the expression
 * @param flags    its flags
 * @param words    [out] NUL-terminated
 * @param size     bytes of `words`
 * @return false where the message is about something else, or the words do not fit
 */
bool hutch_regexp_words(const char *message, const char *source, const char *flags, char *words,
                        size_t size);

#endif
