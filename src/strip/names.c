/*
 * Declared names; see names.h.
 *
 * Threads: one at a time.
 */
#include "strip/names.h"

#include "base/allocator.h"
#include "base/checked.h"

#include <string.h>

#define FIRST_ROOM 64

static size_t hash(uint32_t seed, const unsigned char *text, size_t length, uint32_t scope) {
    uint32_t value = scope * 0x9e3779b1u ^ 0x811c9dc5u ^ seed;
    for (size_t i = 0; i < length; i++) {
        value = (value ^ text[i]) * (0x01000193u + 2 * seed);
    }
    return value ^ value >> 15;
}

/* The row of the name, or the free one where it would go. */
static strip_name *probe(const strip_names *names, const unsigned char *text, size_t length,
                         uint32_t scope) {
    size_t at = hash(names->seed, text, length, scope);
    for (;; at++) {
        strip_name *row = &names->rows[at & (names->room - 1)];
        if (row->text == NULL || (row->scope == scope && row->length == length &&
                                  memcmp(row->text, text, length) == 0)) {
            return row;
        }
    }
}

strip_name *strip_names_find(const strip_names *names, const unsigned char *text, size_t length,
                             uint32_t scope) {
    if (names->room == 0) {
        return NULL;
    }
    strip_name *row = probe(names, text, length, scope);
    return row->text != NULL ? row : NULL;
}

static bool grow(strip_names *names, const hutch_allocator *allocator) {
    strip_names larger = {.room = names->room != 0 ? names->room * 2 : FIRST_ROOM,
                          .seed = names->seed};
    size_t size;
    if (!hutch_checked_multiply(larger.room, sizeof *larger.rows, &size)) {
        return false;
    }
    larger.rows = hutch_allocator_new(allocator, size);
    if (larger.rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < names->room; i++) {
        const strip_name *row = &names->rows[i];
        if (row->text != NULL) {
            *probe(&larger, row->text, row->length, row->scope) = *row;
        }
    }
    larger.count = names->count;
    hutch_allocator_release(allocator, names->rows);
    *names = larger;
    return true;
}

strip_name *strip_names_add(strip_names *names, const hutch_allocator *allocator,
                            const unsigned char *text, size_t length, uint32_t scope) {
    if (names->count >= names->room / 2 && !grow(names, allocator)) {
        return NULL;
    }
    strip_name *row = probe(names, text, length, scope);
    if (row->text == NULL) {
        *row = (strip_name){.text = text, .length = (uint32_t)length, .scope = scope};
        names->count++;
    }
    return row;
}
