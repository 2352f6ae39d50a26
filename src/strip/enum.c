/*
 * Enums become the JavaScript that tsc makes of them, member by member on the
 * member's own line:
 *
 *     enum E { A, B = f(), C = "c" }
 *     var E; (function (E) { E[E["A"] = 0] = "A"; E[E["B"] = f()] = "B"; E["C"] = "c"; })(E || (E = {}));
 *
 * Values are not computed here, but for counting on from a plain number.
 *
 * Threads: as the stripper.
 */
#include "strip/enum.h"

#include "strip/character.h"
#include "strip/expression.h"
#include "strip/lexer.h"
#include "strip/lowered.h"
#include "strip/rescan.h"
#include "strip/statement.h"
#include "strip/writer.h"

#include <stdio.h>
#include <string.h>

/* What is remembered of a member. */
enum { MEMBER_IS_NUMBER = 1, MEMBER_IS_STRING = 2 };

/* A member's name and where it stands. */
typedef struct member {
    const unsigned char *from; /* in the text */
    const unsigned char *to;
    const unsigned char *key; /* in the source; with its quotes if it has some */
    size_t key_length;
    bool is_quoted;
} member;

/* What the next member without a value gets. */
typedef struct counter {
    bool is_known;
    long long next;  /* when known */
    member previous; /* when not */
} counter;

/* A member's name: a word, a string, or a string in brackets. */
static bool read_name(stripper *p, member *m) {
    m->from = p->place.start;
    bool has_brackets = strip_take(p, TOKEN_OPEN_BRACKET);
    strip_token token = p->place.token;
    m->is_quoted = token == TOKEN_STRING;
    m->key = strip_source(p, p->place.start);
    m->key_length = (size_t)(p->place.at - p->place.start);
    if (token != TOKEN_STRING && !strip_is_word(token)) {
        strip_fail_expected(p, "a member of the enum or '}'");
        return false;
    }
    if (strip_has_break(m->key, m->key + m->key_length)) {
        strip_fail_expected(p, "a name without line breaks"); /* it is written twice */
        return false;
    }
    strip_next(p);
    if (has_brackets) {
        strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
    }
    m->to = p->place.previous_end;
    return !p->has_failed;
}

static void write_key(strip_writer *writer, const member *m) {
    if (!m->is_quoted) {
        strip_write(writer, "\"");
    }
    strip_write_range(writer, m->key, m->key_length);
    if (!m->is_quoted) {
        strip_write(writer, "\"");
    }
}

/* `E["A"]` */
static void write_member(strip_writer *writer, const member *m) {
    strip_write_name(writer, &writer->p->around.enum_name);
    strip_write(writer, "[");
    write_key(writer, m);
    strip_write(writer, "]");
}

/* Write what stands before the member's value. */
static void write_head(strip_writer *writer, const member *m, bool is_string) {
    if (!is_string) {
        strip_write_name(writer, &writer->p->around.enum_name);
        strip_write(writer, "[");
    }
    write_member(writer, m);
    strip_write(writer, " = ");
}

/* Write what stands after the member's value. */
static void write_tail(strip_writer *writer, const member *m, bool is_string) {
    if (!is_string) {
        strip_write(writer, "] = ");
        write_key(writer, m);
    }
    strip_write(writer, ";");
}

/* Whether the current name is that of a member which is a string; `E.A` counts as `A`. */
static bool names_string(stripper *p) {
    if (strip_peek(p, NULL) == TOKEN_DOT) {
        strip_next(p);
        strip_next(p);
    }
    const strip_name *row =
        strip_names_find(&p->names, strip_source(p, p->place.start),
                         (size_t)(p->place.at - p->place.start), p->around.enum_scope);
    return row != NULL && row->value == MEMBER_IS_STRING;
}

/* Whether the value that begins here is a string, as far as its text says: a sum with a literal in
   it or with a member that is one. */
static bool begins_string(stripper *p) {
    strip_place place = p->place;
    bool found = false;
    if (p->has_failed) {
        return false;
    }
    do {
        while (strip_take(p, TOKEN_OPEN_PAREN)) {
        }
        if (strip_is(p, TOKEN_TEMPLATE)) {
            found = true;
            break;
        }
        found = found || strip_is(p, TOKEN_STRING) ||
                (strip_is_name(p->place.token) && names_string(p));
        strip_next(p);
        while (strip_take(p, TOKEN_CLOSE_PAREN)) {
        }
    } while (strip_take(p, TOKEN_PLUS));
    found = found && (strip_is(p, TOKEN_COMMA) || strip_is(p, TOKEN_CLOSE_BRACE) ||
                      strip_is(p, TOKEN_TEMPLATE));
    p->place = place;
    p->has_failed = false; /* a regular expression, read as tokens, may look like a fault */
    return found;
}

/* A plain number to count on from: up to 15 digits, perhaps with a sign. */
static bool read_count(const stripper *p, const unsigned char *from, const unsigned char *to,
                       long long *value) {
    const unsigned char *at = strip_source(p, from);
    const unsigned char *end = strip_source(p, to);
    bool is_negative = at < end && *at == '-';
    at += is_negative;
    if (at == end || end - at > 15 || (*at == '0' && end - at > 1)) {
        return false;
    }
    *value = 0;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9') {
            return false;
        }
        *value = *value * 10 + (*at - '0');
    }
    *value = is_negative ? -*value : *value;
    return true;
}

/* `= value`. @return whether it is a string */
static bool read_value(stripper *p, const member *m, counter *count) {
    strip_next(p);
    bool is_string = begins_string(p);
    const unsigned char *from = p->place.start;
    strip_expression(p, 0);
    if (p->ambient > 0 || p->has_failed) {
        return is_string;
    }
    /* One character before the value, so that it goes before what was put before the value; there
       is none to write over if the name begins beyond ASCII. */
    strip_writer head = strip_writer_begin(p, m->from, from);
    head.end -= head.end > head.at;
    write_head(&head, m, is_string);
    const unsigned char *end = p->place.previous_end;
    strip_writer tail = strip_writer_begin(p, end, strip_is(p, TOKEN_COMMA) ? p->place.at : end);
    write_tail(&tail, m, is_string);
    count->is_known = read_count(p, from, end, &count->next);
    count->next++;
    return is_string;
}

/* A member without a value: one more than the one before it. */
static void write_counted(stripper *p, const member *m, counter *count) {
    if (p->ambient > 0) {
        return;
    }
    char number[32];
    strip_writer writer =
        strip_writer_begin(p, m->from, strip_is(p, TOKEN_COMMA) ? p->place.at : m->to);
    write_head(&writer, m, false);
    if (count->is_known) {
        snprintf(number, sizeof number, "%lld", count->next++);
        strip_write(&writer, number);
    } else {
        write_member(&writer, &count->previous);
        strip_write(&writer, " + 1");
    }
    write_tail(&writer, m, false);
}

static void read_member(stripper *p, counter *count) {
    member m;
    if (!read_name(p, &m)) {
        return;
    }
    bool is_string = false;
    if (strip_is(p, TOKEN_ASSIGN)) {
        is_string = read_value(p, &m, count);
    } else {
        write_counted(p, &m, count);
    }
    count->previous = m;
    size_t quote = m.is_quoted ? 1 : 0;
    strip_name *row = strip_names_add(&p->names, p->out.allocator, m.key + quote,
                                      m.key_length - 2 * quote, p->around.enum_scope);
    if (row == NULL) {
        p->out.has_no_memory = true;
    } else {
        row->value = is_string ? MEMBER_IS_STRING : MEMBER_IS_NUMBER;
    }
}

static void read_members(stripper *p) {
    counter count = {.is_known = true};
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed) {
        read_member(p, &count);
        if (!strip_take(p, TOKEN_COMMA)) {
            break;
        }
    }
    if (!strip_is(p, TOKEN_CLOSE_BRACE)) {
        strip_fail_expected(p, "',' or '}'");
    }
}

strip_statement_kind strip_enum(stripper *p, const unsigned char *from, bool is_exported) {
    strip_surroundings outer = p->around;
    strip_take(p, TOKEN_CONST);
    strip_next(p);
    if (!strip_is_name(p->place.token)) {
        strip_fail_expected(p, "the name of the enum");
        return STRIP_STATEMENT_VALUE;
    }
    strip_lowered lowered = strip_lowered_begin(p, from, is_exported);
    if (!strip_is(p, TOKEN_OPEN_BRACE)) {
        strip_fail_expected(p, "'{'");
        return STRIP_STATEMENT_VALUE;
    }
    strip_lowered_open(p, &lowered);
    p->around.enum_name = lowered.name;
    p->around.enum_scope = lowered.scope;
    read_members(p);
    p->around = outer;
    strip_lowered_close(p, &lowered, false);
    return STRIP_STATEMENT_VALUE;
}
