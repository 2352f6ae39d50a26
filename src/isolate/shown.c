/*
 * Expressions as V8 shows them; see shown.h.
 *
 * Threads: any.
 */
#include "isolate/shown.h"

#include "isolate/mask.h"

#include <string.h>

/* Expressions within each other. */
#define DEPTH_MAX 16

#define CALLED "(...)"

bool hutch_shown_is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '#' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char hutch_shown_char(hutch_shown_text text, size_t at) {
    char c = '\0';
    if (at < text.length) {
        c = text.mask[at];
    }
    return c;
}

size_t hutch_shown_skip_blanks(hutch_shown_text text, size_t at) {
    while (is_blank(hutch_shown_char(text, at))) {
        at++;
    }
    return at;
}

size_t hutch_shown_skip_word(hutch_shown_text text, size_t at) {
    while (hutch_shown_is_word(hutch_shown_char(text, at))) {
        at++;
    }
    return at;
}

bool hutch_shown_word_is(hutch_shown_text text, size_t begin, size_t end, const char *word) {
    return end - begin == strlen(word) && memcmp(text.mask + begin, word, end - begin) == 0;
}

bool hutch_shown_is_keyword(hutch_shown_text text, size_t begin, size_t end) {
    static const char *const words[] = {"return", "await", "typeof", "new",       "in",
                                        "of",     "void",  "case",   "delete",    "yield",
                                        "else",   "do",    "throw",  "instanceof"};
    size_t i = 0;
    while (i < sizeof words / sizeof words[0] && !hutch_shown_word_is(text, begin, end, words[i])) {
        i++;
    }
    return i < sizeof words / sizeof words[0];
}

size_t hutch_shown_skip_brackets(hutch_shown_text text, size_t at) {
    size_t depth = 0;
    for (; at < text.length && text.mask[at] != HUTCH_MASK_UNKNOWN; at++) {
        char c = text.mask[at];
        depth += c == '(' || c == '[' || c == '{' || c == HUTCH_MASK_OPEN;
        depth -= c == ')' || c == ']' || c == '}' || c == HUTCH_MASK_CLOSE;
        if (depth == 0) {
            return at + 1;
        }
    }
    return 0;
}

bool hutch_shown_add(hutch_shown_name *name, const char *bytes, size_t length) {
    if (length >= sizeof name->text - name->length) {
        return false;
    }
    memcpy(name->text + name->length, bytes, length);
    name->length += length;
    name->text[name->length] = '\0';
    return true;
}

bool hutch_shown_add_text(hutch_shown_name *name, const char *bytes) {
    return hutch_shown_add(name, bytes, strlen(bytes));
}

static void cut(hutch_shown_name *name, size_t length) {
    name->length = length;
    name->text[length] = '\0';
}

/* A parenthesis before what was shown from `at` on. */
static bool open_before(hutch_shown_name *name, size_t at) {
    size_t length = name->length - at;
    if (!hutch_shown_add_text(name, "(")) {
        return false;
    }
    memmove(name->text + at + 1, name->text + at, length);
    name->text[at] = '(';
    return true;
}

static char here(hutch_shown_reader *r) {
    r->at = hutch_shown_skip_blanks(r->text, r->at);
    char c = '\0';
    if (r->at < r->end) {
        c = hutch_shown_char(r->text, r->at);
    }
    return c;
}

/* What is between a bracket and the one that closes it, to be read alone. */
static hutch_shown_reader inside(const hutch_shown_reader *r, size_t open, size_t after) {
    hutch_shown_reader inner = *r;
    inner.at = open + 1;
    inner.end = after - 1;
    inner.depth++;
    return inner;
}

static bool unnamed(hutch_shown_reader *r, size_t after) {
    r->at = after;
    return after > 0 && hutch_shown_add_text(r->name, HUTCH_SHOWN_UNNAMED);
}

/* What is between the quotes. Escapes are too much. */
static bool add_quoted(hutch_shown_reader *r, size_t at, size_t after) {
    const char *from = r->text.data + at + 1;
    size_t length = after - at - 2;
    return memchr(from, '\\', length) == NULL && memchr(from, '\n', length) == NULL &&
           hutch_shown_add(r->name, from, length);
}

static bool has_substitution(const hutch_shown_reader *r, size_t at, size_t after) {
    return memchr(r->text.mask + at, '{', after - at) != NULL;
}

/* Of a template V8 shows what is filled in. */
static bool show_template(hutch_shown_reader *r, size_t at, size_t after) {
    while (at < after) {
        const char *open = memchr(r->text.mask + at, '{', after - at);
        if (open == NULL) {
            break;
        }
        size_t brace = (size_t)(open - r->text.mask);
        at = hutch_shown_skip_brackets(r->text, brace);
        if (at == 0) {
            return false;
        }
        hutch_shown_reader inner = inside(r, brace, at);
        if (!hutch_shown_expression(&inner) || here(&inner) != '\0') {
            return false;
        }
    }
    return true;
}

/* A string, a template or a regular expression. */
static bool show_literal(hutch_shown_reader *r) {
    size_t at = r->at;
    size_t after = hutch_shown_skip_brackets(r->text, at);
    r->at = after;
    if (after == 0) {
        return false;
    }
    if (r->text.data[at] == '/') {
        return hutch_shown_add(r->name, r->text.data + at, after - at);
    }
    if (r->text.data[at] == '`' && has_substitution(r, at, after)) {
        return show_template(r, at, after);
    }
    return hutch_shown_add_text(r->name, "\"") && add_quoted(r, at, after) &&
           hutch_shown_add_text(r->name, "\"");
}

static bool show_element(hutch_shown_reader *r) {
    bool is_spread = here(r) == '.';
    if (is_spread) {
        r->at += sizeof "..." - 1;
    }
    return (!is_spread || hutch_shown_add_text(r->name, "(...")) && hutch_shown_expression(r) &&
           (!is_spread || hutch_shown_add_text(r->name, ")"));
}

static bool show_array(hutch_shown_reader *r) {
    size_t after = hutch_shown_skip_brackets(r->text, r->at);
    hutch_shown_reader inner = inside(r, r->at, after);
    bool fits = after > 0 && hutch_shown_add_text(r->name, "[");
    while (fits && here(&inner) != '\0') {
        fits = show_element(&inner) && (here(&inner) == ',' || here(&inner) == '\0');
        if (fits && here(&inner) == ',') {
            inner.at++;
            fits = here(&inner) == '\0' || hutch_shown_add_text(r->name, ",");
        }
    }
    r->at = after;
    return fits && hutch_shown_add_text(r->name, "]");
}

/* Of an object V8 shows how many members it has. */
static bool show_object(hutch_shown_reader *r) {
    size_t after = hutch_shown_skip_brackets(r->text, r->at);
    bool fits = after > 0 && hutch_shown_add_text(r->name, "{");
    for (size_t at = r->at + 1; fits && hutch_shown_skip_blanks(r->text, at) < after - 1; at++) {
        fits = hutch_shown_add_text(r->name, HUTCH_SHOWN_UNNAMED);
        while (fits && at < after - 1 && r->text.mask[at] != ',') {
            char c = r->text.mask[at];
            bool opens = c == '(' || c == '[' || c == '{' || c == HUTCH_MASK_OPEN;
            at = opens ? hutch_shown_skip_brackets(r->text, at) : at + 1;
        }
    }
    r->at = after;
    return fits && hutch_shown_add_text(r->name, "}");
}

/* `(a , b)`, or what is alone in parentheses without them. */
static bool show_list(hutch_shown_reader *inner) {
    size_t begin = inner->name->length;
    bool fits = hutch_shown_expression(inner);
    bool is_list = fits && here(inner) == ',';
    while (fits && here(inner) == ',') {
        inner->at++;
        fits = hutch_shown_add_text(inner->name, " , ") && hutch_shown_expression(inner);
    }
    return fits && here(inner) == '\0' &&
           (!is_list ||
            (open_before(inner->name, begin) && hutch_shown_add_text(inner->name, ")")));
}

/* A function is one that has no name, and so is all that is not known. */
static bool show_enclosed(hutch_shown_reader *r) {
    size_t begin = r->name->length;
    size_t after = hutch_shown_skip_brackets(r->text, r->at);
    if (after == 0) {
        return false;
    }
    size_t next = hutch_shown_skip_blanks(r->text, after);
    bool is_arrow =
        hutch_shown_char(r->text, next) == '=' && hutch_shown_char(r->text, next + 1) == '>';
    hutch_shown_reader inner = inside(r, r->at, after);
    if (is_arrow || !show_list(&inner)) {
        cut(r->name, begin);
        return !is_arrow && unnamed(r, after);
    }
    r->at = after;
    return true;
}

/* After `new` and what it is applied to. */
static bool show_made(hutch_shown_reader *r) {
    size_t begin = r->name->length;
    if (!hutch_shown_constructor(r)) {
        return false;
    }
    size_t paren = hutch_shown_skip_blanks(r->text, r->at);
    size_t after =
        hutch_shown_char(r->text, paren) == '(' ? hutch_shown_skip_brackets(r->text, paren) : r->at;
    r->at = after;
    if (!r->hides_calls) {
        cut(r->name, begin);
        return unnamed(r, after);
    }
    r->kind = HUTCH_SHOWN_CALL;
    return after > 0;
}

static bool is_number(hutch_shown_text text, size_t at, size_t end) {
    while (at < end && text.mask[at] >= '0' && text.mask[at] <= '9') {
        at++;
    }
    return at == end;
}

static bool show_word(hutch_shown_reader *r) {
    size_t begin = r->at;
    size_t end = hutch_shown_skip_word(r->text, begin);
    char first = hutch_shown_char(r->text, begin);
    bool is_digit = first >= '0' && first <= '9';
    r->at = end;
    if (hutch_shown_word_is(r->text, begin, end, "new")) {
        r->at = hutch_shown_skip_blanks(r->text, end);
        return show_made(r);
    }
    if (hutch_shown_word_is(r->text, begin, end, "super")) {
        return unnamed(r, end);
    }
    if (end == begin || hutch_shown_is_keyword(r->text, begin, end) ||
        hutch_shown_word_is(r->text, begin, end, "function") ||
        hutch_shown_word_is(r->text, begin, end, "class") ||
        (is_digit && !is_number(r->text, begin, end))) {
        return false;
    }
    size_t next = hutch_shown_skip_blanks(r->text, end);
    bool is_arrow =
        hutch_shown_char(r->text, next) == '=' && hutch_shown_char(r->text, next + 1) == '>';
    r->kind = is_digit ? HUTCH_SHOWN_NUMBER : HUTCH_SHOWN_VALUE;
    return !is_arrow && hutch_shown_add(r->name, r->text.data + begin, end - begin);
}

static bool show_head(hutch_shown_reader *r) {
    r->kind = HUTCH_SHOWN_VALUE;
    switch (here(r)) {
    case '(':
        if (!show_enclosed(r)) {
            return false;
        }
        r->kind = HUTCH_SHOWN_ENCLOSED;
        return true;
    case '[':
        return show_array(r);
    case '{':
        return show_object(r);
    case HUTCH_MASK_OPEN:
        return show_literal(r);
    default:
        return show_word(r);
    }
}

static bool show_index(hutch_shown_reader *r, bool is_optional) {
    size_t open = r->at;
    size_t after = hutch_shown_skip_brackets(r->text, open);
    size_t first = hutch_shown_skip_blanks(r->text, open + 1);
    size_t last = hutch_shown_char(r->text, first) == HUTCH_MASK_OPEN
                      ? hutch_shown_skip_brackets(r->text, first)
                      : 0;
    bool is_text = last > 0 && r->text.data[first] != '/' && !has_substitution(r, first, last) &&
                   hutch_shown_skip_blanks(r->text, last) + 1 == after;
    r->at = after;
    r->kind = HUTCH_SHOWN_MEMBER;
    if (is_text) {
        return hutch_shown_add_text(r->name, is_optional ? "?." : ".") &&
               add_quoted(r, first, last);
    }
    hutch_shown_reader inner = inside(r, open, after);
    return after > 0 && hutch_shown_add_text(r->name, is_optional ? "?.[" : "[") &&
           hutch_shown_expression(&inner) && here(&inner) == '\0' &&
           hutch_shown_add_text(r->name, "]");
}

static bool show_member(hutch_shown_reader *r, bool is_optional) {
    size_t begin = hutch_shown_skip_blanks(r->text, r->at);
    size_t end = hutch_shown_skip_word(r->text, begin);
    r->at = end;
    r->kind = HUTCH_SHOWN_MEMBER;
    return end > begin && hutch_shown_add_text(r->name, is_optional ? "?." : ".") &&
           hutch_shown_add(r->name, r->text.data + begin, end - begin);
}

/* The arguments of a call, or a template after what is called. */
static bool show_call(hutch_shown_reader *r) {
    r->at = hutch_shown_skip_brackets(r->text, r->at);
    r->kind = r->kind == HUTCH_SHOWN_VALUE ? HUTCH_SHOWN_CALL : HUTCH_SHOWN_CALL_OF;
    return r->at > 0 && (r->hides_calls || hutch_shown_add_text(r->name, CALLED));
}

/* The links of a chain after its head. */
static bool show_links(hutch_shown_reader *r, bool with_calls) {
    bool fits = true;
    for (bool is_link = true; fits && is_link;) {
        char c = here(r);
        bool is_optional = c == '?' && hutch_shown_char(r->text, r->at + 1) == '.';
        bool is_dot = c == '.' && hutch_shown_char(r->text, r->at + 1) != '.';
        if (is_optional || is_dot) {
            r->at += is_optional ? 2 : 1;
            c = here(r);
        }
        if (c == '[') {
            fits = show_index(r, is_optional);
        } else if (with_calls && (c == '(' || c == HUTCH_MASK_OPEN)) {
            fits = show_call(r);
        } else if (is_optional || is_dot) {
            fits = show_member(r, is_optional);
        } else {
            is_link = false;
        }
    }
    return fits;
}

bool hutch_shown_chain(hutch_shown_reader *r) {
    return r->depth < DEPTH_MAX && show_head(r) && show_links(r, true);
}

bool hutch_shown_constructor(hutch_shown_reader *r) {
    return r->depth < DEPTH_MAX && show_head(r) && show_links(r, false);
}

/* Operators of two operands; those of one level bind alike. Longer ones come first. */
typedef struct binary {
    const char *sign;
    unsigned level;
    bool is_joined; /* V8 shows `a + b + c` in one pair of parentheses */
} binary;

/* The level of the one that binds to the right. */
#define POWER 12

static const binary binaries[] = {
    {"===", 7, false}, {"!==", 7, false},    {">>>", 9, true}, {"==", 7, false},
    {"!=", 7, false},  {"<=", 8, false},     {">=", 8, false}, {"<<", 9, true},
    {">>", 9, true},   {"**", POWER, false}, {"??", 1, true},  {"||", 2, true},
    {"&&", 3, true},   {"|", 4, true},       {"^", 5, true},   {"&", 6, true},
    {"<", 8, false},   {">", 8, false},      {"+", 10, true},  {"-", 10, true},
    {"*", 11, true},   {"/", 11, true},      {"%", 11, true},  {"instanceof", 8, false},
    {"in", 8, false},
};

static const binary *find_binary(hutch_shown_reader *r) {
    char c = here(r);
    size_t left = r->end > r->at ? r->end - r->at : 0;
    for (size_t i = 0; i < sizeof binaries / sizeof binaries[0] && c != '\0'; i++) {
        size_t length = strlen(binaries[i].sign);
        bool is_it = length <= left && memcmp(r->text.mask + r->at, binaries[i].sign, length) == 0;
        bool is_longer =
            hutch_shown_is_word(c) && hutch_shown_skip_word(r->text, r->at) != r->at + length;
        if (is_it) {
            bool is_assigned = hutch_shown_char(r->text, r->at + length) == '=';
            return is_longer || is_assigned ? NULL : &binaries[i];
        }
    }
    return NULL;
}

/* `!x`, `typeof x`; a number with a sign is one. */
static bool show_unary(hutch_shown_reader *r) {
    static const char *const words[] = {"typeof", "void", "delete"};
    char c = here(r);
    size_t end = hutch_shown_skip_word(r->text, r->at);
    size_t begin = r->name->length;
    if (hutch_shown_word_is(r->text, r->at, end, "await")) {
        r->at = end;
        bool is_known = show_unary(r);
        cut(r->name, begin);
        r->kind = HUTCH_SHOWN_VALUE;
        return is_known && unnamed(r, r->at);
    }
    const char *word = NULL;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        word = hutch_shown_word_is(r->text, r->at, end, words[i]) ? words[i] : word;
    }
    bool is_sign =
        (c == '!' || c == '-' || c == '+' || c == '~') && hutch_shown_char(r->text, r->at + 1) != c;
    if (word == NULL && !is_sign) {
        return hutch_shown_chain(r);
    }
    r->at = word != NULL ? end : r->at + 1;
    bool is_folded = c == '-' && here(r) >= '0' && here(r) <= '9';
    bool fits =
        (is_folded || hutch_shown_add_text(r->name, "(")) &&
        (word != NULL ? hutch_shown_add_text(r->name, word) && hutch_shown_add_text(r->name, " ")
                      : hutch_shown_add(r->name, &c, 1)) &&
        show_unary(r) && (is_folded || hutch_shown_add_text(r->name, ")"));
    r->kind = is_folded ? HUTCH_SHOWN_NUMBER : HUTCH_SHOWN_OPERATOR;
    return fits;
}

static bool show_binary(hutch_shown_reader *r, unsigned level) {
    size_t begin = r->name->length;
    const binary *last = NULL;
    bool fits = r->depth < DEPTH_MAX && show_unary(r);
    for (const binary *found = fits ? find_binary(r) : NULL; found != NULL && found->level >= level;
         found = fits ? find_binary(r) : NULL) {
        bool is_number = r->kind == HUTCH_SHOWN_NUMBER;
        bool goes_on = found == last && found->is_joined;
        if (goes_on) {
            cut(r->name, r->name->length - 1);
        }
        r->at += strlen(found->sign);
        r->depth++;
        /* Of two numbers V8 makes one. */
        fits = (goes_on || open_before(r->name, begin)) && hutch_shown_add_text(r->name, " ") &&
               hutch_shown_add_text(r->name, found->sign) && hutch_shown_add_text(r->name, " ") &&
               show_binary(r, found->level < POWER ? found->level + 1 : POWER) &&
               !(is_number && r->kind == HUTCH_SHOWN_NUMBER) && hutch_shown_add_text(r->name, ")");
        r->depth--;
        r->kind = HUTCH_SHOWN_OPERATOR;
        last = found;
    }
    return fits;
}

/* After `a ? b : c`, or as far as it is known. */
static bool show_conditional(hutch_shown_reader *r, size_t begin) {
    cut(r->name, begin);
    for (int i = 0; i < 2; i++) {
        char separator = i == 0 ? '?' : ':';
        if (here(r) != separator) {
            return false;
        }
        r->at++;
        if (!hutch_shown_expression(r)) {
            return false;
        }
        cut(r->name, begin);
    }
    r->kind = HUTCH_SHOWN_VALUE;
    return hutch_shown_add_text(r->name,
                                HUTCH_SHOWN_UNNAMED HUTCH_SHOWN_UNNAMED HUTCH_SHOWN_UNNAMED);
}

bool hutch_shown_expression(hutch_shown_reader *r) {
    size_t begin = r->name->length;
    r->depth++;
    bool fits = show_binary(r, 0);
    if (fits && here(r) == '?') {
        fits = show_conditional(r, begin);
    } else if (fits && here(r) == '=') {
        /* Of an assignment V8 shows what is assigned to. */
        size_t end = r->name->length;
        r->at++;
        fits = hutch_shown_char(r->text, r->at) != '=' && hutch_shown_expression(r);
        cut(r->name, end);
    }
    r->depth--;
    return fits;
}
