/*
 * `<T>` where an operand begins: the parameters of an arrow function, or an
 * assertion; see expression.h. Both are blanked alike.
 *
 * Without its type, what follows can come to mean something else: an object at
 * the beginning of a statement would be a block, and an operand on the next line
 * would not be what `return` returns. There `0||` takes the place of the type:
 * it is no longer, and its value is that of what follows.
 *
 * Threads: as the stripper.
 */
#include "strip/expression.h"
#include "strip/generic.h"
#include "strip/lexer.h"
#include "strip/type.h"

#define STAND_IN "0||"
#define STAND_IN_SIZE (sizeof STAND_IN - 1)

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

/* Write the stand-in over the blanks, or before them if they are on the next line. */
static void write_stand_in(stripper *p, const unsigned char *less) {
    const size_t at = strip_offset(p, less);
    const unsigned char *source = p->out.source + at;
    for (size_t i = 0; i < STAND_IN_SIZE; i++) {
        if (source[i] >= 0x80 || source[i] == '\n' || source[i] == '\r') {
            strip_output_insert(&p->out, at, STAND_IN, STAND_IN_SIZE);
            return;
        }
    }
    for (size_t i = 0; i < STAND_IN_SIZE; i++) {
        strip_output_put(&p->out, at + i, STAND_IN[i]);
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
    const bool has_break =
        strip_has_break(source + strip_offset(p, less), source + strip_offset(p, p->place.start));
    if (needs_stand_in(p, around, has_break)) {
        write_stand_in(p, less);
    }
    return less;
}
