/*
 * Classes and their members; see function.h.
 *
 * Threads: as the stripper.
 */
#include "strip/class.h"

#include "strip/expression.h"
#include "strip/function.h"
#include "strip/lexer.h"
#include "strip/literal.h"
#include "strip/lowered.h"
#include "strip/operand.h"
#include "strip/rescan.h"
#include "strip/statement.h"
#include "strip/type.h"
#include "strip/type_parts.h"
#include "strip/writer.h"

/* What a member was. */
typedef enum member_kind { MEMBER_ERASED, MEMBER_FIELD, MEMBER_METHOD } member_kind;

/* A member while it is read. */
typedef struct member {
    const unsigned char *from;
    const unsigned char *first_erased; /* the first modifier, if that was erased */
    strip_token name_token;
    strip_token last_modifier; /* that stays, or TOKEN_END */
    bool is_erased;            /* `abstract` or `declare` */
    bool is_declared;          /* `declare` */
    bool needed_semicolon;     /* what the stripper knew before the member */
} member;

static bool is_modifier_word(strip_token token) {
    switch (token) {
    case TOKEN_PUBLIC:
    case TOKEN_PRIVATE_WORD:
    case TOKEN_PROTECTED:
    case TOKEN_ABSTRACT:
    case TOKEN_OVERRIDE:
    case TOKEN_READONLY:
    case TOKEN_DECLARE:
    case TOKEN_STATIC:
    case TOKEN_ACCESSOR:
    case TOKEN_ASYNC:
    case TOKEN_GET:
    case TOKEN_SET:
        return true;
    default:
        return false;
    }
}

static bool stays(strip_token token) {
    return token == TOKEN_STATIC || token == TOKEN_ACCESSOR || token == TOKEN_ASYNC ||
           token == TOKEN_GET || token == TOKEN_SET;
}

/* Whether the current word is a modifier of what follows, and not the member's name. */
static bool is_modifier(stripper *p) {
    strip_token token = p->place.token;
    if (!is_modifier_word(token)) {
        return false;
    }
    bool after_break;
    strip_token next = strip_peek(p, &after_break);
    if (after_break && token != TOKEN_STATIC && token != TOKEN_GET && token != TOKEN_SET) {
        return false;
    }
    return strip_is_member_name(next) ||
           (next == TOKEN_STAR && token != TOKEN_GET && token != TOKEN_SET);
}

/* As decorators: see literal.c. At the name, where the engine stumbles. */
static void refuse_accessor(stripper *p, strip_token modifier) {
    if (modifier == TOKEN_ACCESSOR && p->goal == HUTCH_STRIP_BODY) {
        strip_fail_at(p, p->place.start, p->place.at,
                      "'accessor' fields are not supported: write a getter and a setter");
    }
}

static void read_modifiers(stripper *p, member *m) {
    for (bool is_first = true; is_modifier(p); is_first = false) {
        strip_token token = p->place.token;
        const unsigned char *word = p->place.start;
        m->is_erased |= token == TOKEN_ABSTRACT || token == TOKEN_DECLARE;
        m->is_declared |= token == TOKEN_DECLARE;
        strip_next(p);
        refuse_accessor(p, token);
        if (stays(token)) {
            m->last_modifier = token;
            continue;
        }
        strip_blank_since(p, word);
        if (is_first) {
            m->first_erased = word;
        }
    }
}

/* `[key: string]: T`, as opposed to `[name] = 1`. */
static bool is_index_signature(stripper *p) {
    if (!strip_is(p, TOKEN_OPEN_BRACKET)) {
        return false;
    }
    strip_place place = p->place;
    strip_next(p);
    bool found = strip_is_name(p->place.token) && strip_peek(p, NULL) == TOKEN_COLON;
    p->place = place;
    return found;
}

static void read_index_signature(stripper *p, const member *m) {
    strip_next(p);
    strip_next(p);
    strip_next(p);
    strip_type(p);
    strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
    if (strip_take(p, TOKEN_COLON)) {
        strip_type(p);
    }
    if (!strip_take(p, TOKEN_COMMA)) {
        strip_statement_end(p);
    }
    strip_blank_since(p, m->from);
}

static void read_name(stripper *p, member *m) {
    m->name_token = p->place.token;
    if (strip_is(p, TOKEN_OPEN_BRACKET)) {
        strip_computed_name(p);
    } else if (strip_is_member_name(p->place.token)) {
        strip_next(p);
    } else {
        strip_fail_expected(p, "a member of the class or '}'");
    }
}

/* `?` or `!` after the name. */
static void read_mark(stripper *p) {
    if (strip_is(p, TOKEN_QUESTION) || strip_is(p, TOKEN_NOT)) {
        const unsigned char *mark = p->place.start;
        strip_next(p);
        strip_blank_since(p, mark);
    }
}

/* Whether the field before would go on with what is first left of this member. */
static bool needs_separator(const member *m, bool is_generator) {
    if (m->last_modifier != TOKEN_END) {
        return false;
    }
    return is_generator || m->name_token == TOKEN_IN || m->name_token == TOKEN_INSTANCEOF;
}

/* A member whose first modifier is gone may look like the rest of the field before it. */
static void separate(stripper *p, const member *m, bool is_generator, bool after_field) {
    const unsigned char *at = m->first_erased;
    if (at == NULL || at != m->from || p->has_failed) { /* decorators separate, too */
        return;
    }
    if (m->name_token == TOKEN_OPEN_BRACKET || (after_field && needs_separator(m, is_generator))) {
        strip_output_put(&p->out, strip_offset(p, at), ';');
    }
}

/* A field called `get`, `set` or `static` needs a `;` when its type is gone and a line break ends
   it: the next member would be its name. */
static void close_field(stripper *p, const member *m, const unsigned char *type) {
    bool is_modifier_name =
        m->name_token == TOKEN_GET || m->name_token == TOKEN_SET || m->name_token == TOKEN_STATIC;
    if (is_modifier_name && type != NULL && !p->has_failed && !strip_ended_by_semicolon(p) &&
        !strip_is(p, TOKEN_CLOSE_BRACE)) {
        strip_output_put(&p->out, strip_offset(p, type), ';');
    }
}

static void read_field(stripper *p, const member *m) {
    const unsigned char *type = NULL;
    if (strip_is(p, TOKEN_COLON)) {
        type = p->place.start;
        strip_annotation(p);
    }
    if (strip_take(p, TOKEN_ASSIGN)) {
        type = NULL;
        strip_expression(p, 0);
    }
    strip_statement_end(p);
    if (m->is_erased) {
        p->needs_semicolon = m->needed_semicolon;
        strip_erase_statement(p, m->from);
    } else {
        close_field(p, m, type);
    }
}

static member_kind read_method(stripper *p, const member *m, const strip_constructor *class) {
    bool is_constructor =
        m->name_token == TOKEN_CONSTRUCTOR && m->last_modifier == TOKEN_END && p->ambient == 0;
    if (strip_function_rest(p, is_constructor ? class : NULL)) {
        return MEMBER_METHOD;
    }
    p->needs_semicolon = m->needed_semicolon;
    if (m->is_declared) {
        strip_erase_statement(p, m->from);
    } else {
        strip_blank_since(p, m->from);
    }
    return MEMBER_ERASED;
}

/* One member. @param after_field  a field without `;` stands before it */
static member_kind read_member(stripper *p, const strip_constructor *class, bool after_field) {
    member m = {
        .from = p->place.start, .last_modifier = TOKEN_END, .needed_semicolon = p->needs_semicolon};
    strip_decorators(p);
    if (strip_is(p, TOKEN_STATIC) && strip_peek(p, NULL) == TOKEN_OPEN_BRACE) {
        strip_next(p);
        strip_block(p);
        return MEMBER_METHOD;
    }
    read_modifiers(p, &m);
    if (is_index_signature(p)) {
        read_index_signature(p, &m);
        return MEMBER_ERASED;
    }
    bool is_generator = strip_take(p, TOKEN_STAR);
    read_name(p, &m);
    separate(p, &m, is_generator, after_field);
    read_mark(p);
    if (strip_is(p, TOKEN_LESS) || strip_is(p, TOKEN_OPEN_PAREN)) {
        return read_method(p, &m, class);
    }
    read_field(p, &m);
    return m.is_erased ? MEMBER_ERASED : MEMBER_FIELD;
}

/* The members, `{` being current. */
static void read_body(stripper *p, bool is_derived) {
    strip_constructor class = {.class_body = p->place.at, .is_derived = is_derived};
    bool after_field = false;
    if (!strip_expect(p, TOKEN_OPEN_BRACE, "'{'")) {
        return;
    }
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !p->has_failed) {
        if (strip_take(p, TOKEN_SEMICOLON)) {
            p->needs_semicolon = false;
            after_field = false;
            continue;
        }
        member_kind kind = read_member(p, &class, after_field);
        if (kind != MEMBER_ERASED) {
            strip_list_member_end(p);
            after_field = kind == MEMBER_FIELD && p->needs_semicolon;
        }
    }
    strip_expect(p, TOKEN_CLOSE_BRACE, "'}'");
}

/* `implements A, B` goes as a whole. */
static void read_implements(stripper *p) {
    const unsigned char *from = p->place.start;
    do {
        strip_next(p);
        strip_type_heritage(p);
    } while (strip_is(p, TOKEN_COMMA));
    strip_blank_since(p, from);
}

static void read_types(stripper *p) {
    const unsigned char *less = p->place.start;
    strip_type_list(p);
    strip_expect(p, TOKEN_GREATER, "'>'");
    strip_blank_since(p, less);
}

/* `extends A<T>`: an operand, whose list of types is followed by `{`. */
static bool read_extends(stripper *p) {
    if (!strip_take(p, TOKEN_EXTENDS)) {
        return false;
    }
    strip_operand_read(p, 0);
    if (strip_is(p, TOKEN_LESS)) {
        read_types(p);
    }
    p->needs_semicolon = true;
    return true;
}

void strip_class(stripper *p, bool is_statement) {
    if (!strip_enter(p)) {
        return;
    }
    strip_next(p);
    if (strip_is_name(p->place.token) && !strip_is(p, TOKEN_IMPLEMENTS)) {
        if (is_statement) {
            strip_declare_name(p);
        }
        strip_next(p);
    }
    if (strip_is(p, TOKEN_LESS)) {
        read_types(p);
    }
    bool is_derived = read_extends(p);
    if (strip_is(p, TOKEN_IMPLEMENTS)) {
        read_implements(p);
    }
    read_body(p, is_derived);
    strip_leave(p);
}
