/*
 * Excerpts of programs; see hutch/excerpt.h. One pass finds the lines, then
 * each is written character by character, all from the same column on.
 *
 * Threads: any.
 */
#include <hutch/excerpt.h>

#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Lines before and after the one with the mark. */
#define BEFORE 2
#define BEHIND 1
/* Most characters of a line: marks that take no column of their own could go on for ever. */
#define SHOWN_MAX ((size_t)2 * HUTCH_EXCERPT_COLUMNS)
#define LINES (BEFORE + 1 + BEHIND)

static const char replacement[] = "\xEF\xBF\xBD";
static const char cut_sign[] = "\xE2\x80\xA6";

/* A line of the source, without its end. */
typedef struct text_line {
    const char *begin;
    const char *end;
} text_line;

/* One character. */
typedef struct character {
    uint32_t point; /* of invalid bytes: U+FFFD */
    size_t bytes;
    unsigned units;   /* of UTF-16 */
    unsigned columns; /* on a terminal */
} character;

/* Where the text goes. Never beyond `size`, of which one byte is for the NUL. */
typedef struct writer {
    char *out;
    size_t length;
    size_t size;
} writer;

/* All of a piece or, from the first one on that has no room, nothing. */
static void put(writer *w, const char *bytes, size_t length) {
    if (length > w->size - 1 - w->length) {
        w->size = w->length + 1;
        return;
    }
    memcpy(w->out + w->length, bytes, length);
    w->length += length;
}

static void put_repeated(writer *w, char c, size_t count) {
    for (; count > 0; count--) {
        put(w, &c, 1);
    }
}

/* Tabs become a blank, the others U+FFFD: one column each. */
static bool is_shown_as_sign(uint32_t point) {
    return hutch_text_is_unsafe(point) || point == 0xFFFD;
}

/* The character at `text`, which is before `end`; of invalid bytes, one. */
static character read_character(const char *text, const char *end) {
    hutch_character next = hutch_utf8_next(text, (size_t)(end - text));
    uint32_t point = next.is_valid ? next.point : 0xFFFD;
    return (character){.point = point,
                       .bytes = next.is_valid ? next.bytes : 1,
                       .units = hutch_utf8_units_of(point),
                       .columns = is_shown_as_sign(point) ? 1 : hutch_text_columns_of(point)};
}

/* The line at `text`. @return where the next one begins; NULL: it was the last */
static const char *read_line(const char *text, const char *end, text_line *line) {
    const char *at = text;
    while (at < end && *at != '\n' && *at != '\r') {
        at++;
    }
    *line = (text_line){text, at};
    if (at == end) {
        return NULL;
    }
    return *at == '\r' && at + 1 < end && at[1] == '\n' ? at + 2 : at + 1;
}

/* The lines around `number`. @param first  [out] number of the first @return how many; 0: none */
static size_t find_lines(const char *source, size_t length, uint32_t number, text_line *lines,
                         uint32_t *first) {
    const char *next = source;
    *first = number > BEFORE ? number - BEFORE : 1;
    size_t count = 0;
    for (uint32_t n = 1; next != NULL && n < *first; n++) {
        next = read_line(next, source + length, &lines[0]);
    }
    size_t wanted = number - *first + 1;
    while (next != NULL && count < wanted + BEHIND) {
        /* What a line feed at the end leaves is not a line to show after the mark. */
        if (count >= wanted && next == source + length) {
            break;
        }
        next = read_line(next, source + length, &lines[count++]);
    }
    return count >= wanted ? count : 0;
}

/* Columns before a place, and whether the place is within the line. */
static size_t columns_before(text_line line, uint32_t column, const char **place) {
    size_t columns = 0;
    const char *at = line.begin;
    for (uint32_t left = column > 0 ? column - 1 : 0; left > 0 && at < line.end;) {
        character c = read_character(at, line.end);
        columns += c.columns;
        left -= c.units < left ? c.units : left;
        at += c.bytes;
    }
    *place = at;
    return columns;
}

static void put_character(writer *w, const char *text, character c) {
    if (c.point == '\t') {
        put(w, " ", 1);
    } else if (is_shown_as_sign(c.point)) {
        put(w, replacement, sizeof replacement - 1);
    } else {
        put(w, text, c.bytes);
    }
}

/* A line from column `from` on. */
static void put_line(writer *w, text_line line, size_t from) {
    size_t column = 0;
    size_t shown = 0;
    bool cut = from > 0;
    const char *at = line.begin;
    while (at < line.end && column < from + HUTCH_EXCERPT_COLUMNS && shown < SHOWN_MAX) {
        character c = read_character(at, line.end);
        if (cut && column >= from) {
            put(w, cut_sign, sizeof cut_sign - 1);
            put_repeated(w, ' ', c.columns > 1 ? c.columns - 1 : 0);
            cut = false;
        } else if (column >= from) {
            put_character(w, at, c);
            shown++;
        }
        column += c.columns;
        at += c.bytes;
    }
    if (at < line.end) {
        put(w, cut_sign, sizeof cut_sign - 1);
    }
    put(w, "\n", 1);
}

static bool is_word(uint32_t point) {
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
           (point >= '0' && point <= '9') || point == '_' || point == '$' ||
           (point >= 0xA0 && !is_shown_as_sign(point));
}

/* Marks below the word at a place, one below anything else. */
static size_t mark_length(text_line line, const char *place, size_t most) {
    size_t length = 0;
    for (const char *at = place; at < line.end;) {
        character c = read_character(at, line.end);
        if (!is_word(c.point)) {
            break;
        }
        length += c.columns;
        at += c.bytes;
    }
    return length == 0 ? 1 : length < most ? length : most;
}

size_t hutch_excerpt_write(const char *source, size_t length, uint32_t line, uint32_t column,
                           char *out, size_t size) {
    text_line lines[LINES];
    uint32_t first = 0;
    writer w = {.out = out, .size = size};
    out[0] = '\0';
    size_t count = line > 0 ? find_lines(source, length, line, lines, &first) : 0;
    if (count == 0) {
        return 0;
    }
    char number[16];
    int width = snprintf(number, sizeof number, "%u", (unsigned)(first + count - 1));
    const char *place = NULL;
    size_t mark = columns_before(lines[line - first], column, &place);
    size_t from = mark > HUTCH_EXCERPT_COLUMNS * 3 / 4 ? mark - HUTCH_EXCERPT_COLUMNS / 2 : 0;
    for (size_t i = 0; i < count; i++) {
        bool marked = first + i == line;
        char gutter[32];
        int length_of_gutter = snprintf(gutter, sizeof gutter, "%s%*u | ", marked ? "> " : "  ",
                                        width, (unsigned)(first + i));
        put(&w, gutter, (size_t)length_of_gutter);
        put_line(&w, lines[i], from);
        if (marked && column > 0) {
            put_repeated(&w, ' ', (size_t)width + 3);
            put(&w, "| ", 2);
            put_repeated(&w, ' ', mark - from);
            put_repeated(&w, '^',
                         mark_length(lines[i], place, HUTCH_EXCERPT_COLUMNS - (mark - from)));
            put(&w, "\n", 1);
        }
    }
    w.out[w.length] = '\0';
    return w.length;
}
