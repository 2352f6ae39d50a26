/*
 * What an expression was; see shape.h.
 *
 * Threads: as the stripper.
 */
#include "strip/shape.h"

#include "strip/lexer.h"

#include <string.h>

static bool is_word(const stripper *p, const char *word, size_t length) {
    return (size_t)(p->place.at - p->place.start) == length &&
           memcmp(p->place.start, word, length) == 0;
}

strip_first strip_shape_begin(const stripper *p, strip_token prefix, bool is_awaited) {
    return (strip_first){.prefix = prefix,
                         .primary = p->place.token,
                         .is_console = strip_is(p, TOKEN_NAME) && is_word(p, "console", 7),
                         .is_awaited = is_awaited};
}

bool strip_shape_is_chain_word(const stripper *p) {
    return is_word(p, "then", 4) || is_word(p, "catch", 5) || is_word(p, "finally", 7);
}

void strip_shape_link(strip_links *links, strip_token token, bool is_chain_word,
                      const unsigned char *before) {
    bool is_call = token == TOKEN_OPEN_PAREN && links->is_pending;
    if (!is_call && !is_chain_word) {
        links->chain = NULL;
    } else if (is_call && links->chain == NULL) {
        links->chain = links->before;
    }
    if (is_chain_word && links->chain == NULL) {
        links->before = before;
    }
    links->is_pending = is_chain_word;
    links->last = token;
}

/* What stands without prefix and suffix. Parentheses and functions have told of themselves. */
static strip_shape primary(const stripper *p, const strip_first *first, bool is_name,
                           bool is_whole) {
    strip_shape shape = {.kind = STRIP_SHAPE_VALUE};
    if (is_whole) {
        return p->wrapped.shape;
    }
    switch (first->primary) {
    case TOKEN_STRING:
        shape.kind = STRIP_SHAPE_STRING;
        break;
    case TOKEN_OPEN_PAREN:
    case TOKEN_FUNCTION:
        return p->wrapped.shape;
    case TOKEN_ASYNC:
        if (!is_name) {
            return p->wrapped.shape;
        }
        shape.kind = STRIP_SHAPE_NAME;
        break;
    case TOKEN_THIS:
        break;
    default:
        shape.kind = is_name ? STRIP_SHAPE_NAME : STRIP_SHAPE_VALUE;
        break;
    }
    return shape;
}

/* What has suffixes. */
static strip_shape linked(const strip_first *first, const strip_links *links) {
    strip_shape shape = {.kind = STRIP_SHAPE_VALUE};
    bool is_call = links->last == TOKEN_OPEN_PAREN;
    if (links->last == TOKEN_INCREMENT) {
        shape.kind = STRIP_SHAPE_IDLE;
    } else if (first->is_console && is_call) {
        shape.kind = STRIP_SHAPE_SILENT;
    } else if (links->chain != NULL && is_call) {
        shape = (strip_shape){.kind = STRIP_SHAPE_CHAIN, .chain = links->chain};
    }
    return shape;
}

void strip_shape_operand(stripper *p, const strip_first *first, const strip_links *links,
                         bool is_name, bool is_whole) {
    strip_shape shape =
        links->last == TOKEN_END ? primary(p, first, is_name, is_whole) : linked(first, links);
    if (first->prefix == TOKEN_INCREMENT || first->prefix == TOKEN_DELETE ||
        first->prefix == TOKEN_VOID) {
        shape = (strip_shape){.kind = STRIP_SHAPE_IDLE};
    } else if (first->prefix != TOKEN_END &&
               !(first->is_awaited &&
                 (shape.kind == STRIP_SHAPE_CHAIN || shape.kind == STRIP_SHAPE_SILENT))) {
        shape = (strip_shape){.kind = STRIP_SHAPE_VALUE};
    }
    p->wrapped.shape = shape;
}

void strip_shape_operator(stripper *p, strip_token token, bool is_assignment, bool *has_assigned) {
    strip_shape_kind kind = p->wrapped.shape.kind;
    if (token == TOKEN_COMMA) {
        *has_assigned = false;
        return;
    }
    strip_shape value = {.kind = STRIP_SHAPE_VALUE};
    p->wrapped.assigned = is_assignment ? p->wrapped.shape : value;
    *has_assigned = *has_assigned || is_assignment;
    kind = *has_assigned || kind == STRIP_SHAPE_SILENT ? STRIP_SHAPE_SILENT : STRIP_SHAPE_VALUE;
    p->wrapped.shape = (strip_shape){.kind = kind};
}
