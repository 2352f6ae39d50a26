/*
 * The arena as its users see it: making and freeing one, and sending each
 * request to the size classes (small.c) or the heap (heap.c). See arena.h, and
 * chunk.h for how the bytes are divided.
 *
 * Threads: one at a time.
 */
#include "arena/heap.h"
#include "arena/small.h"
#include "base/checked.h"
#include "base/error.h"
#include "plat/memory.h"

#include <assert.h>
#include <string.h>

/* A block that must move to grow gets an eighth more than it asks for, if it is at least this
 * large: growing it step by step then copies each byte a bounded number of times. */
#define SLACK_FROM ((size_t)1024)
#define SLACK_SHARE 8

/* The first chunk begins 8 bytes before a multiple of 16. */
#define FIRST_CHUNK                                                                                \
    ((sizeof(hutch_arena) + HUTCH_CHUNK_GRAIN - 1) / HUTCH_CHUNK_GRAIN * HUTCH_CHUNK_GRAIN +       \
     HUTCH_CHUNK_TAG_SIZE)

hutch_status hutch_arena_new(size_t reserve, hutch_arena **arena, hutch_error *error) {
    size_t size = 0;
    if (reserve == 0 || reserve > HUTCH_ARENA_RESERVE_MAX ||
        !hutch_checked_round_up(reserve, HUTCH_MEMORY_GRAIN, &size)) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "reserve of an arena is %zu bytes, expected 1 to %zu", reserve,
                               HUTCH_ARENA_RESERVE_MAX);
    }
    void *base = NULL;
    hutch_status status = hutch_memory_reserve(size, &base, error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (size > HUTCH_ARENA_HUGE_FROM) {
        hutch_memory_prefer_huge((char *)base + HUTCH_ARENA_HUGE_FROM,
                                 size - HUTCH_ARENA_HUGE_FROM);
    }
    hutch_arena *made = base;
    made->first = (char *)base + FIRST_CHUNK;
    made->top = made->first;
    made->extent = made->first;
    made->end = (char *)base + size;
    made->limit = made->end;
    made->countdown = SIZE_MAX;
    hutch_heap_poison_ahead(made);
    *arena = made;
    return HUTCH_OK;
}

void hutch_arena_free(hutch_arena *arena) {
    if (arena == NULL) {
        return;
    }
    hutch_heap_unpoison_all(arena);
    hutch_memory_release(arena->image, arena->image_range);
    hutch_memory_release(arena, (size_t)(arena->end - (char *)arena));
}

/* Whether an allocation may be tried; false where a test wants it to fail. */
static bool count_down(hutch_arena *arena) {
    if (arena->countdown == 0) {
        arena->refused = true;
        return false;
    }
    arena->countdown--;
    return true;
}

static void *try_alloc(hutch_arena *arena, size_t size) {
    if (size <= HUTCH_SMALL_MAX) {
        return hutch_small_alloc(arena, size != 0 ? size : 1);
    }
    size_t chunk_size = hutch_heap_chunk_size(size);
    return chunk_size != 0 ? hutch_heap_alloc(arena, chunk_size, 0) : NULL;
}

static void *alloc_or_refuse(hutch_arena *arena, size_t size) {
    void *block = try_alloc(arena, size);
    if (block == NULL && hutch_small_flush(arena)) {
        block = try_alloc(arena, size);
    }
    if (block == NULL) {
        arena->refused = true;
    }
    return block;
}

void *hutch_arena_alloc(hutch_arena *arena, size_t size) {
    return count_down(arena) ? alloc_or_refuse(arena, size) : NULL;
}

void *hutch_arena_calloc(hutch_arena *arena, size_t count, size_t size) {
    size_t total = 0;
    if (!hutch_checked_multiply(count, size, &total)) {
        arena->refused = true;
        return NULL;
    }
    /* From the extent on everything is zero already: a large block that comes from there is not
     * even touched. */
    char *zero_from = arena->extent;
    char *block = hutch_arena_alloc(arena, total);
    if (block == NULL) {
        return NULL;
    }
    hutch_unpoison_defined(block, total);
    if (block < zero_from) {
        size_t used_before = (size_t)(zero_from - block);
        memset(block, 0, total < used_before ? total : used_before);
    }
    return block;
}

/* A block of at least `size` bytes with what is in `block`, which is then free. */
static void *move(hutch_arena *arena, void *block, size_t have, size_t size) {
    void *moved = NULL;
    size_t roomy = 0;
    if (size >= SLACK_FROM && hutch_checked_add(size, size / SLACK_SHARE, &roomy)) {
        moved = try_alloc(arena, roomy);
    }
    if (moved == NULL) {
        moved = alloc_or_refuse(arena, size);
    }
    if (moved != NULL) {
        memcpy(moved, block, have);
        hutch_arena_release(arena, block);
    }
    return moved;
}

static bool is_small(const void *block) {
    return (hutch_word_get(hutch_chunk_of(block)) & HUTCH_TAG_SMALL) != 0;
}

void *hutch_arena_realloc(hutch_arena *arena, void *block, size_t size) {
    if (block == NULL) {
        return hutch_arena_alloc(arena, size);
    }
    if (size == 0) {
        hutch_arena_release(arena, block);
        return NULL;
    }
    size_t have = hutch_arena_usable_size(block);
    if (size > have && !count_down(arena)) {
        return NULL;
    }
    if (is_small(block)) {
        return size <= have ? block : move(arena, block, have, size);
    }
    size_t chunk_size = hutch_heap_chunk_size(size);
    if (chunk_size != 0 && hutch_heap_resize(arena, block, chunk_size)) {
        return block;
    }
    return move(arena, block, have, size);
}

void hutch_arena_release(hutch_arena *arena, void *block) {
    if (block == NULL) {
        return;
    }
    assert((char *)block > arena->first && (char *)block < arena->top);
    assert((uintptr_t)block % HUTCH_CHUNK_GRAIN == 0);
    uint64_t tag = hutch_word_get(hutch_chunk_of(block));
    if ((tag & HUTCH_TAG_SMALL) != 0) {
        hutch_small_free(arena, block, tag);
    } else {
        hutch_heap_free(arena, block);
    }
}

size_t hutch_arena_usable_size(const void *block) {
    if (block == NULL) {
        return 0;
    }
    uint64_t tag = hutch_word_get(hutch_chunk_of(block));
    bool small = (tag & HUTCH_TAG_SMALL) != 0;
    return (small ? hutch_tag_small_size(tag) : hutch_tag_size(tag)) - HUTCH_CHUNK_TAG_SIZE;
}

void hutch_arena_set_cap(hutch_arena *arena, size_t cap) {
    size_t size = (size_t)(arena->end - (char *)arena);
    arena->limit = (char *)arena + (cap < size ? cap : size);
}

bool hutch_arena_take_refusal(hutch_arena *arena) {
    bool refused = arena->refused;
    arena->refused = false;
    return refused;
}

void hutch_arena_get_stats(const hutch_arena *arena, hutch_arena_stats *stats) {
    *stats = (hutch_arena_stats){
        .allocated = arena->allocated,
        .peak = arena->peak,
        .extent = (size_t)(arena->extent - (const char *)arena),
        .image = arena->image_size,
    };
}

void hutch_arena_fail_after(hutch_arena *arena, size_t countdown) {
    arena->countdown = countdown;
}
