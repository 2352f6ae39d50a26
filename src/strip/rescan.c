/*
 * What the lexer can only read when the parser knows what it expects: regular
 * expressions, templates, operators that begin with `>`. See lexer.h.
 *
 * Threads: as the stripper.
 */
#include "strip/rescan.h"

#include "strip/character.h"
#include "strip/lexer.h"

#include <string.h>

void strip_rescan_greater(stripper *p) {
    unsigned char *at = p->place.at;
    p->place.token = TOKEN_GREATER;
    while (*at == '>' && at - p->place.start < 3) {
        at++;
        p->place.token = TOKEN_SHIFT_RIGHT;
    }
    if (*at == '=') {
        p->place.token = p->place.token == TOKEN_GREATER ? TOKEN_LESS_EQUAL : TOKEN_COMPOUND_ASSIGN;
        at++;
    }
    p->place.at = at;
}

void strip_rescan_less(stripper *p) {
    p->place.token = TOKEN_LESS;
    p->place.at = p->place.start + 1;
}

void strip_rescan_regex(stripper *p) {
    unsigned char *at = p->place.start + 1;
    bool in_class = false;
    for (; *at != '/' || in_class; at++) {
        bool is_break = *at == '\n' || *at == '\r' || at >= p->end;
        if (*at == 0xe2) {
            (void)strip_wide_space_size(at, &is_break);
        }
        if (*at == '\\' && at[1] != '\n' && at[1] != '\r') {
            at++;
        } else if (*at == '[') {
            in_class = true;
        } else if (*at == ']') {
            in_class = false;
        }
        if (is_break || at >= p->end) {
            strip_fail_at(p, p->place.start, at < p->end ? at : p->end,
                          "expected '/' at the end of the regular expression");
            return;
        }
    }
    at++;
    while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')) {
        at++;
    }
    p->place.at = at;
    p->place.token = TOKEN_STRING;
}

bool strip_scan_template(stripper *p) {
    unsigned char *at = p->place.at;
    for (; *at != '`'; at++) {
        if (*at == '$' && at[1] == '{') {
            p->place.at = at + 2;
            strip_next(p);
            return true;
        }
        at += *at == '\\';
        if (at >= p->end) {
            strip_fail_at(p, p->place.start, p->place.start + 1,
                          "expected the '`' that ends the template");
            return false;
        }
    }
    p->place.at = at + 1;
    strip_next(p);
    return false;
}

strip_token strip_peek(stripper *p, bool *after_break) {
    strip_place place = p->place;
    bool had_failed = p->has_failed;
    strip_next(p);
    strip_token token = p->place.token;
    if (after_break != NULL) {
        *after_break = p->place.after_break;
    }
    p->place = place;
    p->has_failed = had_failed;
    return token;
}
