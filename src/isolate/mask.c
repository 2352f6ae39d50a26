/*
 * Which bytes of a program are code; see mask.h.
 *
 * Threads: any.
 */
#include "isolate/mask.h"

#include <stdbool.h>
#include <string.h>

/* Brackets and substitutions within each other; what is deeper is unknown. */
#define DEPTH_MAX 512

/* What an open bracket is. */
typedef enum bracket_kind { OTHER, CONDITION, SUBSTITUTION } bracket_kind;

typedef struct masker {
    const char *code;
    size_t length;
    char *mask;
    size_t at;
    bool is_value;     /* an operand ends here: a slash divides it */
    bool is_member;    /* after a dot */
    bool is_condition; /* after `if` and the like */
    size_t depth;
    unsigned char open[DEPTH_MAX]; /* a bracket_kind each */
} masker;

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '#' || c == '\\' || (unsigned char)c >= 0x80;
}

static char peek(const masker *m, size_t ahead) {
    char c = '\0';
    if (ahead < m->length - m->at) {
        c = m->code[m->at + ahead];
    }
    return c;
}

static void put(masker *m, char c) {
    m->mask[m->at++] = c;
}

/* `count` bytes of what is no code; line breaks stay. */
static void put_all(masker *m, size_t count, char c) {
    while (count-- > 0 && m->at < m->length) {
        if (m->code[m->at] == '\n') {
            put(m, '\n');
        } else {
            put(m, c);
        }
    }
}

static bool word_is(const char *word, size_t length, const char *const *words, size_t count) {
    size_t i = 0;
    while (i < count && (strlen(words[i]) != length || memcmp(words[i], word, length) != 0)) {
        i++;
    }
    return i < count;
}

static void mask_word(masker *m) {
    static const char *const operators[] = {"return", "typeof", "case",  "in",        "of",
                                            "do",     "else",   "void",  "delete",    "new",
                                            "throw",  "await",  "yield", "instanceof"};
    static const char *const conditions[] = {"if", "while", "for", "with"};
    const char *word = m->code + m->at;
    size_t length = 0;
    while (is_word(peek(m, length))) {
        length++;
    }
    memcpy(m->mask + m->at, word, length);
    m->at += length;
    m->is_value =
        m->is_member || !word_is(word, length, operators, sizeof operators / sizeof operators[0]);
    m->is_condition = !m->is_member &&
                      word_is(word, length, conditions, sizeof conditions / sizeof conditions[0]);
    m->is_member = false;
}

static void mask_comment(masker *m) {
    const char *from = m->code + m->at;
    size_t left = m->length - m->at;
    bool is_line = from[1] == '/';
    const char *end = is_line ? memchr(from, '\n', left) : memmem(from + 2, left - 2, "*/", 2);
    size_t size = end == NULL ? left : (size_t)(end - from) + (is_line ? 0 : 2);
    put_all(m, size, ' ');
}

/* A string of one line. @return whether it ends */
static bool mask_string(masker *m) {
    char quote = m->code[m->at];
    size_t size = 1;
    while (peek(m, size) != quote) {
        if (m->at + size >= m->length || peek(m, size) == '\n') {
            return false;
        }
        size += peek(m, size) == '\\' ? 2 : 1;
    }
    put(m, HUTCH_MASK_OPEN);
    put_all(m, size - 1, HUTCH_MASK_TEXT);
    put(m, HUTCH_MASK_CLOSE);
    m->is_value = true;
    return true;
}

static bool mask_regexp(masker *m) {
    bool is_class = false;
    size_t size = 1;
    for (; peek(m, size) != '/' || is_class; size++) {
        char c = peek(m, size);
        if (m->at + size >= m->length || c == '\n') {
            return false;
        }
        is_class = c == '[' || (is_class && c != ']');
        size += c == '\\';
    }
    while (is_word(peek(m, size + 1))) {
        size++;
    }
    put(m, HUTCH_MASK_OPEN);
    put_all(m, size - 1, HUTCH_MASK_TEXT);
    put(m, HUTCH_MASK_CLOSE);
    m->is_value = true;
    return true;
}

static bool open_bracket(masker *m, bracket_kind kind, char bracket) {
    bool fits = m->depth < DEPTH_MAX;
    if (fits) {
        m->open[m->depth++] = (unsigned char)kind;
        put(m, bracket);
        m->is_value = false;
    }
    return fits;
}

/* The text of a template, up to its end or its next substitution. */
static bool mask_template(masker *m) {
    while (m->at < m->length) {
        if (peek(m, 0) == '`') {
            put(m, HUTCH_MASK_CLOSE);
            m->is_value = true;
            return true;
        }
        if (peek(m, 0) == '$' && peek(m, 1) == '{') {
            put(m, HUTCH_MASK_TEXT);
            return open_bracket(m, SUBSTITUTION, '{');
        }
        put_all(m, peek(m, 0) == '\\' ? 2 : 1, HUTCH_MASK_TEXT);
    }
    return false;
}

static bool close_bracket(masker *m, char bracket) {
    unsigned kind = m->depth > 0 ? m->open[--m->depth] : OTHER;
    put(m, bracket);
    m->is_value = kind != CONDITION;
    return kind != SUBSTITUTION || mask_template(m);
}

static void mask_sign(masker *m, char c) {
    bool is_step = (c == '+' || c == '-') && peek(m, 1) == c;
    m->is_member = c == '.' && peek(m, 1) != '.' && (m->at == 0 || m->code[m->at - 1] != '.');
    m->is_value = is_step && m->is_value;
    put(m, c);
    if (is_step) {
        put(m, c);
    }
}

/* One token, or a piece of one. @return whether it is known what follows */
static bool mask_next(masker *m) {
    char c = peek(m, 0);
    bool was_condition = m->is_condition;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        /* A line that begins with a slash after a block divides nothing. */
        m->is_value = m->is_value && !(c == '\n' && m->at > 0 && m->mask[m->at - 1] == '}');
        put(m, c);
        return true;
    }
    if (c == '/' && (peek(m, 1) == '/' || peek(m, 1) == '*')) {
        mask_comment(m);
        return true;
    }
    if (is_word(c)) {
        mask_word(m);
        return true;
    }
    m->is_condition = false;
    switch (c) {
    case '(':
    case '[':
    case '{':
        return open_bracket(m, c == '(' && was_condition ? CONDITION : OTHER, c);
    case ')':
    case ']':
    case '}':
        return close_bracket(m, c);
    case '\'':
    case '"':
        return mask_string(m);
    case '`':
        put(m, HUTCH_MASK_OPEN);
        return mask_template(m);
    case '/':
        if (!m->is_value) {
            return mask_regexp(m);
        }
        break;
    default:
        break;
    }
    mask_sign(m, c);
    return true;
}

void hutch_mask_write(const char *code, size_t length, char *mask) {
    masker m = {.code = code, .length = length, .mask = mask};
    bool is_known = true;
    while (is_known && m.at < m.length) {
        is_known = mask_next(&m);
    }
    memset(mask + m.at, HUTCH_MASK_UNKNOWN, length - m.at);
}
