/*
 * Parentheses: an expression in them, the arguments of a call of something
 * named `async`, or the parameters of an arrow function. See expression.h.
 *
 * They are read once, as all three. A `:` after a name or pattern can only be
 * a parameter's type, a `?` before `:`, `,`, `)` or `=` only its mark, so both
 * are blanked on the way. Only `) :` between `?` and `:` is in doubt:
 *
 *     a ? (b) : c => d         or         a ? (b): c => d : e
 *
 * Both readings go on with `c => d`, so it is read once, and what follows decides.
 *
 * Threads: as the stripper.
 */
#include "strip/arrow.h"

#include "strip/character.h"
#include "strip/expression.h"
#include "strip/lexer.h"
#include "strip/lowered.h"
#include "strip/operand.h"
#include "strip/rescan.h"
#include "strip/shape.h"
#include "strip/statement.h"
#include "strip/type.h"
#include "strip/writer.h"

/* What is known about the parentheses. */
typedef struct parentheses {
    const unsigned char *open;
    const unsigned char *close;     /* the `)` */
    const unsigned char *inner_end; /* end of what stands before the `)` */
    const unsigned char *this_from; /* a first element `this`, or NULL */
    const unsigned char *this_to;
    const unsigned char *member_from; /* an element that begins as a member of the enum around */
    const unsigned char *member_to;
    bool is_function; /* they can be nothing else */
    bool takes;       /* as parameters, one of them has to be given */
} parentheses;

static void blank(stripper *p, const unsigned char *from, const unsigned char *to) {
    if (!p->has_failed) {
        strip_output_blank(&p->out, strip_offset(p, from), strip_offset(p, to));
    }
}

/* Whether the current `?` marks a parameter as optional. */
static bool is_optional_mark(stripper *p) {
    switch (strip_peek(p, NULL)) {
    case TOKEN_COLON:
    case TOKEN_COMMA:
    case TOKEN_CLOSE_PAREN:
    case TOKEN_ASSIGN:
        return true;
    default:
        return false;
    }
}

/* The marks and the type after a name or pattern, if there are any. */
static void read_parameter_type(stripper *p, parentheses *found) {
    if (strip_is(p, TOKEN_QUESTION) && is_optional_mark(p)) {
        const unsigned char *mark = p->place.start;
        found->is_function = true;
        strip_next(p);
        strip_blank_since(p, mark);
    }
    if (strip_is(p, TOKEN_COLON)) {
        found->is_function = true;
        strip_annotation(p);
    }
}

static void read_element(stripper *p, parentheses *found, bool is_first) {
    const unsigned char *from = p->place.start;
    bool is_this = is_first && strip_is(p, TOKEN_THIS);
    bool is_given = strip_take(p, TOKEN_ELLIPSIS);
    if (p->around.enum_scope != 0 && strip_lowered_is_member(p)) {
        found->member_from = p->place.start;
        found->member_to = p->place.at;
    }
    strip_operand operand = strip_operand_read(p, 0);
    if (operand == STRIP_OPERAND_NAME || operand == STRIP_OPERAND_PATTERN) {
        is_given = (strip_is(p, TOKEN_QUESTION) && is_optional_mark(p)) || is_given;
        read_parameter_type(p, found);
    }
    found->takes = found->takes || !(is_given || is_this || strip_is(p, TOKEN_ASSIGN));
    strip_expression_rest(p, operand, 0);
    if (is_this && operand == STRIP_OPERAND_NAME) {
        found->this_from = from;
        found->this_to = strip_is(p, TOKEN_COMMA) ? p->place.at : p->place.previous_end;
    }
}

static void read_elements(stripper *p, parentheses *found) {
    bool is_first = true;
    strip_next(p);
    while (!strip_is(p, TOKEN_CLOSE_PAREN) && !p->has_failed) {
        read_element(p, found, is_first);
        is_first = false;
        if (!strip_take(p, TOKEN_COMMA)) {
            break;
        }
    }
    found->inner_end = p->place.previous_end;
    found->close = p->place.start;
    strip_expect(p, TOKEN_CLOSE_PAREN, "',' or ')'");
}

/* Blank the result's type from the `:` on. A line break may not stand before `=>`, so if there was
   one in the type the `)` moves to its end. */
static void blank_result(stripper *p, const parentheses *found, const unsigned char *colon,
                         const unsigned char *end) {
    if (!strip_has_break(p->out.source + strip_offset(p, found->inner_end),
                         p->out.source + strip_offset(p, end))) {
        blank(p, colon, end);
        return;
    }
    blank(p, found->close, end);
    if (!p->has_failed) {
        strip_output_put_last(&p->out, strip_offset(p, end), ')');
    }
}

/* A list of types that spans lines must leave its `(` on the first one. */
static void move_open(stripper *p, const parentheses *found, const unsigned char *less) {
    const unsigned char *source = p->out.source;
    if (strip_has_break(source + strip_offset(p, less), source + strip_offset(p, found->open)) &&
        !p->has_failed) {
        strip_output_put(&p->out, strip_offset(p, less), '(');
        blank(p, found->open, found->open + 1);
    }
}

/* The parentheses were parameters: read `=>` and the body. */
static strip_operand read_function(stripper *p, const parentheses *found, unsigned around) {
    if (found->member_from != NULL) {
        strip_lowered_refuse(p, found->member_from, found->member_to);
    }
    if (!strip_is(p, TOKEN_ARROW)) {
        strip_fail_expected(p, "'=>'");
        return STRIP_OPERAND_WHOLE;
    }
    strip_arrow_body(p, around);
    strip_shape_function(p, found->takes);
    return STRIP_OPERAND_WHOLE;
}

/* `) :` where the `:` may belong to a conditional or `case`: read on as if it were a type. */
static strip_operand read_doubtful_result(stripper *p, const parentheses *found, unsigned around) {
    strip_place place = p->place;
    uint32_t depth = p->depth;
    p->is_trying = true;
    strip_next(p);
    strip_token first = p->place.token;
    const unsigned char *first_end = p->place.at;
    strip_type_result(p);
    p->is_trying = false;
    const unsigned char *end = p->place.previous_end;
    bool is_name = strip_is_name(first) && first_end == end;
    bool is_type = !p->has_failed && strip_is(p, TOKEN_ARROW) && !p->place.after_break;
    if (is_type && is_name && (around & STRIP_IN_CASE) != 0) {
        is_type = found->is_function;
    }
    if (!is_type) {
        if (!p->is_too_deep) {
            p->has_failed = false;
            p->place = place;
            p->depth = depth;
        }
        return STRIP_OPERAND_PLAIN;
    }
    if (is_name && !found->is_function) {
        strip_arrow_body(p, around);
        strip_shape_function(p, found->takes);
        if (!strip_is(p, TOKEN_COLON)) {
            p->is_branch_done = true;
            return STRIP_OPERAND_WHOLE;
        }
    } else {
        read_function(p, found, around);
    }
    blank_result(p, found, place.start, end);
    return STRIP_OPERAND_WHOLE;
}

/* What follows the `)` says what the parentheses were. */
static strip_operand read_what_follows(stripper *p, const parentheses *found, unsigned around) {
    if (strip_is(p, TOKEN_ARROW) && !p->place.after_break) {
        return read_function(p, found, around);
    }
    if (!strip_is(p, TOKEN_COLON)) {
        return found->is_function ? read_function(p, found, around) : STRIP_OPERAND_PLAIN;
    }
    if ((around & (STRIP_IN_BRANCH | STRIP_IN_CASE)) != 0) {
        return read_doubtful_result(p, found, around);
    }
    const unsigned char *colon = p->place.start;
    strip_next(p);
    strip_type_result(p);
    blank_result(p, found, colon, p->place.previous_end);
    return read_function(p, found, around);
}

strip_operand strip_parenthesis(stripper *p, unsigned around, const unsigned char *less) {
    parentheses found = {.open = p->place.start};
    if (!strip_enter(p)) {
        return STRIP_OPERAND_WHOLE;
    }
    read_elements(p, &found);
    strip_operand operand = read_what_follows(p, &found, around);
    if (less != NULL && (operand == STRIP_OPERAND_WHOLE || (around & STRIP_ENDS_AT_BREAK) != 0)) {
        move_open(p, &found, less);
    }
    if (found.this_from != NULL && operand == STRIP_OPERAND_WHOLE && !p->is_branch_done) {
        blank(p, found.this_from, found.this_to);
    }
    strip_leave(p);
    return operand;
}

void strip_arrow_body(stripper *p, unsigned around) {
    strip_next(p);
    if (strip_is(p, TOKEN_OPEN_BRACE)) {
        strip_function_body(p);
    } else {
        strip_expression(p, (around & (STRIP_NO_IN | STRIP_IN_BRANCH | STRIP_IN_CASE)) |
                                STRIP_IS_BODY);
    }
}
