/**
 * @file json_words.h
 * What V8 says of a text that is not JSON. Its parser is walked through once more, for the place and
 * the words only.
 *
 * Threads: any; pure functions.
 */
#ifndef HUTCH_ISOLATE_JSON_WORDS_H
#define HUTCH_ISOLATE_JSON_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Say what is wrong.
 *
 * @param text    UTF-8, also of lone surrogates
 * @param words   [out] NUL-terminated
 * @param size    bytes of `words`
 * @return false where the text is JSON, or the words do not fit
 */
bool hutch_json_words(const char *text, size_t length, char *words, size_t size);

#endif
