/*
 * Types or a comparison; see generic.h.
 *
 * Threads: as the stripper.
 */
#include "strip/generic.h"

#include "strip/lexer.h"
#include "strip/type_parts.h"
#include "strip/writer.h"

/* Whether an expression may begin with the token. Operators count, as they do for tsc: they follow
   a list of types or are an error. */
static bool starts_expression(strip_token token) {
    switch (token) {
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_TEMPLATE:
    case TOKEN_PRIVATE:
    case TOKEN_AT:
    case TOKEN_OPEN_BRACE:
    case TOKEN_OPEN_PAREN:
    case TOKEN_OPEN_BRACKET:
    case TOKEN_NOT:
    case TOKEN_TILDE:
    case TOKEN_INCREMENT:
    case TOKEN_SLASH_ASSIGN:
    case TOKEN_CLASS:
    case TOKEN_DELETE:
    case TOKEN_FALSE:
    case TOKEN_FUNCTION:
    case TOKEN_IMPORT:
    case TOKEN_NEW:
    case TOKEN_NULL:
    case TOKEN_SUPER:
    case TOKEN_THIS:
    case TOKEN_TRUE:
    case TOKEN_TYPEOF:
    case TOKEN_VOID:
        return true;
    default:
        return strip_is_name(token) && token != TOKEN_AS && token != TOKEN_SATISFIES;
    }
}

/* Whether what stands after a list of types may stand there. tsc's rule. */
static bool can_follow(const stripper *p) {
    switch (p->place.token) {
    case TOKEN_OPEN_PAREN:
    case TOKEN_TEMPLATE:
        return true;
    case TOKEN_LESS:
    case TOKEN_GREATER:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
        return false;
    default:
        return p->place.after_break || !starts_expression(p->place.token);
    }
}

bool strip_ends_arguments(const stripper *p) {
    return strip_is(p, TOKEN_GREATER) && *p->place.at != '>' && *p->place.at != '=';
}

void strip_generic_note(stripper *p, unsigned char *less, bool is_last) {
    if (p->is_trying && (p->has_failed || !is_last || !can_follow(p))) {
        *less = STRIP_LESS_MARK;
    }
}

bool strip_generic_try(stripper *p) {
    unsigned char *less = p->place.start;
    if (*less == STRIP_LESS_MARK) {
        return false;
    }
    strip_place place = p->place;
    uint32_t depth = p->depth;
    p->is_trying = true;
    strip_type_list(p);
    bool is_list = !p->has_failed && strip_ends_arguments(p);
    if (is_list) {
        strip_next(p);
        is_list = !p->has_failed && can_follow(p);
    }
    p->is_trying = false;
    if (is_list) {
        strip_blank_since(p, less);
        return true;
    }
    if (!p->is_too_deep) {
        p->has_failed = false;
        p->place = place;
        p->depth = depth;
    }
    return false;
}
