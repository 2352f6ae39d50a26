/*
 * Members of object types and lists of types; see type.h.
 *
 * Threads: as the stripper.
 */
#include "strip/type_parts.h"

#include "strip/generic.h"
#include "strip/lexer.h"
#include "strip/rescan.h"
#include "strip/type.h"

/* The name in a member's brackets: `[Symbol.iterator]`, `["a"]`, `[-1]`. Nothing else can name a
   member of a type, so expressions stay out of types. */
static void read_computed_name(stripper *p) {
    strip_take(p, TOKEN_MINUS);
    if (!strip_is_word(p->place.token) && !strip_is(p, TOKEN_STRING) &&
        !strip_is(p, TOKEN_NUMBER)) {
        strip_fail_expected(p, "a name or a literal");
    }
    strip_next(p);
    while (!strip_is(p, TOKEN_CLOSE_BRACKET) && !strip_is(p, TOKEN_END)) {
        if (strip_take(p, TOKEN_DOT)) {
            strip_next(p);
        } else if (strip_take(p, TOKEN_OPEN_BRACKET)) {
            strip_next(p);
            strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
        } else {
            strip_fail_expected(p, "']'");
        }
    }
}

/* `[K in T as U]`, `[key: T]` or `[name]`, `[` being current. */
static void read_bracket(stripper *p) {
    strip_next(p);
    strip_token next = strip_is_word(p->place.token) ? strip_peek(p, NULL) : TOKEN_END;
    if (next == TOKEN_IN) {
        strip_next(p);
        strip_next(p);
        strip_type(p);
        if (strip_take(p, TOKEN_AS)) {
            strip_type(p);
        }
    } else if (next == TOKEN_COLON) {
        strip_next(p);
        strip_next(p);
        strip_type(p);
    } else {
        read_computed_name(p);
    }
    strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
}

/* Whether the current word only says something about the name after it. */
static bool is_modifier(stripper *p) {
    if (!strip_is_name(p->place.token)) {
        return false;
    }
    bool after_break;
    strip_token next = strip_peek(p, &after_break);
    return strip_is_member_name(next) &&
           (!after_break || strip_is(p, TOKEN_GET) || strip_is(p, TOKEN_SET)) &&
           (next != TOKEN_OPEN_BRACKET || strip_is(p, TOKEN_READONLY) || strip_is(p, TOKEN_GET) ||
            strip_is(p, TOKEN_SET) || strip_is(p, TOKEN_STATIC));
}

/* A member's name, with `+readonly` and the like before it. Call and construct signatures have
   none. */
static void read_member_name(stripper *p) {
    if (strip_is(p, TOKEN_PLUS) || strip_is(p, TOKEN_MINUS)) {
        strip_next(p);
    }
    while (is_modifier(p)) {
        strip_next(p);
    }
    if (strip_is(p, TOKEN_OPEN_BRACKET)) {
        read_bracket(p);
    } else if (strip_is_member_name(p->place.token)) {
        strip_next(p);
    } else if (!strip_is(p, TOKEN_OPEN_PAREN) && !strip_is(p, TOKEN_LESS)) {
        strip_fail_expected(p, "a member or '}'");
    }
}

static void read_member(stripper *p) {
    strip_take(p, TOKEN_ELLIPSIS);
    read_member_name(p);
    if (strip_is(p, TOKEN_PLUS) || strip_is(p, TOKEN_MINUS)) {
        strip_next(p);
    }
    strip_take(p, TOKEN_QUESTION);
    if (strip_is(p, TOKEN_LESS)) {
        unsigned char *less = p->place.start;
        strip_type_list(p);
        strip_expect(p, TOKEN_GREATER, "'>'");
        if (!strip_is(p, TOKEN_OPEN_PAREN)) {
            strip_fail_expected(p, "'('");
        }
        strip_generic_note(p, less, true);
    }
    if (strip_is(p, TOKEN_OPEN_PAREN)) {
        strip_type_parameters(p);
    }
    if (strip_take(p, TOKEN_COLON)) {
        strip_type(p);
    }
}

void strip_type_members(stripper *p) {
    strip_next(p);
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed) {
        read_member(p);
        if (!strip_take(p, TOKEN_SEMICOLON) && !strip_take(p, TOKEN_COMMA) &&
            !strip_is(p, TOKEN_CLOSE_BRACE) && !p->place.after_break) {
            strip_fail_expected(p, "';' or '}'");
        }
    }
    strip_expect(p, TOKEN_CLOSE_BRACE, "'}'");
}

/* `const T`, `in out T`: words before a parameter's name, as opposed to the assertion `<const>`. */
static void skip_variance(stripper *p) {
    while (strip_is(p, TOKEN_CONST) || strip_is(p, TOKEN_IN) || strip_is(p, TOKEN_OUT)) {
        strip_token next = strip_peek(p, NULL);
        if (!strip_is_word(next) || next == TOKEN_EXTENDS) {
            return;
        }
        strip_next(p);
    }
}

/* One element of a list: an argument, or a parameter with its constraint and default. */
static void read_element(stripper *p) {
    skip_variance(p);
    strip_type_unconditional(p);
    /* The second one when the constraint is a conditional: `K extends A extends B ? C : D`. */
    while (strip_take(p, TOKEN_EXTENDS)) {
        strip_type_unconditional(p);
    }
    if (strip_take(p, TOKEN_QUESTION)) {
        strip_type(p);
        strip_expect(p, TOKEN_COLON, "':'");
        strip_type(p);
    }
    if (strip_take(p, TOKEN_ASSIGN)) {
        strip_type(p);
    }
}

void strip_type_list(stripper *p) {
    if (strip_is(p, TOKEN_SHIFT_LEFT)) {
        strip_rescan_less(p);
    }
    strip_next(p);
    do {
        if (strip_is(p, TOKEN_GREATER)) {
            break;
        }
        read_element(p);
    } while (strip_take(p, TOKEN_COMMA));
    if (!strip_is(p, TOKEN_GREATER)) {
        strip_fail_expected(p, "',' or '>'");
    }
}

/* Whether the current word is all there is of a parameter's name. */
static bool is_bare_name(stripper *p) {
    switch (strip_peek(p, NULL)) {
    case TOKEN_COLON:
    case TOKEN_COMMA:
    case TOKEN_QUESTION:
    case TOKEN_CLOSE_PAREN:
        return true;
    default:
        return false;
    }
}

/* A parameter's name or pattern, or a type. */
static strip_parameters read_name_or_type(stripper *p) {
    strip_token first = p->place.token;
    if (strip_is_word(first) && is_bare_name(p)) {
        strip_next(p);
        /* No parameter is called `null` or `void`: `(null) => x` is a type and the arrow behind it. */
        return strip_is_name(first) || first == TOKEN_THIS ? STRIP_MAYBE_PARAMETERS
                                                           : STRIP_NO_PARAMETERS;
    }
    strip_type(p);
    return first == TOKEN_OPEN_BRACE || first == TOKEN_OPEN_BRACKET ? STRIP_MAYBE_PARAMETERS
                                                                    : STRIP_NO_PARAMETERS;
}

strip_parameters strip_type_parameters(stripper *p) {
    strip_next(p);
    strip_parameters found =
        strip_is(p, TOKEN_CLOSE_PAREN) ? STRIP_PARAMETERS : STRIP_NO_PARAMETERS;
    while (!strip_is(p, TOKEN_CLOSE_PAREN) && !p->has_failed) {
        bool is_rest = strip_take(p, TOKEN_ELLIPSIS);
        strip_parameters element = read_name_or_type(p);
        bool is_optional = strip_take(p, TOKEN_QUESTION);
        bool has_type = strip_take(p, TOKEN_COLON);
        if (has_type) {
            strip_type(p);
        }
        bool has_more = strip_take(p, TOKEN_COMMA);
        if (is_rest || is_optional || has_type || has_more) {
            found = STRIP_PARAMETERS;
        } else if (found == STRIP_NO_PARAMETERS) {
            found = element;
        }
        if (!has_more) {
            break;
        }
    }
    strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
    return found;
}
