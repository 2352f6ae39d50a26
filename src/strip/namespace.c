/*
 * Namespaces; see namespace.h. What a namespace exports stays a variable of its
 * own, so that no reference to it has to change:
 *
 *     export const a = 1        const a = N.a = 1
 *     export let b = 2          let b = 2; and N.b reads and writes b
 *     export function f() {}    function f() {} N.f = f;
 *
 * A later part of the same namespace cannot see those variables. tsc would write
 * `N.a` there; here that is refused, and the author asked to write it.
 *
 * Threads: as the stripper.
 */
#include "strip/namespace.h"

#include "strip/expression.h"
#include "strip/function.h"
#include "strip/lexer.h"
#include "strip/statement.h"
#include "strip/type.h"
#include "strip/writer.h"

#include <string.h>

static strip_name *add_name(stripper *p, const unsigned char *name, size_t length, uint32_t scope) {
    strip_name *row = strip_names_add(&p->names, p->out.allocator, name, length, scope);
    if (row == NULL) {
        p->out.has_no_memory = true;
    }
    return row;
}

void strip_declare_name(stripper *p) {
    if (p->ambient == 0) {
        strip_name *row = add_name(p, strip_source(p, p->place.start),
                                   (size_t)(p->place.at - p->place.start), p->scope);
        if (row != NULL) {
            row->declared = p->part + 1;
        }
    }
}

strip_turned strip_turned_begin(stripper *p, const unsigned char *from, bool is_exported) {
    strip_turned turned = {.outer = p->around, .from = from, .is_exported = is_exported};
    turned.name =
        (strip_holder){strip_source(p, p->place.start), (size_t)(p->place.at - p->place.start)};
    strip_next(p);
    if (p->ambient > 0) {
        return turned;
    }
    strip_name *row = add_name(p, turned.name.name, turned.name.length, p->scope);
    if (row != NULL) {
        row->value = row->value != 0 ? row->value : ++p->scopes;
        row->part = is_exported && row->part == 0 ? p->part : row->part;
        turned.scope = row->value;
        turned.is_known = row->declared == p->part + 1;
        row->declared = p->part + 1;
        turned.part = ++row->parts;
    }
    if (is_exported) {
        turned.parent = p->holder;
    }
    return turned;
}

static void write_name(strip_writer *writer, const strip_holder *name) {
    strip_write_range(writer, name->name, name->length);
}

/* Whether `var` may declare a name here; inside of blocks tsc takes `let`. */
static bool is_top(const stripper *p) {
    return p->scope == 0;
}

void strip_turned_open(stripper *p, const strip_turned *turned) {
    if (p->ambient > 0) {
        strip_next(p);
        return;
    }
    strip_writer writer = strip_writer_begin(p, turned->from, p->place.at);
    if (!turned->is_known) {
        if (turned->is_exported && turned->parent.name == NULL) {
            strip_write(&writer, "export ");
        }
        strip_write(&writer, is_top(p) ? "var " : "let ");
        write_name(&writer, &turned->name);
        strip_write(&writer, "; ");
    } else if (p->needs_semicolon) {
        strip_write(&writer, ";");
    }
    strip_write(&writer, "(function (");
    write_name(&writer, &turned->name);
    strip_write(&writer, ") {");
    strip_next(p);
}

/* What the function is called with: `N || (N = {})`, or `N = P.N || (P.N = {})`. */
static void write_argument(strip_writer *writer, const strip_turned *turned) {
    const strip_holder *parent = &turned->parent;
    const bool has_parent = parent->name != NULL;
    write_name(writer, &turned->name);
    if (has_parent) {
        strip_write(writer, " = ");
        write_name(writer, parent);
        strip_write(writer, ".");
        write_name(writer, &turned->name);
    }
    strip_write(writer, " || (");
    if (has_parent) {
        write_name(writer, parent);
        strip_write(writer, ".");
    }
    write_name(writer, &turned->name);
    strip_write(writer, " = {})");
}

void strip_turned_close(stripper *p, const strip_turned *turned, bool is_closed) {
    const unsigned char *from = p->place.previous_end;
    if (!is_closed) {
        from = p->place.start;
        strip_expect(p, TOKEN_CLOSE_BRACE, "'}'");
    }
    if (p->ambient == 0 && !p->has_failed) {
        strip_writer writer = strip_writer_begin(p, from, p->place.previous_end);
        strip_write(&writer, "})(");
        write_argument(&writer, turned);
        strip_write(&writer, ");");
    }
}

/* Between two tokens. */
static strip_writer writer_before(stripper *p, const unsigned char *at) {
    return (strip_writer){p, strip_offset(p, at), strip_offset(p, at)};
}

void strip_namespace_note(stripper *p, const unsigned char *name, size_t length) {
    strip_name *row = add_name(p, name, length, p->scope);
    if (row != NULL && row->part == 0) {
        row->part = p->part;
    }
}

void strip_namespace_publish(stripper *p, const unsigned char *name, size_t length) {
    const strip_holder variable = {name, length};
    if (p->ambient > 0 || p->holder.name == NULL) {
        return;
    }
    strip_namespace_note(p, name, length);
    strip_writer writer = writer_before(p, p->place.previous_end);
    strip_write(&writer, " ");
    write_name(&writer, &p->holder);
    strip_write(&writer, ".");
    write_name(&writer, &variable);
    strip_write(&writer, " = ");
    write_name(&writer, &variable);
    strip_write(&writer, ";");
}

void strip_namespace_constant(stripper *p, const unsigned char *name, size_t length) {
    strip_writer writer = writer_before(p, p->place.start);
    strip_namespace_note(p, name, length);
    write_name(&writer, &p->holder);
    strip_write(&writer, ".");
    strip_write_range(&writer, name, length);
    strip_write(&writer, " = ");
}

/* A property of the namespace that stands for a variable. */
static void publish_variable(stripper *p, const strip_holder *variable) {
    strip_writer writer = writer_before(p, p->place.previous_end);
    strip_write(&writer, strip_ended_by_semicolon(p) ? " " : "; ");
    strip_write(&writer, "Object.defineProperty(");
    write_name(&writer, &p->holder);
    strip_write(&writer, ", \"");
    write_name(&writer, variable);
    strip_write(&writer, "\", { enumerable: true, configurable: true, get: () => ");
    write_name(&writer, variable);
    strip_write(&writer, ", set: (_");
    write_name(&writer, variable);
    strip_write(&writer, ") => { ");
    write_name(&writer, variable);
    strip_write(&writer, " = _");
    write_name(&writer, variable);
    strip_write(&writer, "; } });");
}

/* One variable; its declaration must end with it, unless it is a constant. */
static void read_variable(stripper *p, bool is_constant) {
    const strip_holder variable = {strip_source(p, p->place.start),
                                   (size_t)(p->place.at - p->place.start)};
    if (!strip_is_name(p->place.token)) {
        strip_fail_expected(p, "a name, since a namespace exports it");
        return;
    }
    strip_namespace_note(p, variable.name, variable.length);
    strip_next(p);
    if (strip_is(p, TOKEN_NOT)) {
        const unsigned char *mark = p->place.start;
        strip_next(p);
        strip_blank_since(p, mark);
    }
    if (strip_is(p, TOKEN_COLON)) {
        strip_annotation(p);
    }
    if (strip_take(p, TOKEN_ASSIGN)) {
        if (is_constant && !p->has_failed) {
            strip_namespace_constant(p, variable.name, variable.length);
        }
        strip_expression(p, 0);
    }
    if (!is_constant && strip_is(p, TOKEN_COMMA)) {
        strip_fail_expected(p, "one variable in a declaration that a namespace exports");
    }
    if (!is_constant) {
        strip_statement_end(p);
        publish_variable(p, &variable);
    }
}

void strip_namespace_variables(stripper *p) {
    const bool is_constant = strip_is(p, TOKEN_CONST);
    do {
        strip_next(p);
        read_variable(p, is_constant);
    } while (is_constant && strip_is(p, TOKEN_COMMA));
    if (is_constant) {
        strip_statement_end(p);
    }
}

void strip_namespace_refer(stripper *p) {
    const unsigned char *name = strip_source(p, p->place.start);
    const size_t length = (size_t)(p->place.at - p->place.start);
    if (!p->is_merged) {
        return;
    }
    for (const strip_turned *at = p->around; at != NULL; at = at->outer) {
        const strip_name *row = strip_names_find(&p->names, name, length, at->scope);
        if (row == NULL) {
            continue;
        }
        if (row->declared == at->part + 1 || row->part == at->part) {
            return;
        }
        if (row->part != 0) {
            strip_fail_at(p, p->place.start, p->place.at,
                          "expected the name of the namespace before what an earlier part of it "
                          "exports, as in 'Namespace.name'");
            return;
        }
    }
}

static bool read_names(stripper *p, const unsigned char *from, bool is_exported);

/* What is inside of a name: statements behind `{`, or another name behind a dot. */
static bool read_body(stripper *p, const strip_turned *turned) {
    const strip_place outer = p->place;
    const uint32_t scope = p->scope;
    const bool is_merged = p->is_merged;
    const uint32_t part = p->part;
    const strip_holder holder = p->holder;
    const bool needed_semicolon = p->needs_semicolon;
    bool has_value;
    strip_turned_open(p, turned);
    p->needs_semicolon = false;
    p->scope = turned->scope;
    p->part = turned->part;
    p->is_merged = is_merged || turned->part > 1;
    p->around = turned;
    p->holder = turned->name;
    if (outer.token == TOKEN_DOT) {
        has_value = read_names(p, p->place.start, true);
    } else {
        has_value = strip_statements(p);
    }
    p->scope = scope;
    p->part = part;
    p->is_merged = is_merged;
    p->around = turned->outer;
    p->holder = holder;
    strip_turned_close(p, turned, outer.token == TOKEN_DOT);
    p->needs_semicolon = needed_semicolon;
    return has_value;
}

/* A part without values is erased: what declares its name is a later one. */
static void undeclare(stripper *p, const strip_turned *turned) {
    strip_name *row = strip_names_find(&p->names, turned->name.name, turned->name.length, p->scope);
    if (row != NULL && !turned->is_known) {
        row->declared = 0;
    }
}

/* A name, and its body or the name behind its dot. @return whether a statement has a value */
static bool read_names(stripper *p, const unsigned char *from, bool is_exported) {
    bool has_value = true;
    if (!strip_enter(p)) {
        return has_value;
    }
    if (strip_is_name(p->place.token)) {
        const strip_turned turned = strip_turned_begin(p, from, is_exported);
        if (strip_is(p, TOKEN_OPEN_BRACE) || strip_is(p, TOKEN_DOT)) {
            has_value = read_body(p, &turned);
            if (!has_value && p->ambient == 0) {
                undeclare(p, &turned);
            }
        } else {
            strip_fail_expected(p, "'{'");
        }
    } else {
        strip_fail_expected(p, "the name of the namespace");
    }
    strip_leave(p);
    return has_value;
}

strip_statement_kind strip_namespace(stripper *p, const unsigned char *from, bool is_exported) {
    bool has_value = false;
    const size_t insertions = p->out.insertions.count;
    if (!strip_enter(p)) {
        return STRIP_STATEMENT_VALUE;
    }
    strip_next(p);
    if (p->ambient > 0 && strip_take(p, TOKEN_STRING)) {
        if (strip_is(p, TOKEN_OPEN_BRACE)) {
            strip_block(p);
        } else {
            strip_statement_end(p);
        }
    } else {
        has_value = read_names(p, from, is_exported);
    }
    strip_leave(p);
    if (has_value || p->ambient > 0) {
        return STRIP_STATEMENT_VALUE;
    }
    strip_output_forget(&p->out, insertions);
    strip_erase_statement(p, from);
    return STRIP_STATEMENT_TYPE;
}
