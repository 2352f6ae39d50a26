/*
 * What was wrong and where; see parser.h.
 *
 * Threads: as the stripper.
 */
#include "strip/problem.h"

#include "base/utf8.h"
#include "strip/character.h"
#include "strip/lexer.h"

#include <stdio.h>
#include <string.h>

/* Longest piece of the source that a message quotes, bytes. */
#define QUOTE_MAX 40

/* Remember the failure, and leave nothing to be read. */
static void fail(stripper *p, strip_failure failure) {
    if (!p->has_failed) {
        p->failure = failure;
    }
    p->has_failed = true;
    p->place.at = p->end;
    p->place.start = p->end;
    p->place.token = TOKEN_END;
}

void strip_fail_expected(stripper *p, const char *expected) {
    fail(p, (strip_failure){p->place.start, p->place.at, expected, NULL});
}

void strip_fail_at(stripper *p, const unsigned char *from, const unsigned char *to,
                   const char *message) {
    fail(p, (strip_failure){from, to, NULL, message});
}

void strip_fail_too_deep(stripper *p) {
    p->is_too_deep = true;
    strip_fail_at(p, p->place.start, p->place.at,
                  "expected less nesting: this is deeper than HUTCH_STRIP_DEPTH_MAX or the stack");
}

/* Line and column of an offset. */
static void locate(const stripper *p, size_t offset, hutch_strip_problem *problem) {
    const unsigned char *source = p->out.source;
    size_t line_start = 0;
    problem->line = 1;
    for (size_t at = 0; at < offset; at++) {
        bool is_break = source[at] == '\n' ||
                        (source[at] == '\r' && !(at + 1 < p->out.length && source[at + 1] == '\n'));
        size_t size = 1;
        if (source[at] == 0xe2 && offset - at >= 3) {
            size = strip_wide_space_size(source + at, &is_break);
        }
        if (is_break) {
            line_start = at + size;
            problem->line++;
        }
    }
    if (line_start > offset) {
        line_start = offset;
    }
    size_t units = hutch_utf8_utf16_units((const char *)source + line_start, offset - line_start);
    problem->column = (uint32_t)units + 1;
}

/* "expected …, found …" */
static void describe(const stripper *p, const strip_failure *failure, char *message, size_t size) {
    const char *source = (const char *)p->out.source;
    size_t from = strip_offset(p, failure->from);
    size_t length = (size_t)(failure->to - failure->from);
    if (failure->message != NULL) {
        snprintf(message, size, "%s", failure->message);
    } else if (from >= p->out.length) {
        snprintf(message, size, "expected %s, found the end of the source", failure->expected);
    } else {
        const char *more = "";
        char quote[QUOTE_MAX * HUTCH_UTF8_REPAIR_GROWTH + 1];
        if (length > QUOTE_MAX) {
            length = hutch_utf8_cut(source + from, length, QUOTE_MAX);
            more = "…";
        }
        quote[hutch_utf8_repair(source + from, length, quote)] = 0;
        snprintf(message, size, "expected %s, found '%s%s'", failure->expected, quote, more);
    }
}

static bool is_tag_character(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c >= 0x80 || (c != '\0' && strchr("_$.:-", c) != NULL);
}

/* Whether what begins with this `<` would be a tag: `/>` ends it, or `</` and its name follow. */
static bool has_tag_end(const stripper *p, const unsigned char *less) {
    const unsigned char *name = p->out.source + strip_offset(p, less) + 1;
    const unsigned char *end = p->out.source + p->out.length;
    size_t length = 0;
    while (length < (size_t)(end - name) && is_tag_character(name[length])) {
        length++;
    }
    bool is_open = true; /* no `>` yet, but for those of arrows */
    for (const unsigned char *at = name; at < end; at++) {
        if (*at == '>' && is_open && at[-1] != '=') {
            if (at[-1] == '/') {
                return true;
            }
            is_open = false;
        }
        if (*at == '<' && (size_t)(end - at) > length + 2 && at[1] == '/' &&
            memcmp(at + 2, name, length) == 0 && !is_tag_character(at[2 + length])) {
            return true;
        }
    }
    return false;
}

void strip_problem_write(const stripper *p, hutch_strip_problem *problem) {
    strip_failure failure = p->failure;
    if (p->maybe_jsx != NULL && p->maybe_jsx <= failure.from && has_tag_end(p, p->maybe_jsx)) {
        failure = (strip_failure){p->maybe_jsx, p->maybe_jsx + 1, NULL,
                                  "JSX is not supported: expected an expression, found '<'"};
    }
    memset(problem, 0, sizeof *problem);
    problem->offset = strip_offset(p, failure.from);
    problem->is_refusal = p->is_refused;
    problem->code_offset = p->code_begin;
    problem->code_length = p->code_end - p->code_begin;
    problem->extent = (size_t)(failure.to - failure.from);
    locate(p, problem->offset, problem);
    describe(p, &failure, problem->message, sizeof problem->message);
}
