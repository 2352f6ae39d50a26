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

/** The current `>` and what follows directly become one operator. */
void strip_rescan_greater(stripper *p);

/** The current `<<` becomes a `<`, with the other one to be read. */
void strip_rescan_less(stripper *p);

/** The current `/` or `/=` begins a regular expression: make it a TOKEN_STRING. */
void strip_rescan_regex(stripper *p);

/**
 * Scan characters of a template, from behind the backtick or behind the `}` of
 * a substitution.
 *
 * @return true: a substitution follows, its first token is current; false: the template has ended
 *         and the token behind it is current
 */
bool strip_scan_template(stripper *p);

/** Whether a line break is anywhere in the range. */
bool strip_has_break(const unsigned char *from, const unsigned char *to);

/** The token behind the current one. @param after_break [out, optional] */
strip_token strip_peek(stripper *p, bool *after_break);

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

/** Go on behind the current token if it is this one. */
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
