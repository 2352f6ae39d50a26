/*
 * Finding near names; see nearest.h. A candidate gets a rank, the least is the
 * nearest: 0 is the same name but for case and separators, 1 the same after a
 * prefix (`external_search` for `search`), then one more for each edit.
 *
 * Threads: any.
 */
#include "isolate/nearest.h"

#include <stdbool.h>
#include <string.h>

enum { RANK_SAME = 0, RANK_PREFIXED = 1, RANK_EDITS = 2, RANK_HOLDS = 4, RANK_FAR = 100 };

/* A name that holds another one tells something only if the other one is as long as this. */
#define HELD_MIN ((size_t)4)

/* Letters that count: in lower case, without separators. */
typedef struct letters {
    char data[HUTCH_NEAREST_NAME_MAX];
    size_t length;
} letters;

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static letters reduce(const char *name, size_t length) {
    letters reduced = {.length = 0};
    for (size_t i = 0; i < length; i++) {
        if (name[i] != '_' && name[i] != '$') {
            reduced.data[reduced.length++] = lower(name[i]);
        }
    }
    return reduced;
}

static bool same(const letters *a, const letters *b) {
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static bool holds(const letters *a, const letters *b) {
    return b->length >= HELD_MIN && memmem(a->data, a->length, b->data, b->length) != NULL;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Letters put in, left out, replaced, or exchanged with their neighbours. */
static size_t edits(const letters *a, const letters *b) {
    size_t rows[3][HUTCH_NEAREST_NAME_MAX + 1];
    for (size_t j = 0; j <= b->length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a->length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b->length; j++) {
            char x = a->data[i - 1];
            char y = b->data[j - 1];
            row[j] = least(above[j - 1] + (x != y), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x == b->data[j - 2] && y == a->data[i - 2]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
    }
    return rows[a->length % 3][b->length];
}

/* One edit in three letters is a slip, more is another name; and never above three. */
static size_t edits_allowed(const letters *wrong) {
    return least(wrong->length < 3 ? 0 : (wrong->length + 1) / 3, 3);
}

static size_t rank_letters(const letters *wrong, const letters *known) {
    size_t allowed = edits_allowed(wrong);
    size_t longer = wrong->length > known->length ? wrong->length : known->length;
    if (longer - least(wrong->length, known->length) <= allowed) {
        size_t count = edits(wrong, known);
        if (count <= allowed) {
            return RANK_EDITS + count;
        }
    }
    return holds(known, wrong) || holds(wrong, known) ? RANK_HOLDS : RANK_FAR;
}

static size_t rank(const letters *wrong, hutch_name known) {
    if (known.length > HUTCH_NEAREST_NAME_MAX) {
        return RANK_FAR;
    }
    letters whole = reduce(known.data, known.length);
    if (same(wrong, &whole)) {
        return RANK_SAME;
    }
    const char *separator = memchr(known.data, '_', known.length);
    size_t prefix = separator != NULL ? (size_t)(separator - known.data) + 1 : known.length;
    letters rest = reduce(known.data + prefix, known.length - prefix);
    if (rest.length == 0) {
        return rank_letters(wrong, &whole);
    }
    return same(wrong, &rest) ? RANK_PREFIXED
                              : least(rank_letters(wrong, &whole), rank_letters(wrong, &rest));
}

hutch_nearness hutch_nearest(hutch_name name, hutch_name_at *at, const void *candidates,
                             size_t count, size_t found[HUTCH_NEAREST_MAX], size_t *most) {
    size_t ranks[HUTCH_NEAREST_MAX];
    *most = 0;
    if (name.length > HUTCH_NEAREST_NAME_MAX) {
        return HUTCH_NEAREST_NONE;
    }
    letters wrong = reduce(name.data, name.length);
    for (size_t i = 0; i < count; i++) {
        size_t own = rank(&wrong, at(candidates, i));
        size_t place = *most;
        while (place > 0 && ranks[place - 1] > own) {
            place--;
        }
        if (own == RANK_FAR || place == HUTCH_NEAREST_MAX) {
            continue;
        }
        *most += *most < HUTCH_NEAREST_MAX;
        for (size_t j = *most - 1; j > place; j--) {
            ranks[j] = ranks[j - 1];
            found[j] = found[j - 1];
        }
        ranks[place] = own;
        found[place] = i;
    }
    if (*most == 0) {
        return HUTCH_NEAREST_NONE;
    }
    return ranks[0] <= RANK_PREFIXED ? HUTCH_NEAREST_SAME : HUTCH_NEAREST_SIMILAR;
}
