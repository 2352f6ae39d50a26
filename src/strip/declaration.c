/*
 * Declarations that only TypeScript has; see statement.h.
 *
 * Threads: as the stripper.
 */
#include "strip/declaration.h"

#include "strip/class.h"
#include "strip/lexer.h"
#include "strip/namespace.h"
#include "strip/rescan.h"
#include "strip/statement.h"
#include "strip/type.h"
#include "strip/type_parts.h"
#include "strip/writer.h"

/* `<T>` after a name that is erased anyway. */
static void read_type_parameters(stripper *p) {
    if (strip_is(p, TOKEN_LESS)) {
        strip_type_list(p);
        strip_expect(p, TOKEN_GREATER, "'>'");
    }
}

static void read_alias(stripper *p) {
    strip_next(p);
    strip_next(p);
    read_type_parameters(p);
    strip_expect(p, TOKEN_ASSIGN, "'='");
    strip_type(p);
    strip_statement_end(p);
}

static void read_interface(stripper *p) {
    strip_next(p);
    strip_next(p);
    read_type_parameters(p);
    if (strip_is(p, TOKEN_EXTENDS) || strip_is(p, TOKEN_IMPLEMENTS)) {
        do {
            strip_next(p);
            strip_type_heritage(p);
        } while (strip_is(p, TOKEN_COMMA));
    }
    if (strip_is(p, TOKEN_OPEN_BRACE)) {
        strip_type_members(p);
    } else {
        strip_fail_expected(p, "'{'");
    }
}

static void read_abstract_class(stripper *p) {
    const unsigned char *word = p->place.start;
    strip_next(p);
    strip_blank_since(p, word);
    strip_class(p, true);
}

/* What stands after `declare`. */
static void read_declared(stripper *p, const unsigned char *from) {
    strip_statement_kind kind;
    switch (p->place.token) {
    case TOKEN_GLOBAL:
        strip_next(p);
        strip_block(p);
        return;
    case TOKEN_MODULE:
    case TOKEN_NAMESPACE:
        strip_namespace(p, from, false);
        return;
    default:
        if (!strip_type_declaration(p, from, false, &kind)) {
            strip_statement(p);
        }
        return;
    }
}

/* Whether a declaration begins with the token, after `declare` on its line. */
static bool can_be_declared(strip_token token) {
    switch (token) {
    case TOKEN_ABSTRACT:
    case TOKEN_ASYNC:
    case TOKEN_CLASS:
    case TOKEN_CONST:
    case TOKEN_ENUM:
    case TOKEN_FUNCTION:
    case TOKEN_GLOBAL:
    case TOKEN_IMPORT:
    case TOKEN_INTERFACE:
    case TOKEN_LET:
    case TOKEN_MODULE:
    case TOKEN_NAMESPACE:
    case TOKEN_TYPE:
    case TOKEN_USING:
    case TOKEN_VAR:
        return true;
    default:
        return false;
    }
}

static strip_statement_kind erase(stripper *p, const unsigned char *from) {
    strip_erase_statement(p, from);
    return STRIP_STATEMENT_TYPE;
}

static strip_statement_kind read_declare(stripper *p, const unsigned char *from) {
    bool needed_semicolon = p->needs_semicolon;
    p->ambient++;
    strip_next(p);
    read_declared(p, from);
    p->ambient--;
    p->needs_semicolon = needed_semicolon;
    return erase(p, from);
}

bool strip_type_declaration(stripper *p, const unsigned char *from, bool is_exported,
                            strip_statement_kind *kind) {
    bool after_break = false;
    strip_token token = p->place.token;
    if (token != TOKEN_TYPE && token != TOKEN_INTERFACE && token != TOKEN_DECLARE &&
        token != TOKEN_NAMESPACE && token != TOKEN_MODULE && token != TOKEN_ABSTRACT &&
        token != TOKEN_GLOBAL) {
        return false;
    }
    strip_token next = strip_peek(p, &after_break);
    if (after_break) {
        return false;
    }
    if (token == TOKEN_TYPE && strip_is_name(next)) {
        read_alias(p);
        *kind = erase(p, from);
    } else if (token == TOKEN_INTERFACE && strip_is_name(next)) {
        read_interface(p);
        *kind = erase(p, from);
    } else if (token == TOKEN_DECLARE && can_be_declared(next)) {
        *kind = read_declare(p, from);
    } else if ((token == TOKEN_NAMESPACE || token == TOKEN_MODULE) && strip_is_name(next)) {
        *kind = strip_namespace(p, from, is_exported);
    } else if (token == TOKEN_ABSTRACT && next == TOKEN_CLASS) {
        read_abstract_class(p);
        *kind = STRIP_STATEMENT_VALUE;
    } else if (token == TOKEN_GLOBAL && next == TOKEN_OPEN_BRACE && p->ambient > 0) {
        read_declared(p, from);
        *kind = STRIP_STATEMENT_TYPE;
    } else {
        return false;
    }
    return true;
}
