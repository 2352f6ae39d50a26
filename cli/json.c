/*
 * Whether bytes are JSON: cli_json_is_valid() of json.h. No recursion: how
 * deep the value is nested is kept in a bit for each level.
 */
#include "json.h"

#include <stdint.h>
#include <string.h>

/* Deeper values are refused: the engine refuses them as well. */
#define DEPTH_MAX 4096

typedef struct reader {
    const char *at;
    const char *end;
    unsigned depth;
    uint8_t is_object[DEPTH_MAX / 8];
} reader;

static void skip_space(reader *in) {
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) {
        in->at++;
    }
}

static bool take(reader *in, char c) {
    if (in->at < in->end && *in->at == c) {
        in->at++;
        return true;
    }
    return false;
}

static bool take_word(reader *in, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) {
        return false;
    }
    in->at += length;
    return true;
}

static bool take_digits(reader *in) {
    const char *start = in->at;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
        in->at++;
    }
    return in->at > start;
}

static bool take_number(reader *in) {
    take(in, '-');
    if (!take(in, '0') && !take_digits(in)) {
        return false;
    }
    if (take(in, '.') && !take_digits(in)) {
        return false;
    }
    if (take(in, 'e') || take(in, 'E')) {
        if (!take(in, '+')) {
            take(in, '-');
        }
        return take_digits(in);
    }
    return true;
}

static bool take_hex(reader *in) {
    for (int i = 0; i < 4; i++, in->at++) {
        if (in->at == in->end || strchr("0123456789abcdefABCDEF", *in->at) == NULL ||
            *in->at == '\0') {
            return false;
        }
    }
    return true;
}

static bool take_string(reader *in) {
    if (!take(in, '"')) {
        return false;
    }
    while (in->at < in->end && *in->at != '"') {
        unsigned char c = (unsigned char)*in->at++;
        if (c < 0x20) {
            return false;
        }
        if (c == '\\') {
            if (take(in, 'u')) {
                if (!take_hex(in)) {
                    return false;
                }
            } else if (in->at == in->end || *in->at == '\0' ||
                       strchr("\"\\/bfnrt", *in->at++) == NULL) {
                return false;
            }
        }
    }
    return take(in, '"');
}

static bool take_name(reader *in) {
    skip_space(in);
    if (!take_string(in)) {
        return false;
    }
    skip_space(in);
    return take(in, ':');
}

static bool enter(reader *in, bool object) {
    if (in->depth == DEPTH_MAX) {
        return false;
    }
    uint8_t bit = (uint8_t)(1u << (in->depth % 8));
    if (object) {
        in->is_object[in->depth / 8] |= bit;
    } else {
        in->is_object[in->depth / 8] &= (uint8_t)~bit;
    }
    in->depth++;
    return true;
}

static bool in_object(const reader *in) {
    return (in->is_object[(in->depth - 1) / 8] >> ((in->depth - 1) % 8) & 1) != 0;
}

/* A value that has no others inside. */
static bool take_scalar(reader *in) {
    if (in->at == in->end) {
        return false;
    }
    switch (*in->at) {
    case '"':
        return take_string(in);
    case 't':
        return take_word(in, "true");
    case 'f':
        return take_word(in, "false");
    case 'n':
        return take_word(in, "null");
    default:
        return take_number(in);
    }
}

/* The beginning of a value. @param complete  [out] whether that was all of it */
static bool begin_value(reader *in, bool *complete) {
    skip_space(in);
    *complete = true;
    bool object = take(in, '{');
    if (!object && !take(in, '[')) {
        return take_scalar(in);
    }
    skip_space(in);
    if (take(in, object ? '}' : ']')) {
        return true;
    }
    *complete = false;
    return enter(in, object) && (!object || take_name(in));
}

/* What follows a value: another one in the same brackets, or their end.
 * @param more  [out] whether a value is to follow */
static bool end_value(reader *in, bool *more) {
    *more = false;
    while (in->depth > 0) {
        skip_space(in);
        if (take(in, ',')) {
            *more = true;
            return !in_object(in) || take_name(in);
        }
        if (!take(in, in_object(in) ? '}' : ']')) {
            return false;
        }
        in->depth--;
    }
    return true;
}

bool cli_json_is_valid(const char *text, size_t length) {
    reader in = {.at = text, .end = text + length};
    bool more = true;
    while (more) {
        bool complete;
        if (!begin_value(&in, &complete)) {
            return false;
        }
        if (complete && !end_value(&in, &more)) {
            return false;
        }
    }
    skip_space(&in);
    return in.at == in.end;
}
