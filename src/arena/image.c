/*
 * The image of an arena: a copy of its bytes up to the top, state included, in
 * a read-only range of its own.
 *
 * Restoring writes back what differs from the copy and makes the rest of what was
 * touched zero: no byte of a guest outlives it.
 *
 * Threads: one at a time.
 */
#include "arena/image.h"
#include "arena/heap.h"
#include "arena/small.h"
#include "plat/memory.h"

#include <string.h>

/* What lies up to this far beyond the top is always zeroed by hand and stays resident, for the next
 * guest to use without a page fault: 256 KiB take about as long to write as the system call and the
 * faults of its first few pages. */
#define KEEP_LEAST ((size_t)256 * 1024)

/* What is compared, and written back if it differs, at a time: the smallest page. */
#define COMPARED ((size_t)4096)

/* The end of the page in which a position lies; positions count from the base. */
static size_t page_end(const hutch_arena *arena, size_t position) {
    size_t page = position > HUTCH_ARENA_HUGE_FROM ? HUTCH_MEMORY_HUGE : HUTCH_MEMORY_GRAIN;
    size_t end = (position + page - 1) / page * page;
    size_t range = (size_t)(arena->end - (const char *)arena);
    return end < range ? end : range;
}

/* Make everything from the top up to `dirty_end`, which is not below it, zero; what lies up to
 * `keep` stays resident. */
static void clear_beyond_top(hutch_arena *arena, const char *dirty_end, size_t keep) {
    char *base = (char *)arena;
    size_t top = (size_t)(arena->top - base);
    size_t dirty = (size_t)(dirty_end - base);
    size_t kept = page_end(arena, keep > top + KEEP_LEAST ? keep : top + KEEP_LEAST);

    hutch_unpoison_defined(arena->top, dirty - top);
    memset(arena->top, 0, (dirty < kept ? dirty : kept) - top);
    if (dirty > kept) {
        size_t end = page_end(arena, dirty);
        hutch_unpoison_defined(base + dirty, end - dirty);
        hutch_memory_give_back(base + kept, end - kept);
        hutch_poison(base + dirty, end - dirty);
    }
    hutch_poison(arena->top, dirty - top);
}

/* The slabs' chunks in use are accessible, the others not. */
static void repoison_slab(const hutch_slab *slab) {
    for (uint32_t i = 0; i < slab->carved; i++) {
        hutch_chunk chunk = hutch_slab_chunk(slab, i);
        if ((hutch_word_get(chunk) & HUTCH_TAG_FREE) == 0) {
            hutch_unpoison_defined(hutch_chunk_block(chunk), slab->size - HUTCH_CHUNK_TAG_SIZE);
        }
    }
}

void hutch_image_repoison(const hutch_arena *arena) {
    if (!HUTCH_ARENA_POISONS) {
        return;
    }
    hutch_poison(arena->first, (size_t)(arena->top - arena->first));
    hutch_heap_poison_ahead(arena);
    hutch_chunk chunk = arena->first;
    while (chunk < arena->top) {
        uint64_t tag = hutch_word_get(chunk);
        void *block = hutch_chunk_block(chunk);
        if ((tag & HUTCH_TAG_SLAB) != 0) {
            hutch_unpoison_defined(block, sizeof(hutch_slab));
            repoison_slab(block);
        } else if ((tag & HUTCH_TAG_FREE) == 0) {
            hutch_unpoison_defined(block, hutch_tag_size(tag) - HUTCH_CHUNK_TAG_SIZE);
        }
        chunk += hutch_tag_size(tag);
    }
}

void hutch_arena_trim(hutch_arena *arena) {
    if (arena->extent > arena->top) {
        clear_beyond_top(arena, arena->extent, 0);
        arena->extent = arena->top;
    }
}

/* Copy the arena into a new range, whose place the copy already knows. On failure the arena knows
 * the earlier image again. */
static hutch_status write_image(hutch_arena *arena, hutch_error *error) {
    size_t size = (size_t)(arena->top - (char *)arena);
    size_t range = (size + HUTCH_MEMORY_GRAIN - 1) / HUTCH_MEMORY_GRAIN * HUTCH_MEMORY_GRAIN;
    void *earlier = arena->image;
    size_t earlier_size = arena->image_size;
    size_t earlier_range = arena->image_range;

    void *image = NULL;
    hutch_status status = hutch_memory_reserve(range, &image, error);
    if (status != HUTCH_OK) {
        return status;
    }
    arena->image = image;
    arena->image_size = size;
    arena->image_range = range;
    hutch_unpoison_defined(arena, size);
    hutch_memory_populate(image, size);
    memcpy(image, arena, size);
    hutch_image_repoison(arena);
    status = hutch_memory_make_read_only(image, range, error);
    if (status != HUTCH_OK) {
        arena->image = earlier;
        arena->image_size = earlier_size;
        arena->image_range = earlier_range;
        hutch_memory_release(image, range);
        return status;
    }
    hutch_memory_release(earlier, earlier_range);
    return HUTCH_OK;
}

hutch_status hutch_arena_save(hutch_arena *arena, hutch_error *error) {
    hutch_small_flush(arena);
    hutch_arena_trim(arena);
    arena->peak = arena->allocated;
    arena->refused = false;
    return write_image(arena, error);
}

/* A page that nobody has written to is only read, so that it stays shared with the zygote that the
 * process was forked from. */
static void write_back(char *base, const char *image, size_t size) {
    for (size_t at = 0; at < size; at += COMPARED) {
        size_t length = size - at < COMPARED ? size - at : COMPARED;
        if (memcmp(base + at, image + at, length) != 0) {
            memcpy(base + at, image + at, length);
        }
    }
}

hutch_status hutch_arena_restore(hutch_arena *arena, size_t keep) {
    if (arena->image == NULL) {
        return HUTCH_WRONG_STATE;
    }
    char *dirty_end = arena->extent;
    size_t size = arena->image_size;
    hutch_unpoison_defined(arena, size);
    write_back((char *)arena, arena->image, size);
    if (dirty_end > arena->top) {
        clear_beyond_top(arena, dirty_end, keep);
    }
    hutch_image_repoison(arena);
    return HUTCH_OK;
}
