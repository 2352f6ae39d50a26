/*
 * The invariants of an arena, for its tests: every chunk is visited, every bin
 * and every slab compared with what the visit found. See chunk.h, bins.c and
 * small.c for what is promised.
 *
 * Threads: those of the arena.
 */
#include "arena/bins.h"
#include "arena/small.h"

/* What a visit of all chunks finds. */
typedef struct visit {
    const hutch_arena *arena;
    const char *wrong; /* the first broken invariant */
    size_t allocated;
    size_t free_chunks;
    size_t live[HUTCH_SMALL_CLASSES];
    size_t open[HUTCH_SMALL_CLASSES];
} visit;

static bool expect(visit *seen, bool holds, const char *what) {
    if (!holds && seen->wrong == NULL) {
        seen->wrong = what;
    }
    return holds;
}

static void check_state(visit *seen) {
    const hutch_arena *arena = seen->arena;
    expect(seen, arena->first <= arena->top, "the top is not below the first chunk");
    expect(seen, arena->top <= arena->extent, "the extent is not below the top");
    expect(seen, arena->extent <= arena->end, "the extent is inside the range");
    expect(seen, arena->limit <= arena->end, "the cap is inside the range");
    expect(seen, (uintptr_t)arena->top % HUTCH_CHUNK_GRAIN == HUTCH_CHUNK_TAG_SIZE,
           "the top is where a chunk can begin");
    expect(seen, arena->allocated <= arena->peak, "the peak is not below what is allocated");
}

/* How often a chunk is in the list that its size belongs to. */
static size_t count_in_bin(const hutch_arena *arena, hutch_chunk wanted, size_t size) {
    size_t count = 0;
    hutch_chunk chunk = hutch_bins_first(&arena->bins, size);
    for (; chunk != NULL; chunk = hutch_bins_next(chunk)) {
        count += chunk == wanted ? 1 : 0;
    }
    return count;
}

static void check_free_chunk(visit *seen, hutch_chunk chunk, size_t size) {
    seen->free_chunks++;
    if (expect(seen, chunk + size < seen->arena->top, "no free chunk is last")) {
        uint64_t next = hutch_word_get(chunk + size);
        expect(seen, (next & HUTCH_TAG_PREVIOUS_FREE) != 0, "the chunk after knows of a free one");
    }
    expect(seen, hutch_word_get(chunk + size - HUTCH_CHUNK_TAG_SIZE) == size,
           "a free chunk ends with its size");
    expect(seen, count_in_bin(seen->arena, chunk, size) == 1, "a free chunk is in its bin once");
}

/* Length of a slab's list of free chunks; more than `most` if it is longer or leaves the slab. */
static size_t count_free(const hutch_slab *slab, size_t most) {
    const char *begin = (const char *)slab;
    const char *end = hutch_slab_chunk(slab, slab->carved);
    const char *block = slab->free;
    size_t count = 0;
    while (block != NULL && count <= most) {
        if (block < begin || block >= end) {
            return most + 1;
        }
        count++;
        block = (const char *)(uintptr_t)hutch_word_get(block);
    }
    return count;
}

static bool is_open(const hutch_small_class *small, const hutch_slab *wanted) {
    const hutch_slab *slab = small->open;
    while (slab != NULL && slab != wanted) {
        slab = slab->next;
    }
    return slab != NULL;
}

static void check_slab_chunks(visit *seen, const hutch_slab *slab) {
    uint32_t used = 0;
    for (uint32_t i = 0; i < slab->carved; i++) {
        hutch_chunk chunk = hutch_slab_chunk(slab, i);
        uint64_t tag = hutch_word_get(chunk);
        used += (tag & HUTCH_TAG_FREE) == 0 ? 1 : 0;
        expect(seen, (tag & HUTCH_TAG_SMALL) != 0, "a slab's chunks are small");
        expect(seen, hutch_tag_small_size(tag) == slab->size, "a slab's chunks have one size");
        expect(seen, chunk - hutch_tag_slab_distance(tag) == (const char *)slab,
               "a small chunk knows its slab");
    }
    expect(seen, used == slab->used, "a slab knows how many chunks are used");
    size_t idle = slab->carved - used;
    expect(seen, count_free(slab, idle) == idle, "a slab's free chunks are in its list");
}

static void check_slab(visit *seen, const hutch_slab *slab, size_t room) {
    const hutch_arena *arena = seen->arena;
    size_t index = slab->size / HUTCH_CHUNK_GRAIN - 1;
    if (!expect(seen, index < HUTCH_SMALL_CLASSES, "a slab has a class") ||
        !expect(seen, slab->used <= slab->carved && slab->carved <= slab->count,
                "a slab's counts are in order") ||
        !expect(seen, sizeof *slab + (size_t)slab->count * slab->size <= room,
                "a slab's chunks are inside it")) {
        return;
    }
    bool has_room = slab->used < slab->count;
    expect(seen, is_open(&arena->classes[index], slab) == has_room,
           "a slab is open while it has room");
    seen->open[index] += has_room ? 1 : 0;
    seen->live[index] += slab->used;
    seen->allocated += (size_t)slab->used * slab->size;
    check_slab_chunks(seen, slab);
}

static void check_chunks(visit *seen) {
    const hutch_arena *arena = seen->arena;
    hutch_chunk chunk = arena->first;
    bool previous_free = false;
    while (chunk < arena->top && seen->wrong == NULL) {
        uint64_t tag = hutch_word_get(chunk);
        size_t size = hutch_tag_size(tag);
        bool is_free = (tag & HUTCH_TAG_FREE) != 0;
        if (!expect(seen,
                    size >= HUTCH_CHUNK_MIN && size % HUTCH_CHUNK_GRAIN == 0 &&
                        size <= (size_t)(arena->top - chunk),
                    "a chunk has a size that can be")) {
            return;
        }
        expect(seen, ((tag & HUTCH_TAG_PREVIOUS_FREE) != 0) == previous_free,
               "a chunk knows whether the one before is free");
        expect(seen, !(is_free && previous_free), "no two free chunks are neighbours");
        if (is_free) {
            check_free_chunk(seen, chunk, size);
        } else if ((tag & HUTCH_TAG_SLAB) != 0) {
            check_slab(seen, hutch_chunk_block(chunk), size - HUTCH_CHUNK_TAG_SIZE);
        } else {
            seen->allocated += size;
        }
        previous_free = is_free;
        chunk += size;
    }
    expect(seen, chunk == arena->top, "the last chunk ends at the top");
}

/* The bins hold nothing but what the visit has found, and their bits are right. */
static void check_bins(visit *seen) {
    const hutch_arena_bins *bins = &seen->arena->bins;
    size_t found = 0;
    for (unsigned row = 0; row < HUTCH_BIN_ROWS; row++) {
        for (unsigned column = 0; column < HUTCH_BIN_COLUMNS; column++) {
            hutch_chunk chunk = bins->heads[row][column];
            bool marked = (bins->columns[row] >> column & 1) != 0;
            expect(seen, marked == (chunk != NULL), "a bin's bit says whether it is empty");
            for (; chunk != NULL && found <= seen->free_chunks; chunk = hutch_bins_next(chunk)) {
                found++;
            }
        }
        bool marked = (bins->rows >> row & 1) != 0;
        expect(seen, marked == (bins->columns[row] != 0), "a row's bit says whether it is empty");
    }
    expect(seen, found == seen->free_chunks, "the bins hold the free chunks");
}

static void check_classes(visit *seen) {
    for (size_t i = 0; i < HUTCH_SMALL_CLASSES; i++) {
        const hutch_small_class *small = &seen->arena->classes[i];
        size_t open = 0;
        size_t empty = 0;
        for (const hutch_slab *slab = small->open; slab != NULL; slab = slab->next) {
            open++;
            empty += slab->used == 0 ? 1 : 0;
        }
        expect(seen, open == seen->open[i], "a class's list holds its open slabs");
        expect(seen, small->live == seen->live[i], "a class knows how many blocks it has");
        expect(seen, empty <= 1, "a class keeps one empty slab at most");
    }
}

bool hutch_arena_check(const hutch_arena *arena, const char **what) {
    visit seen = {.arena = arena};
    check_state(&seen);
    if (seen.wrong == NULL) {
        check_chunks(&seen);
    }
    if (seen.wrong == NULL) {
        check_bins(&seen);
        check_classes(&seen);
        expect(&seen, seen.allocated == arena->allocated, "the bytes in blocks are counted");
    }
    *what = seen.wrong;
    return seen.wrong == NULL;
}
