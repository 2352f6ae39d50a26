/*
 * See json_short.h. Each function here takes one thing and says where it ends;
 * NULL: it is not there, or not plain.
 */
#include "base/json_short.h"

#include <string.h>

typedef const char *place;

/* From after the opening quote. */
static place string_end(place at, place end) {
    while (at < end && *at >= ' ' && *at <= '~' && *at != '"' && *at != '\\') {
        at++;
    }
    return at < end && *at == '"' ? at + 1 : NULL;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* A whole number. */
static place number_end(place at, place end) {
    at += *at == '-';
    if (at < end && *at == '0') {
        return at + 1;
    }
    place first = at;
    while (at < end && is_digit(*at)) {
        at++;
    }
    return at > first ? at : NULL;
}

static place word_end(place at, place end, const char *word) {
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

static place string_or_word_end(place at, place end) {
    switch (*at) {
    case '"':
        return string_end(at + 1, end);
    case 't':
        return word_end(at, end, "true");
    case 'f':
        return word_end(at, end, "false");
    case 'n':
        return word_end(at, end, "null");
    default:
        return NULL;
    }
}

static place item_end(place at, place end) {
    if (at == end) {
        return NULL;
    }
    return is_digit(*at) || *at == '-' ? number_end(at, end) : string_or_word_end(at, end);
}

/* A member's name and its colon. No name that may turn out to be `__proto__`. */
static place name_end(place at, place end) {
    if (end - at < 2 || at[0] != '"' || at[1] == '_') {
        return NULL;
    }
    at = string_end(at + 1, end);
    return at != NULL && at < end && *at == ':' ? at + 1 : NULL;
}

/* From after the opening bracket. */
static bool count_items(place at, place end, bool object, uint64_t *values) {
    char close = object ? '}' : ']';
    *values = 1;
    if (end - at == 1 && *at == close) {
        return true;
    }
    do {
        at = object ? name_end(at, end) : at;
        at = at != NULL ? item_end(at, end) : NULL;
        if (at == NULL || at == end) {
            return false;
        }
        ++*values;
    } while (*at++ == ',');
    return at[-1] == close && at == end;
}

bool hutch_json_short_count(const char *text, size_t length, uint64_t *values) {
    place end = text + length;
    if (length == 0 || length > HUTCH_JSON_SHORT_MAX) {
        return false;
    }
    if (*text == '{' || *text == '[') {
        return count_items(text + 1, end, *text == '{', values);
    }
    *values = 1;
    return item_end(text, end) == end;
}
