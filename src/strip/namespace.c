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
#include "strip/lexer.h"
#include "strip/lowered.h"
#include "strip/statement.h"
#include "strip/type.h"
#include "strip/writer.h"

#include <string.h>

/* Between two tokens. */
static strip_writer writer_before(stripper *p, const unsigned char *at) {
    return (strip_writer){p, strip_offset(p, at), strip_offset(p, at)};
}

void strip_namespace_note(stripper *p, const unsigned char *name, size_t length) {
    strip_name *row = strip_lowered_add_name(p, name, length, p->around.scope);
    if (row != NULL && row->part == 0) {
        row->part = p->around.part;
    }
}

void strip_namespace_publish(stripper *p, const unsigned char *name, size_t length) {
    strip_holder variable = {name, length};
    if (p->ambient > 0 || p->around.holder.name == NULL) {
        return;
    }
    strip_namespace_note(p, name, length);
    strip_writer writer = writer_before(p, p->place.previous_end);
    strip_write(&writer, " ");
    strip_write_name(&writer, &p->around.holder);
    strip_write(&writer, ".");
    strip_write_name(&writer, &variable);
    strip_write(&writer, " = ");
    strip_write_name(&writer, &variable);
    strip_write(&writer, ";");
}

void strip_namespace_constant(stripper *p, const unsigned char *name, size_t length) {
    strip_writer writer = writer_before(p, p->place.start);
    strip_namespace_note(p, name, length);
    strip_write_name(&writer, &p->around.holder);
    strip_write(&writer, ".");
    strip_write_range(&writer, name, length);
    strip_write(&writer, " = ");
}

/* A property of the namespace that stands for a variable. */
static void publish_variable(stripper *p, const strip_holder *variable) {
    strip_writer writer = writer_before(p, p->place.previous_end);
    strip_write(&writer, strip_ended_by_semicolon(p) ? " " : "; ");
    strip_write(&writer, "Object.defineProperty(");
    strip_write_name(&writer, &p->around.holder);
    strip_write(&writer, ", \"");
    strip_write_name(&writer, variable);
    strip_write(&writer, "\", { enumerable: true, configurable: true, get: () => ");
    strip_write_name(&writer, variable);
    strip_write(&writer, ", set: (_");
    strip_write_name(&writer, variable);
    strip_write(&writer, ") => { ");
    strip_write_name(&writer, variable);
    strip_write(&writer, " = _");
    strip_write_name(&writer, variable);
    strip_write(&writer, "; } });");
}

/* One variable; its declaration must end with it, unless it is a constant. */
static void read_variable(stripper *p, bool is_constant) {
    strip_holder variable = {strip_source(p, p->place.start),
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
    bool is_constant = strip_is(p, TOKEN_CONST);
    do {
        strip_next(p);
        read_variable(p, is_constant);
    } while (is_constant && strip_is(p, TOKEN_COMMA));
    if (is_constant) {
        strip_statement_end(p);
    }
}

static bool read_names(stripper *p, const unsigned char *from, bool is_exported);

/* What is inside of a name: statements after `{`, or another name after a dot. */
static bool read_body(stripper *p, const strip_lowered *lowered) {
    bool is_dotted = strip_is(p, TOKEN_DOT);
    strip_surroundings outer = p->around;
    bool needed_semicolon = p->needs_semicolon;
    bool has_value;
    strip_lowered_open(p, lowered);
    p->needs_semicolon = false;
    p->around.scope = lowered->scope;
    p->around.part = lowered->part;
    p->around.is_merged = outer.is_merged || lowered->part > 1;
    p->around.lowered = lowered;
    p->around.holder = lowered->name;
    if (is_dotted) {
        has_value = read_names(p, p->place.start, true);
    } else {
        has_value = strip_statements(p);
    }
    p->around = outer;
    strip_lowered_close(p, lowered, is_dotted);
    p->needs_semicolon = needed_semicolon;
    return has_value;
}

/* A part without values is erased: what declares its name is a later one. */
static void undeclare(stripper *p, const strip_lowered *lowered) {
    strip_name *row =
        strip_names_find(&p->names, lowered->name.name, lowered->name.length, p->around.scope);
    if (row != NULL && !lowered->is_known) {
        row->declared = 0;
    }
}

/* A name, and its body or the name after its dot. @return whether a statement has a value */
static bool read_names(stripper *p, const unsigned char *from, bool is_exported) {
    bool has_value = true;
    if (!strip_enter(p)) {
        return has_value;
    }
    if (strip_is_name(p->place.token)) {
        strip_lowered lowered = strip_lowered_begin(p, from, is_exported);
        if (strip_is(p, TOKEN_OPEN_BRACE) || strip_is(p, TOKEN_DOT)) {
            has_value = read_body(p, &lowered);
            if (!has_value && p->ambient == 0) {
                undeclare(p, &lowered);
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
    size_t insertions = p->out.insertions.count;
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
