/* Safe text; see text.h. */
#include "text.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* How a character is written out where it must not stand for itself. */
typedef enum style {
    STYLE_TEXT, /* \x1b, \u{202e}; line feeds and tabs stay */
    STYLE_LINE, /* the same, in one line */
    STYLE_JSON, /* \u001b */
} style;

static void append_escape(cli_bytes *out, uint32_t point, style how) {
    if (how == STYLE_JSON && point >= 0x10000) {
        unsigned above = (unsigned)point - 0x10000;
        cli_bytes_format(out, "\\u%04x\\u%04x", 0xD800 + (above >> 10), 0xDC00 + (above & 0x3FF));
    } else if (how == STYLE_JSON) {
        cli_bytes_format(out, "\\u%04x", (unsigned)point);
    } else if (point < 0x100) {
        cli_bytes_format(out, "\\x%02x", (unsigned)point);
    } else {
        cli_bytes_format(out, "\\u{%x}", (unsigned)point);
    }
}

/* Bytes that are not a character. */
static void append_bytes(cli_bytes *out, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        append_escape(out, (unsigned char)bytes[i], STYLE_TEXT);
    }
}

/* The bytes that may stay as they are go out in runs. */
static void append(cli_bytes *out, const char *text, size_t length, style how, bool quoted) {
    size_t plain = 0;
    for (size_t i = 0, used; i < length; i += used) {
        hutch_character next = hutch_utf8_next(text + i, length - i);
        uint32_t point = next.point;
        bool valid = next.is_valid;
        bool layout = !quoted && how != STYLE_LINE && (point == '\n' || (point == '\t' && valid));
        bool mark = quoted && (point == '"' || point == '\\');
        used = next.bytes;
        if (valid && (layout || (!hutch_text_is_unsafe(point) && !mark))) {
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
            append_bytes(out, text + i, used);
        }
    }
    cli_bytes_append(out, text + plain, length - plain);
}

void cli_text_append_safe(cli_bytes *out, const char *text, size_t length) {
    append(out, text, length, STYLE_TEXT, false);
}

void cli_text_append_line(cli_bytes *out, const char *text, size_t length) {
    append(out, text, length, STYLE_LINE, false);
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
