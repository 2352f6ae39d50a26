/* Safe text; see text.h. */
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* How a character is written out where it must not stand for itself. */
typedef enum style {
    STYLE_TEXT, /* \x1b, \u{202e} */
    STYLE_JSON, /* \u001b */
} style;

/* A code point and its length in bytes; 0 bytes where there is no valid character. */
static uint32_t decode(const char *text, size_t length, size_t *used) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    const size_t want = bytes[0] < 0x80   ? 1
                        : bytes[0] < 0xC0 ? 0
                        : bytes[0] < 0xE0 ? 2
                        : bytes[0] < 0xF0 ? 3
                        : bytes[0] < 0xF8 ? 4
                                          : 0;
    *used = 0;
    if (want == 0 || want > length) {
        return 0;
    }
    uint32_t point = want == 1 ? bytes[0] : bytes[0] & (0x7Fu >> want);
    for (size_t i = 1; i < want; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    if (point < least[want] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        return 0;
    }
    *used = want;
    return point;
}

static bool turns_direction(uint32_t point) {
    return point == 0x61C || point == 0x200E || point == 0x200F ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

static bool is_unsafe(uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || turns_direction(point);
}

static void append_escape(cli_bytes *out, uint32_t point, style how) {
    if (how == STYLE_JSON) {
        cli_bytes_format(out, "\\u%04x", (unsigned)point);
    } else if (point < 0x100) {
        cli_bytes_format(out, "\\x%02x", (unsigned)point);
    } else {
        cli_bytes_format(out, "\\u{%x}", (unsigned)point);
    }
}

/* The bytes that may stay as they are go out in runs. */
static void append(cli_bytes *out, const char *text, size_t length, style how, bool quoted) {
    size_t plain = 0;
    for (size_t i = 0, used; i < length; i += used) {
        const uint32_t point = decode(text + i, length - i, &used);
        const bool valid = used > 0;
        const bool layout = !quoted && (point == '\n' || (point == '\t' && valid));
        const bool mark = quoted && (point == '"' || point == '\\');
        used = valid ? used : 1;
        if (valid && (layout || (!is_unsafe(point) && !mark))) {
            continue;
        }
        cli_bytes_append(out, text + plain, i - plain);
        plain = i + used;
        if (mark) {
            cli_bytes_format(out, "\\%c", (char)point);
        } else if (valid) {
            append_escape(out, point, how);
        } else if (how == STYLE_JSON) {
            cli_bytes_append_text(out, "\\ufffd");
        } else {
            append_escape(out, (unsigned char)text[i], how);
        }
    }
    cli_bytes_append(out, text + plain, length - plain);
}

void cli_text_append_safe(cli_bytes *out, const char *text, size_t length) {
    append(out, text, length, STYLE_TEXT, false);
}

void cli_text_append_json(cli_bytes *out, const char *json, size_t length) {
    append(out, json, length, STYLE_JSON, false);
}

void cli_text_append_json_string(cli_bytes *out, const char *text, size_t length) {
    cli_bytes_append_text(out, "\"");
    append(out, text, length, STYLE_JSON, true);
    cli_bytes_append_text(out, "\"");
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

size_t cli_text_trim(const char **text, size_t length) {
    while (length > 0 && is_space(**text)) {
        ++*text;
        length--;
    }
    while (length > 0 && is_space((*text)[length - 1])) {
        length--;
    }
    return length;
}
