/*
 * Threads: any.
 */
#include "isolate/regexp_words.h"

#include <stdio.h>
#include <string.h>

/* The engine's words, and V8's. */
typedef struct rewording {
    const char *engine;
    const char *v8;
} rewording;

static const rewording rewordings[] = {
    {"expecting ')'", "Unterminated group"},
    {"extraneous characters at the end", "Unmatched ')'"},
    {"nothing to repeat", "Nothing to repeat"},
    {"invalid class range", "Range out of order in character class"},
    {"invalid repetition count", "numbers out of order in {} quantifier"},
    {"duplicate group name", "Duplicate capture group name"},
    {"invalid group name", "Invalid capture group name"},
    {"group name not defined", "Invalid named capture referenced"},
    {"expecting group name", "Invalid named reference"},
    {"unknown unicode property name", "Invalid property name"},
    {"unknown unicode property value", "Invalid property name"},
    {"unknown unicode script", "Invalid property name"},
    {"unknown unicode general category", "Invalid property name"},
    {"invalid group", "Invalid group"},
    {"syntax error", "Lone quantifier brackets"},
    {"too many captures", "Too many captures"},
    {"invalid decimal escape in regular expression", "Invalid decimal escape"},
    {"invalid character in class in regular expression", "Invalid character in character class"},
    {"invalid class set operation in regular expression",
     "Invalid set operation in character class"},
};

/* A backslash that nothing follows. */
static bool ends_in_escape(const char *source) {
    size_t length = strlen(source);
    size_t slashes = 0;
    while (slashes < length && source[length - 1 - slashes] == '\\') {
        slashes++;
    }
    return slashes % 2 == 1;
}

static const char *find(const char *message, const char *source) {
    if (strcmp(message, "unexpected end") == 0) {
        return ends_in_escape(source) ? "\\ at end of pattern" : "Unterminated character class";
    }
    if (strcmp(message, "invalid escape sequence in regular expression") == 0) {
        bool is_unicode = strstr(source, "\\u") != NULL || strstr(source, "\\c") != NULL;
        return is_unicode ? "Invalid Unicode escape" : "Invalid escape";
    }
    const char *found = NULL;
    for (size_t i = 0; i < sizeof rewordings / sizeof rewordings[0] && found == NULL; i++) {
        found = strcmp(message, rewordings[i].engine) == 0 ? rewordings[i].v8 : NULL;
    }
    return found;
}

bool hutch_regexp_words(const char *message, const char *source, const char *flags, char *words,
                        size_t size) {
    const char *found = find(message, source);
    int written = found == NULL ? -1
                                : snprintf(words, size, "Invalid regular expression: /%s/%s: %s",
                                           source, flags, found);
    return written > 0 && (size_t)written < size;
}
