/*
 * Tokens; see lexer.h. One table says what a byte begins, one which bytes go on
 * in a word. The padding after the text ends every loop: a zero byte is no part
 * of anything.
 *
 * Threads: as the stripper.
 */
#include "strip/lexer.h"

#include "strip/character.h"
#include "strip/keyword.h"
#include "strip/operator.h"
#include "strip/runs.h"

/* What a byte begins. */
enum {
    STARTS_WORD,
    STARTS_SINGLE, /* a token of one character */
    STARTS_DIGIT,
    STARTS_STRING,
    STARTS_OPERATOR, /* one of several, perhaps */
    STARTS_DOT,
    STARTS_HASH,
    STARTS_ESCAPE,
    STARTS_MARK,
    STARTS_END,
    STARTS_TRIVIA, /* from here on, perhaps nothing that the parser gets to see */
    STARTS_SPACE = STARTS_TRIVIA,
    STARTS_BREAK,
    STARTS_SLASH,
    STARTS_WIDE
};

#define LETTERS(first, last, start) [first... last] = start

__extension__ static const uint8_t starts[256] = {
    [0] = STARTS_END,
    [STRIP_LESS_MARK] = STARTS_MARK,
    LETTERS(2, 8, STARTS_END),
    LETTERS(14, 31, STARTS_END),
    [127] = STARTS_END,
    [' '] = STARTS_SPACE,
    ['\t'] = STARTS_SPACE,
    ['\v'] = STARTS_SPACE,
    ['\f'] = STARTS_SPACE,
    ['\n'] = STARTS_BREAK,
    ['\r'] = STARTS_BREAK,
    LETTERS('a', 'z', STARTS_WORD),
    LETTERS('A', 'Z', STARTS_WORD),
    ['_'] = STARTS_WORD,
    ['$'] = STARTS_WORD,
    LETTERS('0', '9', STARTS_DIGIT),
    ['"'] = STARTS_STRING,
    ['\''] = STARTS_STRING,
    ['`'] = STARTS_SINGLE,
    ['@'] = STARTS_SINGLE,
    ['{'] = STARTS_SINGLE,
    ['}'] = STARTS_SINGLE,
    ['('] = STARTS_SINGLE,
    [')'] = STARTS_SINGLE,
    ['['] = STARTS_SINGLE,
    [']'] = STARTS_SINGLE,
    [';'] = STARTS_SINGLE,
    [','] = STARTS_SINGLE,
    [':'] = STARTS_SINGLE,
    ['~'] = STARTS_SINGLE,
    ['>'] = STARTS_SINGLE,
    ['<'] = STARTS_OPERATOR,
    ['='] = STARTS_OPERATOR,
    ['!'] = STARTS_OPERATOR,
    ['+'] = STARTS_OPERATOR,
    ['-'] = STARTS_OPERATOR,
    ['*'] = STARTS_OPERATOR,
    ['%'] = STARTS_OPERATOR,
    ['&'] = STARTS_OPERATOR,
    ['|'] = STARTS_OPERATOR,
    ['^'] = STARTS_OPERATOR,
    ['?'] = STARTS_OPERATOR,
    ['/'] = STARTS_SLASH,
    ['.'] = STARTS_DOT,
    ['#'] = STARTS_HASH,
    ['\\'] = STARTS_ESCAPE,
    LETTERS(0x80, 0xff, STARTS_WIDE),
};

/* The token that a byte is alone, or the beginning of. */
__extension__ static const uint8_t singles[256] = {
    LETTERS('a', 'z', TOKEN_NAME),
    LETTERS('A', 'Z', TOKEN_NAME),
    ['_'] = TOKEN_NAME,
    ['$'] = TOKEN_NAME,
    ['`'] = TOKEN_TEMPLATE,
    ['@'] = TOKEN_AT,
    ['{'] = TOKEN_OPEN_BRACE,
    ['}'] = TOKEN_CLOSE_BRACE,
    ['('] = TOKEN_OPEN_PAREN,
    [')'] = TOKEN_CLOSE_PAREN,
    ['['] = TOKEN_OPEN_BRACKET,
    [']'] = TOKEN_CLOSE_BRACKET,
    [';'] = TOKEN_SEMICOLON,
    [','] = TOKEN_COMMA,
    [':'] = TOKEN_COLON,
    ['~'] = TOKEN_TILDE,
    ['>'] = TOKEN_GREATER,
};

/* What a byte is inside a word or number. */
enum { PART = 1, PART_IS_SLOW = 2 };

__extension__ static const uint8_t parts[256] = {
    LETTERS('a', 'z', PART),
    LETTERS('A', 'Z', PART),
    LETTERS('0', '9', PART),
    ['_'] = PART,
    ['$'] = PART,
    ['\\'] = PART_IS_SLOW,
    LETTERS(0x80, 0xff, PART_IS_SLOW),
};

/* The rest of a word that has an escape or a character beyond ASCII in it. */
static unsigned char *scan_slow_word(stripper *p, unsigned char *at) {
    for (;;) {
        size_t size = 1;
        if (*at == '\\') {
            size = strip_escape_size(at);
        } else if (*at >= 0x80) {
            size = strip_wide_word_size(at);
        } else if ((parts[*at] & PART) == 0) {
            return at;
        }
        if (size == 0) {
            if (*at == '\\') {
                strip_fail_at(p, at, at + 1, "expected an escape \\u in a name");
            }
            return at;
        }
        at += size;
    }
}

/* A word, or a token of one character. Both at once and without a branch between them: which it is
   cannot be foreseen either, and they are four fifths of all tokens. */
static void scan_word_or_single(stripper *p, unsigned char *start) {
    unsigned char *at = strip_word_end(start);
    bool is_word = at != start;
    at += !is_word;
    p->place.at = at;
    p->place.token = strip_keyword_or(start, (size_t)(at - start), (strip_token)singles[*start]);
    if (parts[*at] == PART_IS_SLOW && is_word) {
        p->place.at = scan_slow_word(p, at);
        p->place.token = TOKEN_NAME;
    }
}

/* `1e+5`, `0xff`, `1_000n`, `.5`: letters and digits, dots, and the sign of an exponent. */
static strip_token scan_number(stripper *p, unsigned char *start) {
    bool is_decimal = !(*start == '0' && (start[1] | 0x20) >= 'a' && (start[1] | 0x20) != 'e');
    bool has_dot = false;
    unsigned char *at = start;
    for (;; at++) {
        if (*at == '.') {
            if (!is_decimal || has_dot) {
                break;
            }
            has_dot = true;
        } else if ((parts[*at] & PART) == 0) {
            break;
        } else if (is_decimal && (*at | 0x20) == 'e') {
            has_dot = true;
            at += at[1] == '+' || at[1] == '-';
        }
    }
    p->place.at = at;
    return TOKEN_NUMBER;
}

static strip_token scan_string(stripper *p, unsigned char *start) {
    unsigned char *at = start + 1;
    for (;; at++) {
        at = strip_string_candidate(at, *start);
        if (*at == '\\') {
            at++;
            at += *at == '\r' && at[1] == '\n';
        } else if (*at != 0 || at >= p->end) {
            break;
        }
        if (at >= p->end) {
            break;
        }
    }
    if (at >= p->end || *at != *start) {
        strip_fail_at(p, start, at < p->end ? at : p->end,
                      "expected the quote that ends the string");
        return TOKEN_END;
    }
    p->place.at = at + 1;
    return TOKEN_STRING;
}

/* An operator, of which `first` is the first character. */
static strip_token scan_operator(stripper *p, unsigned char *at, unsigned char first) {
    size_t size;
    strip_token token = strip_operator(first, at + 1, &size);
    p->place.at = at + size;
    return token;
}

static strip_token scan_hash(stripper *p, unsigned char *start) {
    const unsigned char *next = start + 1;
    if (starts[*next] == STARTS_WORD || *next == '\\' || *next >= 0x80) {
        p->place.at = scan_slow_word(p, start + 1);
        return TOKEN_PRIVATE;
    }
    strip_fail_at(p, start, start + 1, "expected a name after '#'");
    return TOKEN_END;
}

/* After a space or line break beyond ASCII; `at` itself when it is none. */
static unsigned char *skip_wide(stripper *p, unsigned char *at) {
    bool is_break = false;
    size_t size = strip_wide_space_size(at, &is_break);
    p->place.after_break |= is_break;
    return at + size;
}

static strip_token scan_wide_word(stripper *p, unsigned char *start) {
    p->place.at = scan_slow_word(p, start);
    if (p->place.at == start) {
        strip_fail_at(p, start, start + 1,
                      "expected a character of a program's text, found a byte "
                      "that is no UTF-8");
        return TOKEN_END;
    }
    return TOKEN_NAME;
}

/* @return after the comment that begins at `at`, or `at` itself when it is none */
static unsigned char *skip_comment(stripper *p, unsigned char *at) {
    if (at[1] == '/') {
        return strip_line_comment_end(at + 2, p->end);
    }
    if (at[1] != '*') {
        return at;
    }
    unsigned char *end = strip_block_comment_end(at + 2, p->end);
    if (end == NULL) {
        strip_fail_at(p, at, p->end, "expected '*/' at the end of the comment");
        return p->end;
    }
    p->place.after_break = p->place.after_break || strip_has_break(at, end);
    return end;
}

static strip_token scan_slash(stripper *p, unsigned char *at) {
    bool is_assignment = at[1] == '=';
    p->place.at = at + (is_assignment ? 2 : 1);
    return is_assignment ? TOKEN_SLASH_ASSIGN : TOKEN_SLASH;
}

static strip_token scan_dot(stripper *p, unsigned char *at) {
    if (at[1] >= '0' && at[1] <= '9') {
        return scan_number(p, at);
    }
    bool is_ellipsis = at[1] == '.' && at[2] == '.';
    p->place.at = at + (is_ellipsis ? 3 : 1);
    return is_ellipsis ? TOKEN_ELLIPSIS : TOKEN_DOT;
}

/* The zero byte: the end, or a character that no program has. */
static strip_token scan_end(stripper *p, unsigned char *at) {
    p->place.at = at;
    if (at < p->end) {
        strip_fail_at(p, at, at + 1,
                      "expected a character of a program's text, found a control "
                      "character");
        p->place.start = p->end;
    }
    return TOKEN_END;
}

/* A `<` that was marked, or a control character. */
static strip_token scan_mark(stripper *p, unsigned char *at) {
    if (p->out.source[at - p->out.text] != '<') {
        return scan_end(p, at);
    }
    return scan_operator(p, at, '<');
}

/* The token that begins at `at`, which is neither space nor comment, word nor single. */
static strip_token scan_token(stripper *p, unsigned char *at) {
    switch (starts[*at]) {
    case STARTS_OPERATOR:
        return scan_operator(p, at, *at);
    case STARTS_DOT:
        return scan_dot(p, at);
    case STARTS_STRING:
        return scan_string(p, at);
    case STARTS_DIGIT:
        return scan_number(p, at);
    case STARTS_SLASH:
        return scan_slash(p, at);
    case STARTS_HASH:
        return scan_hash(p, at);
    case STARTS_ESCAPE:
    case STARTS_WIDE:
        return scan_wide_word(p, at);
    case STARTS_MARK:
        return scan_mark(p, at);
    default:
        return scan_end(p, at);
    }
}

/* After spaces, line breaks and comments. */
static unsigned char *skip_trivia(stripper *p, unsigned char *at) {
    for (;;) {
        unsigned char *end;
        switch (starts[*at]) {
        case STARTS_BREAK:
            p->place.after_break = true;
            at = strip_spaces_end(at + 1);
            continue;
        case STARTS_SPACE:
            at++;
            continue;
        case STARTS_SLASH:
            end = skip_comment(p, at);
            break;
        case STARTS_WIDE:
            end = skip_wide(p, at);
            break;
        default:
            return at;
        }
        if (end == at) {
            return at;
        }
        at = end;
    }
}

void strip_next(stripper *p) {
    unsigned char *at = p->place.at;
    p->steps++;
    p->place.previous_end = at;
    p->place.after_break = false;
    at += *at == ' ';
    uint8_t start = starts[*at];
    if (start >= STARTS_TRIVIA) {
        at = skip_trivia(p, at);
        start = starts[*at];
    }
    p->place.start = at;
    if (start <= STARTS_SINGLE) {
        scan_word_or_single(p, at);
    } else {
        p->place.token = scan_token(p, at);
    }
    if (p->has_failed) {
        p->place.start = p->end;
        p->place.at = p->end;
        p->place.token = TOKEN_END;
    }
}
