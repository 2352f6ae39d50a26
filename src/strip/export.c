/*
 * `export`; see export.h.
 *
 * Threads: as the stripper.
 */
#include "strip/export.h"

#include "strip/class.h"
#include "strip/declaration.h"
#include "strip/enum.h"
#include "strip/expression.h"
#include "strip/function.h"
#include "strip/import.h"
#include "strip/lexer.h"
#include "strip/literal.h"
#include "strip/namespace.h"
#include "strip/notes.h"
#include "strip/rescan.h"
#include "strip/statement.h"
#include "strip/writer.h"

/* `export default`, `default` being current. */
static strip_statement_kind read_default(stripper *p, const unsigned char *from) {
    strip_statement_kind kind = STRIP_STATEMENT_VALUE;
    bool after_break;
    strip_next(p);
    switch (p->place.token) {
    case TOKEN_ASYNC:
        if (strip_peek(p, &after_break) != TOKEN_FUNCTION || after_break) {
            break;
        }
        strip_next(p);
        /* fall through */
    case TOKEN_FUNCTION:
        if (strip_function(p, true)) {
            return STRIP_STATEMENT_VALUE;
        }
        strip_blank_since(p, from);
        return STRIP_STATEMENT_TYPE;
    case TOKEN_AT:
    case TOKEN_CLASS:
        strip_decorators(p);
        strip_class(p, true);
        return STRIP_STATEMENT_VALUE;
    case TOKEN_ABSTRACT:
    case TOKEN_INTERFACE:
        if (strip_type_declaration(p, from, true, &kind)) {
            return kind;
        }
        break;
    default:
        break;
    }
    strip_expression(p, STRIP_IS_STATEMENT);
    strip_statement_end(p);
    return STRIP_STATEMENT_VALUE;
}

/* `export { A } from "m"`, `export * from "m"`, with or without `type`. */
static void read_export_list(stripper *p, const unsigned char *from) {
    bool is_star = strip_is(p, TOKEN_STAR);
    strip_read_bindings(p);
    if (is_star || strip_is(p, TOKEN_FROM)) {
        strip_read_from(p);
        strip_refuse_in_body(p, from,
                             "expected a statement, found 'export' of a module: a program has no "
                             "modules, and its tools are global functions");
    } else {
        strip_statement_end(p);
    }
}

/* `export = value`, which only CommonJS has. */
static strip_statement_kind read_export_equals(stripper *p, const unsigned char *from) {
    strip_next(p);
    if (p->ambient == 0) {
        strip_fail_at(p, from, p->place.previous_end,
                      "expected 'export default' or a list of exports, found 'export =', which is "
                      "not JavaScript");
    }
    strip_expression(p, 0);
    strip_statement_end(p);
    return STRIP_STATEMENT_VALUE;
}

/* `export as namespace N;` */
static strip_statement_kind read_export_as(stripper *p, const unsigned char *from) {
    strip_next(p);
    strip_expect(p, TOKEN_NAMESPACE, "'namespace'");
    strip_next(p);
    strip_statement_end(p);
    strip_erase_statement(p, from);
    return STRIP_STATEMENT_TYPE;
}

/* A function or class after `export`, which a namespace publishes under its name. */
static strip_statement_kind read_exported_body(stripper *p, const unsigned char *from) {
    bool is_class = strip_is(p, TOKEN_CLASS);
    strip_place place = p->place;
    strip_next(p);
    strip_take(p, TOKEN_STAR);
    const unsigned char *name = strip_source(p, p->place.start);
    size_t length = (size_t)(p->place.at - p->place.start);
    p->place = place;
    if (is_class) {
        strip_class(p, true);
    } else if (!strip_function(p, true)) {
        strip_blank_since(p, from);
        return STRIP_STATEMENT_TYPE;
    }
    strip_namespace_publish(p, name, length);
    return STRIP_STATEMENT_VALUE;
}

/* `export` before something that is declared. `export` itself is not written in a namespace. */
static strip_statement_kind read_exported(stripper *p, const unsigned char *from) {
    strip_statement_kind kind = STRIP_STATEMENT_VALUE;
    bool in_namespace = p->around.holder.name != NULL && p->ambient == 0;
    const unsigned char *word_end = p->place.previous_end;
    const unsigned char *abstract = NULL;
    switch (p->place.token) {
    case TOKEN_ABSTRACT:
        abstract = p->place.start;
        strip_next(p);
        strip_blank_since(p, abstract);
        kind = read_exported_body(p, from);
        break;
    case TOKEN_ASYNC:
        strip_next(p);
        kind = read_exported_body(p, from);
        break;
    case TOKEN_FUNCTION:
    case TOKEN_CLASS:
        kind = read_exported_body(p, from);
        break;
    case TOKEN_ENUM:
        return strip_enum(p, from, true);
    case TOKEN_CONST:
        if (strip_peek(p, NULL) == TOKEN_ENUM) {
            return strip_enum(p, from, true);
        }
        /* fall through */
    case TOKEN_LET:
    case TOKEN_VAR:
        if (in_namespace) {
            strip_namespace_variables(p);
        } else {
            strip_statement(p);
        }
        break;
    case TOKEN_AT:
        strip_decorators(p);
        return read_exported(p, from);
    default:
        if (strip_type_declaration(p, from, true, &kind)) {
            return kind;
        }
        strip_fail_expected(p, "a declaration, '{', '*' or 'default'");
        break;
    }
    if (in_namespace && kind == STRIP_STATEMENT_VALUE && !p->has_failed) {
        strip_output_blank(&p->out, strip_offset(p, from), strip_offset(p, word_end));
    }
    return kind;
}

static strip_statement_kind read_export(stripper *p, const unsigned char *from) {
    strip_next(p);
    switch (p->place.token) {
    case TOKEN_DEFAULT:
        return read_default(p, from);
    case TOKEN_STAR:
    case TOKEN_OPEN_BRACE:
        read_export_list(p, from);
        return STRIP_STATEMENT_VALUE;
    case TOKEN_ASSIGN:
        return read_export_equals(p, from);
    case TOKEN_AS:
        return read_export_as(p, from);
    case TOKEN_IMPORT:
        return strip_read_import(p, from, true);
    case TOKEN_TYPE: {
        strip_token next = strip_peek(p, NULL);
        if (next == TOKEN_OPEN_BRACE || next == TOKEN_STAR) {
            strip_next(p);
            p->ambient++;
            read_export_list(p, from);
            p->ambient--;
            strip_erase_statement(p, from);
            return STRIP_STATEMENT_TYPE;
        }
        return read_exported(p, from);
    }
    default:
        return read_exported(p, from);
    }
}

strip_statement_kind strip_export(stripper *p) {
    const unsigned char *from = p->place.start;
    strip_statement_kind kind = read_export(p, from);
    if (kind == STRIP_STATEMENT_VALUE && strip_wrapping_export(p, from)) {
        return kind;
    }
    if (kind == STRIP_STATEMENT_VALUE && p->around.holder.name == NULL) {
        strip_refuse_in_body(p, from,
                             "expected a statement, found 'export': a program is the body of a "
                             "function, and returns what it has to give");
    }
    return kind;
}
