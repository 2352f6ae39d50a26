/*
 * Names of what was called; see callee.h.
 *
 * The beginning of a chain is found backwards. A guess on the way (a quote, a
 * bracket in a comment) can be wrong: the chain is then read forwards, and what
 * does not end where it should has no name.
 *
 * Threads: any.
 */
#include "isolate/callee.h"

#include <string.h>

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '#' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char char_at(hutch_callee_text text, size_t at) {
    if (at >= text.length) {
        return '\0';
    }
    return text.data[at];
}

static size_t skip_blanks(hutch_callee_text text, size_t at) {
    while (is_blank(char_at(text, at))) {
        at++;
    }
    return at;
}

static size_t skip_word(hutch_callee_text text, size_t at) {
    while (is_word(char_at(text, at))) {
        at++;
    }
    return at;
}

static size_t blanks_before(hutch_callee_text text, size_t at) {
    while (at > 0 && is_blank(text.data[at - 1])) {
        at--;
    }
    return at;
}

static size_t word_before(hutch_callee_text text, size_t at) {
    while (at > 0 && is_word(text.data[at - 1])) {
        at--;
    }
    return at;
}

static bool add(hutch_callee_name *name, const char *bytes, size_t length) {
    if (length >= sizeof name->text - name->length) {
        return false;
    }
    memcpy(name->text + name->length, bytes, length);
    name->length += length;
    name->text[name->length] = '\0';
    return true;
}

static bool add_text(hutch_callee_name *name, const char *bytes) {
    return add(name, bytes, strlen(bytes));
}

static bool word_is(hutch_callee_text text, size_t begin, size_t end, const char *word) {
    return end - begin == strlen(word) && memcmp(text.data + begin, word, end - begin) == 0;
}

/* Words that can stand before a chain, and are none of it. */
static bool is_keyword(hutch_callee_text text, size_t begin, size_t end) {
    static const char *const words[] = {"return", "await", "typeof", "new",       "in",
                                        "of",     "void",  "case",   "delete",    "yield",
                                        "else",   "do",    "throw",  "instanceof"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (word_is(text, begin, end, words[i])) {
            return true;
        }
    }
    return false;
}

/* After a string that begins at `at`; 0 where it does not end. A template with an expression in it
 * is too much. */
static size_t skip_string(hutch_callee_text text, size_t at) {
    char quote = text.data[at];
    for (size_t i = at + 1; i < text.length; i++) {
        char c = text.data[i];
        if (c == quote) {
            return i + 1;
        }
        if ((c == '\n' && quote != '`') || (c == '$' && quote == '`')) {
            return 0;
        }
        i += c == '\\';
    }
    return 0;
}

/* After the bracket that closes the one at `at`; 0 where that cannot be told. */
static size_t skip_brackets(hutch_callee_text text, size_t at) {
    size_t depth = 0;
    for (size_t i = at; i < text.length;) {
        char c = text.data[i];
        if (c == '\'' || c == '"' || c == '`') {
            i = skip_string(text, i);
            if (i == 0) {
                return 0;
            }
            continue;
        }
        if (c == '/') {
            return 0;
        }
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
        i++;
        if (depth == 0) {
            return i;
        }
    }
    return 0;
}

/* Where the bracket is that the one before `end` closes; `end` where that cannot be told. */
static size_t brackets_before(hutch_callee_text text, size_t end) {
    size_t depth = 0;
    for (size_t i = end; i > 0;) {
        char c = text.data[--i];
        if (c == '\'' || c == '"' || c == '`') {
            char quote = c;
            do {
                if (i == 0) {
                    return end;
                }
                i--;
            } while (text.data[i] != quote || (i > 0 && text.data[i - 1] == '\\'));
            continue;
        }
        depth += c == ')' || c == ']' || c == '}';
        depth -= c == '(' || c == '[' || c == '{';
        if (depth == 0) {
            return i;
        }
    }
    return end;
}

/* Where the string begins whose closing quote is before `end`; `end` where that cannot be told. */
static size_t string_before(hutch_callee_text text, size_t end) {
    char quote = text.data[end - 1];
    for (size_t i = end - 1; i > 0 && text.data[i - 1] != '\n'; i--) {
        if (text.data[i - 1] == quote) {
            return i - 1;
        }
    }
    return end;
}

/* Where the operand begins that ends at `end`; `end` where there is none. */
static size_t operand_before(hutch_callee_text text, size_t end) {
    for (size_t at = end; at > 0;) {
        char c = text.data[at - 1];
        if (is_word(c)) {
            size_t word = word_before(text, at);
            return is_keyword(text, word, at) ? at : word;
        }
        if (c == '\'' || c == '"' || c == '`') {
            return string_before(text, at);
        }
        if (c != ')' && c != ']') {
            return at;
        }
        size_t open = brackets_before(text, at);
        if (open == at) {
            return end;
        }
        at = blanks_before(text, open);
        if (at == 0 ||
            (!is_word(text.data[at - 1]) && text.data[at - 1] != ')' && text.data[at - 1] != ']')) {
            return open;
        }
        if (is_word(text.data[at - 1]) && is_keyword(text, word_before(text, at), at)) {
            return open;
        }
    }
    return end;
}

/* Where the chain begins that ends at `end`. */
static size_t chain_before(hutch_callee_text text, size_t end) {
    size_t begin = operand_before(text, end);
    for (;;) {
        size_t dot = blanks_before(text, begin);
        if (begin > 0 && text.data[begin - 1] == '/') {
            /* What looks like a name may be the flags of a regular expression. */
            return end;
        }
        if (begin == end || dot == 0 || text.data[dot - 1] != '.' ||
            (dot > 1 && text.data[dot - 2] == '.')) {
            return begin;
        }
        dot -= dot > 1 && text.data[dot - 2] == '?' ? 2 : 1;
        size_t before = blanks_before(text, dot);
        size_t next = operand_before(text, before);
        if (next == before) {
            return end;
        }
        begin = next;
    }
}

/* An index: a name or a number, or a string, which V8 shows after a dot. After it, or 0. */
static size_t show_index(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    size_t begin = skip_blanks(text, at + 1);
    bool is_string = char_at(text, begin) == '\'' || char_at(text, begin) == '"';
    size_t end = is_string ? skip_string(text, begin) : skip_word(text, begin);
    size_t close = skip_blanks(text, end);
    if (end <= begin || char_at(text, close) != ']') {
        return 0;
    }
    bool fits = is_string ? add_text(name, ".") && add(name, text.data + begin + 1, end - begin - 2)
                          : add_text(name, "[") && add(name, text.data + begin, end - begin) &&
                                add_text(name, "]");
    return fits ? close + 1 : 0;
}

/* One link of a chain, if there is one before `end`: after it, `at` where there is none, 0 where it
 * has no name. @param called  [out] whether it is a call */
static size_t show_link(hutch_callee_text text, size_t at, size_t end, hutch_callee_name *name,
                        bool *called) {
    size_t link = skip_blanks(text, at);
    size_t next = at;
    *called = false;
    if (link >= end) {
        return at;
    }
    bool is_optional = char_at(text, link) == '?' && char_at(text, link + 1) == '.';
    if (is_optional || char_at(text, link) == '.') {
        size_t begin = skip_blanks(text, link + (is_optional ? 2 : 1));
        next = skip_word(text, begin);
        bool fits =
            add_text(name, is_optional ? "?." : ".") && add(name, text.data + begin, next - begin);
        return fits && next > begin ? next : 0;
    }
    if (char_at(text, link) == '[') {
        return show_index(text, link, name);
    }
    if (char_at(text, link) == '(') {
        *called = true;
        next = skip_brackets(text, link);
        return next > 0 && add_text(name, "(...)") ? next : 0;
    }
    return at;
}

/* A string, in the quotes of V8. After it, or 0. */
static size_t show_string(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    size_t end = skip_string(text, at);
    bool is_plain = end > 0 && memchr(text.data + at, '\\', end - at) == NULL &&
                    memchr(text.data + at, '\n', end - at) == NULL;
    return is_plain && add_text(name, "\"") && add(name, text.data + at + 1, end - at - 2) &&
                   add_text(name, "\"")
               ? end
               : 0;
}

/* An array of names and numbers. After it, or 0. */
static size_t show_array(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    bool fits = true;
    do {
        fits = fits && add(name, text.data + at, 1);
        size_t word = skip_blanks(text, at + 1);
        size_t end = skip_word(text, word);
        fits = fits && add(name, text.data + word, end - word);
        at = skip_blanks(text, end);
    } while (fits && char_at(text, at) == ',');
    return fits && char_at(text, at) == ']' && add_text(name, "]") ? at + 1 : 0;
}

/* The head of a chain: a name, a string, an array, or what is awaited in parentheses. After it,
 * or 0. */
static size_t show_head(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    char first = char_at(text, at);
    if (first == '\'' || first == '"' || first == '`') {
        return show_string(text, at, name);
    }
    if (first == '[') {
        return show_array(text, at, name);
    }
    if (char_at(text, at) == '(') {
        size_t inner = skip_blanks(text, at + 1);
        size_t end = skip_word(text, inner);
        bool hidden = word_is(text, inner, end, "await") || word_is(text, inner, end, "new");
        size_t next = hidden ? skip_brackets(text, at) : 0;
        return next > 0 && add_text(name, "(intermediate value)") ? next : 0;
    }
    size_t end = skip_word(text, at);
    return end > at && !is_keyword(text, at, end) && add(name, text.data + at, end - at) ? end : 0;
}

/* A chain from `at` on, of what lies before `end`. After it, or 0. */
static size_t show_chain(hutch_callee_text text, size_t at, size_t end, bool with_calls,
                         hutch_callee_name *name, bool *called) {
    size_t next = show_head(text, at, name);
    *called = false;
    while (next > 0 && next < end) {
        if (!with_calls && char_at(text, skip_blanks(text, next)) == '(') {
            break;
        }
        bool call = false;
        size_t after = show_link(text, next, end, name, &call);
        if (after == next) {
            break;
        }
        *called = call;
        next = after;
    }
    return next;
}

/* Whether a chain over several lines may begin in a comment. */
static bool may_be_comment(hutch_callee_text text, size_t begin, size_t end) {
    size_t line = begin;
    while (line > 0 && text.data[line - 1] != '\n') {
        line--;
    }
    return memchr(text.data + begin, '\n', end - begin) != NULL &&
           memmem(text.data + line, begin - line, "//", 2) != NULL;
}

/* What `new` made is an intermediate value to V8; what is called on it has a name. False: nothing is. */
static bool hide_made(hutch_callee_name *name) {
    static const char call[] = "(...)";
    static const char made[] = "(intermediate value)";
    char links[HUTCH_CALLEE_MAX];
    const char *first = strstr(name->text, call);
    if (first == NULL || first[sizeof call - 1] == '\0') {
        return false;
    }
    memcpy(links, first + sizeof call - 1, strlen(first + sizeof call - 1) + 1);
    name->length = 0;
    return add_text(name, made) && add_text(name, links);
}

/* A member of something that has no name. */
static bool show_member(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    size_t before = blanks_before(text, at);
    bool is_member = is_word(char_at(text, at)) && before > 0 && text.data[before - 1] == '.' &&
                     (before < 2 || text.data[before - 2] != '.');
    name->length = 0;
    return is_member && add_text(name, "(intermediate value).") &&
           add(name, text.data + at, skip_word(text, at) - at);
}

static bool show_callee(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    size_t end = is_word(char_at(text, at)) ? skip_word(text, at) : blanks_before(text, at);
    size_t begin = chain_before(text, end);
    size_t before = blanks_before(text, begin);
    bool called = false;
    bool is_made = word_is(text, word_before(text, before), before, "new");
    if (begin == end || may_be_comment(text, begin, end) ||
        show_chain(text, begin, end, true, name, &called) != end) {
        return false;
    }
    return !is_made || hide_made(name);
}

bool hutch_callee_of_call(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    return show_callee(text, at, name) || show_member(text, at, name);
}

bool hutch_callee_of_new(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    size_t end = skip_word(text, at);
    bool called = false;
    return word_is(text, at, end, "new") &&
           show_chain(text, skip_blanks(text, end), text.length, false, name, &called) > 0;
}

/* Whether an expression can end here. */
static bool ends(hutch_callee_text text, size_t at) {
    for (; at < text.length; at++) {
        char c = text.data[at];
        if (c == '\n' || c == ';' || c == ',' || c == ')' || c == '}') {
            return true;
        }
        if (!is_blank(c)) {
            return false;
        }
    }
    return true;
}

/* Whether a single `=` is at `at`. */
static bool is_assigned(hutch_callee_text text, size_t at) {
    return char_at(text, at) == '=' && char_at(text, at + 1) != '=' && char_at(text, at + 1) != '>';
}

/* Whether the pattern at `at` follows const, let or var. */
static bool is_declared(hutch_callee_text text, size_t at) {
    size_t end = blanks_before(text, at);
    size_t word = word_before(text, end);
    return word_is(text, word, end, "const") || word_is(text, word, end, "let") ||
           word_is(text, word, end, "var");
}

/* Where the expression begins that the array pattern at `at` takes apart; 0 where there is none. */
static size_t source_of_array(hutch_callee_text text, size_t at) {
    size_t close = skip_brackets(text, at);
    size_t after = skip_blanks(text, close);
    return close > 0 && is_declared(text, at) && is_assigned(text, after)
               ? skip_blanks(text, after + 1)
               : 0;
}

bool hutch_callee_of_loop(hutch_callee_text text, size_t at, hutch_callee_name *name) {
    bool called = false;
    bool is_pattern = char_at(text, at) == '[';
    size_t begin = is_pattern ? source_of_array(text, at) : at;
    if (is_pattern && begin == 0) {
        return false;
    }
    if (word_is(text, begin, skip_word(text, begin), "await")) {
        return add_text(name, "(intermediate value)");
    }
    size_t end = show_chain(text, begin, text.length, true, name, &called);
    if (end == 0 ||
        !(is_pattern ? ends(text, end) : char_at(text, skip_blanks(text, end)) == ')')) {
        return false;
    }
    if (called) {
        name->length -= strlen("(...)");
        return add_text(name, " is not a function or its return value");
    }
    /* Of a property V8 tells the value only. */
    return !is_pattern || strpbrk(name->text, ".[") == NULL;
}

#define SPREAD "..."
#define SPREAD_LENGTH (sizeof SPREAD - 1)

/* After the last link of what is spread, whose place is `at`: a name, an index, or the arguments
 * of a call, which are not part of it. */
static size_t end_of_spread(hutch_callee_text text, size_t at) {
    if (char_at(text, at) == '[') {
        return skip_brackets(text, at);
    }
    return is_word(char_at(text, at)) ? skip_word(text, at) : blanks_before(text, at);
}

bool hutch_callee_of_spread(hutch_callee_text text, size_t at, hutch_callee_name *name,
                            hutch_callee_spread *where) {
    size_t end = end_of_spread(text, at);
    size_t begin = chain_before(text, end);
    size_t dots = blanks_before(text, begin);
    bool called = false;
    if (begin == end || dots < SPREAD_LENGTH ||
        memcmp(text.data + dots - SPREAD_LENGTH, SPREAD, SPREAD_LENGTH) != 0 ||
        show_chain(text, begin, end, true, name, &called) != end) {
        return false;
    }
    size_t open = blanks_before(text, dots - SPREAD_LENGTH);
    char next = char_at(text, skip_blanks(text, end));
    bool is_argument = open > 0 && text.data[open - 1] == '(' && next == ')';
    *where = next == '('   ? HUTCH_CALLEE_SPREAD_RESULT
             : is_argument ? HUTCH_CALLEE_SPREAD_ONLY_ARGUMENT
                           : HUTCH_CALLEE_SPREAD_OTHER;
    return true;
}

/* What the pattern from `open` to `close` takes apart. */
static bool show_source(hutch_callee_text text, size_t open, size_t close, bool is_null,
                        hutch_callee_name *name) {
    size_t before = blanks_before(text, open);
    size_t after = skip_blanks(text, close);
    bool declared = is_declared(text, open);
    if (declared && word_is(text, after, skip_word(text, after), "of")) {
        return add_text(name, ".for");
    }
    if (declared && is_assigned(text, after)) {
        size_t begin = skip_blanks(text, after + 1);
        if (word_is(text, begin, skip_word(text, begin), "await")) {
            return add_text(name, "(intermediate value)");
        }
        bool called = false;
        size_t end = show_chain(text, begin, text.length, true, name, &called);
        if (end == 0 || !ends(text, end)) {
            name->length = 0;
            return add_text(name, "(intermediate value)");
        }
        return true;
    }
    if (before > 0 && text.data[before - 1] == '(' && char_at(text, after) == ')') {
        return add_text(name, is_null ? "object null" : "undefined");
    }
    return false;
}

bool hutch_callee_of_pattern(hutch_callee_text text, size_t at, bool is_null,
                             hutch_callee_name *property, hutch_callee_name *name) {
    size_t open = blanks_before(text, at);
    size_t end = skip_word(text, at);
    size_t close = open > 0 && text.data[open - 1] == '{' ? skip_brackets(text, open - 1) : 0;
    if (close == 0 || !add(property, text.data + at, end - at)) {
        return false;
    }
    size_t before = blanks_before(text, open - 1);
    bool nested = before > 0 && (text.data[before - 1] == ':' || text.data[before - 1] == '[');
    if (end > at && (nested || is_assigned(text, skip_blanks(text, end)))) {
        return true;
    }
    return show_source(text, open - 1, close, is_null, name);
}
