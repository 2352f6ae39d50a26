/*
 * Functions: parameters, result, body; see function.h.
 *
 * Threads: as the stripper.
 */
#include "strip/function.h"

#include "strip/character.h"
#include "strip/expression.h"
#include "strip/lexer.h"
#include "strip/literal.h"
#include "strip/lowered.h"
#include "strip/property.h"
#include "strip/rescan.h"
#include "strip/shape.h"
#include "strip/statement.h"
#include "strip/type.h"
#include "strip/type_parts.h"
#include "strip/writer.h"

static bool is_access_modifier(strip_token token) {
    return token == TOKEN_PUBLIC || token == TOKEN_PRIVATE_WORD || token == TOKEN_PROTECTED ||
           token == TOKEN_READONLY || token == TOKEN_OVERRIDE;
}

/* Words before a parameter that make it a property. @return whether there was one */
static bool read_access(stripper *p) {
    bool found = false;
    while (is_access_modifier(p->place.token)) {
        strip_token next = strip_peek(p, NULL);
        if (!strip_is_word(next) && next != TOKEN_OPEN_BRACE && next != TOKEN_OPEN_BRACKET) {
            break;
        }
        const unsigned char *word = p->place.start;
        strip_next(p);
        strip_blank_since(p, word);
        found = true;
    }
    return found;
}

void strip_target(stripper *p, const char *expected) {
    if (strip_is(p, TOKEN_OPEN_BRACE)) {
        strip_object(p, true);
    } else if (strip_is(p, TOKEN_OPEN_BRACKET)) {
        strip_array(p);
    } else if (strip_is_name(p->place.token)) {
        strip_lowered_declare(p);
        strip_next(p);
    } else {
        strip_fail_expected(p, expected);
    }
}

/* `this: T` is not a parameter at run time. */
static void read_this(stripper *p) {
    const unsigned char *from = p->place.start;
    strip_next(p);
    if (strip_take(p, TOKEN_COLON)) {
        strip_type(p);
    }
    bool has_comma = strip_is(p, TOKEN_COMMA);
    if (has_comma) {
        strip_next(p);
    }
    strip_blank_since(p, from);
}

/* @return whether it has to be given */
static bool read_parameter(stripper *p, strip_properties *properties) {
    strip_decorators(p);
    const unsigned char *from = p->place.start;
    bool is_property = read_access(p);
    bool may_miss = strip_take(p, TOKEN_ELLIPSIS);
    if (is_property && !p->has_failed) {
        strip_properties_add(p, properties, from);
    }
    strip_target(p, "a parameter");
    if (strip_is(p, TOKEN_QUESTION)) {
        const unsigned char *mark = p->place.start;
        may_miss = true;
        strip_next(p);
        strip_blank_since(p, mark);
    }
    if (strip_is(p, TOKEN_COLON)) {
        strip_annotation(p);
    }
    if (strip_take(p, TOKEN_ASSIGN)) {
        may_miss = true;
        strip_expression(p, 0);
    }
    return !may_miss;
}

/* @return whether one of them has to be given */
static bool read_parameters(stripper *p, strip_properties *properties) {
    bool takes = false;
    if (!strip_expect(p, TOKEN_OPEN_PAREN, "'('")) {
        return takes;
    }
    if (strip_is(p, TOKEN_THIS)) {
        read_this(p);
    }
    while (!strip_is(p, TOKEN_CLOSE_PAREN) && !p->has_failed) {
        takes = read_parameter(p, properties) || takes;
        if (!strip_take(p, TOKEN_COMMA)) {
            break;
        }
    }
    strip_expect(p, TOKEN_CLOSE_PAREN, "',' or ')'");
    return takes;
}

/* `<T>` before the parameters. When it spans lines its `(` moves to the first one. */
static void read_type_parameters(stripper *p) {
    const unsigned char *less = p->place.start;
    strip_type_list(p);
    strip_expect(p, TOKEN_GREATER, "'>'");
    strip_blank_since(p, less);
    const unsigned char *source = p->out.source;
    size_t open = strip_offset(p, p->place.start);
    if (!p->has_failed && strip_is(p, TOKEN_OPEN_PAREN) &&
        strip_has_break(source + strip_offset(p, less), source + open)) {
        strip_output_put(&p->out, strip_offset(p, less), '(');
        strip_output_blank(&p->out, open, open + 1);
    }
}

bool strip_function_rest(stripper *p, const strip_constructor *constructor) {
    if (!strip_enter(p)) {
        return true;
    }
    strip_properties properties = {.constructor = constructor, .waiting = p->out.waiting.count};
    if (strip_is(p, TOKEN_LESS)) {
        read_type_parameters(p);
    }
    bool takes = read_parameters(p, &properties);
    if (strip_is(p, TOKEN_COLON)) {
        strip_annotation(p);
    }
    bool has_body = strip_is(p, TOKEN_OPEN_BRACE);
    if (!has_body) {
        strip_properties_without_body(p, &properties);
        strip_statement_end(p);
    } else if (properties.first != NULL) {
        strip_properties_body(p, &properties);
    } else {
        strip_function_body(p);
    }
    strip_shape_function(p, takes);
    strip_leave(p);
    return has_body || p->has_failed;
}

bool strip_function(stripper *p, bool is_statement) {
    strip_next(p);
    bool is_generator = strip_take(p, TOKEN_STAR);
    if (strip_is_name(p->place.token)) {
        if (is_statement) {
            strip_declare_name(p);
        }
        strip_next(p);
    }
    if (!strip_is(p, TOKEN_LESS) && !strip_is(p, TOKEN_OPEN_PAREN)) {
        strip_fail_expected(p, "'('");
    }
    bool has_body = strip_function_rest(p, NULL);
    strip_shape_function(p, p->wrapped.takes || is_generator);
    return has_body;
}
