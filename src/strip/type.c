/*
 * Types, from the conditional down to what stands alone; see type.h. Members
 * and lists are in type_parts.c.
 *
 * Threads: as the stripper.
 */
#include "strip/type.h"

#include "strip/generic.h"
#include "strip/lexer.h"
#include "strip/rescan.h"
#include "strip/type_parts.h"
#include "strip/writer.h"

#include <string.h>

static void read_type(stripper *p, bool with_conditional);

/* `a.b.c` after its first name. */
static void read_dotted_names(stripper *p) {
    while (strip_take(p, TOKEN_DOT)) {
        if (!strip_is_word(p->place.token) && !strip_is(p, TOKEN_PRIVATE)) {
            strip_fail_expected(p, "a name");
        }
        strip_next(p);
    }
}

/* `<T, U>` directly after what it belongs to. */
static void read_arguments(stripper *p) {
    if (strip_is(p, TOKEN_SHIFT_LEFT)) {
        strip_rescan_less(p);
    }
    if (strip_is(p, TOKEN_LESS) && !p->place.after_break) {
        unsigned char *less = p->place.start;
        strip_type_list(p);
        bool is_last = strip_ends_arguments(p);
        strip_expect(p, TOKEN_GREATER, "'>'");
        strip_generic_note(p, less, is_last);
    }
}

/* The options after the module of `import("m", { … })`. */
static void skip_braces(stripper *p) {
    uint32_t open = 0;
    do {
        open += strip_is(p, TOKEN_OPEN_BRACE);
        open -= strip_is(p, TOKEN_CLOSE_BRACE);
        strip_next(p);
    } while (open > 0 && !strip_is(p, TOKEN_END));
}

/* `import("m").A.B<T>`, `import` being current. */
static void read_import(stripper *p) {
    strip_next(p);
    strip_expect(p, TOKEN_OPEN_PAREN, "'('");
    read_type(p, true);
    if (strip_take(p, TOKEN_COMMA) && strip_is(p, TOKEN_OPEN_BRACE)) {
        skip_braces(p);
        strip_take(p, TOKEN_COMMA);
    }
    strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
    read_dotted_names(p);
    read_arguments(p);
}

static void read_typeof(stripper *p) {
    strip_next(p);
    if (strip_is(p, TOKEN_IMPORT)) {
        read_import(p);
        return;
    }
    if (!strip_is_word(p->place.token)) {
        strip_fail_expected(p, "a name");
    }
    strip_next(p);
    read_dotted_names(p);
    read_arguments(p);
}

/* `infer T extends C`: whether `extends` belongs to it or begins a conditional is only known after
   the constraint, so its end is remembered for read_type(). */
static void read_infer(stripper *p) {
    if (!strip_is_word(p->place.token)) {
        strip_fail_expected(p, "a name");
    }
    strip_next(p);
    if (strip_take(p, TOKEN_EXTENDS)) {
        read_type(p, false);
        p->constraint_end = p->place.previous_end;
    }
}

static void read_template(stripper *p) {
    while (strip_scan_template(p)) {
        read_type(p, true);
        if (!strip_is(p, TOKEN_CLOSE_BRACE)) {
            strip_fail_expected(p, "'}'");
            return;
        }
    }
}

/* The result of a function, after its `=>`. */
static void read_result(stripper *p) {
    if (strip_expect(p, TOKEN_ARROW, "'=>'")) {
        read_type(p, true);
    }
}

/* `(x: T) => U` or `(T)`. */
static void read_parenthesis(stripper *p) {
    if (p->place.start == p->group) {
        strip_next(p);
        read_type(p, true);
        strip_expect(p, TOKEN_CLOSE_PAREN, "')'");
        return;
    }
    strip_parameters found = strip_type_parameters(p);
    if (found == STRIP_PARAMETERS ||
        (found == STRIP_MAYBE_PARAMETERS && strip_is(p, TOKEN_ARROW))) {
        read_result(p);
    }
}

/* `<T>(x: T) => U`, or the same after `new`. */
static void read_function(stripper *p) {
    if (strip_is(p, TOKEN_LESS)) {
        strip_type_list(p);
        strip_expect(p, TOKEN_GREATER, "'>'");
    }
    if (!strip_is(p, TOKEN_OPEN_PAREN)) {
        strip_fail_expected(p, "'('");
        return;
    }
    strip_type_parameters(p);
    read_result(p);
}

/* A tuple, `[` being current. Holes and rest are taken as in a pattern. */
static void read_tuple(stripper *p) {
    strip_next(p);
    while (!strip_is(p, TOKEN_CLOSE_BRACKET) && !strip_is(p, TOKEN_END)) {
        if (strip_take(p, TOKEN_COMMA)) {
            continue;
        }
        strip_take(p, TOKEN_ELLIPSIS);
        if (strip_is_word(p->place.token)) {
            strip_token next = strip_peek(p, NULL);
            if (next == TOKEN_COLON || next == TOKEN_QUESTION) {
                strip_next(p);
            } else {
                read_type(p, true);
            }
        } else {
            read_type(p, true);
        }
        strip_take(p, TOKEN_QUESTION);
        if (strip_take(p, TOKEN_COLON)) {
            read_type(p, true);
            strip_take(p, TOKEN_QUESTION);
        }
        if (!strip_is(p, TOKEN_COMMA)) {
            break;
        }
    }
    strip_expect(p, TOKEN_CLOSE_BRACKET, "',' or ']'");
}

/* Whether a word is a type of its own, after which `<` can only compare. */
static bool is_basic_type(const strip_place *word) {
    static const char *const names[] = {"any",    "bigint", "boolean", "never",     "number",
                                        "object", "string", "symbol",  "undefined", "unknown"};
    size_t length = (size_t)(word->at - word->start);
    if (word->token != TOKEN_NAME) {
        return !strip_is_name(word->token) && word->token != TOKEN_CONST;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], word->start, length) == 0) {
            return true;
        }
    }
    return false;
}

/* A type that begins with a name: a reference, or `x is T`. @param asserted  `asserts` was before it */
static void read_reference(stripper *p, bool asserted) {
    strip_place word = p->place;
    strip_next(p);
    if (strip_is(p, TOKEN_IS) && (asserted || !p->place.after_break)) {
        strip_next(p);
        read_type(p, true);
        return;
    }
    read_dotted_names(p);
    if ((strip_is(p, TOKEN_LESS) || strip_is(p, TOKEN_SHIFT_LEFT)) &&
        !(p->place.previous_end == word.at && is_basic_type(&word))) {
        read_arguments(p);
    }
}

/* Whether the next token goes on on the same line with a name. */
static bool is_before_name(stripper *p) {
    bool after_break;
    strip_token next = strip_peek(p, &after_break);
    return !after_break && (strip_is_name(next) || next == TOKEN_THIS) && next != TOKEN_IS;
}

/* A word that begins a type: an operator, or a name. */
static void read_word(stripper *p) {
    bool asserted = false;
    switch (p->place.token) {
    case TOKEN_TYPEOF:
        read_typeof(p);
        return;
    case TOKEN_IMPORT:
        read_import(p);
        return;
    case TOKEN_NEW:
        strip_next(p);
        read_function(p);
        return;
    case TOKEN_ABSTRACT:
        if (strip_peek(p, NULL) == TOKEN_NEW) {
            strip_next(p);
            strip_next(p);
            read_function(p);
            return;
        }
        break;
    case TOKEN_ASSERTS:
        asserted = is_before_name(p);
        if (asserted) {
            strip_next(p);
        }
        break;
    default:
        break;
    }
    read_reference(p, asserted);
}

/* What stands without an operator. */
static void read_operand(stripper *p) {
    switch (p->place.token) {
    case TOKEN_OPEN_BRACE:
        strip_type_members(p);
        return;
    case TOKEN_OPEN_BRACKET:
        read_tuple(p);
        return;
    case TOKEN_OPEN_PAREN:
        read_parenthesis(p);
        return;
    case TOKEN_SHIFT_LEFT:
    case TOKEN_LESS:
        read_function(p);
        return;
    case TOKEN_TEMPLATE:
        read_template(p);
        return;
    case TOKEN_MINUS:
        strip_next(p);
        strip_expect(p, TOKEN_NUMBER, "a number");
        return;
    case TOKEN_STRING:
    case TOKEN_NUMBER:
        strip_next(p);
        return;
    default:
        break;
    }
    if (strip_is_word(p->place.token)) {
        read_word(p);
    } else {
        strip_fail_expected(p, "a type");
    }
}

/* `T[]`, `T["key"]`. */
static void read_suffixes(stripper *p) {
    while (!p->place.after_break) {
        if (strip_take(p, TOKEN_OPEN_BRACKET)) {
            if (!strip_is(p, TOKEN_CLOSE_BRACKET)) {
                read_type(p, true);
            }
            strip_expect(p, TOKEN_CLOSE_BRACKET, "']'");
        } else {
            return;
        }
    }
}

/* `keyof`, `unique`, `readonly` and `infer`, as often as they come, and what they apply to: no function. */
static void read_operator(stripper *p) {
    while (strip_is(p, TOKEN_KEYOF) || strip_is(p, TOKEN_UNIQUE) || strip_is(p, TOKEN_READONLY)) {
        strip_next(p);
        p->group = p->place.start;
    }
    if (strip_take(p, TOKEN_INFER)) {
        read_infer(p);
        return;
    }
    read_operand(p);
    read_suffixes(p);
}

static void read_union(stripper *p) {
    do {
        while (strip_is(p, TOKEN_OR) || strip_is(p, TOKEN_AND)) {
            strip_next(p);
        }
        read_operator(p);
    } while (strip_is(p, TOKEN_OR) || strip_is(p, TOKEN_AND));
}

/* Whether a conditional's condition has just been read up to its `?`. */
static bool take_extends(stripper *p) {
    if (strip_is(p, TOKEN_QUESTION) && p->constraint_end == p->place.previous_end) {
        return true;
    }
    if (!strip_is(p, TOKEN_EXTENDS) || p->place.after_break) {
        return false;
    }
    strip_next(p);
    read_type(p, false);
    return true;
}

static void read_type(stripper *p, bool with_conditional) {
    if (!strip_enter(p)) {
        return;
    }
    read_union(p);
    while (with_conditional && take_extends(p)) {
        strip_expect(p, TOKEN_QUESTION, "'?'");
        read_type(p, true);
        strip_expect(p, TOKEN_COLON, "':'");
        read_union(p);
    }
    strip_leave(p);
}

void strip_type(stripper *p) {
    read_type(p, true);
}

void strip_type_heritage(stripper *p) {
    read_type(p, true);
    if (strip_is(p, TOKEN_LESS)) {
        strip_type_list(p);
        strip_expect(p, TOKEN_GREATER, "'>'");
    }
}

/* Whether the `=>` of an arrow function follows. */
static bool is_before_arrow(const stripper *p) {
    return !p->has_failed && strip_is(p, TOKEN_ARROW) && !p->place.after_break;
}

void strip_type_result(stripper *p) {
    strip_place place = p->place;
    uint32_t depth = p->depth;
    if (place.token != TOKEN_OPEN_PAREN) {
        read_type(p, true);
        return;
    }
    read_type(p, true);
    if (is_before_arrow(p) || p->is_too_deep) {
        return;
    }
    p->has_failed = false;
    p->place = place;
    p->depth = depth;
    p->group = place.start;
    read_type(p, true);
}

void strip_type_unconditional(stripper *p) {
    read_type(p, false);
}

void strip_annotation(stripper *p) {
    const unsigned char *colon = p->place.start;
    strip_next(p);
    read_type(p, true);
    strip_blank_since(p, colon);
}
