/*
 * Free chunks by size; see bins.h.
 *
 * Invariant: a bit is set exactly where the list has a chunk; links go both
 * ways; the first chunk's previous is NULL.
 *
 * Threads: those of the arena.
 */
#include "arena/bins.h"

/* Chunks of the request's own bin that are looked at before a larger bin is taken: that bin's
 * chunks differ by less than a sixteenth, so most of them fit, and an exact fit is common because
 * the engine asks for the same sizes again and again. */
#define OWN_BIN_LOOKS 8

typedef struct bin {
    unsigned row;
    unsigned column;
} bin;

static bin bin_of(size_t size) {
    if (size < HUTCH_BIN_EXACT_BELOW) {
        return (bin){.row = 0, .column = (unsigned)(size / HUTCH_CHUNK_GRAIN)};
    }
    unsigned log = 63u - (unsigned)__builtin_clzll(size);
    return (bin){.row = log - 7, .column = (unsigned)(size >> (log - 4)) % HUTCH_BIN_COLUMNS};
}

static char *next_link(hutch_chunk chunk) {
    return chunk + HUTCH_CHUNK_TAG_SIZE;
}

static char *previous_link(hutch_chunk chunk) {
    return chunk + 2 * HUTCH_CHUNK_TAG_SIZE;
}

static hutch_chunk get_link(const char *link) {
    return (hutch_chunk)(uintptr_t)hutch_word_get(link);
}

static void set_link(char *link, hutch_chunk chunk) {
    hutch_word_set(link, (uintptr_t)chunk);
}

void hutch_bins_insert(hutch_arena_bins *bins, hutch_chunk chunk, size_t size) {
    bin at = bin_of(size);
    hutch_chunk *head = &bins->heads[at.row][at.column];
    set_link(next_link(chunk), *head);
    set_link(previous_link(chunk), NULL);
    if (*head != NULL) {
        set_link(previous_link(*head), chunk);
    }
    *head = chunk;
    bins->columns[at.row] = (uint16_t)(bins->columns[at.row] | 1u << at.column);
    bins->rows |= UINT32_C(1) << at.row;
}

void hutch_bins_remove(hutch_arena_bins *bins, hutch_chunk chunk, size_t size) {
    hutch_chunk next = get_link(next_link(chunk));
    hutch_chunk previous = get_link(previous_link(chunk));
    if (next != NULL) {
        set_link(previous_link(next), previous);
    }
    if (previous != NULL) {
        set_link(next_link(previous), next);
        return;
    }
    bin at = bin_of(size);
    bins->heads[at.row][at.column] = next;
    if (next == NULL) {
        bins->columns[at.row] = (uint16_t)(bins->columns[at.row] & ~(1u << at.column));
        if (bins->columns[at.row] == 0) {
            bins->rows &= ~(UINT32_C(1) << at.row);
        }
    }
}

/* The first chunk of the smallest bin above `at` that has one. */
static hutch_chunk find_above(const hutch_arena_bins *bins, bin at) {
    unsigned columns = bins->columns[at.row] & ~0u << (at.column + 1);
    if (columns == 0) {
        uint32_t rows = bins->rows & (uint32_t)(~UINT64_C(0) << (at.row + 1));
        if (rows == 0) {
            return NULL;
        }
        at.row = (unsigned)__builtin_ctz(rows);
        columns = bins->columns[at.row];
    }
    return bins->heads[at.row][__builtin_ctz(columns)];
}

hutch_chunk hutch_bins_find(const hutch_arena_bins *bins, size_t size) {
    bin at = bin_of(size);
    hutch_chunk chunk = bins->heads[at.row][at.column];
    for (unsigned looks = 0; chunk != NULL && looks < OWN_BIN_LOOKS; looks++) {
        if (hutch_tag_size(hutch_word_get(chunk)) >= size) {
            return chunk;
        }
        chunk = get_link(next_link(chunk));
    }
    return find_above(bins, at);
}

hutch_chunk hutch_bins_first(const hutch_arena_bins *bins, size_t size) {
    bin at = bin_of(size);
    return bins->heads[at.row][at.column];
}

hutch_chunk hutch_bins_next(hutch_chunk chunk) {
    return get_link(next_link(chunk));
}
