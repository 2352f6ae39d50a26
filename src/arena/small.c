/*
 * Small blocks; see small.h.
 *
 * Invariant: a slab is in its class's open list exactly while used < count.
 *
 * Threads: those of the arena.
 */
#include "arena/small.h"

#include "arena/heap.h"

#include <assert.h>

/* Chunks of a slab: at least this many, at most so many bytes. */
#define SLAB_COUNT_MIN ((size_t)4)
#define SLAB_BYTES_MAX ((size_t)4096)

static hutch_small_class *class_of(hutch_arena *arena, size_t chunk_size) {
    return &arena->classes[chunk_size / HUTCH_CHUNK_GRAIN - 1];
}

static void open_slab(hutch_small_class *small, hutch_slab *slab) {
    slab->previous = NULL;
    slab->next = small->open;
    if (small->open != NULL) {
        small->open->previous = slab;
    }
    small->open = slab;
}

static void close_slab(hutch_small_class *small, hutch_slab *slab) {
    if (slab->next != NULL) {
        slab->next->previous = slab->previous;
    }
    if (slab->previous != NULL) {
        slab->previous->next = slab->next;
    } else {
        small->open = slab->next;
    }
}

static hutch_slab *new_slab(hutch_arena *arena, hutch_small_class *small, size_t size) {
    size_t most = SLAB_BYTES_MAX / size;
    size_t count = small->live < most ? small->live : most;
    if (count < SLAB_COUNT_MIN) {
        count = SLAB_COUNT_MIN;
    }
    size_t bytes = sizeof(hutch_slab) + count * size;
    hutch_slab *slab = hutch_heap_alloc(arena, hutch_heap_chunk_size(bytes), HUTCH_TAG_SLAB);
    if (slab == NULL) {
        return NULL;
    }
    *slab = (hutch_slab){.size = (uint32_t)size, .count = (uint32_t)count};
    size_t usable = hutch_tag_size(hutch_word_get(hutch_chunk_of(slab))) - HUTCH_CHUNK_TAG_SIZE;
    hutch_poison(slab + 1, usable - sizeof *slab);
    open_slab(small, slab);
    return slab;
}

/* A free chunk of a slab that has one; its tag is written. */
static void *take_chunk(hutch_slab *slab) {
    char *block = slab->free;
    hutch_chunk chunk = NULL;
    if (block != NULL) {
        slab->free = (char *)(uintptr_t)hutch_word_get(block);
        chunk = hutch_chunk_of(block);
    } else {
        chunk = hutch_slab_chunk(slab, slab->carved++);
        block = hutch_chunk_block(chunk);
    }
    uint64_t distance = (uint64_t)(chunk - (char *)slab);
    hutch_word_set(chunk, distance << 32 | slab->size | HUTCH_TAG_SMALL);
    return block;
}

void *hutch_small_alloc(hutch_arena *arena, size_t size) {
    size_t chunk_size =
        (size + HUTCH_CHUNK_TAG_SIZE + HUTCH_CHUNK_GRAIN - 1) & ~(HUTCH_CHUNK_GRAIN - 1);
    hutch_small_class *small = class_of(arena, chunk_size);
    hutch_slab *slab = small->open;
    if (slab == NULL) {
        slab = new_slab(arena, small, chunk_size);
        if (slab == NULL) {
            return NULL;
        }
    }
    void *block = take_chunk(slab);
    small->live++;
    if (++slab->used == slab->count) {
        close_slab(small, slab);
    }
    hutch_arena_count_in(arena, chunk_size);
    hutch_unpoison(block, chunk_size - HUTCH_CHUNK_TAG_SIZE);
    return block;
}

void hutch_small_free(hutch_arena *arena, void *block, uint64_t tag) {
    hutch_chunk chunk = hutch_chunk_of(block);
    hutch_slab *slab = (hutch_slab *)(void *)(chunk - hutch_tag_slab_distance(tag));
    assert((tag & HUTCH_TAG_FREE) == 0);
    assert(slab->size == hutch_tag_small_size(tag) && slab->used > 0);

    hutch_small_class *small = class_of(arena, slab->size);
    hutch_poison(block, slab->size - HUTCH_CHUNK_TAG_SIZE);
    hutch_word_set(chunk, tag | HUTCH_TAG_FREE);
    hutch_word_set(block, (uintptr_t)slab->free);
    slab->free = block;
    small->live--;
    hutch_arena_count_out(arena, slab->size);
    if (slab->used-- == slab->count) {
        open_slab(small, slab);
    }
    bool only_one = slab->next == NULL && slab->previous == NULL;
    if (slab->used == 0 && !only_one) {
        close_slab(small, slab);
        hutch_heap_free(arena, slab);
    }
}

/* The empty slab of a class, or NULL; there is never more than one. */
static hutch_slab *find_empty(const hutch_small_class *small) {
    hutch_slab *slab = small->open;
    while (slab != NULL && slab->used > 0) {
        slab = slab->next;
    }
    return slab;
}

bool hutch_small_flush(hutch_arena *arena) {
    bool found = false;
    for (size_t i = 0; i < HUTCH_SMALL_CLASSES; i++) {
        hutch_slab *slab = find_empty(&arena->classes[i]);
        if (slab != NULL) {
            close_slab(&arena->classes[i], slab);
            hutch_heap_free(arena, slab);
            found = true;
        }
    }
    return found;
}
