/*
 * The walk needs no stack: what is open is a bit for each level, as far as MOST_LEVELS; a text that is
 * nested deeper keeps the engine's words.
 *
 * Threads: any.
 */
#include "isolate/json_words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MOST_LEVELS 16384
/* UTF-16 units of the text that are shown on each side of the place. */
#define CONTEXT 10u

/* What is complained of. */
typedef enum complaint {
    NONE,
    TOKEN, /* what stands there */
    NAME_OR_BRACE,
    QUOTED_NAME,
    COLON,
    COMMA_OR_BRACE,
    COMMA_OR_BRACKET,
    UNTERMINATED,
    CONTROL,
    ESCAPE,
    UNICODE_ESCAPE,
    MINUS,
    FRACTION,
    EXPONENT,
    NUMBER,
    STRING,
    AFTER,
    TOO_DEEP,
} complaint;

static const char *const texts[] = {
    [NAME_OR_BRACE] = "Expected property name or '}' in JSON",
    [QUOTED_NAME] = "Expected double-quoted property name in JSON",
    [COLON] = "Expected ':' after property name in JSON",
    [COMMA_OR_BRACE] = "Expected ',' or '}' after property value in JSON",
    [COMMA_OR_BRACKET] = "Expected ',' or ']' after array element in JSON",
    [UNTERMINATED] = "Unterminated string in JSON",
    [CONTROL] = "Bad control character in string literal in JSON",
    [ESCAPE] = "Bad escaped character in JSON",
    [UNICODE_ESCAPE] = "Bad Unicode escape in JSON",
    [MINUS] = "No number after minus sign in JSON",
    [FRACTION] = "Unterminated fractional number in JSON",
    [EXPONENT] = "Exponent part is missing a number in JSON",
    [NUMBER] = "Unexpected number in JSON",
    [STRING] = "Unexpected string in JSON",
    [AFTER] = "Unexpected non-whitespace character after JSON",
};

typedef struct walk {
    const char *text;
    const char *at;
    const char *end;
    uint32_t level;
    uint64_t objects[MOST_LEVELS / 64]; /* a bit for each open level: it is an object */
} walk;

static char peek(const walk *w) {
    char c = '\0';
    if (w->at < w->end) {
        c = *w->at;
    }
    return c;
}

static void skip_space(walk *w) {
    while (w->at < w->end && strchr(" \t\r\n", *w->at) != NULL && *w->at != '\0') {
        w->at++;
    }
}

static bool take(walk *w, char wanted) {
    skip_space(w);
    bool there = w->at < w->end && *w->at == wanted;
    w->at += there ? 1 : 0;
    return there;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static complaint walk_unicode_escape(walk *w) {
    int digits = 0;
    while (digits < 4 && is_hex(peek(w))) {
        w->at++;
        digits++;
    }
    return digits == 4 ? NONE : UNICODE_ESCAPE;
}

/* First byte of a character above U+00FF. */
#define ABOVE_LATIN1 0xc4

/* After the backslash. */
static complaint walk_escape(walk *w) {
    char c = peek(w);
    complaint found = NONE;
    if (w->at == w->end || (unsigned char)c >= ABOVE_LATIN1) {
        found = TOKEN;
    } else if (c == 'u') {
        w->at++;
        found = walk_unicode_escape(w);
    } else if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) {
        found = ESCAPE;
    } else {
        w->at++;
    }
    return found;
}

/* After the first quotation mark. */
static complaint walk_string(walk *w) {
    complaint found = NONE;
    while (found == NONE && w->at < w->end && *w->at != '"') {
        if ((unsigned char)*w->at < 0x20) {
            found = CONTROL;
        } else if (*w->at++ == '\\') {
            found = walk_escape(w);
        }
    }
    if (found == NONE && w->at == w->end) {
        found = UNTERMINATED;
    }
    w->at += found == NONE ? 1 : 0;
    return found;
}

static bool walk_digits(walk *w) {
    bool any = is_digit(peek(w));
    while (is_digit(peek(w))) {
        w->at++;
    }
    return any;
}

static complaint walk_fraction(walk *w) {
    complaint found = NONE;
    if (peek(w) == '.') {
        w->at++;
        found = walk_digits(w) ? NONE : FRACTION;
    }
    if (found == NONE && (peek(w) == 'e' || peek(w) == 'E')) {
        w->at++;
        w->at += peek(w) == '+' || peek(w) == '-' ? 1 : 0;
        found = walk_digits(w) ? NONE : EXPONENT;
    }
    return found;
}

static complaint walk_number(walk *w) {
    w->at += peek(w) == '-' ? 1 : 0;
    complaint found = NONE;
    if (peek(w) == '0') {
        w->at++;
        found = is_digit(peek(w)) ? NUMBER : NONE;
    } else {
        found = walk_digits(w) ? NONE : MINUS;
    }
    return found != NONE ? found : walk_fraction(w);
}

static complaint walk_word(walk *w, const char *word) {
    while (*word != '\0' && peek(w) == *word) {
        w->at++;
        word++;
    }
    return *word == '\0' ? NONE : TOKEN;
}

static bool is_in_object(const walk *w) {
    uint32_t last = w->level - 1;
    return (w->objects[last / 64] >> (last % 64) & 1) != 0;
}

static complaint open(walk *w, bool object) {
    if (w->level == MOST_LEVELS) {
        return TOO_DEEP;
    }
    uint64_t bit = UINT64_C(1) << (w->level % 64);
    uint64_t *word = &w->objects[w->level / 64];
    *word = object ? *word | bit : *word & ~bit;
    w->level++;
    return NONE;
}

/* A name and the colon after it. */
static complaint walk_name(walk *w, complaint missing) {
    complaint found = take(w, '"') ? walk_string(w) : missing;
    return found == NONE && !take(w, ':') ? COLON : found;
}

/* One that is no container. */
static complaint walk_plain(walk *w) {
    switch (peek(w)) {
    case '"':
        w->at++;
        return walk_string(w);
    case 't':
        return walk_word(w, "true");
    case 'f':
        return walk_word(w, "false");
    case 'n':
        return walk_word(w, "null");
    default:
        return peek(w) == '-' || is_digit(peek(w)) ? walk_number(w) : TOKEN;
    }
}

/* A value, or the beginning of one. `whole`: it has ended. */
static complaint walk_value(walk *w, bool *whole) {
    skip_space(w);
    complaint found = NONE;
    *whole = true;
    if (peek(w) == '{') {
        w->at++;
        *whole = take(w, '}');
        found = *whole ? NONE : open(w, true);
        found = *whole || found != NONE ? found : walk_name(w, NAME_OR_BRACE);
    } else if (peek(w) == '[') {
        w->at++;
        *whole = take(w, ']');
        found = *whole ? NONE : open(w, false);
    } else {
        found = walk_plain(w);
    }
    return found;
}

/* After a value: what closes, as far as it does, or a comma. `more`: a value comes next. */
static complaint walk_on(walk *w, bool *more) {
    complaint found = NONE;
    *more = false;
    while (found == NONE && !*more && w->level > 0) {
        bool object = is_in_object(w);
        if (take(w, ',')) {
            *more = true;
            found = object ? walk_name(w, QUOTED_NAME) : NONE;
        } else if (take(w, object ? '}' : ']')) {
            w->level--;
        } else {
            found = object ? COMMA_OR_BRACE : COMMA_OR_BRACKET;
        }
    }
    return found;
}

static complaint walk_all(walk *w) {
    complaint found = NONE;
    bool more = true;
    while (found == NONE && more) {
        bool whole = false;
        found = walk_value(w, &whole);
        if (found == NONE && whole) {
            found = walk_on(w, &more);
        }
    }
    if (found == NONE) {
        skip_space(w);
        found = w->at < w->end ? AFTER : NONE;
    }
    return found;
}

/* UTF-16 units that a character of UTF-8 has, of which this is the first byte; 0: it is none. */
static uint32_t units_of(char byte) {
    unsigned char c = (unsigned char)byte;
    return (c & 0xc0) == 0x80 ? 0 : c >= 0xf0 ? 2 : 1;
}

static uint32_t units_between(const char *from, const char *to) {
    uint32_t units = 0;
    for (; from < to; from++) {
        units += units_of(*from);
    }
    return units;
}

static const char *forward(const char *at, const char *end, uint32_t units) {
    for (uint32_t gone = 0; at < end && gone < units;) {
        gone += units_of(*at);
        at++;
        while (at < end && units_of(*at) == 0) {
            at++;
        }
    }
    return at;
}

static const char *backward(const char *at, const char *begin, uint32_t units) {
    for (uint32_t gone = 0; at > begin && gone < units;) {
        at--;
        gone += units_of(*at);
    }
    return at;
}

static bool fits(int written, size_t size) {
    return written > 0 && (size_t)written < size;
}

static bool say_place(const walk *w, complaint found, char *words, size_t size) {
    uint32_t line = 1;
    const char *start = w->text;
    for (const char *at = w->text; at < w->at; at++) {
        bool is_end = *at == '\n' || (*at == '\r' && (at + 1 == w->end || at[1] != '\n'));
        line += is_end ? 1 : 0;
        start = is_end ? at + 1 : start;
    }
    return fits(snprintf(words, size, "%s at position %u (line %u column %u)", texts[found],
                         units_between(w->text, w->at), line, units_between(start, w->at) + 1),
                size);
}

/* V8 knows these to be what becomes of a value that is no text. */
static bool is_no_text(const walk *w) {
    static const char *const known[] = {"[object Object]", "NaN", "Infinity", "undefined"};
    size_t length = (size_t)(w->end - w->text);
    bool found = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        found = found || (strlen(known[i]) == length && memcmp(known[i], w->text, length) == 0);
    }
    return found;
}

/* A token that nothing more is known of, with some of the text around it. */
static bool say_token(const walk *w, char *words, size_t size) {
    uint32_t before = units_between(w->text, w->at);
    uint32_t all = before + units_between(w->at, w->end);
    bool is_long = all > 2 * CONTEXT;
    bool cut_before = is_long && before >= CONTEXT;
    bool cut_after = is_long && (before < CONTEXT || before < all - CONTEXT);
    const char *from = cut_before ? backward(w->at, w->text, CONTEXT) : w->text;
    const char *to = cut_after ? forward(w->at, w->end, CONTEXT) : w->end;
    const char *next = forward(w->at, w->end, 1);
    return fits(snprintf(words, size, "Unexpected token '%.*s', %s\"%.*s\"%s is not valid JSON",
                         (int)(next - w->at), w->at, cut_before ? "..." : "", (int)(to - from),
                         from, cut_after ? "..." : ""),
                size);
}

static bool say(const walk *w, complaint found, char *words, size_t size) {
    if (found == TOKEN && w->at == w->end) {
        return fits(snprintf(words, size, "Unexpected end of JSON input"), size);
    }
    if (found == TOKEN && (is_digit(*w->at) || *w->at == '-')) {
        return say_place(w, NUMBER, words, size);
    }
    if (found == TOKEN && *w->at == '"') {
        return say_place(w, STRING, words, size);
    }
    if (found == TOKEN && is_no_text(w)) {
        return fits(
            snprintf(words, size, "\"%.*s\" is not valid JSON", (int)(w->end - w->text), w->text),
            size);
    }
    return found == TOKEN ? say_token(w, words, size) : say_place(w, found, words, size);
}

bool hutch_json_words(const char *text, size_t length, char *words, size_t size) {
    walk w = {.text = text, .at = text, .end = text + length};
    complaint found = walk_all(&w);
    return found != NONE && found != TOO_DEEP && say(&w, found, words, size);
}
