/*
 * Objects, arrays, templates, arguments: what has an end of its own; see
 * expression.h. Objects and arrays are also the patterns that look like them, so
 * `{ a = 1 }` and `[, a]` are taken everywhere.
 *
 * Threads: as the stripper.
 */
#include "strip/literal.h"

#include "strip/expression.h"
#include "strip/function.h"
#include "strip/generic.h"
#include "strip/lexer.h"
#include "strip/lowered.h"
#include "strip/notes.h"
#include "strip/rescan.h"

void strip_template(stripper *p) {
    while (strip_scan_template(p)) {
        strip_expression(p, STRIP_ALLOWS_COMMA);
        if (!strip_is(p, TOKEN_CLOSE_BRACE)) {
            strip_fail_expected(p, "'}'");
            return;
        }
    }
}

void strip_computed_name(stripper *p) {
    strip_next(p);
    strip_expression(p, STRIP_ALLOWS_COMMA);
    strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
}

/* Whether the current word is what the member is called, and not `async`, `get` or `set` before
   the name. */
static bool is_own_name(stripper *p) {
    if (!strip_is(p, TOKEN_ASYNC) && !strip_is(p, TOKEN_GET) && !strip_is(p, TOKEN_SET)) {
        return true;
    }
    strip_token next = strip_peek(p, NULL);
    return !strip_is_member_name(next) && next != TOKEN_STAR;
}

/* A name that may be all there is of the member: `{ a }` means `a` too. */
static void refer_short(stripper *p, bool is_target) {
    strip_token next = strip_peek(p, NULL);
    if (next != TOKEN_COMMA && next != TOKEN_CLOSE_BRACE && next != TOKEN_ASSIGN) {
        return;
    }
    if (is_target) {
        strip_lowered_declare(p);
    } else {
        strip_lowered_refer_short(p);
    }
}

/* @param is_target  the names are those of new variables */
static void read_object_member(stripper *p, bool is_target) {
    if (strip_take(p, TOKEN_ELLIPSIS)) {
        strip_expression(p, 0);
        return;
    }
    bool is_plain = true;
    if (!is_own_name(p)) {
        is_plain = strip_is(p, TOKEN_ASYNC);
        strip_next(p);
    }
    is_plain = !strip_take(p, TOKEN_STAR) && is_plain;
    const unsigned char *name = p->place.start;
    const unsigned char *end = p->place.at;
    if (strip_is(p, TOKEN_OPEN_BRACKET)) {
        strip_computed_name(p);
    } else if (strip_is_member_name(p->place.token)) {
        if (strip_lowered_must_refer(p) && strip_is_name(p->place.token)) {
            refer_short(p, is_target);
        }
        strip_next(p);
    } else {
        strip_fail_expected(p, "a property or '}'");
    }
    switch (p->place.token) {
    case TOKEN_COLON:
    case TOKEN_ASSIGN:
        strip_next(p);
        strip_expression(p, 0);
        strip_wrapping_member(p, name, end, is_plain);
        break;
    case TOKEN_OPEN_PAREN:
    case TOKEN_LESS:
        if (!strip_function_rest(p, NULL)) {
            strip_fail_expected(p, "'{'");
        }
        strip_wrapping_member(p, name, end, is_plain);
        break;
    default:
        if (!is_target) {
            strip_wrapping_refer(p, name, p->place.previous_end);
        }
        break;
    }
}

void strip_object(stripper *p, bool is_target) {
    strip_next(p);
    p->wrapped.objects++;
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed) {
        read_object_member(p, is_target);
        if (!strip_take(p, TOKEN_COMMA)) {
            break;
        }
    }
    p->wrapped.objects--;
    strip_expect(p, TOKEN_CLOSE_BRACE, "',' or '}'");
}

/* Elements up to a closing token: expressions, `...` before them, or nothing. */
static void read_elements(stripper *p, strip_token close) {
    while (!strip_is(p, close) && !p->has_failed) {
        if (strip_take(p, TOKEN_COMMA)) {
            continue;
        }
        strip_take(p, TOKEN_ELLIPSIS);
        strip_expression(p, 0);
        if (!strip_is(p, TOKEN_COMMA)) {
            break;
        }
    }
}

void strip_array(stripper *p) {
    strip_next(p);
    read_elements(p, TOKEN_CLOSE_BRACKET);
    strip_expect(p, TOKEN_CLOSE_BRACKET, "',' or ']'");
}

void strip_arguments(stripper *p) {
    strip_next(p);
    read_elements(p, TOKEN_CLOSE_PAREN);
    strip_expect(p, TOKEN_CLOSE_PAREN, "',' or ')'");
}

/* The engine has no decorators, and would stumble over the `@` without a word about it. A module is
   for others, who may have them. */
static void refuse_in_body(stripper *p) {
    if (p->goal == HUTCH_STRIP_BODY) {
        strip_fail_at(p, p->place.start, p->place.at,
                      "decorators are not supported: call the function yourself instead of '@'");
    }
}

/* A decorator's expression: `@a.b<T>(c)` or `@(a)`. `[` after it begins a member. */
static void read_decorator(stripper *p) {
    refuse_in_body(p);
    strip_next(p);
    if (strip_take(p, TOKEN_OPEN_PAREN)) {
        strip_expression(p, STRIP_ALLOWS_COMMA);
        strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
    } else if (strip_is_word(p->place.token)) {
        strip_next(p);
    } else {
        strip_fail_expected(p, "a decorator");
    }
    for (;;) {
        if (strip_take(p, TOKEN_DOT)) {
            strip_next(p);
        } else if (strip_is(p, TOKEN_OPEN_PAREN)) {
            strip_arguments(p);
        } else if (!strip_is(p, TOKEN_LESS) || !strip_generic_try(p)) {
            return;
        }
    }
}

void strip_decorators(stripper *p) {
    while (strip_is(p, TOKEN_AT)) {
        read_decorator(p);
        p->needs_semicolon = true;
    }
}
