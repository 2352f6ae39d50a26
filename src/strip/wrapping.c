/*
 * Programs in a wrapping; see wrapping.h.
 *
 * Threads: as the stripper.
 */
#include "strip/wrapping.h"

#include "strip/character.h"
#include "strip/lexer.h"
#include "strip/rescan.h"
#include "strip/statement.h"
#include "strip/writer.h"

#include <stdio.h>
#include <string.h>

/* A name that programs do not have: what is written around a program is called so. */
#define OWN_NAME "__hutch"

/* Around the promise that a program ends with: where that has no value, the first one of its chain. */
#define CHAIN_OPEN "return(async " OWN_NAME "=>(_=>_===void 0?" OWN_NAME ":_)(await("
#define CHAIN_FIRST ".then(_=>" OWN_NAME "=_)"
#define CHAIN_CLOSE ")))()"

#define CALL_OPEN "return("
#define CALL_CLOSE ")()"
#define VALUE_CLOSE ")"

static const char *const advices[HUTCH_WRAPPERS] = {
#define ADVICE(constant, done, advice) [constant] = (advice),
    HUTCH_WRAPPER_TABLE(ADVICE)
#undef ADVICE
};

static bool is_same(const strip_known *known, const unsigned char *name, size_t length) {
    return known->length == length && memcmp(known->name, name, length) == 0;
}

/* `"use strict"` and the like are none of a program's values. */
static bool is_directive(const stripper *p, const strip_last *last) {
    const unsigned char *text = p->out.source + strip_offset(p, last->from);
    return last->shape.kind == STRIP_SHAPE_STRING &&
           (memcmp(text + 1, "use strict", 10) == 0 || memcmp(text + 1, "use asm", 7) == 0);
}

/* The first token of a statement after `export`; the first one where there is none. */
static strip_place skip_export(stripper *p, const strip_place *begin) {
    strip_place after = p->place;
    p->place = *begin;
    if (strip_take(p, TOKEN_EXPORT)) {
        strip_take(p, TOKEN_DEFAULT);
    }
    strip_place found = p->place;
    p->place = after;
    return found;
}

/* A function was declared, the first token of which this is. Its uses of itself are none. */
static void note_function(stripper *p, const strip_place *begin, const strip_last *read,
                          const uint32_t uses[2]) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_place after = p->place;
    strip_default found = {.name = NULL};
    p->place = *begin;
    strip_wrapping_read_name(p, &found);
    p->place = after;
    wrapped->declared++;
    wrapped->lone = *read;
    wrapped->lone.shape.kind = wrapped->takes ? STRIP_SHAPE_TAKING : STRIP_SHAPE_CALLABLE;
    if (found.name != NULL) {
        size_t entry = strip_wrapping_entry(found.name, found.length);
        strip_wrapping_add_function(p, found.name, found.length);
        if (entry < STRIP_ENTRY_POINTS) {
            wrapped->uses[entry] = uses[entry];
        }
    }
}

/* A statement with an effect at its place. */
static void note_effect(stripper *p, strip_last *read, strip_place begin) {
    strip_wrapped *wrapped = &p->wrapped;
    read->is_expression = wrapped->expression_from == begin.start;
    if (read->is_expression) {
        read->to = wrapped->expression_to;
        read->shape = wrapped->expression;
        bool is_cut = p->semicolon_end == read->to;
        read->stripped_to = is_cut ? p->semicolon_at : strip_offset(p, read->to);
    }
    if (read->is_expression && wrapped->statements == 0 && is_directive(p, read)) {
        return;
    }
    wrapped->statements++;
    wrapped->last = *read;
}

static bool is_function_word(stripper *p, const strip_place *begin) {
    strip_place after = p->place;
    strip_default found = {.name = NULL};
    p->place = *begin;
    strip_wrapping_read_name(p, &found);
    p->place = after;
    return found.is_function;
}

static void read_statement(stripper *p) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_place begin = p->place;
    uint32_t uses[2] = {wrapped->uses[0], wrapped->uses[1]};
    strip_known before[2] = {wrapped->entries[0], wrapped->entries[1]};
    bool is_first = begin.previous_end <= wrapped->begin;
    strip_last read = {.before = is_first ? NULL : begin.previous_end, .from = begin.start};
    wrapped->expression_from = NULL;
    wrapped->is_list = false;
    if (strip_statement(p) != STRIP_STATEMENT_VALUE || p->has_failed) {
        return;
    }
    read.to = p->place.previous_end;
    read.stripped_to = strip_offset(p, read.to);
    strip_list_member_end(p);
    strip_place word = skip_export(p, &begin);
    if (word.token == TOKEN_SEMICOLON || wrapped->is_list) {
        return;
    }
    if (is_function_word(p, &word) && wrapped->expression_from != begin.start) {
        note_function(p, &word, &read, uses);
        return;
    }
    note_effect(p, &read, begin);
    for (size_t i = 0; i < STRIP_ENTRY_POINTS; i++) {
        if (wrapped->entries[i].name != before[i].name) {
            wrapped->uses[i] = uses[i];
        }
    }
}

void strip_wrapping_statements(stripper *p) {
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !strip_is(p, TOKEN_END)) {
        read_statement(p);
    }
}

static void insert(stripper *p, size_t at, const char *text, size_t length) {
    bool is_frozen = p->out.is_frozen;
    p->out.is_frozen = false;
    strip_output_insert_move(&p->out, at, text, length);
    p->out.is_frozen = is_frozen;
}

/* Text before the statement that begins at `from`, where that moves nothing: on the line of the token before
 * it, or on one of its own. */
static void open_before(stripper *p, const strip_last *last, const char *text) {
    char words[sizeof CHAIN_OPEN + 1];
    const unsigned char *source = p->out.source;
    if (last->before != NULL) {
        size_t at = strip_offset(p, last->before);
        int length = snprintf(words, sizeof words, "%s%s", source[at - 1] == ';' ? "" : ";", text);
        insert(p, at, words, (size_t)length);
    } else if (strip_has_break(source, source + strip_offset(p, last->from))) {
        insert(p, 0, text, strlen(text));
    } else {
        p->wrapped.head = text;
    }
}

static void close_after(stripper *p, const strip_last *last, const char *text) {
    size_t at = p->out.is_frozen ? strip_offset(p, last->to) : last->stripped_to;
    insert(p, at, text, strlen(text));
}

/* `;return name()` after the program's last token. */
static void call_at_end(stripper *p, const unsigned char *name, size_t length, const char *close) {
    char words[sizeof ";return " + 256];
    size_t end = strip_offset(p, p->place.previous_end);
    if (length <= 200) {
        int size =
            snprintf(words, sizeof words, ";return %.*s%s", (int)length, (const char *)name, close);
        insert(p, end, words, (size_t)size);
    }
}

static const strip_known *find_function(const strip_wrapped *wrapped, const unsigned char *name,
                                        size_t length) {
    const strip_known *found = NULL;
    for (size_t i = 0; i < wrapped->known; i++) {
        if (is_same(&wrapped->functions_known[i], name, length)) {
            found = &wrapped->functions_known[i];
        }
    }
    return found;
}

/* Whether the value of an expression is a function that can be called: itself, or by its name. */
static bool is_callable(const stripper *p, const strip_shape *shape, const unsigned char *from,
                        const unsigned char *to) {
    if (shape->kind == STRIP_SHAPE_NAME) {
        const strip_known *known = find_function(&p->wrapped, from, (size_t)(to - from));
        return known != NULL && known->is_callable;
    }
    return shape->kind == STRIP_SHAPE_CALLABLE;
}

/* Which text may be written around the last expression. */
static bool has_value(const strip_last *last) {
    if (last->from == NULL || !last->is_expression) {
        return false;
    }
    switch (last->shape.kind) {
    case STRIP_SHAPE_VALUE:
    case STRIP_SHAPE_NAME:
    case STRIP_SHAPE_STRING:
    case STRIP_SHAPE_CALLABLE:
    case STRIP_SHAPE_CHAIN:
        return true;
    case STRIP_SHAPE_TAKING:
    case STRIP_SHAPE_IDLE:
    case STRIP_SHAPE_SILENT:
        return false;
    }
    return false;
}

static void return_chain(stripper *p, const strip_last *last) {
    strip_wrapping_see(p, HUTCH_WRAPPER_CHAIN, last->from);
    open_before(p, last, CHAIN_OPEN);
    insert(p, strip_offset(p, last->shape.chain), CHAIN_FIRST, sizeof CHAIN_FIRST - 1);
    close_after(p, last, CHAIN_CLOSE);
}

static void return_last(stripper *p) {
    const strip_last *last = &p->wrapped.last;
    if (last->shape.kind == STRIP_SHAPE_CHAIN) {
        return_chain(p, last);
    } else if (is_callable(p, &last->shape, last->from, last->to)) {
        strip_wrapping_see(p, HUTCH_WRAPPER_FUNCTION, last->from);
        open_before(p, last, CALL_OPEN);
        close_after(p, last, CALL_CLOSE);
        return;
    } else {
        strip_wrapping_see(p, HUTCH_WRAPPER_VALUE, last->from);
        open_before(p, last, CALL_OPEN);
        close_after(p, last, VALUE_CLOSE);
    }
    p->wrapped.is_found_value = true;
}

/* `export default` becomes a variable that is returned at the end; a function or class with a name stays
 * one. */
static void return_default(stripper *p) {
    const strip_default *found = &p->wrapped.fallback;
    bool is_call = is_callable(p, &found->shape, found->value, found->to);
    strip_wrapping_see(p, HUTCH_WRAPPER_DEFAULT, found->from);
    if (found->shape.kind == STRIP_SHAPE_TAKING) {
        strip_fail_at(
            p, found->from, found->word,
            "the default export takes a parameter, and nobody would give it one: write the "
            "statements of its body alone");
    } else if (found->name != NULL) {
        strip_wrapping_blank(p, found->from, found->word);
    } else {
        bool is_frozen = p->out.is_frozen;
        p->out.is_frozen = false;
        strip_writer writer = strip_writer_begin(p, found->from, found->word);
        strip_write(&writer, "var " OWN_NAME "=(");
        p->out.is_frozen = is_frozen;
        insert(p, is_frozen ? strip_offset(p, found->to) : found->stripped_to, VALUE_CLOSE,
               sizeof VALUE_CLOSE - 1);
    }
    if (!found->is_class) {
        bool is_named = found->name != NULL;
        call_at_end(p, is_named ? found->name : (const unsigned char *)OWN_NAME,
                    is_named ? found->length : sizeof OWN_NAME - 1, is_call ? "()" : "");
    }
}

static void unwrap(stripper *p) {
    strip_wrapped *wrapped = &p->wrapped;
    if (wrapped->fallback.from != NULL) {
        return_default(p);
        return;
    }
    if (has_value(&wrapped->last)) {
        return_last(p);
        return;
    }
    for (size_t i = 0; i < STRIP_ENTRY_POINTS; i++) {
        const strip_known *known = &wrapped->entries[i];
        if (known->name != NULL && known->is_callable && wrapped->uses[i] == 0) {
            strip_wrapping_see(p, HUTCH_WRAPPER_MAIN, known->name);
            call_at_end(p, known->name, known->length, "()");
            return;
        }
    }
    if (wrapped->statements == 0 && wrapped->declared == 1 &&
        wrapped->lone.shape.kind == STRIP_SHAPE_CALLABLE) {
        strip_wrapping_see(p, HUTCH_WRAPPER_FUNCTION, wrapped->lone.from);
        open_before(p, &wrapped->lone, CALL_OPEN);
        close_after(p, &wrapped->lone, CALL_CLOSE);
    } else if (wrapped->statements == 1 && wrapped->declared == 0 && wrapped->known == 1 &&
               !wrapped->last.is_expression && wrapped->functions_known[0].is_callable) {
        const strip_known *known = &wrapped->functions_known[0];
        strip_wrapping_see(p, HUTCH_WRAPPER_FUNCTION, wrapped->last.from);
        call_at_end(p, known->name, known->length, "()");
    }
}

void strip_wrapping_finish(stripper *p) {
    strip_wrapped *wrapped = &p->wrapped;
    const unsigned char *exported = wrapped->places[HUTCH_WRAPPER_EXPORT];
    exported = wrapped->fallback.from != NULL ? wrapped->fallback.from : exported;
    if (p->has_failed) {
        return;
    }
    if (wrapped->has_return && exported != NULL) {
        strip_fail_at(p, exported, exported + sizeof "export" - 1, advices[HUTCH_WRAPPER_EXPORT]);
    } else if (!wrapped->has_return) {
        unwrap(p);
    }
    for (size_t i = 0; i < HUTCH_WRAPPERS && wrapped->wrapping == HUTCH_WRAPPING_REFUSE; i++) {
        if (wrapped->places[i] != NULL && !p->has_failed) {
            const unsigned char *at = wrapped->places[i];
            p->is_refused = true;
            strip_fail_at(p, at, at, advices[i]);
        }
    }
}
