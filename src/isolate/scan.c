/*
 * A quick and exact look at the braces of a program; see scan.h.
 *
 * Invariant: the scanner is always at the beginning of a token of the language,
 * or has given up. It gives up at whatever could make a lexer see another
 * token: a slash that begins no comment, an escape outside of strings, the
 * comments of HTML, unusual line ends in comments, a text that ends inside one.
 *
 * Threads: any.
 */
#include "isolate/scan.h"

#include <stdbool.h>
#include <string.h>

/* Templates within substitutions of templates; deeper ones are left to the parser. */
#define TEMPLATE_DEPTH 32

typedef struct scanner {
    const char *at;
    const char *end;
    size_t depth;                   /* open braces, those of substitutions excluded */
    size_t substitutions;           /* open `${` */
    size_t outside[TEMPLATE_DEPTH]; /* `depth` where each of them opened */
} scanner;

static bool starts_with(const scanner *s, const char *text) {
    size_t length = strlen(text);
    return (size_t)(s->end - s->at) >= length && memcmp(s->at, text, length) == 0;
}

/* After the opening quote. */
static bool skip_string(scanner *s, char quote) {
    while (s->at < s->end) {
        char c = *s->at++;
        if (c == quote) {
            return true;
        }
        if (c == '\n' || c == '\r') {
            return false;
        }
        if (c == '\\') {
            if (s->at == s->end) {
                return false;
            }
            s->at++;
        }
    }
    return false;
}

/* After a backtick or the brace that ends a substitution, up to the template's end or its next
 * substitution. */
static bool skip_template(scanner *s) {
    while (s->at < s->end) {
        char c = *s->at++;
        if (c == '`') {
            return true;
        }
        if (c == '\\') {
            if (s->at == s->end) {
                return false;
            }
            s->at++;
        } else if (c == '$' && s->at < s->end && *s->at == '{') {
            if (s->substitutions == TEMPLATE_DEPTH) {
                return false;
            }
            s->outside[s->substitutions++] = s->depth;
            s->at++;
            return true;
        }
    }
    return false;
}

static bool skip_line_comment(scanner *s) {
    while (s->at < s->end) {
        char c = *s->at;
        if (c == '\n') {
            return true;
        }
        /* A lone carriage return and U+2028, U+2029 end it too: leave those to the parser. */
        if (c == '\r' && s->at + 1 < s->end && s->at[1] == '\n') {
            return true;
        }
        if (c == '\r' || starts_with(s, "\xE2\x80\xA8") || starts_with(s, "\xE2\x80\xA9")) {
            return false;
        }
        s->at++;
    }
    return true;
}

static bool skip_block_comment(scanner *s) {
    for (s->at += 2; s->at < s->end; s->at++) {
        if (starts_with(s, "*/")) {
            s->at += 2;
            return true;
        }
    }
    return false;
}

static bool skip_comment(scanner *s) {
    if (starts_with(s, "//")) {
        return skip_line_comment(s);
    }
    return starts_with(s, "/*") && skip_block_comment(s);
}

/* At a closing brace. */
static hutch_scan_result close_brace(scanner *s) {
    if (s->substitutions > 0 && s->outside[s->substitutions - 1] == s->depth) {
        s->substitutions--;
        s->at++;
        return skip_template(s) ? HUTCH_SCAN_INSIDE : HUTCH_SCAN_UNKNOWN;
    }
    if (s->depth == 0) {
        return HUTCH_SCAN_CLOSES;
    }
    s->depth--;
    s->at++;
    return HUTCH_SCAN_INSIDE;
}

/* One token, or a piece of one that holds no brace. */
static hutch_scan_result step(scanner *s) {
    bool known = true;
    switch (*s->at) {
    case '{':
        s->depth++;
        s->at++;
        break;
    case '}':
        return close_brace(s);
    case '\'':
    case '"':
        s->at++;
        known = skip_string(s, s->at[-1]);
        break;
    case '`':
        s->at++;
        known = skip_template(s);
        break;
    case '/':
        known = skip_comment(s);
        break;
    case '\\':
        known = false;
        break;
    case '<':
        known = !starts_with(s, "<!--");
        s->at++;
        break;
    case '-':
        known = !starts_with(s, "-->");
        s->at++;
        break;
    default:
        s->at++;
        break;
    }
    return known ? HUTCH_SCAN_INSIDE : HUTCH_SCAN_UNKNOWN;
}

hutch_scan_result hutch_scan(const char *code, size_t length, size_t *offset) {
    if (length == 0) {
        return HUTCH_SCAN_INSIDE;
    }
    scanner s = {.at = code, .end = code + length};
    hutch_scan_result result = HUTCH_SCAN_INSIDE;
    while (result == HUTCH_SCAN_INSIDE && s.at < s.end) {
        result = step(&s);
    }
    *offset = (size_t)(s.at - code);
    return result;
}
