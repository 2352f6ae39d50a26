/*
 * Chunks with boundary tags; see heap.h, and chunk.h for their layout and
 * invariants.
 *
 * Threads: those of the arena.
 */
#include "arena/heap.h"

#include "arena/bins.h"
#include "base/checked.h"

#include <assert.h>

/* The sanitizers hear of this much beyond the top, so that running out of the last block is seen
 * at once. All that is reserved would cost them an eighth of it in memory. */
#define POISON_AHEAD ((size_t)65536)

size_t hutch_heap_chunk_size(size_t size) {
    size_t chunk_size = 0;
    if (!hutch_checked_add(size, HUTCH_CHUNK_TAG_SIZE, &chunk_size) ||
        !hutch_checked_round_up(chunk_size, HUTCH_CHUNK_GRAIN, &chunk_size) ||
        chunk_size > HUTCH_ARENA_RESERVE_MAX) {
        return 0;
    }
    return chunk_size > HUTCH_CHUNK_MIN ? chunk_size : HUTCH_CHUNK_MIN;
}

static bool top_has_room(const hutch_arena *arena, size_t size) {
    return arena->limit > arena->top && (size_t)(arena->limit - arena->top) >= size;
}

/* From the top on, poison is one piece: it never ends below what was once POISON_AHEAD beyond a
 * top. */
void hutch_heap_poison_ahead(const hutch_arena *arena) {
    size_t ahead = (size_t)(arena->end - arena->top);
    hutch_poison(arena->top, ahead < POISON_AHEAD ? ahead : POISON_AHEAD);
}

void hutch_heap_unpoison_all(const hutch_arena *arena) {
    const char *end = hutch_poison_end(arena->top, arena->end);
    hutch_unpoison_defined(arena->first, (size_t)(end - arena->first));
}

static void raise_top(hutch_arena *arena, size_t size) {
    arena->top += size;
    if (arena->top > arena->extent) {
        arena->extent = arena->top;
    }
    if (HUTCH_ARENA_POISONS) {
        hutch_heap_poison_ahead(arena);
    }
}

/* Bytes from `chunk` on, whose neighbour before is in use, are free from now on: they join the top
 * or become a chunk, together with the free one after them. */
static void set_free(hutch_arena *arena, hutch_chunk chunk, size_t size) {
    hutch_chunk next = chunk + size;
    if (next == arena->top) {
        arena->top = chunk;
        return;
    }
    uint64_t next_tag = hutch_word_get(next);
    if ((next_tag & HUTCH_TAG_FREE) != 0) {
        size_t next_size = hutch_tag_size(next_tag);
        hutch_bins_remove(&arena->bins, next, next_size);
        size += next_size;
        next += next_size;
        next_tag = hutch_word_get(next);
    }
    hutch_word_set(chunk, size | HUTCH_TAG_FREE);
    hutch_word_set(next - HUTCH_CHUNK_TAG_SIZE, size);
    hutch_word_set(next, next_tag | HUTCH_TAG_PREVIOUS_FREE);
    hutch_bins_insert(&arena->bins, chunk, size);
}

/* Turn a free chunk, which has left its bin, into one in use of `wanted` bytes or, where the rest
 * is too short for a chunk, a little more. Returns its size. */
static size_t set_used(hutch_arena *arena, hutch_chunk chunk, size_t have, size_t wanted,
                       uint64_t flags) {
    if (have - wanted >= HUTCH_CHUNK_MIN) {
        hutch_chunk rest = chunk + wanted;
        hutch_word_set(rest, (have - wanted) | HUTCH_TAG_FREE);
        hutch_word_set(chunk + have - HUTCH_CHUNK_TAG_SIZE, have - wanted);
        hutch_bins_insert(&arena->bins, rest, have - wanted);
        have = wanted;
    } else {
        hutch_chunk next = chunk + have;
        hutch_word_set(next, hutch_word_get(next) & ~HUTCH_TAG_PREVIOUS_FREE);
    }
    hutch_word_set(chunk, have | flags);
    return have;
}

void *hutch_heap_alloc(hutch_arena *arena, size_t chunk_size, uint64_t flags) {
    size_t size = chunk_size;
    hutch_chunk chunk = hutch_bins_find(&arena->bins, chunk_size);
    if (chunk != NULL) {
        size_t have = hutch_tag_size(hutch_word_get(chunk));
        hutch_bins_remove(&arena->bins, chunk, have);
        size = set_used(arena, chunk, have, chunk_size, flags);
    } else if (top_has_room(arena, chunk_size)) {
        chunk = arena->top;
        raise_top(arena, chunk_size);
        hutch_word_set(chunk, chunk_size | flags);
    } else {
        return NULL;
    }
    if (flags != HUTCH_TAG_SLAB) {
        hutch_arena_count_in(arena, size);
    }
    void *block = hutch_chunk_block(chunk);
    hutch_unpoison(block, size - HUTCH_CHUNK_TAG_SIZE);
    return block;
}

void hutch_heap_free(hutch_arena *arena, void *block) {
    hutch_chunk chunk = hutch_chunk_of(block);
    uint64_t tag = hutch_word_get(chunk);
    size_t size = hutch_tag_size(tag);
    assert((tag & (HUTCH_TAG_FREE | HUTCH_TAG_SMALL)) == 0);
    assert(size >= HUTCH_CHUNK_MIN && size <= (size_t)(arena->top - chunk));

    hutch_poison(block, size - HUTCH_CHUNK_TAG_SIZE);
    if ((tag & HUTCH_TAG_SLAB) == 0) {
        hutch_arena_count_out(arena, size);
    }
    if ((tag & HUTCH_TAG_PREVIOUS_FREE) != 0) {
        /* This tag is about to lie inside a chunk; a second release must still find it free. */
        hutch_word_set(chunk, tag | HUTCH_TAG_FREE);
        size_t previous_size = (size_t)hutch_word_get(chunk - HUTCH_CHUNK_TAG_SIZE);
        chunk -= previous_size;
        hutch_bins_remove(&arena->bins, chunk, previous_size);
        size += previous_size;
    }
    set_free(arena, chunk, size);
}

static void shrink(hutch_arena *arena, hutch_chunk chunk, uint64_t tag, size_t wanted) {
    size_t rest = hutch_tag_size(tag) - wanted;
    if (rest < HUTCH_CHUNK_MIN) {
        return;
    }
    hutch_poison(chunk + wanted, rest);
    hutch_word_set(chunk, wanted | (tag & HUTCH_TAG_FLAGS));
    hutch_arena_count_out(arena, rest);
    set_free(arena, chunk + wanted, rest);
}

/* Grow into the top or into the free chunk after. */
static bool grow(hutch_arena *arena, hutch_chunk chunk, uint64_t tag, size_t wanted) {
    size_t have = hutch_tag_size(tag);
    size_t size = wanted;
    hutch_chunk next = chunk + have;
    if (next == arena->top) {
        if (!top_has_room(arena, wanted - have)) {
            return false;
        }
        raise_top(arena, wanted - have);
        hutch_word_set(chunk, wanted | (tag & HUTCH_TAG_FLAGS));
    } else {
        uint64_t next_tag = hutch_word_get(next);
        size_t both = have + hutch_tag_size(next_tag);
        if ((next_tag & HUTCH_TAG_FREE) == 0 || both < wanted) {
            return false;
        }
        hutch_bins_remove(&arena->bins, next, both - have);
        size = set_used(arena, chunk, both, wanted, tag & HUTCH_TAG_FLAGS);
    }
    hutch_unpoison(next, size - have);
    hutch_arena_count_in(arena, size - have);
    return true;
}

bool hutch_heap_resize(hutch_arena *arena, void *block, size_t chunk_size) {
    hutch_chunk chunk = hutch_chunk_of(block);
    uint64_t tag = hutch_word_get(chunk);
    assert((tag & (HUTCH_TAG_FREE | HUTCH_TAG_SMALL | HUTCH_TAG_SLAB)) == 0);
    if (chunk_size > hutch_tag_size(tag)) {
        return grow(arena, chunk, tag, chunk_size);
    }
    shrink(arena, chunk, tag, chunk_size);
    return true;
}
