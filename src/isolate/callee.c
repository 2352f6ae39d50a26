/*
 * Names of what was called; see callee.h.
 *
 * The beginning of a chain is found backwards, in the mask, where a bracket is
 * one. It is then read forwards, and what does not end where it should has no name.
 *
 * Threads: any.
 */
#include "isolate/callee.h"

#include "isolate/mask.h"

#include <stdint.h>
#include <string.h>

static size_t blanks_before(hutch_shown_text text, size_t at) {
    while (at > 0 && strchr(" \t\r\n", text.mask[at - 1]) != NULL && text.mask[at - 1] != '\0') {
        at--;
    }
    return at;
}

static size_t word_before(hutch_shown_text text, size_t at) {
    while (at > 0 && hutch_shown_is_word(text.mask[at - 1])) {
        at--;
    }
    return at;
}

/* The last character before `at` that is no blank; NUL: there is none. */
static char char_before(hutch_shown_text text, size_t at) {
    size_t before = blanks_before(text, at);
    return hutch_shown_char(text, before - 1);
}

/* Whether the word before `at` is this one. */
static bool follows(hutch_shown_text text, size_t at, const char *word) {
    size_t end = blanks_before(text, at);
    return hutch_shown_word_is(text, word_before(text, end), end, word);
}

/* Where the bracket is that is open around `at` (`depth` 1), or that the one before `at` closes (0);
 * SIZE_MAX: there is none. */
static size_t bracket_before(hutch_shown_text text, size_t at, size_t depth) {
    while (at > 0 && text.mask[at - 1] != HUTCH_MASK_UNKNOWN) {
        char c = text.mask[--at];
        depth += c == ')' || c == ']' || c == '}' || c == HUTCH_MASK_CLOSE;
        depth -= c == '(' || c == '[' || c == '{' || c == HUTCH_MASK_OPEN;
        if (depth == 0) {
            return at;
        }
    }
    return SIZE_MAX;
}

static bool is_close(char c) {
    return c == ')' || c == ']' || c == '}' || c == HUTCH_MASK_CLOSE;
}

/* Whether the parenthesis at `open` is that of a statement, which has no value. */
static bool is_condition(hutch_shown_text text, size_t open) {
    static const char *const words[] = {"if", "while", "for", "with", "switch", "catch"};
    size_t i = 0;
    while (open != SIZE_MAX && i < sizeof words / sizeof words[0] &&
           !follows(text, open, words[i])) {
        i++;
    }
    return i < sizeof words / sizeof words[0];
}

/* Where the dot is that makes a member of what is at `at`; `at` where there is none. */
static size_t dot_before(hutch_shown_text text, size_t at) {
    size_t dot = blanks_before(text, at);
    if (dot == 0 || text.mask[dot - 1] != '.' || (dot > 1 && text.mask[dot - 2] == '.')) {
        return at;
    }
    return dot > 1 && text.mask[dot - 2] == '?' ? dot - 2 : dot - 1;
}

/* Whether a link can follow what ends at `end`. */
static bool is_operand(hutch_shown_text text, size_t end) {
    char c = hutch_shown_char(text, end - 1);
    size_t word = word_before(text, end);
    return c == ')' ? !is_condition(text, bracket_before(text, end, 0))
                    : c == ']' || c == HUTCH_MASK_CLOSE ||
                          (word < end && !hutch_shown_is_keyword(text, word, end));
}

/* Where the link of a chain, or its head, begins that ends at `end`; SIZE_MAX where there is none. */
static size_t link_before(hutch_shown_text text, size_t end) {
    if (end > 0 && is_close(text.mask[end - 1])) {
        return bracket_before(text, end, 0);
    }
    size_t word = word_before(text, end);
    bool is_name =
        word < end && (!hutch_shown_is_keyword(text, word, end) || dot_before(text, word) != word);
    return is_name ? word : SIZE_MAX;
}

/* Where the chain begins that ends at `end`, its `new` included; SIZE_MAX where that cannot be told. */
static size_t chain_before(hutch_shown_text text, size_t end) {
    size_t begin = link_before(text, blanks_before(text, end));
    while (begin != SIZE_MAX) {
        bool is_name = hutch_shown_is_word(text.mask[begin]);
        size_t dot = dot_before(text, begin);
        size_t before = blanks_before(text, dot);
        if (dot == begin && (is_name || text.mask[begin] == '{' || !is_operand(text, before))) {
            break;
        }
        begin = link_before(text, before);
    }
    if (begin != SIZE_MAX && text.mask[begin] == '{' &&
        is_operand(text, blanks_before(text, begin))) {
        return SIZE_MAX;
    }
    return begin != SIZE_MAX && follows(text, begin, "new")
               ? word_before(text, blanks_before(text, begin))
               : begin;
}

static void clear(hutch_shown_name *name) {
    name->length = 0;
    name->text[0] = '\0';
}

static hutch_shown_reader reader(hutch_shown_text text, size_t at, size_t end, bool hides_calls,
                                 hutch_shown_name *name) {
    clear(name);
    return (hutch_shown_reader){
        .text = text, .at = at, .end = end, .hides_calls = hides_calls, .name = name};
}

/* A member of something that has no name. */
static bool show_member(hutch_shown_text text, size_t at, hutch_shown_name *name) {
    bool is_member = hutch_shown_is_word(hutch_shown_char(text, at)) && dot_before(text, at) != at;
    clear(name);
    return is_member && hutch_shown_add_text(name, HUTCH_SHOWN_UNNAMED ".") &&
           hutch_shown_add(name, text.data + at, hutch_shown_skip_word(text, at) - at);
}

/* After the last name of a chain, if `at` is one, or before its arguments. */
static size_t end_of_chain(hutch_shown_text text, size_t at) {
    size_t end = hutch_shown_is_word(hutch_shown_char(text, at)) ? hutch_shown_skip_word(text, at)
                                                                 : blanks_before(text, at);
    return dot_before(text, end);
}

bool hutch_callee_of_call(hutch_shown_text text, size_t at, hutch_shown_name *name) {
    size_t end = end_of_chain(text, at);
    size_t begin = chain_before(text, end);
    hutch_shown_reader r = reader(text, begin, end, false, name);
    bool is_shown = begin != SIZE_MAX && hutch_shown_chain(&r) &&
                    blanks_before(text, r.at) == blanks_before(text, end);
    return is_shown || show_member(text, at, name);
}

bool hutch_callee_of_new(hutch_shown_text text, size_t at, hutch_shown_name *name) {
    size_t end = hutch_shown_skip_word(text, at);
    hutch_shown_reader r = reader(text, end, text.length, false, name);
    return hutch_shown_word_is(text, at, end, "new") && hutch_shown_constructor(&r);
}

/* Whether an expression can end here. */
static bool ends(hutch_shown_text text, size_t at) {
    size_t before = blanks_before(text, at);
    size_t next = hutch_shown_skip_blanks(text, at);
    char c = hutch_shown_char(text, next);
    return next >= text.length || (c != '\0' && strchr(";,)}", c) != NULL) ||
           memchr(text.mask + before, '\n', next - before) != NULL;
}

/* Whether a single `=` is at `at`. */
static bool is_assigned(hutch_shown_text text, size_t at) {
    char next = hutch_shown_char(text, at + 1);
    return hutch_shown_char(text, at) == '=' && next != '=' && next != '>';
}

/* Whether the pattern at `at` follows const, let or var. */
static bool is_declared(hutch_shown_text text, size_t at) {
    return follows(text, at, "const") || follows(text, at, "let") || follows(text, at, "var");
}

/* Whether `at` is the value of an array pattern that is declared. */
static bool is_value_of_pattern(hutch_shown_text text, size_t at) {
    size_t equals = blanks_before(text, at);
    bool is_value = equals > 1 && text.mask[equals - 1] == '=' && text.mask[equals - 2] != '=';
    size_t close = is_value ? blanks_before(text, equals - 1) : 0;
    size_t open =
        close > 0 && text.mask[close - 1] == ']' ? bracket_before(text, close, 0) : SIZE_MAX;
    return open != SIZE_MAX && is_declared(text, open);
}

static bool add_result(hutch_shown_name *name, hutch_shown_kind kind) {
    bool is_call = kind == HUTCH_SHOWN_CALL || kind == HUTCH_SHOWN_CALL_OF;
    return !is_call || hutch_shown_add_text(name, " is not a function or its return value");
}

/* V8 finds the value of a pattern where it has its place at its beginning. */
static bool show_value(hutch_shown_text text, size_t at, hutch_shown_name *name) {
    hutch_shown_reader r = reader(text, at, text.length, true, name);
    bool is_known = hutch_shown_expression(&r) && ends(text, r.at);
    return is_known &&
           (r.kind == HUTCH_SHOWN_VALUE || r.kind == HUTCH_SHOWN_NUMBER ||
            r.kind == HUTCH_SHOWN_CALL) &&
           add_result(name, r.kind);
}

/* Where what a loop walks begins, of which `at` is in; SIZE_MAX where there is no loop. */
static size_t begin_of_loop(hutch_shown_text text, size_t at) {
    if (follows(text, at, "of")) {
        return at;
    }
    char c = hutch_shown_char(text, at);
    size_t end = c == '.' ? hutch_shown_skip_word(text, hutch_shown_skip_blanks(text, at + 1))
                 : hutch_shown_is_word(c) ? hutch_shown_skip_word(text, at)
                                          : blanks_before(text, at);
    size_t begin = chain_before(text, end);
    while (begin != SIZE_MAX && char_before(text, begin) == '(' && !follows(text, begin, "of")) {
        begin = blanks_before(text, begin) - 1;
    }
    return begin != SIZE_MAX && follows(text, begin, "of") ? begin : SIZE_MAX;
}

bool hutch_callee_of_loop(hutch_shown_text text, size_t at, hutch_shown_name *name) {
    size_t close = hutch_shown_char(text, at) == ']' ? bracket_before(text, at + 1, 0) : SIZE_MAX;
    if (close != SIZE_MAX && is_declared(text, close)) {
        clear(name);
        return hutch_shown_add_text(name, ".for");
    }
    if (is_value_of_pattern(text, at)) {
        return show_value(text, at, name);
    }
    size_t begin = begin_of_loop(text, at);
    hutch_shown_reader r = reader(text, begin, text.length, true, name);
    return begin != SIZE_MAX && hutch_shown_expression(&r) && r.kind != HUTCH_SHOWN_OPERATOR &&
           hutch_shown_char(text, hutch_shown_skip_blanks(text, r.at)) == ')' &&
           add_result(name, r.kind);
}

#define SPREAD "..."
#define SPREAD_LENGTH (sizeof SPREAD - 1)

/* After the last link of what is spread, whose place is `at`: a name, an index, or the arguments
 * of a call, which are not part of it. */
static size_t end_of_spread(hutch_shown_text text, size_t at) {
    char c = hutch_shown_char(text, at);
    if (c == '.') {
        at = hutch_shown_skip_blanks(text, at + 1);
    }
    return c == '[' ? hutch_shown_skip_brackets(text, at) : end_of_chain(text, at);
}

static bool is_spread(hutch_shown_text text, size_t at) {
    size_t before = blanks_before(text, at);
    return before >= SPREAD_LENGTH &&
           memcmp(text.mask + before - SPREAD_LENGTH, SPREAD, SPREAD_LENGTH) == 0;
}

/* What is spread as the last argument of the call at `at`. */
static bool show_last_argument(hutch_shown_text text, size_t at, hutch_shown_name *name) {
    const char *open = memchr(text.mask + at, '(', text.length - at);
    size_t after = open != NULL ? hutch_shown_skip_brackets(text, (size_t)(open - text.mask)) : 0;
    size_t found = 0;
    for (size_t i = after > 0 ? (size_t)(open - text.mask) + 1 : 0; i > 0 && i < after - 1;) {
        char c = text.mask[i];
        bool opens = c == '(' || c == '[' || c == '{' || c == HUTCH_MASK_OPEN;
        i = opens ? hutch_shown_skip_brackets(text, i) : i + 1;
        found = is_spread(text, i) ? i : found;
    }
    hutch_shown_reader r = reader(text, found, after > 0 ? after - 1 : 0, false, name);
    return found > 0 && hutch_shown_expression(&r);
}

bool hutch_callee_of_spread(hutch_shown_text text, size_t at, hutch_shown_name *name,
                            hutch_callee_spread *where) {
    size_t end = end_of_spread(text, at);
    size_t begin = chain_before(text, end);
    *where = HUTCH_CALLEE_SPREAD_LAST_ARGUMENT;
    if (begin == SIZE_MAX || !is_spread(text, begin)) {
        return show_last_argument(text, at, name);
    }
    size_t around = bracket_before(text, begin, 1);
    bool is_argument = around != SIZE_MAX && text.mask[around] == '(';
    bool is_result = hutch_shown_char(text, hutch_shown_skip_blanks(text, end)) == '(';
    hutch_shown_reader r = reader(text, begin, end, false, name);
    *where = is_argument ? HUTCH_CALLEE_SPREAD_ARGUMENT
             : is_result ? HUTCH_CALLEE_SPREAD_RESULT
                         : HUTCH_CALLEE_SPREAD_ELEMENT;
    return hutch_shown_chain(&r) && r.at >= end;
}

/* What the pattern from `open` to `close` takes apart. */
static bool show_source(hutch_shown_text text, size_t open, size_t close, bool is_null,
                        hutch_shown_name *name) {
    size_t after = hutch_shown_skip_blanks(text, close);
    size_t end = hutch_shown_skip_word(text, after);
    size_t around = bracket_before(text, open, 1);
    if (hutch_shown_word_is(text, after, end, "of")) {
        return !is_declared(text, open) || hutch_shown_add_text(name, ".for");
    }
    if (is_assigned(text, after)) {
        hutch_shown_reader r = reader(text, after + 1, text.length, false, name);
        if (!hutch_shown_expression(&r) || !ends(text, r.at)) {
            clear(name);
            return hutch_shown_add_text(name, HUTCH_SHOWN_UNNAMED);
        }
        return true;
    }
    return around != SIZE_MAX && text.mask[around] == '(' &&
           hutch_shown_add_text(name, is_null ? "object null" : "undefined");
}

/* The first property of a pattern, and its brace: `at` is its first target. @return SIZE_MAX: it is none of
 * a name or a string */
static size_t show_property(hutch_shown_text text, size_t at, hutch_shown_name *property,
                            bool *is_target) {
    size_t before = blanks_before(text, at);
    size_t end = hutch_shown_skip_word(text, at);
    *is_target = before > 0 && text.mask[before - 1] == ':';
    size_t begin = at;
    if (*is_target) {
        end = blanks_before(text, before - 1);
        begin = link_before(text, end);
        before = begin != SIZE_MAX ? blanks_before(text, begin) : 0;
    }
    if (before == 0 || begin >= end || text.mask[before - 1] != '{') {
        return SIZE_MAX;
    }
    bool is_text = text.mask[begin] == HUTCH_MASK_OPEN;
    size_t quote = is_text ? 1 : 0;
    bool fits = hutch_shown_add(property, text.data + begin + quote, end - begin - quote - quote);
    return fits ? before - 1 : SIZE_MAX;
}

/* The brace of a pattern that has no property with a name; SIZE_MAX: there is none. */
static size_t brace_of(hutch_shown_text text, size_t at) {
    size_t before = blanks_before(text, at);
    bool is_rest = is_spread(text, at) && char_before(text, before - SPREAD_LENGTH) == '{';
    if (is_rest) {
        return blanks_before(text, before - SPREAD_LENGTH) - 1;
    }
    return hutch_shown_char(text, at) == '{' ? at : SIZE_MAX;
}

/* Whether what comes after the first target is a value of its own, or the target is a member: V8 then
 * tells of the property. */
static bool is_special(hutch_shown_text text, size_t at) {
    size_t end = hutch_shown_skip_word(text, at);
    size_t next = hutch_shown_skip_blanks(text, end);
    char c = hutch_shown_char(text, next);
    return is_assigned(text, next) || (end > at && (c == '.' || c == '['));
}

bool hutch_callee_of_pattern(hutch_shown_text text, size_t at, bool is_null,
                             hutch_shown_name *property, hutch_shown_name *name) {
    bool is_target = false;
    size_t open = show_property(text, at, property, &is_target);
    bool is_named = open != SIZE_MAX;
    open = is_named ? open : brace_of(text, at);
    size_t close = open != SIZE_MAX ? hutch_shown_skip_brackets(text, open) : 0;
    size_t around = close > 0 ? bracket_before(text, open, 1) : SIZE_MAX;
    char before = char_before(text, close > 0 ? open : 0);
    if (close == 0 || (!is_named && before == ':')) {
        return false;
    }
    bool is_nested = before == ':' || before == '[' ||
                     (before == ',' && around != SIZE_MAX && text.mask[around] == '[');
    if (is_named && (is_nested || is_special(text, at))) {
        return true;
    }
    return show_source(text, open, close, is_null, name) && (is_named || name->length > 0);
}
