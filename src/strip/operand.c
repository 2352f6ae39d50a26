/*
 * Operands: prefixes, what stands alone, suffixes; see expression.h.
 *
 * Threads: as the stripper.
 */
#include "strip/operand.h"

#include "strip/arrow.h"
#include "strip/assertion.h"
#include "strip/class.h"
#include "strip/expression.h"
#include "strip/function.h"
#include "strip/generic.h"
#include "strip/lexer.h"
#include "strip/literal.h"
#include "strip/lowered.h"
#include "strip/notes.h"
#include "strip/rescan.h"
#include "strip/shape.h"
#include "strip/writer.h"

/* Flags that only matter for the first token of an expression. */
#define BEGINNING (STRIP_IS_STATEMENT | STRIP_IS_BODY | STRIP_ENDS_AT_BREAK)

/* Whether `await` or `yield`, being current, is used as an operator: something follows that only
   an operator can have there, or that is usual for one. */
static bool is_operator_word(stripper *p) {
    bool after_break;
    strip_token next = strip_peek(p, &after_break);
    switch (next) {
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_TEMPLATE:
    case TOKEN_OPEN_BRACE:
    case TOKEN_OPEN_PAREN:
    case TOKEN_OPEN_BRACKET:
    case TOKEN_NOT:
    case TOKEN_TILDE:
    case TOKEN_INCREMENT:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_SLASH:
    case TOKEN_SLASH_ASSIGN:
    case TOKEN_LESS:
    case TOKEN_AT:
        break;
    case TOKEN_STAR:
        return strip_is(p, TOKEN_YIELD) && !after_break;
    case TOKEN_AS:
    case TOKEN_SATISFIES:
        return strip_is(p, TOKEN_AWAIT);
    case TOKEN_IN:
    case TOKEN_INSTANCEOF:
        return false;
    default:
        if (!strip_is_word(next)) {
            return false;
        }
        break;
    }
    return strip_is(p, TOKEN_AWAIT) || !after_break;
}

/* Back to `async`, which is but a name. */
static strip_operand read_async_name(stripper *p, const strip_place *place) {
    if (!p->has_failed) {
        p->place = *place;
        strip_lowered_refer(p);
        strip_next(p);
    }
    return STRIP_OPERAND_NAME;
}

/* `( … )` after `async`: parameters, or the arguments of something called `async`. */
static strip_operand read_async_parenthesis(stripper *p, unsigned around,
                                            const unsigned char *less) {
    strip_operand operand = strip_parenthesis(p, around, less);
    if (operand != STRIP_OPERAND_WHOLE) {
        p->wrapped.shape = (strip_shape){.kind = STRIP_SHAPE_VALUE};
    }
    return operand;
}

/* `async` as the first word of a function; the current token is then the one after it. */
static strip_operand read_async(stripper *p, unsigned around) {
    strip_place place = p->place;
    strip_next(p);
    if (p->place.after_break) {
        return read_async_name(p, &place);
    }
    if (strip_is(p, TOKEN_FUNCTION)) {
        strip_function(p, false);
        return STRIP_OPERAND_PLAIN;
    }
    if (strip_is(p, TOKEN_OPEN_PAREN)) {
        return read_async_parenthesis(p, around, NULL);
    }
    if (strip_is(p, TOKEN_LESS)) {
        const unsigned char *less = p->place.start;
        if (!strip_generic_try(p)) {
            return read_async_name(p, &place);
        }
        return strip_is(p, TOKEN_OPEN_PAREN) ? read_async_parenthesis(p, around, less)
                                             : STRIP_OPERAND_PLAIN;
    }
    if (strip_is_name(p->place.token) && strip_peek(p, NULL) == TOKEN_ARROW) {
        strip_lowered_declare(p);
        strip_next(p);
        strip_arrow_body(p, around);
        strip_shape_function(p, true);
        return STRIP_OPERAND_WHOLE;
    }
    if (strip_is(p, TOKEN_ARROW)) {
        strip_arrow_body(p, around);
        strip_shape_function(p, true);
        return STRIP_OPERAND_WHOLE;
    }
    return read_async_name(p, &place);
}

static strip_operand read_name(stripper *p, unsigned around) {
    const unsigned char *name = p->place.start;
    strip_lowered_refer(p);
    strip_next(p);
    if (strip_is(p, TOKEN_ARROW) && !p->place.after_break) {
        strip_arrow_body(p, around);
        strip_shape_function(p, true);
        return STRIP_OPERAND_WHOLE;
    }
    strip_wrapping_refer(p, name, p->place.previous_end);
    return STRIP_OPERAND_NAME;
}

/* A function or class, which here must have a body. */
static strip_operand read_body_owner(stripper *p) {
    strip_decorators(p);
    if (strip_is(p, TOKEN_FUNCTION)) {
        if (!strip_function(p, false)) {
            strip_fail_expected(p, "'{'");
        }
    } else if (strip_is(p, TOKEN_CLASS)) {
        strip_class(p, false);
        p->wrapped.shape = (strip_shape){.kind = STRIP_SHAPE_VALUE};
    } else {
        strip_fail_expected(p, "a class");
    }
    return STRIP_OPERAND_PLAIN;
}

/* What stands without prefix and suffix. @param less  see strip_parenthesis() */
static strip_operand read_primary(stripper *p, unsigned around, const unsigned char *less) {
    if (strip_is(p, TOKEN_NAME)) {
        return read_name(p, around);
    }
    switch (p->place.token) {
    case TOKEN_OPEN_PAREN:
        return strip_parenthesis(p, around, less);
    case TOKEN_OPEN_BRACKET:
        strip_array(p);
        return STRIP_OPERAND_PATTERN;
    case TOKEN_OPEN_BRACE:
        strip_object(p, false);
        return STRIP_OPERAND_PATTERN;
    case TOKEN_TEMPLATE:
        strip_wrapping_meet(p);
        strip_template(p);
        return STRIP_OPERAND_PLAIN;
    case TOKEN_THIS:
        strip_next(p);
        return STRIP_OPERAND_NAME;
    case TOKEN_ASYNC:
        return read_async(p, around);
    case TOKEN_FUNCTION:
    case TOKEN_CLASS:
    case TOKEN_AT:
        return read_body_owner(p);
    case TOKEN_SLASH:
    case TOKEN_SLASH_ASSIGN:
        strip_rescan_regex(p);
        strip_next(p);
        return STRIP_OPERAND_PLAIN;
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_PRIVATE:
    case TOKEN_NULL:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_SUPER:
    case TOKEN_IMPORT:
        strip_next(p);
        return STRIP_OPERAND_PLAIN;
    default:
        break;
    }
    if (strip_is_name(p->place.token)) {
        return read_name(p, around);
    }
    strip_fail_expected(p, "an expression");
    return STRIP_OPERAND_WHOLE;
}

/* The tokens that read_prefix() and read_suffixes() look at; nearly all operands have none. */
static const bool may_be_prefix[TOKEN_COUNT] = {
    [TOKEN_NOT] = true,        [TOKEN_TILDE] = true,  [TOKEN_INCREMENT] = true,
    [TOKEN_PLUS] = true,       [TOKEN_MINUS] = true,  [TOKEN_TYPEOF] = true,
    [TOKEN_VOID] = true,       [TOKEN_DELETE] = true, [TOKEN_NEW] = true,
    [TOKEN_AWAIT] = true,      [TOKEN_YIELD] = true,  [TOKEN_LESS] = true,
    [TOKEN_SHIFT_LEFT] = true,
};
static const bool may_be_suffix[TOKEN_COUNT] = {
    [TOKEN_DOT] = true,          [TOKEN_QUESTION_DOT] = true, [TOKEN_OPEN_PAREN] = true,
    [TOKEN_OPEN_BRACKET] = true, [TOKEN_TEMPLATE] = true,     [TOKEN_NOT] = true,
    [TOKEN_INCREMENT] = true,    [TOKEN_LESS] = true,         [TOKEN_SHIFT_LEFT] = true,
};

/* A prefix operator that is a word or a list of types. @return false: it is not a prefix */
static bool read_prefix(stripper *p, unsigned *around, const unsigned char **less) {
    switch (p->place.token) {
    case TOKEN_TILDE:
        strip_wrapping_meet(p);
        break;
    case TOKEN_NOT:
    case TOKEN_INCREMENT:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_TYPEOF:
    case TOKEN_VOID:
    case TOKEN_DELETE:
    case TOKEN_NEW:
        break;
    case TOKEN_AWAIT:
        if (!is_operator_word(p)) {
            return false;
        }
        break;
    case TOKEN_YIELD:
        if (!is_operator_word(p)) {
            return false;
        }
        strip_assertion_widen(p);
        strip_next(p);
        strip_take(p, TOKEN_STAR);
        *around = (*around & (unsigned)~BEGINNING) | STRIP_ENDS_AT_BREAK;
        *less = NULL;
        return true;
    case TOKEN_LESS:
    case TOKEN_SHIFT_LEFT:
        *less = strip_assertion_prefix(p, *around);
        return true;
    default:
        return false;
    }
    *less = NULL;
    *around &= (unsigned)~BEGINNING;
    strip_next(p);
    return true;
}

/* `.name`, `?.name`, `?.(`, `?.[`: what stands after the dot. */
static void read_member(stripper *p, bool is_optional, strip_links *links) {
    const unsigned char *before = p->place.previous_end;
    strip_next(p);
    strip_shape_link(links, TOKEN_DOT, !is_optional && strip_shape_is_chain_word(p), before);
    if (strip_is_word(p->place.token) || strip_is(p, TOKEN_PRIVATE)) {
        strip_next(p);
    } else if (!is_optional || !(strip_is(p, TOKEN_OPEN_PAREN) || strip_is(p, TOKEN_OPEN_BRACKET) ||
                                 strip_is(p, TOKEN_LESS) || strip_is(p, TOKEN_TEMPLATE))) {
        strip_fail_expected(p, "a name");
    }
}

static void read_index(stripper *p) {
    strip_next(p);
    strip_expression(p, STRIP_ALLOWS_COMMA);
    strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
}

static bool read_suffixes(stripper *p, strip_links *links) {
    const unsigned char *first = p->place.start;
    while (may_be_suffix[p->place.token]) {
        switch (p->place.token) {
        case TOKEN_DOT:
            read_member(p, false, links);
            continue;
        case TOKEN_QUESTION_DOT:
            read_member(p, true, links);
            continue;
        case TOKEN_OPEN_PAREN:
            strip_arguments(p);
            strip_shape_link(links, TOKEN_OPEN_PAREN, false, NULL);
            continue;
        case TOKEN_OPEN_BRACKET:
            read_index(p);
            strip_shape_link(links, TOKEN_OPEN_BRACKET, false, NULL);
            continue;
        case TOKEN_TEMPLATE:
            strip_wrapping_meet(p);
            strip_template(p);
            strip_shape_link(links, TOKEN_TEMPLATE, false, NULL);
            continue;
        case TOKEN_NOT:
            if (!p->place.after_break) {
                const unsigned char *mark = p->place.start;
                strip_next(p);
                strip_blank_since(p, mark);
                continue;
            }
            break;
        case TOKEN_INCREMENT:
            if (!p->place.after_break) {
                strip_next(p);
                strip_shape_link(links, TOKEN_INCREMENT, false, NULL);
                continue;
            }
            break;
        case TOKEN_LESS:
        case TOKEN_SHIFT_LEFT:
            if (strip_generic_try(p)) {
                continue;
            }
            break;
        default:
            break;
        }
        break;
    }
    return first != p->place.start;
}

strip_operand strip_operand_read(stripper *p, unsigned around) {
    const unsigned char *less = NULL;
    const unsigned char *first = p->place.start;
    strip_token prefix = TOKEN_END;
    bool is_awaited = true;
    while (may_be_prefix[p->place.token]) {
        strip_token token = p->place.token;
        if (!read_prefix(p, &around, &less)) {
            break;
        }
        prefix = prefix == TOKEN_END ? token : prefix;
        is_awaited = is_awaited && token == TOKEN_AWAIT;
        if (strip_is(p, TOKEN_DOT)) {
            break; /* new.target */
        }
    }
    strip_first begun = strip_shape_begin(p, prefix, is_awaited);
    strip_links links = {.last = TOKEN_END};
    bool is_alone = first == p->place.start;
    strip_operand operand = STRIP_OPERAND_PLAIN;
    if (is_alone || !strip_is(p, TOKEN_DOT)) {
        operand = read_primary(p, around, less);
    }
    if (operand != STRIP_OPERAND_WHOLE && (read_suffixes(p, &links) || !is_alone)) {
        operand = STRIP_OPERAND_PLAIN;
    }
    strip_shape_operand(p, &begun, &links, operand == STRIP_OPERAND_NAME,
                        operand == STRIP_OPERAND_WHOLE);
    return operand;
}
