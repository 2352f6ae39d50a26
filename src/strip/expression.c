/*
 * Expressions: operators; see expression.h. The row is read in one loop, so
 * that a sum of a thousand terms takes no stack.
 *
 * Threads: as the stripper.
 */
#include "strip/expression.h"

#include "strip/assertion.h"
#include "strip/generic.h"
#include "strip/lexer.h"
#include "strip/operand.h"
#include "strip/rescan.h"
#include "strip/shape.h"
#include "strip/type.h"
#include "strip/writer.h"

/* How tightly operators bind, as far as it matters here. */
enum {
    RANK_NONE,
    RANK_COMMA,
    RANK_ASSIGN,
    RANK_CONDITIONAL,
    RANK_COALESCE,
    RANK_LOGICAL_OR,
    RANK_LOGICAL_AND,
    RANK_OR,
    RANK_XOR,
    RANK_AND,
    RANK_EQUALITY,
    RANK_RELATION,
    RANK_SHIFT,
    RANK_SUM,
    RANK_PRODUCT,
    RANK_POWER
};

static const uint8_t ranks[TOKEN_COUNT] = {
    [TOKEN_COMMA] = RANK_COMMA,
    [TOKEN_ASSIGN] = RANK_ASSIGN,
    [TOKEN_COMPOUND_ASSIGN] = RANK_ASSIGN,
    [TOKEN_SLASH_ASSIGN] = RANK_ASSIGN,
    [TOKEN_SHIFT_LEFT_ASSIGN] = RANK_ASSIGN,
    [TOKEN_QUESTION] = RANK_CONDITIONAL,
    [TOKEN_COALESCE] = RANK_COALESCE,
    [TOKEN_LOGICAL_OR] = RANK_LOGICAL_OR,
    [TOKEN_LOGICAL_AND] = RANK_LOGICAL_AND,
    [TOKEN_OR] = RANK_OR,
    [TOKEN_XOR] = RANK_XOR,
    [TOKEN_AND] = RANK_AND,
    [TOKEN_EQUALITY] = RANK_EQUALITY,
    [TOKEN_LESS] = RANK_RELATION,
    [TOKEN_GREATER] = RANK_RELATION,
    [TOKEN_LESS_EQUAL] = RANK_RELATION,
    [TOKEN_INSTANCEOF] = RANK_RELATION,
    [TOKEN_IN] = RANK_RELATION,
    [TOKEN_AS] = RANK_RELATION,
    [TOKEN_SATISFIES] = RANK_RELATION,
    [TOKEN_SHIFT_LEFT] = RANK_SHIFT,
    [TOKEN_SHIFT_RIGHT] = RANK_SHIFT,
    [TOKEN_PLUS] = RANK_SUM,
    [TOKEN_MINUS] = RANK_SUM,
    [TOKEN_STAR] = RANK_PRODUCT,
    [TOKEN_SLASH] = RANK_PRODUCT,
    [TOKEN_PERCENT] = RANK_PRODUCT,
    [TOKEN_POWER] = RANK_POWER,
};

/* The loosest operator since the last one that binds more loosely than `as`: what the operand of
   an `as` is held together by. RANK_NONE: the operand is alone. */
static unsigned loosest_after(unsigned loosest, unsigned rank) {
    if (rank < RANK_RELATION) {
        return RANK_NONE;
    }
    return loosest == RANK_NONE || rank < loosest ? rank : loosest;
}

/* Without its type, `a + b as T * c` would be another product. */
static void check_grouping(stripper *p, unsigned loosest, const unsigned char *from) {
    if (strip_is(p, TOKEN_GREATER)) {
        strip_rescan_greater(p);
    }
    unsigned next = ranks[p->place.token];
    if (loosest != RANK_NONE && (next > loosest || (next == loosest && next == RANK_POWER))) {
        strip_fail_at(p, from, p->place.previous_end,
                      "put parentheses around this: without its type, the next operator would "
                      "bind to a part of it");
    }
}

/* `as T` or `satisfies T`, the word being current. */
static void read_assertion(stripper *p, unsigned loosest) {
    const unsigned char *word = p->place.start;
    const unsigned char *from = p->place.previous_end;
    strip_next(p);
    strip_type(p);
    strip_blank_since(p, from);
    p->semicolon_at = strip_offset(p, from);
    p->semicolon_end = p->place.previous_end;
    check_grouping(p, loosest, word);
}

/* A conditional's `? a :`, the `?` being current. @return whether what follows is done already */
static bool read_branch(stripper *p) {
    strip_next(p);
    strip_expression(p, STRIP_IN_BRANCH);
    if (p->is_branch_done) {
        p->is_branch_done = false;
        return true;
    }
    strip_expect(p, TOKEN_COLON, "':'");
    return false;
}

/* Whether an operator cannot have an `||` on its left: `a||b ?? c`, `a||b = c`. */
static bool is_looser_than_or(strip_token token) {
    return ranks[token] == RANK_COALESCE || ranks[token] == RANK_ASSIGN;
}

/* Whether the current token is an operator of this expression. */
static bool continues(const stripper *p, unsigned around) {
    if (ranks[p->place.token] == RANK_NONE) {
        return false;
    }
    switch (p->place.token) {
    case TOKEN_COMMA:
        return (around & STRIP_ALLOWS_COMMA) != 0;
    case TOKEN_IN:
        return (around & STRIP_NO_IN) == 0;
    case TOKEN_AS:
    case TOKEN_SATISFIES:
        return !p->place.after_break;
    default:
        return true;
    }
}

void strip_expression_rest(stripper *p, strip_operand operand, unsigned around) {
    unsigned inner = around & (unsigned)~(STRIP_IS_STATEMENT | STRIP_IS_BODY | STRIP_ENDS_AT_BREAK);
    unsigned loosest = RANK_NONE;
    bool has_assigned = false;
    while (continues(p, around)) {
        strip_token token = p->place.token;
        if (operand == STRIP_OPERAND_WHOLE && !strip_is(p, TOKEN_COMMA)) {
            break;
        }
        switch (p->place.token) {
        case TOKEN_AS:
        case TOKEN_SATISFIES:
            read_assertion(p, loosest);
            continue;
        case TOKEN_QUESTION:
            loosest = RANK_NONE;
            if (read_branch(p)) {
                operand = STRIP_OPERAND_WHOLE;
                p->wrapped.shape = (strip_shape){.kind = STRIP_SHAPE_VALUE};
                continue;
            }
            break;
        case TOKEN_GREATER:
            strip_rescan_greater(p);
            /* fall through */
        default:
            strip_generic_settle(p);
            if (p->stand_in.from != NULL && is_looser_than_or(p->place.token)) {
                strip_assertion_widen(p);
            }
            token = p->place.token;
            loosest = loosest_after(loosest, ranks[token]);
            strip_next(p);
            break;
        }
        operand = strip_operand_read(p, inner);
        strip_shape_operator(p, token, ranks[token] == RANK_ASSIGN, &has_assigned);
    }
    p->needs_semicolon = true;
}

void strip_expression(stripper *p, unsigned around) {
    if (!strip_enter(p)) {
        return;
    }
    strip_stand_in outer = p->stand_in;
    p->stand_in = (strip_stand_in){NULL, NULL};
    strip_operand operand = strip_operand_read(p, around);
    if (operand == STRIP_OPERAND_WHOLE) {
        strip_assertion_widen(p);
    }
    strip_expression_rest(p, operand, around);
    p->stand_in = outer;
    strip_leave(p);
}
