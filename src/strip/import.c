/*
 * `import`; see import.h.
 *
 * Threads: as the stripper.
 */
#include "strip/import.h"

#include "strip/expression.h"
#include "strip/lexer.h"
#include "strip/literal.h"
#include "strip/namespace.h"
#include "strip/rescan.h"
#include "strip/statement.h"
#include "strip/writer.h"

#include <string.h>

/* A statement that begins with `import`, or `export import`. */
typedef struct import_statement {
    const unsigned char *from;
    const unsigned char *word; /* `import` */
    bool is_type;
    bool is_exported;
} import_statement;

/* Whether the specifier's `type`, being current, says that it is only a type:
 * `type A`, `type A as B`, `type as`, `type as as B`; but not `type`, `type as A`. */
static bool is_type_specifier(stripper *p) {
    if (!strip_is(p, TOKEN_TYPE)) {
        return false;
    }
    strip_place place = p->place;
    strip_next(p);
    bool found = strip_is_word(p->place.token) || strip_is(p, TOKEN_STRING);
    if (strip_is(p, TOKEN_AS)) {
        strip_next(p);
        bool is_second_as = strip_is(p, TOKEN_AS);
        found = !strip_is_word(p->place.token) && !strip_is(p, TOKEN_STRING);
        if (is_second_as) {
            strip_next(p);
            found = strip_is_word(p->place.token) || strip_is(p, TOKEN_STRING);
        }
    }
    p->place = place;
    return found;
}

/* `A`, `A as B`, `type A`: words up to the comma. */
static void read_specifier(stripper *p) {
    const unsigned char *from = p->place.start;
    bool is_type = is_type_specifier(p);
    if (!strip_is_word(p->place.token) && !strip_is(p, TOKEN_STRING)) {
        strip_fail_expected(p, "a name or '}'");
    }
    while (strip_is_word(p->place.token) || strip_is(p, TOKEN_STRING)) {
        strip_next(p);
    }
    strip_take(p, TOKEN_COMMA);
    if (is_type) {
        strip_blank_since(p, from);
    }
}

static void read_specifiers(stripper *p) {
    strip_next(p);
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed) {
        read_specifier(p);
        if (p->out.source[strip_offset(p, p->place.previous_end) - 1] != ',') {
            break;
        }
    }
    strip_expect(p, TOKEN_CLOSE_BRACE, "',' or '}'");
}

/* `"module" with { … };` */
static void read_source(stripper *p) {
    strip_expect(p, TOKEN_STRING, "the name of a module in quotes");
    if (strip_is(p, TOKEN_WITH) || (strip_is(p, TOKEN_NAME) && !p->place.after_break)) {
        strip_next(p);
        if (strip_is(p, TOKEN_OPEN_BRACE)) {
            strip_object(p, false);
        }
    }
    strip_statement_end(p);
}

void strip_read_from(stripper *p) {
    strip_expect(p, TOKEN_FROM, "'from'");
    read_source(p);
}

/* `* as N`, `* from` or `{ A, B }` */
void strip_read_bindings(stripper *p) {
    if (strip_take(p, TOKEN_STAR)) {
        if (strip_take(p, TOKEN_AS)) {
            strip_next(p);
        }
    } else if (strip_is(p, TOKEN_OPEN_BRACE)) {
        read_specifiers(p);
    } else {
        strip_fail_expected(p, "'{' or '*'");
    }
}

/* Whether `require(` is current. */
static bool is_call(stripper *p) {
    return strip_is(p, TOKEN_NAME) && strip_peek(p, NULL) == TOKEN_OPEN_PAREN;
}

/* `A = B.C` or `A = require("m")` after `import`, `A` being current: a variable, as tsc has it. */
static void read_import_equals(stripper *p, const import_statement *statement) {
    const unsigned char *name = strip_source(p, p->place.start);
    size_t length = (size_t)(p->place.at - p->place.start);
    bool is_turned = !statement->is_type && p->ambient == 0;
    strip_next(p);
    strip_next(p);
    if (is_turned && !p->has_failed) {
        const unsigned char *word = statement->word;
        if (statement->is_exported && p->around.holder.name != NULL) {
            strip_output_blank(&p->out, strip_offset(p, statement->from), strip_offset(p, word));
            strip_namespace_constant(p, name, length);
        }
        strip_writer writer = strip_writer_begin(p, word, word + sizeof "import" - 1);
        strip_write(&writer, is_call(p) ? "const" : "var");
    }
    strip_expression(p, 0);
    strip_statement_end(p);
}

/* Whether `type`, being current after `import`, makes it one of types only. */
static bool is_type_import(stripper *p) {
    strip_place place = p->place;
    bool found = false;
    if (strip_take(p, TOKEN_TYPE)) {
        found = strip_is(p, TOKEN_OPEN_BRACE) || strip_is(p, TOKEN_STAR) ||
                strip_is_name(p->place.token);
        if (strip_is(p, TOKEN_FROM)) {
            strip_token next = strip_peek(p, NULL);
            found = next == TOKEN_FROM || next == TOKEN_ASSIGN;
        }
    }
    p->place = place;
    return found;
}

/* `import defer * as a`, `import source a`: whether the current name may be such a word. */
static bool is_phase_word(const stripper *p) {
    const unsigned char *word = p->place.start;
    size_t length = (size_t)(p->place.at - word);
    return (length == 5 && memcmp(word, "defer", length) == 0) ||
           (length == 6 && memcmp(word, "source", length) == 0);
}

/* What stands after `import` and perhaps `type`. @return whether it names a module */
static bool read_clause(stripper *p, const import_statement *statement) {
    if (strip_is(p, TOKEN_STRING)) {
        read_source(p);
        return true;
    }
    if (strip_is_name(p->place.token)) {
        if (strip_peek(p, NULL) == TOKEN_ASSIGN) {
            read_import_equals(p, statement);
            return false;
        }
        bool is_phase = is_phase_word(p);
        strip_next(p);
        if (is_phase && (strip_is(p, TOKEN_NAME) ||
                         (strip_is(p, TOKEN_FROM) && strip_peek(p, NULL) == TOKEN_FROM))) {
            strip_next(p);
        }
        if (strip_take(p, TOKEN_COMMA) || strip_is(p, TOKEN_STAR)) {
            strip_read_bindings(p);
        }
    } else {
        strip_read_bindings(p);
    }
    strip_read_from(p);
    return true;
}

/* A program that is a function's body cannot have what was just read. */
void strip_refuse_in_body(stripper *p, const unsigned char *from, const char *message) {
    if (p->goal == HUTCH_STRIP_BODY && p->ambient == 0) {
        strip_fail_at(p, from, from + sizeof "import" - 1, message);
    }
}

strip_statement_kind strip_read_import(stripper *p, const unsigned char *from, bool is_exported) {
    bool needed_semicolon = p->needs_semicolon;
    import_statement statement = {from, p->place.start, false, is_exported};
    strip_next(p);
    statement.is_type = is_type_import(p);
    if (statement.is_type) {
        strip_next(p);
    }
    bool has_module = read_clause(p, &statement);
    if (statement.is_type) {
        p->needs_semicolon = needed_semicolon;
        strip_erase_statement(p, from);
        return STRIP_STATEMENT_TYPE;
    }
    if (has_module) {
        strip_refuse_in_body(
            p, statement.word,
            "expected a statement, found 'import': a program has no modules. Leave the import out: "
            "tools are global functions, and what a package would do has to be in the program");
    }
    return STRIP_STATEMENT_VALUE;
}

strip_statement_kind strip_import(stripper *p) {
    strip_token next = strip_peek(p, NULL);
    if (next == TOKEN_OPEN_PAREN || next == TOKEN_DOT) {
        strip_expression(p, STRIP_ALLOWS_COMMA);
        strip_statement_end(p);
        return STRIP_STATEMENT_VALUE;
    }
    return strip_read_import(p, p->place.start, false);
}
