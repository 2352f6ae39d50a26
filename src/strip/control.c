/*
 * Statements that rule others; see control.h.
 *
 * Threads: as the stripper.
 */
#include "strip/control.h"

#include "strip/expression.h"
#include "strip/function.h"
#include "strip/lexer.h"
#include "strip/notes.h"
#include "strip/statement.h"
#include "strip/type.h"

static void read_parenthesized(stripper *p) {
    strip_expect(p, TOKEN_OPEN_PAREN, "'('");
    strip_expression(p, STRIP_ALLOWS_COMMA);
    strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
}

/* `(expression)` after `if` and its kin. */
void strip_read_condition(stripper *p) {
    strip_next(p);
    read_parenthesized(p);
}

/* The statement that another one rules; one that is erased leaves an empty one. */
void strip_read_ruled(stripper *p) {
    size_t from = strip_offset(p, p->place.start);
    if (strip_enter(p)) {
        if (strip_statement(p) == STRIP_STATEMENT_TYPE && !p->has_failed) {
            strip_output_put(&p->out, from, ';');
        }
        p->needs_semicolon = !strip_ended_by_semicolon(p);
        strip_leave(p);
    }
}

void strip_read_if(stripper *p) {
    strip_next(p);
    const unsigned char *from = p->place.start;
    read_parenthesized(p);
    const unsigned char *to = p->place.previous_end;
    strip_read_ruled(p);
    strip_wrapping_guard(p, from, to);
    while (strip_take(p, TOKEN_ELSE)) {
        if (strip_is(p, TOKEN_IF)) {
            strip_read_condition(p);
        }
        strip_read_ruled(p);
    }
}

void strip_read_do(stripper *p) {
    strip_next(p);
    strip_read_ruled(p);
    if (!strip_is(p, TOKEN_WHILE)) {
        strip_fail_expected(p, "'while'");
        return;
    }
    strip_read_condition(p);
    strip_take(p, TOKEN_SEMICOLON);
}

/* The part of a `for` up to its first `;`, `in` or `of`. */
static void read_for_head(stripper *p) {
    switch (p->place.token) {
    case TOKEN_SEMICOLON:
        return;
    case TOKEN_LET:
    case TOKEN_USING:
    case TOKEN_AWAIT:
        if (!strip_is_declaration_word(p)) {
            break;
        }
        if (strip_is(p, TOKEN_AWAIT)) {
            strip_next(p);
        }
        strip_variables(p, STRIP_NO_IN);
        return;
    case TOKEN_VAR:
    case TOKEN_CONST:
        strip_variables(p, STRIP_NO_IN);
        return;
    default:
        break;
    }
    strip_expression(p, STRIP_NO_IN | STRIP_ALLOWS_COMMA);
}

void strip_read_for(stripper *p) {
    strip_next(p);
    strip_take(p, TOKEN_AWAIT);
    strip_expect(p, TOKEN_OPEN_PAREN, "'('");
    read_for_head(p);
    if (strip_is(p, TOKEN_OF) || strip_is(p, TOKEN_IN)) {
        strip_next(p);
        strip_expression(p, STRIP_ALLOWS_COMMA);
    } else {
        strip_expect(p, TOKEN_SEMICOLON, "';', 'of' or 'in'");
        if (!strip_is(p, TOKEN_SEMICOLON)) {
            strip_expression(p, STRIP_ALLOWS_COMMA);
        }
        strip_expect(p, TOKEN_SEMICOLON, "';'");
        if (!strip_is(p, TOKEN_CLOSE_PAREN)) {
            strip_expression(p, STRIP_ALLOWS_COMMA);
        }
    }
    strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
    strip_read_ruled(p);
}

static bool begins_clause(const stripper *p) {
    return strip_is(p, TOKEN_CASE) || strip_is(p, TOKEN_DEFAULT);
}

static void read_clause(stripper *p) {
    if (strip_take(p, TOKEN_CASE)) {
        strip_expression(p, STRIP_ALLOWS_COMMA | STRIP_IN_CASE);
    } else {
        strip_next(p);
    }
    strip_expect(p, TOKEN_COLON, "':'");
    while (!begins_clause(p) && !strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed &&
           !strip_is(p, TOKEN_END)) {
        if (strip_statement(p) == STRIP_STATEMENT_VALUE) {
            strip_list_member_end(p);
        }
    }
    p->needs_semicolon = !strip_ended_by_semicolon(p);
}

void strip_read_switch(stripper *p) {
    strip_surroundings outer = p->around;
    if (!strip_enter(p)) {
        return;
    }
    strip_read_condition(p);
    p->around.scope = ++p->scopes;
    strip_expect(p, TOKEN_OPEN_BRACE, "'{'");
    while (begins_clause(p)) {
        read_clause(p);
    }
    strip_expect(p, TOKEN_CLOSE_BRACE, "'case', 'default' or '}'");
    p->around = outer;
    strip_leave(p);
}

void strip_read_try(stripper *p) {
    strip_next(p);
    strip_block(p);
    strip_wrapping_attempt(p);
    p->needs_semicolon = true;
    if (strip_take(p, TOKEN_CATCH)) {
        if (strip_take(p, TOKEN_OPEN_PAREN)) {
            strip_target(p, "a name");
            if (strip_is(p, TOKEN_COLON)) {
                strip_annotation(p);
            }
            strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
        }
        strip_block(p);
        p->needs_semicolon = true;
    } else if (!strip_is(p, TOKEN_FINALLY)) {
        strip_fail_expected(p, "'catch' or 'finally'");
    }
    if (strip_take(p, TOKEN_FINALLY)) {
        strip_block(p);
    }
}

/* `return`, `throw`, `break`, `continue`: what belongs to it stands on the same line. */
void strip_read_jump(stripper *p) {
    bool is_throw = strip_is(p, TOKEN_THROW);
    p->wrapped.has_return |= strip_is(p, TOKEN_RETURN) && p->wrapped.functions == 0;
    strip_next(p);
    if (is_throw || (!strip_is(p, TOKEN_SEMICOLON) && !strip_is(p, TOKEN_CLOSE_BRACE) &&
                     !strip_is(p, TOKEN_END) && !p->place.after_break)) {
        strip_expression(p, STRIP_ALLOWS_COMMA | STRIP_ENDS_AT_BREAK);
    }
    strip_statement_end(p);
}
