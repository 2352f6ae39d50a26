/**
 * @file lexer.h
 * From characters to tokens, one at a time and on demand.
 *
 * Threads: as the stripper.
 */
#ifndef HUTCH_STRIP_LEXER_H
#define HUTCH_STRIP_LEXER_H

#include "strip/parser.h"

/** Read the next token. */
void strip_next(stripper *p);

static inline bool strip_is_name(strip_token token) {
    return token >= TOKEN_FIRST_WORD && token <= TOKEN_LAST_NAME;
}

static inline bool strip_is_word(strip_token token) {
    return token >= TOKEN_FIRST_WORD;
}

/** Whether the token could name a member of an object, class or type. */
static inline bool strip_is_member_name(strip_token token) {
    return token >= TOKEN_FIRST_WORD || token == TOKEN_STRING || token == TOKEN_NUMBER ||
           token == TOKEN_OPEN_BRACKET || token == TOKEN_PRIVATE;
}

static inline bool strip_is(const stripper *p, strip_token token) {
    return p->place.token == token;
}

/** Go on after the current token if it is this one. */
static inline bool strip_take(stripper *p, strip_token token) {
    if (p->place.token != token) {
        return false;
    }
    strip_next(p);
    return true;
}

/** As strip_take(), and a failure if it is another. @param text  the token in quotes */
static inline bool strip_expect(stripper *p, strip_token token, const char *text) {
    if (p->place.token != token) {
        strip_fail_expected(p, text);
        return false;
    }
    strip_next(p);
    return true;
}

#endif
