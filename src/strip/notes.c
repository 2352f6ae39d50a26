/*
 * What the parser notes of a program's wrapping while it reads; see wrapping.h.
 *
 * Threads: as the stripper.
 */
#include "strip/notes.h"

#include "strip/lexer.h"
#include "strip/rescan.h"

#include <stdio.h>
#include <string.h>

static const strip_known entry_points[STRIP_ENTRY_POINTS] = {
    {(const unsigned char *)"main", 4, false}, {(const unsigned char *)"run", 3, false}};

static bool is_same(const strip_known *known, const unsigned char *name, size_t length) {
    return known->length == length && memcmp(known->name, name, length) == 0;
}

size_t strip_wrapping_entry(const unsigned char *name, size_t length) {
    size_t i = 0;
    while (i < STRIP_ENTRY_POINTS && !is_same(&entry_points[i], name, length)) {
        i++;
    }
    return i;
}

const char *strip_wrapping_member_name(size_t entry) {
    static const char *const names[STRIP_MEMBERS] = {"default", "main", "run", "handler"};
    return names[entry];
}

size_t strip_wrapping_member_entry(const unsigned char *name, size_t length) {
    size_t i = 0;
    while (i < STRIP_MEMBERS && (strlen(strip_wrapping_member_name(i)) != length ||
                                 memcmp(strip_wrapping_member_name(i), name, length) != 0)) {
        i++;
    }
    return i;
}

void strip_wrapping_see(stripper *p, hutch_wrapper wrapper, const unsigned char *at) {
    strip_wrapped *wrapped = &p->wrapped;
    if ((wrapped->wrappers & 1U << wrapper) == 0) {
        wrapped->wrappers |= 1U << wrapper;
        wrapped->places[wrapper] = at;
    }
}

void strip_wrapping_note_use(stripper *p, const unsigned char *from, const unsigned char *to) {
    size_t entry = strip_wrapping_entry(from, (size_t)(to - from));
    if (entry < STRIP_ENTRY_POINTS) {
        p->wrapped.uses[entry]++;
    }
}

void strip_wrapping_add_function(stripper *p, const unsigned char *name, size_t length) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_known known = {name, length, !wrapped->takes};
    size_t entry = strip_wrapping_entry(name, length);
    if (entry < STRIP_ENTRY_POINTS) {
        wrapped->entries[entry] = known;
    }
    if (wrapped->known < STRIP_FUNCTIONS_MAX) {
        wrapped->functions_known[wrapped->known++] = known;
    }
}

void strip_wrapping_variable(stripper *p, const unsigned char *from, const unsigned char *to) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_shape_kind kind = wrapped->shape.kind;
    if (wrapped->is_on && p->depth == 0 && wrapped->functions == 0 &&
        (kind == STRIP_SHAPE_CALLABLE || kind == STRIP_SHAPE_TAKING)) {
        wrapped->takes = kind == STRIP_SHAPE_TAKING;
        strip_wrapping_add_function(p, from, (size_t)(to - from));
    }
}

void strip_wrapping_expression(stripper *p, strip_last *read) {
    read->to = p->place.previous_end;
    bool is_cut = p->semicolon_end == read->to;
    read->stripped_to = is_cut ? p->semicolon_at : strip_offset(p, read->to);
    read->is_expression = true;
    read->shape = p->wrapped.shape;
    p->wrapped.expression = *read;
    p->wrapped.expression_depth = p->depth;
}

void strip_wrapping_member(stripper *p, const unsigned char *name, const unsigned char *end,
                           bool is_plain) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_shape_kind kind = wrapped->shape.kind;
    size_t entry = strip_wrapping_member_entry(name, (size_t)(end - name));
    bool is_function = kind == STRIP_SHAPE_CALLABLE || kind == STRIP_SHAPE_TAKING;
    if (wrapped->is_on && wrapped->functions == 0 && wrapped->objects == 1 && is_plain &&
        is_function && entry < STRIP_MEMBERS) {
        wrapped->members[entry] =
            (strip_known){name, (size_t)(end - name), kind == STRIP_SHAPE_CALLABLE};
    }
}

void strip_wrapping_attempt(stripper *p) {
    if (p->depth == 0 && p->wrapped.functions == 0) {
        bool is_last = p->wrapped.expression.from != NULL && p->wrapped.expression_depth == 1;
        p->wrapped.attempt = is_last ? p->wrapped.expression : (strip_last){.from = NULL};
    }
}

/* What the current token says, at the end of a text; a text that begins nothing where it does not fit. */
static void add_token(const stripper *p, char *text, size_t size) {
    size_t used = strlen(text);
    size_t length = (size_t)(p->place.at - p->place.start);
    bool fits = length < size - used;
    if (fits) {
        memcpy(text + used, p->place.start, length);
        text[used + length] = '\0';
    } else {
        (void)snprintf(text, size, "?");
    }
}

static size_t first_that_begins_so(const char *text, const char *const *guards, size_t count) {
    size_t i = 0;
    while (i < count && strncmp(guards[i], text, strlen(text)) != 0) {
        i++;
    }
    return i;
}

/* Whether a condition asks if the program is the one that was started, as modules do. */
static bool is_guard(stripper *p, const unsigned char *from, const unsigned char *to) {
    static const char *const guards[] = {
        "(require.main===module)",
        "(require.main==module)",
        "(module===require.main)",
        "(module==require.main)",
        "(import.meta.main)",
        "(typeofrequire!=='undefined'&&require.main===module)",
        "(typeofrequire!==\"undefined\"&&require.main===module)",
        /* Whatever it is compared with. */
        "(import.meta.url===",
        "(process.argv[1]===fileURLToPath(import.meta.url",
    };
    char text[sizeof "(typeofrequire!=='undefined'&&require.main===module)"] = "";
    strip_place after = p->place;
    size_t count = sizeof guards / sizeof guards[0];
    size_t i = 0;
    bool is_whole = false;
    for (strip_wrapping_go_to(p, from); i < count && !is_whole && p->place.start < to;) {
        add_token(p, text, sizeof text);
        i = first_that_begins_so(text, guards, count);
        is_whole = i < count && strcmp(text, guards[i]) == 0;
        if (!is_whole) {
            strip_next(p);
        }
    }
    p->place = after;
    return is_whole;
}

void strip_wrapping_guard(stripper *p, const unsigned char *from, const unsigned char *to) {
    strip_wrapped *wrapped = &p->wrapped;
    if (!wrapped->is_on || p->depth != 0 || wrapped->functions != 0 || strip_is(p, TOKEN_ELSE) ||
        !is_guard(p, from, to)) {
        return;
    }
    bool is_last = wrapped->expression.from != NULL && wrapped->expression_depth <= 2;
    wrapped->attempt = is_last ? wrapped->expression : (strip_last){.from = NULL};
    wrapped->guard = from;
    wrapped->guard_end = to;
}

void strip_wrapping_meet(stripper *p) {
    const unsigned char *at = p->place.start;
    const unsigned char *before = at;
    if (!p->wrapped.is_on || at[1] != *at || at[2] != *at) {
        return;
    }
    while (before > p->out.text && (before[-1] == ' ' || before[-1] == '\t')) {
        before--;
    }
    bool is_after_mark = before - p->out.text == 3 && memcmp(p->out.text, "\xef\xbb\xbf", 3) == 0;
    if (before == p->out.text || is_after_mark || before[-1] == '\n' || before[-1] == '\r') {
        p->wrapped.meets_fence = true;
        strip_fail_at(p, at, at + 3, "expected a statement, found a markdown fence");
    }
}

void strip_wrapping_read_name(stripper *p, strip_default *found) {
    bool after_break = false;
    if (strip_is(p, TOKEN_ASYNC) && strip_peek(p, &after_break) == TOKEN_FUNCTION && !after_break) {
        strip_next(p);
    }
    strip_take(p, TOKEN_ABSTRACT);
    found->is_function = strip_is(p, TOKEN_FUNCTION);
    found->is_class = strip_is(p, TOKEN_CLASS);
    if (found->is_function || found->is_class) {
        strip_next(p);
        strip_take(p, TOKEN_STAR);
        if (strip_is_name(p->place.token)) {
            found->name = p->place.start;
            found->length = (size_t)(p->place.at - p->place.start);
        }
    }
}

void strip_wrapping_go_to(stripper *p, const unsigned char *at) {
    p->place.at = p->out.text + (at - p->out.text);
    strip_next(p);
}

void strip_wrapping_blank(stripper *p, const unsigned char *from, const unsigned char *to) {
    bool is_frozen = p->out.is_frozen;
    p->out.is_frozen = false;
    strip_output_blank(&p->out, strip_offset(p, from), strip_offset(p, to));
    p->out.is_frozen = is_frozen;
}

/* `{ A, B }` after `export`, which is current. @return whether it names no module */
static bool is_own_list(stripper *p) {
    while (!strip_is(p, TOKEN_CLOSE_BRACE) && !strip_is(p, TOKEN_END)) {
        strip_next(p);
    }
    return strip_peek(p, NULL) != TOKEN_FROM;
}

bool strip_wrapping_export(stripper *p, const unsigned char *from) {
    strip_wrapped *wrapped = &p->wrapped;
    strip_place after = p->place;
    bool is_taken = true;
    if (!wrapped->is_on || p->depth != 0 || wrapped->functions != 0 || p->has_failed ||
        p->around.holder.name != NULL) {
        return false;
    }
    if (memcmp(from, "export", sizeof "export" - 1) != 0) {
        /* An enum or namespace: its JavaScript stands there already. */
        strip_wrapping_see(p, HUTCH_WRAPPER_EXPORT, from);
        return true;
    }
    strip_wrapping_go_to(p, from + sizeof "export" - 1);
    if (strip_is(p, TOKEN_DEFAULT)) {
        is_taken = wrapped->fallback.from == NULL;
        strip_default found = {.from = from, .word = p->place.at};
        strip_next(p);
        found.value = p->place.start;
        strip_wrapping_read_name(p, &found);
        found.to = after.previous_end;
        found.to -= p->out.source[strip_offset(p, found.to) - 1] == ';';
        found.stripped_to =
            found.to == p->semicolon_end ? p->semicolon_at : strip_offset(p, found.to);
        found.shape = wrapped->shape;
        wrapped->fallback = found;
        p->place = after;
        return is_taken;
    } else if (strip_is(p, TOKEN_OPEN_BRACE)) {
        is_taken = is_own_list(p);
        if (is_taken) {
            wrapped->list = from;
            strip_wrapping_blank(p, from, after.previous_end);
        }
    } else if (strip_is(p, TOKEN_STAR)) {
        is_taken = false;
    } else {
        strip_wrapping_blank(p, from, from + sizeof "export" - 1);
    }
    p->place = after;
    if (is_taken) {
        strip_wrapping_see(p, HUTCH_WRAPPER_EXPORT, from);
    }
    return is_taken;
}
