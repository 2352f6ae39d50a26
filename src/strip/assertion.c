/*
 * `<T>` where an operand begins: the parameters of an arrow function, or an
 * assertion; see expression.h. Both are blanked alike.
 *
 * Without its type, what follows can come to mean something else: an object at
 * the beginning of a statement would be a block, and an operand on the next line
 * would not be what `return` returns. There `0||` takes the place of the type:
 * it is no longer, and its value is that of what follows. What cannot stand after
 * an `||` (a function with an arrow, `yield`), and what does not go with one (`??`, an
 * assignment), is found only later: then it becomes `0?0:`, which goes with all.
 *
 * Threads: as the stripper.
 */
#include "strip/assertion.h"

#include "strip/character.h"
#include "strip/expression.h"
#include "strip/lexer.h"
#include "strip/type_parts.h"
#include "strip/writer.h"

#define STAND_IN "0||"
#define STAND_IN_SIZE (sizeof STAND_IN - 1)
#define WIDE_STAND_IN "0?0:"
#define WIDE_STAND_IN_SIZE (sizeof WIDE_STAND_IN - 1)

/* Whether the current token would mean something else at the beginning of what surrounds it. */
static bool needs_stand_in(const stripper *p, unsigned around, bool has_break) {
    switch (p->place.token) {
    case TOKEN_OPEN_BRACE:
        return (around & (STRIP_IS_STATEMENT | STRIP_IS_BODY)) != 0 ||
               ((around & STRIP_ENDS_AT_BREAK) != 0 && has_break);
    case TOKEN_FUNCTION:
    case TOKEN_CLASS:
    case TOKEN_ASYNC:
    case TOKEN_LET:
        if ((around & STRIP_IS_STATEMENT) != 0) {
            return true;
        }
        break;
    case TOKEN_OPEN_PAREN: /* strip_parenthesis() moves it */
    case TOKEN_LESS:       /* the next one decides */
        return false;
    default:
        break;
    }
    return (around & STRIP_ENDS_AT_BREAK) != 0 && has_break;
}

/* Whether so many blanks are one byte each and on one line. */
static bool has_room(const unsigned char *source, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (source[i] >= 0x80 || source[i] == '\n' || source[i] == '\r') {
            return false;
        }
    }
    return true;
}

/* Write the stand-in over the blanks, or before them if they are on the next line; where it is
   longer anyway, it is the one that goes with all. */
static void write_stand_in(stripper *p, const unsigned char *less) {
    size_t at = strip_offset(p, less);
    if (!has_room(p->out.source + at, STAND_IN_SIZE)) {
        strip_output_insert(&p->out, at, WIDE_STAND_IN, WIDE_STAND_IN_SIZE);
        return;
    }
    for (size_t i = 0; i < STAND_IN_SIZE; i++) {
        strip_output_put(&p->out, at + i, STAND_IN[i]);
    }
    p->stand_in = (strip_stand_in){.from = less, .end = p->place.previous_end};
}

void strip_assertion_widen(stripper *p) {
    strip_stand_in narrow = p->stand_in;
    p->stand_in = (strip_stand_in){NULL, NULL};
    if (narrow.from == NULL || p->has_failed) {
        return;
    }
    size_t at = strip_offset(p, narrow.from);
    bool fits = (size_t)(narrow.end - narrow.from) >= WIDE_STAND_IN_SIZE &&
                has_room(p->out.source + at, WIDE_STAND_IN_SIZE);
    for (size_t i = 0; i < STAND_IN_SIZE + (fits ? 1 : 0); i++) {
        strip_output_put(&p->out, at + i, WIDE_STAND_IN[i]);
    }
    if (!fits) {
        strip_output_insert(&p->out, at + STAND_IN_SIZE, &WIDE_STAND_IN[STAND_IN_SIZE], 1);
    }
}

const unsigned char *strip_assertion_prefix(stripper *p, unsigned around) {
    const unsigned char *less = p->place.start;
    p->maybe_jsx = less;
    strip_type_list(p);
    if (!p->has_failed && p->place.previous_end == less + 1) {
        strip_fail_expected(p, "a type");
    }
    strip_expect(p, TOKEN_GREATER, "'>'");
    if (p->has_failed) {
        return less;
    }
    strip_blank_since(p, less);
    const unsigned char *source = p->out.source;
    bool has_break =
        strip_has_break(source + strip_offset(p, less), source + strip_offset(p, p->place.start));
    if (needs_stand_in(p, around, has_break)) {
        write_stand_in(p, less);
    }
    return less;
}
