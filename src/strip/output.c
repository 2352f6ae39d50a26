/*
 * Blanking and inserting; see output.h. A character of several bytes cannot
 * become fewer bytes in place: its bytes become spaces, and at the end those
 * that it has more than UTF-16 units are left out (is_surplus()).
 *
 * Threads: one at a time.
 */
#include "strip/output.h"

#include "base/allocator.h"
#include "base/checked.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define ONES UINT64_C(0x0101010101010101)
#define SPACES (ONES * ' ')
#define FIRST_ROOM 16

/* Whether one of eight bytes is 0. */
static bool has_zero_byte(uint64_t word) {
    return ((word - ONES) & ~word & HIGH_BITS) != 0;
}

/* The bytes of a word that come first in memory. @param count  below 8 */
static uint64_t first_bytes(size_t count) {
    static const unsigned char ones_and_zeros[16] = {0xff, 0xff, 0xff, 0xff,
                                                     0xff, 0xff, 0xff, 0xff};
    uint64_t mask;
    memcpy(&mask, ones_and_zeros + 8 - count, sizeof mask);
    return mask;
}

/* Whether eight characters are ASCII and none breaks the line. */
static bool is_plain(uint64_t word) {
    return (word & HIGH_BITS) == 0 && !has_zero_byte(word ^ ONES * '\n') &&
           !has_zero_byte(word ^ ONES * '\r');
}

static bool is_continuation(unsigned char byte) {
    return (byte & 0xc0) == 0x80;
}

/* U+2028 and U+2029 break lines. */
static bool is_wide_break(const strip_output *out, size_t at) {
    const unsigned char *source = out->source;
    return out->length - at >= 3 && source[at] == 0xe2 && source[at + 1] == 0x80 &&
           (source[at + 2] & 0xfe) == 0xa8;
}

/* Blank one character, or one byte of it. @return bytes that are done */
static size_t blank_one(strip_output *out, size_t at) {
    unsigned char byte = out->source[at];
    if (byte == '\n' || byte == '\r') {
        out->text[at] = byte;
        return 1;
    }
    if (is_wide_break(out, at)) {
        memcpy(out->text + at, out->source + at, 3);
        return 3;
    }
    out->has_wide = out->has_wide || byte >= 0x80;
    out->text[at] = ' ';
    return 1;
}

void strip_output_blank(strip_output *out, size_t from, size_t to) {
    if (out->is_frozen) {
        return;
    }
    out->has_edits = true;
    while (from < to) {
        /* The padding after the text allows to load beyond the range. */
        uint64_t word;
        uint64_t range = ~UINT64_C(0);
        size_t size = to - from < sizeof word ? to - from : sizeof word;
        memcpy(&word, out->text + from, sizeof word);
        if (size < sizeof word) {
            range = first_bytes(size);
        }
        if (is_plain((word & range) | (SPACES & ~range))) {
            word = (SPACES & range) | (word & ~range);
            memcpy(out->text + from, &word, sizeof word);
            from += size;
        } else {
            for (size_t end = from + size; from < end;) {
                from += blank_one(out, from);
            }
        }
    }
}

/* Whether a byte that was blanked is none of its character's UTF-16 units: each character has one
   for its first byte, and one of four bytes another for its second. */
static bool is_surplus(const strip_output *out, size_t at) {
    return is_continuation(out->source[at]) && (at == 0 || out->source[at - 1] < 0xf0);
}

void strip_output_put(strip_output *out, size_t at, char character) {
    if (!out->is_frozen) {
        out->text[at] = (unsigned char)character;
        out->has_edits = true;
    }
}

void strip_output_put_last(strip_output *out, size_t end, char character) {
    size_t at = end - 1;
    while (at > 0 && is_surplus(out, at)) {
        at--;
    }
    strip_output_put(out, at, character);
}

/* A block with room for `needed` elements, at least twice what there was. */
static void *grown(strip_output *out, void *block, size_t *room, size_t needed, size_t element) {
    size_t larger = *room != 0 ? *room : FIRST_ROOM;
    size_t size;
    while (larger < needed) {
        if (!hutch_checked_multiply(larger, 2, &larger)) {
            return NULL;
        }
    }
    if (!hutch_checked_multiply(larger, element, &size)) {
        return NULL;
    }
    void *result = hutch_allocator_resize(out->allocator, block, size);
    if (result != NULL) {
        *room = larger;
    }
    return result;
}

/* Room for one more insertion. */
static bool make_row(strip_output *out, strip_insertions *insertions) {
    if (insertions->count < insertions->room) {
        return true;
    }
    strip_insertion *rows = grown(out, insertions->rows, &insertions->room, insertions->count + 1,
                                  sizeof *insertions->rows);
    if (rows == NULL) {
        return false;
    }
    insertions->rows = rows;
    return true;
}

static bool make_words(strip_output *out, size_t length) {
    if (length <= out->words_room - out->words_length) {
        return true;
    }
    char *words = grown(out, out->words, &out->words_room, out->words_length + length, 1);
    if (words == NULL) {
        return false;
    }
    out->words = words;
    return true;
}

static void add(strip_output *out, strip_insertions *insertions, size_t before, const char *text,
                size_t length) {
    if (out->is_frozen) {
        return;
    }
    out->has_edits = true;
    if (out->has_no_memory || !make_row(out, insertions) || !make_words(out, length)) {
        out->has_no_memory = true;
        return;
    }
    memcpy(out->words + out->words_length, text, length);
    insertions->rows[insertions->count++] =
        (strip_insertion){before, out->words_length, length, false};
    out->words_length += length;
}

void strip_output_insert(strip_output *out, size_t before, const char *text, size_t length) {
    add(out, &out->insertions, before, text, length);
}

void strip_output_insert_move(strip_output *out, size_t before, const char *text, size_t length) {
    strip_insertions *insertions = &out->insertions;
    size_t count = insertions->count;
    add(out, insertions, before, text, length);
    if (insertions->count > count) {
        insertions->rows[count].is_move = true;
    }
}

void strip_output_wait(strip_output *out, const char *text, size_t length) {
    add(out, &out->waiting, 0, text, length);
}

void strip_output_place(strip_output *out, size_t first, size_t before) {
    for (size_t i = first; i < out->waiting.count; i++) {
        const strip_insertion *waiting = &out->waiting.rows[i];
        if (out->has_no_memory || !make_row(out, &out->insertions)) {
            out->has_no_memory = true;
            return;
        }
        out->insertions.rows[out->insertions.count++] =
            (strip_insertion){before, waiting->from, waiting->length, false};
    }
    out->waiting.count = first;
}

/* Merge two neighbouring sorted runs into `to`; of two insertions before the same offset the one
   that was made first stays the first. */
static void merge(strip_output *out, const strip_insertion *left, size_t left_count,
                  size_t right_count, strip_insertion *to) {
    const strip_insertion *right = left + left_count;
    while (left_count > 0 && right_count > 0) {
        out->comparisons++;
        if (right->before < left->before) {
            *to++ = *right++;
            right_count--;
        } else {
            *to++ = *left++;
            left_count--;
        }
    }
    bool is_left = left_count > 0;
    memcpy(to, is_left ? left : right, (is_left ? left_count : right_count) * sizeof *to);
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static bool is_sorted(const strip_insertions *insertions) {
    for (size_t i = 1; i < insertions->count; i++) {
        if (insertions->rows[i].before < insertions->rows[i - 1].before) {
            return false;
        }
    }
    return true;
}

/* Nearly always they are made in the order of the text; what goes to the head of a class is not. */
static bool sort(strip_output *out) {
    strip_insertions *insertions = &out->insertions;
    size_t count = insertions->count;
    if (is_sorted(insertions)) {
        return true;
    }
    strip_insertion *to =
        hutch_allocator_resize(out->allocator, NULL, insertions->room * sizeof *to);
    if (to == NULL) {
        return false;
    }
    for (size_t run = 1; run < count; run *= 2) {
        strip_insertion *from = insertions->rows;
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t left = least(run, count - at);
            merge(out, from + at, left, least(run, count - at - left), to + at);
        }
        insertions->rows = to;
        to = from;
    }
    hutch_allocator_release(out->allocator, to);
    return true;
}

/* Copy a range of the text without its surplus bytes. @return bytes written */
static size_t copy(const strip_output *out, unsigned char *to, size_t from, size_t end) {
    if (!out->has_wide) {
        memmove(to, out->text + from, end - from);
        return end - from;
    }
    size_t written = 0;
    size_t at = from;
    while (at < end) {
        uint64_t word;
        if (end - at >= sizeof word) {
            memcpy(&word, out->source + at, sizeof word);
            if ((word & HIGH_BITS) == 0) {
                memmove(to + written, out->text + at, sizeof word);
                written += sizeof word;
                at += sizeof word;
                continue;
            }
        }
        if (out->text[at] != ' ' || !is_surplus(out, at)) {
            to[written++] = out->text[at];
        }
        at++;
    }
    return written;
}

bool strip_output_finish(strip_output *out, size_t *length) {
    size_t size;
    if (out->insertions.count == 0) {
        *length = out->has_wide ? copy(out, out->text, 0, out->length) : out->length;
        out->text[*length] = 0;
        return true;
    }
    if (out->has_no_memory || !hutch_checked_add(out->length, out->words_length, &size) ||
        !hutch_checked_add(size, 1, &size) || !sort(out)) {
        return false;
    }
    unsigned char *text = hutch_allocator_resize(out->allocator, NULL, size);
    if (text == NULL) {
        return false;
    }
    size_t written = 0;
    size_t from = 0;
    for (size_t i = 0; i < out->insertions.count; i++) {
        const strip_insertion *insertion = &out->insertions.rows[i];
        written += copy(out, text + written, from, insertion->before);
        if (insertion->is_move && out->move_count < HUTCH_STRIP_MOVES_MAX) {
            out->moves[out->move_count++] = (hutch_strip_move){written, insertion->length};
        }
        memcpy(text + written, out->words + insertion->from, insertion->length);
        written += insertion->length;
        from = insertion->before;
    }
    written += copy(out, text + written, from, out->length);
    text[written] = 0;
    hutch_allocator_release(out->allocator, out->text);
    out->text = text;
    *length = written;
    return true;
}

void strip_output_release(strip_output *out) {
    hutch_allocator_release(out->allocator, out->insertions.rows);
    hutch_allocator_release(out->allocator, out->waiting.rows);
    hutch_allocator_release(out->allocator, out->words);
}
