/*
 * Statements that JavaScript has too; see statement.h.
 *
 * Threads: as the stripper.
 */
#include "strip/statement.h"

#include "strip/class.h"
#include "strip/control.h"
#include "strip/declaration.h"
#include "strip/enum.h"
#include "strip/export.h"
#include "strip/expression.h"
#include "strip/function.h"
#include "strip/import.h"
#include "strip/lexer.h"
#include "strip/literal.h"
#include "strip/notes.h"
#include "strip/rescan.h"
#include "strip/type.h"
#include "strip/writer.h"

bool strip_ended_by_semicolon(const stripper *p) {
    return p->place.previous_end > p->out.text &&
           p->out.source[strip_offset(p, p->place.previous_end) - 1] == ';';
}

void strip_statement_end(stripper *p) {
    if (!strip_take(p, TOKEN_SEMICOLON) && !strip_is(p, TOKEN_CLOSE_BRACE) &&
        !strip_is(p, TOKEN_END) && !p->place.after_break) {
        strip_fail_expected(p, "';'");
    }
}

void strip_list_member_end(stripper *p) {
    p->needs_semicolon = !strip_ended_by_semicolon(p);
    if (p->needs_semicolon && p->place.previous_end == p->semicolon_end && !p->has_failed) {
        strip_output_put(&p->out, p->semicolon_at, ';');
    }
}

void strip_erase_statement(stripper *p, const unsigned char *from) {
    strip_blank_since(p, from);
    if (p->needs_semicolon && !p->has_failed) {
        strip_output_put(&p->out, strip_offset(p, from), ';');
    }
}

bool strip_statements(stripper *p) {
    bool has_value = false;
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !strip_is(p, TOKEN_END)) {
        if (strip_statement(p) == STRIP_STATEMENT_VALUE) {
            has_value = true;
            strip_list_member_end(p);
        }
    }
    return has_value;
}

void strip_block(stripper *p) {
    strip_surroundings outer = p->around;
    if (!strip_enter(p)) {
        return;
    }
    p->around.scope = ++p->scopes;
    strip_expect(p, TOKEN_OPEN_BRACE, "'{'");
    strip_statements(p);
    strip_expect(p, TOKEN_CLOSE_BRACE, "'}'");
    p->around = outer;
    strip_leave(p);
}

void strip_function_body(stripper *p) {
    bool needed_semicolon = p->needs_semicolon;
    strip_surroundings outer = p->around;
    p->needs_semicolon = false;
    p->around.holder.name = NULL;
    p->wrapped.functions++;
    strip_block(p);
    p->wrapped.functions--;
    p->around = outer;
    p->needs_semicolon = needed_semicolon;
}

void strip_variables(stripper *p, unsigned around) {
    do {
        strip_next(p);
        const unsigned char *name = p->place.start;
        bool is_name = strip_is_name(p->place.token);
        const unsigned char *name_end = p->place.at;
        strip_target(p, "a name");
        if (strip_is(p, TOKEN_NOT)) {
            const unsigned char *mark = p->place.start;
            strip_next(p);
            strip_blank_since(p, mark);
        }
        if (strip_is(p, TOKEN_COLON)) {
            strip_annotation(p);
        }
        p->needs_semicolon = true;
        if (strip_take(p, TOKEN_ASSIGN)) {
            strip_expression(p, around);
            if (is_name) {
                strip_wrapping_variable(p, name, name_end);
            }
        }
    } while (strip_is(p, TOKEN_COMMA));
}

/* Whether `let`, `using` or `await using`, being current, begins a declaration. */
bool strip_is_declaration_word(stripper *p) {
    bool after_break;
    strip_token token = p->place.token;
    strip_token next = strip_peek(p, &after_break);
    if (token == TOKEN_LET) {
        return strip_is_name(next) || next == TOKEN_OPEN_BRACE || next == TOKEN_OPEN_BRACKET;
    }
    strip_place place = p->place;
    if (token == TOKEN_AWAIT) {
        if (next != TOKEN_USING || after_break) {
            return false;
        }
        strip_next(p);
        next = strip_peek(p, &after_break);
    }
    bool found = strip_is(p, TOKEN_USING) && strip_is_name(next) && !after_break;
    if (found && (next == TOKEN_OF || next == TOKEN_AS || next == TOKEN_SATISFIES)) {
        strip_next(p);
        found = strip_peek(p, NULL) == TOKEN_ASSIGN;
    }
    p->place = place;
    return found;
}

/* A label and its statement, or an expression. */
static strip_statement_kind read_expression_statement(stripper *p) {
    bool is_label = strip_is_name(p->place.token) && strip_peek(p, NULL) == TOKEN_COLON;
    if (is_label) {
        strip_next(p);
        strip_next(p);
        p->needs_semicolon = true;
        strip_read_ruled(p);
    } else {
        strip_last read = {.before = p->place.previous_end, .from = p->place.start};
        strip_expression(p, STRIP_ALLOWS_COMMA | STRIP_IS_STATEMENT);
        strip_wrapping_expression(p, &read);
        strip_statement_end(p);
    }
    return STRIP_STATEMENT_VALUE;
}

/* A function or class with what stands before it. */
static strip_statement_kind read_function_statement(stripper *p) {
    const unsigned char *from = p->place.start;
    strip_take(p, TOKEN_ASYNC);
    if (strip_function(p, true)) {
        return STRIP_STATEMENT_VALUE;
    }
    strip_blank_since(p, from);
    return STRIP_STATEMENT_TYPE;
}

static bool is_async_function(stripper *p) {
    bool after_break;
    return strip_peek(p, &after_break) == TOKEN_FUNCTION && !after_break;
}

/* A statement that begins with a word which may also be a name. */
static strip_statement_kind read_name_statement(stripper *p) {
    strip_statement_kind kind = STRIP_STATEMENT_VALUE;
    switch (p->place.token) {
    case TOKEN_NAME:
        break;
    case TOKEN_ASYNC:
        if (is_async_function(p)) {
            return read_function_statement(p);
        }
        break;
    case TOKEN_LET:
    case TOKEN_USING:
    case TOKEN_AWAIT:
        if (strip_is_declaration_word(p)) {
            strip_take(p, TOKEN_AWAIT);
            strip_variables(p, 0);
            strip_statement_end(p);
            return kind;
        }
        break;
    default:
        if (strip_type_declaration(p, p->place.start, false, &kind)) {
            return kind;
        }
        break;
    }
    return read_expression_statement(p);
}

static strip_statement_kind read_decorated(stripper *p) {
    strip_decorators(p);
    if (strip_is(p, TOKEN_EXPORT)) {
        return strip_export(p);
    }
    return strip_statement(p);
}

strip_statement_kind strip_statement(stripper *p) {
    p->wrapped.expression.from = NULL;
    switch (p->place.token) {
    case TOKEN_OPEN_BRACE:
        strip_block(p);
        break;
    case TOKEN_SEMICOLON:
        strip_next(p);
        break;
    case TOKEN_CONST:
        if (strip_peek(p, NULL) == TOKEN_ENUM) {
            return strip_enum(p, p->place.start, false);
        }
        strip_variables(p, 0);
        strip_statement_end(p);
        break;
    case TOKEN_VAR:
        strip_variables(p, 0);
        strip_statement_end(p);
        break;
    case TOKEN_FUNCTION:
        return read_function_statement(p);
    case TOKEN_CLASS:
        strip_class(p, true);
        break;
    case TOKEN_ENUM:
        return strip_enum(p, p->place.start, false);
    case TOKEN_IF:
        strip_read_if(p);
        break;
    case TOKEN_FOR:
        strip_read_for(p);
        break;
    case TOKEN_WHILE:
    case TOKEN_WITH:
        strip_read_condition(p);
        strip_read_ruled(p);
        break;
    case TOKEN_DO:
        strip_read_do(p);
        break;
    case TOKEN_SWITCH:
        strip_read_switch(p);
        break;
    case TOKEN_TRY:
        strip_read_try(p);
        break;
    case TOKEN_RETURN:
    case TOKEN_THROW:
    case TOKEN_BREAK:
    case TOKEN_CONTINUE:
        strip_read_jump(p);
        break;
    case TOKEN_DEBUGGER:
        strip_next(p);
        strip_statement_end(p);
        break;
    case TOKEN_IMPORT:
        return strip_import(p);
    case TOKEN_EXPORT:
        return strip_export(p);
    case TOKEN_AT:
        return read_decorated(p);
    default:
        if (strip_is_name(p->place.token)) {
            return read_name_statement(p);
        }
        return read_expression_statement(p);
    }
    return STRIP_STATEMENT_VALUE;
}
