/*
 * Markdown fences; see fence.h. Lines are looked at once.
 *
 * Threads: any; pure functions.
 */
#include "strip/fence.h"

#include <string.h>

/* Characters of a fence, at least. */
#define FENCE_MIN 3

typedef struct line {
    size_t start; /* after its blanks */
    size_t end;   /* before its break */
    size_t next;
    size_t marks; /* backticks or tildes at its start */
    unsigned char mark;
    bool is_bare;   /* nothing but blanks follows them */
    bool is_inline; /* a backtick follows them */
} line;

static line read_line(const unsigned char *text, size_t length, size_t at) {
    line read = {.start = at, .is_bare = true};
    while (read.start < length && (text[read.start] == ' ' || text[read.start] == '\t')) {
        read.start++;
    }
    read.mark = read.start < length ? text[read.start] : 0;
    size_t end = read.start;
    while (end < length && text[end] == read.mark && (read.mark == '`' || read.mark == '~')) {
        end++;
    }
    read.marks = end - read.start;
    for (; end < length && text[end] != '\n' && text[end] != '\r'; end++) {
        read.is_bare = read.is_bare && (text[end] == ' ' || text[end] == '\t');
        read.is_inline = read.is_inline || text[end] == '`';
    }
    read.end = end;
    read.next = end;
    if (end < length) {
        read.next += text[end] == '\r' && end + 1 < length && text[end + 1] == '\n' ? 2 : 1;
    }
    return read;
}

static bool opens(const line *read) {
    return read->marks >= FENCE_MIN && !(read->mark == '`' && read->is_inline);
}

/* The end of the code of a block, and where the text goes on. @return false: it is not closed */
static bool find_end(const unsigned char *text, size_t length, const line *open, size_t *end,
                     size_t *next) {
    for (size_t at = open->next; at < length;) {
        line read = read_line(text, length, at);
        if (read.marks >= open->marks && read.mark == open->mark && read.is_bare) {
            *end = at;
            *next = read.next;
            return true;
        }
        at = read.next;
    }
    *next = length;
    *end = length;
    return false;
}

/* Of a block that is not closed: a fence at the end of its last line, rather than on one of its own. */
static size_t without_last_fence(const unsigned char *text, size_t begin, size_t end) {
    size_t at = end;
    while (at > begin && strchr(" \t\r\n", text[at - 1]) != NULL && text[at - 1] != '\0') {
        at--;
    }
    size_t marks = 0;
    while (at - marks > begin && text[at - marks - 1] == '`') {
        marks++;
    }
    return marks == FENCE_MIN ? at - marks : end;
}

strip_fence strip_fence_find(const unsigned char *text, size_t length) {
    strip_fence found = {.count = 0};
    size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < length && found.count < 2) {
        line read = read_line(text, length, at);
        size_t end;
        size_t next = read.next;
        if (!opens(&read)) {
            at = next;
            continue;
        }
        bool is_closed = find_end(text, length, &read, &end, &next);
        if (!is_closed && read.mark == '~') {
            break;
        }
        if (found.count == 0) {
            found = (strip_fence){.open = read.start, .line_end = read.end, .begin = read.next};
            found.end = is_closed ? end : without_last_fence(text, read.next, length);
        } else {
            found.second = read.start;
        }
        found.count++;
        at = next;
    }
    return found;
}
