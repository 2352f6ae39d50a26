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

/* Whether an expression of the text begins with a call of main or run, perhaps awaited. */
static bool is_entry_call(stripper *p, const unsigned char *from) {
    strip_place after = p->place;
    strip_wrapping_go_to(p, from);
    strip_take(p, TOKEN_AWAIT);
    size_t entry = strip_wrapping_entry(p->place.start, (size_t)(p->place.at - p->place.start));
    bool is_call = entry < STRIP_ENTRY_POINTS && strip_peek(p, NULL) == TOKEN_OPEN_PAREN;
    p->place = after;
    return is_call;
}

/* A name of the table, after a dot if it is not the first. */
static bool take_word(stripper *p, const char *word) {
    size_t length = (size_t)(p->place.at - p->place.start);
    bool is_it = length == strlen(word) && memcmp(p->place.start, word, length) == 0;
    if (is_it) {
        strip_next(p);
    }
    return is_it;
}

/* `module.exports =`, or one of its members or of `exports` that is what the program gives. */
static bool take_commonjs(stripper *p) {
    bool is_module = take_word(p, "module") && strip_take(p, TOKEN_DOT);
    bool is_taken = take_word(p, "exports");
    if (is_taken && (!is_module || strip_is(p, TOKEN_DOT))) {
        is_taken = strip_take(p, TOKEN_DOT);
        size_t i = 0;
        while (is_taken && i < STRIP_MEMBERS && !take_word(p, strip_wrapping_member_name(i))) {
            i++;
        }
        is_taken = is_taken && i < STRIP_MEMBERS;
    }
    return is_taken && strip_is(p, TOKEN_ASSIGN);
}

/* What CommonJS writes for `export default`, as a statement that has been read. @return whether it is one */
static bool read_assigned_default(stripper *p, const strip_place *begin) {
    strip_wrapped *wrapped = &p->wrapped;
    bool may_be = wrapped->expression.from == begin->start && wrapped->fallback.from == NULL &&
                  (*begin->start == 'm' || *begin->start == 'e');
    if (!may_be) {
        return false;
    }
    strip_place after = p->place;
    p->place = *begin;
    strip_default found = {.from = begin->start, .is_commonjs = take_commonjs(p)};
    found.word = p->place.at;
    strip_next(p);
    found.value = p->place.start;
    p->place = after;
    if (found.is_commonjs) {
        found.to = wrapped->expression.to;
        found.stripped_to = wrapped->expression.stripped_to;
        found.shape = wrapped->assigned;
        wrapped->fallback = found;
    }
    return found.is_commonjs;
}

/* A statement with an effect at its place. */
static void note_effect(stripper *p, strip_last *read, const strip_place *begin) {
    strip_wrapped *wrapped = &p->wrapped;
    bool is_guarded = begin->token == TOKEN_IF && wrapped->guard > begin->start;
    if (wrapped->expression.from == begin->start) {
        const unsigned char *before = read->before;
        *read = wrapped->expression;
        read->before = before;
    } else if ((begin->token == TOKEN_TRY || is_guarded) && wrapped->attempt.from != NULL &&
               is_entry_call(p, wrapped->attempt.from)) {
        *read = wrapped->attempt;
    }
    wrapped->is_guarded = is_guarded;
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

/* A function that is a member of what is exported is used by nobody here. */
static void forget_uses(strip_wrapped *wrapped, const uint32_t uses[2]) {
    for (size_t i = 0; i < STRIP_ENTRY_POINTS && *wrapped->fallback.value == '{'; i++) {
        wrapped->uses[i] = uses[i];
    }
}

static void read_statement(stripper *p) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_place begin = p->place;
    uint32_t uses[2] = {wrapped->uses[0], wrapped->uses[1]};
    strip_known before[2] = {wrapped->entries[0], wrapped->entries[1]};
    bool is_first = begin.previous_end <= wrapped->begin;
    strip_last read = {.before = is_first ? NULL : begin.previous_end, .from = begin.start};
    if (strip_statement(p) != STRIP_STATEMENT_VALUE || p->has_failed) {
        return;
    }
    read.to = p->place.previous_end;
    read.stripped_to = strip_offset(p, read.to);
    strip_list_member_end(p);
    strip_place word = skip_export(p, &begin);
    if (word.token == TOKEN_SEMICOLON || wrapped->list == begin.start) {
        return;
    }
    if (is_function_word(p, &word) && wrapped->expression.from != begin.start) {
        note_function(p, &word, &read, uses);
        return;
    }
    bool is_assigned = read_assigned_default(p, &begin);
    if (wrapped->fallback.from == begin.start) {
        forget_uses(wrapped, uses);
    }
    if (is_assigned) {
        return;
    }
    note_effect(p, &read, &begin);
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

/* main or run, if it can be called and never is. */
static const strip_known *find_unused(const strip_wrapped *wrapped) {
    const strip_known *found = NULL;
    for (size_t i = 0; i < STRIP_ENTRY_POINTS && found == NULL; i++) {
        const strip_known *known = &wrapped->entries[i];
        if (known->name != NULL && known->is_callable && wrapped->uses[i] == 0) {
            found = known;
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

/* `export default` becomes a variable; a function or class with a name stays one. */
static void keep_default(stripper *p) {
    const strip_default *found = &p->wrapped.fallback;
    strip_wrapping_see(p, HUTCH_WRAPPER_DEFAULT, found->from);
    if (found->name != NULL) {
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
}

/* The member that is the program, of the object that is exported; NULL: there is none. */
static const strip_known *find_member(const strip_wrapped *wrapped) {
    const strip_default *found = &wrapped->fallback;
    const strip_known *member = NULL;
    for (size_t i = 0; i < STRIP_MEMBERS && *found->value == '{' && member == NULL; i++) {
        const strip_known *known = &wrapped->members[i];
        bool is_of_it =
            known->name != NULL && known->name > found->value && known->name < found->to;
        member = is_of_it ? known : NULL;
    }
    return member;
}

static void call_member(stripper *p, const strip_known *member) {
    char name[sizeof OWN_NAME ".handler"];
    int length = snprintf(name, sizeof name, OWN_NAME ".%.*s", (int)member->length,
                          (const char *)member->name);
    call_at_end(p, (const unsigned char *)name, (size_t)length, "()");
}

/* What is exported is called, or returned, at the end. */
static void return_default(stripper *p) {
    const strip_default *found = &p->wrapped.fallback;
    const strip_known *member = find_member(&p->wrapped);
    bool is_call = is_callable(p, &found->shape, found->value, found->to);
    const strip_known *entry = *found->value == '{' ? find_unused(&p->wrapped) : NULL;
    if (found->shape.kind == STRIP_SHAPE_TAKING || (member != NULL && !member->is_callable)) {
        /* The engine has nothing against an assignment, until there is no `exports`. */
        p->is_refused = found->is_commonjs;
        strip_fail_at(
            p, found->from, found->word,
            "the default export takes a parameter, and nobody would give it one: write the "
            "statements of its body alone");
    } else if (entry != NULL) {
        call_at_end(p, entry->name, entry->length, "()");
    } else if (member != NULL) {
        call_member(p, member);
    } else if (!found->is_class) {
        bool is_named = found->name != NULL;
        call_at_end(p, is_named ? found->name : (const unsigned char *)OWN_NAME,
                    is_named ? found->length : sizeof OWN_NAME - 1, is_call ? "()" : "");
    }
}

/* The program is the one that was started. */
static void open_guard(stripper *p) {
    bool is_frozen = p->out.is_frozen;
    strip_wrapping_see(p, HUTCH_WRAPPER_MAIN, p->wrapped.guard);
    p->out.is_frozen = false;
    strip_writer writer = strip_writer_begin(p, p->wrapped.guard, p->wrapped.guard_end);
    strip_write(&writer, "(true)");
    p->out.is_frozen = is_frozen;
}

static void unwrap(stripper *p) {
    strip_wrapped *wrapped = &p->wrapped;
    if (wrapped->is_guarded) {
        open_guard(p);
    }
    /* Who exports main and calls it last has called it. */
    bool is_default = wrapped->fallback.from != NULL &&
                      !(has_value(&wrapped->last) && is_entry_call(p, wrapped->last.from));
    if (wrapped->fallback.from != NULL) {
        keep_default(p);
    }
    if (is_default) {
        return_default(p);
        return;
    }
    if (has_value(&wrapped->last)) {
        return_last(p);
        return;
    }
    const strip_known *entry = find_unused(wrapped);
    if (entry != NULL) {
        strip_wrapping_see(p, HUTCH_WRAPPER_MAIN, entry->name);
        call_at_end(p, entry->name, entry->length, "()");
        return;
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
    if (wrapped->fallback.from != NULL && !wrapped->fallback.is_commonjs) {
        exported = wrapped->fallback.from;
    }
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
