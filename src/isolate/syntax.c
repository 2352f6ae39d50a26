/*
 * Errors of syntax; see syntax.h.
 *
 * Three speak of them: the look at the braces (scan.h), the stripper of types,
 * and the engine. Each may have lost its way because of something that the
 * others understand, so whoever got further has the word; at the same place the
 * stripper, which says what it expected.
 *
 * The engine's place is not known if the guest has meddled with stacks.
 *
 * Threads: the isolate's own.
 */
#include "isolate/syntax.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Longest token that is repeated in a message. */
#define TOKEN_SHOWN ((size_t)40)
#define MESSAGE_MAX 512

static const char no_modules[] = "a program has no modules, so nothing can be imported: tools are "
                                 "global functions, what a package would "
                                 "do has to be in the program, and what it returns is its result";

/* Where the token stands that the engine's words are about. */
typedef enum token_place {
    AT,     /* where the engine says */
    BEFORE, /* it is the one before */
} token_place;

/* The engine's words and ours. `%s` is the token; text after the engine's words is kept. */
typedef struct rewording {
    const char *engine;
    token_place place;
    const char *ours;
} rewording;

static const rewording rewordings[] = {
    {"unexpected token in expression: ", AT, "expected an expression, found "},
    {"invalid redefinition of ", BEFORE, "'%s' is declared twice"},
    {"missing initializer for ", BEFORE, "the constant '%s' has no value"},
    {"break must be inside ", BEFORE, "'%s' is outside of a loop or switch"},
    {"continue must be inside ", BEFORE, "'%s' is outside of a loop"},
    {"break/continue label not found", AT, "there is no label '%s' around this"},
    {"unexpected end of string", AT, "the string does not end on its line"},
    {"unexpected line terminator in regexp", AT, "the regular expression does not end on its line"},
    {"unsupported keyword: ", AT, no_modules},
};

/* A piece of the program. */
typedef struct token {
    size_t at;
    size_t length;
} token;

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';';
}

/* The token at a byte: a word, or one character. */
static token token_at(const hutch_source *source, size_t at) {
    token found = {.at = at};
    while (at + found.length < source->length && is_word(source->code[at + found.length])) {
        found.length++;
    }
    found.length += found.length == 0 && at < source->length;
    return found;
}

/* The word before a byte; of no length if there is something else. */
static token word_before(const hutch_source *source, size_t at) {
    while (at > 0 && is_blank(source->code[at - 1])) {
        at--;
    }
    token found = {.at = at};
    while (found.at > 0 && is_word(source->code[found.at - 1])) {
        found.at--;
        found.length++;
    }
    return found;
}

static bool is_text(const hutch_source *source, token t, const char *text) {
    return t.length == strlen(text) && memcmp(source->code + t.at, text, t.length) == 0;
}

/* The message, and no frame but the place. */
static void set_error(hutch_report *report, const char *message, hutch_position place) {
    hutch_report_set(&report->name, "SyntaxError");
    hutch_report_set(&report->message, message);
    report->line = place.line;
    report->column = place.column;
    hutch_report_clear(&report->stack);
    hutch_report_format(&report->stack, "    at " HUTCH_SOURCE_NAME ":%" PRIu32 ":%" PRIu32,
                        place.line, place.column);
}

static bool is_behind(hutch_position a, hutch_position b) {
    return a.line > b.line || (a.line == b.line && a.column > b.column);
}

static hutch_position place_of(const hutch_report *report) {
    return (hutch_position){report->line, report->column};
}

static bool begins(const char *text, const char *start) {
    size_t length = strlen(start);
    return strlen(text) >= length && memcmp(text, start, length) == 0;
}

static const rewording *find_rewording(const char *words) {
    for (size_t i = 0; i < sizeof rewordings / sizeof rewordings[0]; i++) {
        if (begins(words, rewordings[i].engine)) {
            return &rewordings[i];
        }
    }
    return NULL;
}

/* What the engine said, NUL-terminated; all its messages of syntax are short. */
static void take_words(const hutch_report *report, char words[MESSAGE_MAX]) {
    const hutch_buffer *message = &report->message;
    size_t length = message->length < MESSAGE_MAX ? message->length : MESSAGE_MAX - 1;
    if (length > 0) {
        memcpy(words, message->data, length);
    }
    words[length] = '\0';
}

static void reword_with_token(hutch_report *report, const hutch_source *source,
                              const rewording *found, token about) {
    char message[MESSAGE_MAX];
    char shown[TOKEN_SHOWN + 1];
    size_t length = hutch_utf8_cut(source->code + about.at, about.length, TOKEN_SHOWN);
    memcpy(shown, source->code + about.at, length);
    shown[length] = '\0';
    const char *gap = strstr(found->ours, "%s");
    int before = gap != NULL ? (int)(gap - found->ours) : (int)strlen(found->ours);
    snprintf(message, sizeof message, "%.*s%s%s", before, found->ours, gap != NULL ? shown : "",
             gap != NULL ? gap + 2 : "");
    set_error(report, message, hutch_source_place(source, about.at));
}

static void reword_at(hutch_report *report, const hutch_source *source, const rewording *found,
                      const char *words, size_t at) {
    char message[MESSAGE_MAX];
    bool keeps_rest = found->ours[strlen(found->ours) - 1] == ' ';
    snprintf(message, sizeof message, "%s%s", found->ours,
             keeps_rest ? words + strlen(found->engine) : "");
    set_error(report, message, hutch_source_place(source, at));
}

/* `expecting ')'`, and what stands there instead. */
static void say_found(hutch_report *report, const hutch_source *source, const char *words,
                      size_t at) {
    char message[MESSAGE_MAX];
    token found = token_at(source, at);
    int length = (int)hutch_utf8_cut(source->code + at, found.length, TOKEN_SHOWN);
    snprintf(message, sizeof message, "expected %.200s, found '%.*s'", words + strlen("expecting "),
             length, source->code + at);
    set_error(report, message, hutch_source_place(source, at));
}

/* The engine's place is within the program, or right after it. */
static void reword(hutch_report *report, const hutch_source *source) {
    char words[MESSAGE_MAX];
    take_words(report, words);
    size_t at = hutch_source_offset(source, place_of(report));
    const rewording *found = find_rewording(words);
    token before = word_before(source, at);
    bool is_property = before.at > 0 && source->code[before.at - 1] == '.';
    if (is_text(source, before, "import") && !is_property) {
        set_error(report, no_modules, hutch_source_place(source, before.at));
    } else if (found != NULL && strstr(found->ours, "%s") != NULL) {
        token about = found->place == BEFORE ? before : token_at(source, at);
        if (about.length > 0) {
            reword_with_token(report, source, found, about);
        }
    } else if (found != NULL) {
        reword_at(report, source, found, words, at);
    } else if (begins(words, "expecting ") && at < source->length) {
        say_found(report, source, words, at);
    }
}

/* Whether the engine stumbled over a token, rather than over what the program says. */
static bool is_about_token(const hutch_report *report) {
    char words[MESSAGE_MAX];
    take_words(report, words);
    return begins(words, "Unexpected ") || begins(words, "unexpected ") ||
           begins(words, "expecting ") || strstr(words, " expected") != NULL;
}

/* The engine complained about something after the program: about our own wrapping, or about the
 * program's last word. */
static void mend_end(hutch_report *report, const hutch_source *source) {
    hutch_position last = hutch_source_end(source);
    if (is_about_token(report)) {
        set_error(report, "Unexpected end of input", last);
    } else {
        report->line = last.line;
        report->column = last.column;
        reword(report, source);
    }
}

/* The engine's words, about the program. */
static void mend_engine(hutch_report *report, const hutch_source *source, bool only_strayed) {
    bool known = report->line > 0;
    if (source->strayed) {
        hutch_position stray = hutch_source_place(source, source->stray_at);
        if (only_strayed || !known || is_behind(place_of(report), stray)) {
            set_error(report, "Unexpected token '}'", stray);
            return;
        }
    }
    if (known && report->line > hutch_source_end(source).line) {
        mend_end(report, source);
    } else if (known) {
        reword(report, source);
    }
}

void hutch_syntax_mend(hutch_guest *guest, JSValueConst thrown) {
    hutch_report *report = &guest->isolate->report;
    const hutch_source *source = &guest->run.source;
    mend_engine(report, source, JS_IsNull(thrown));
    const hutch_strip_problem *problem = source->problem;
    if (problem != NULL) {
        hutch_position place = {problem->line, problem->column};
        if (report->line == 0 || !is_behind(place_of(report), place)) {
            set_error(report, problem->message, place);
        }
    }
}
