/*
 * Footprints: which pages a guest has made other than the image. Learnt once, in the process that all
 * workers are forked from, and used in each of them: what one short program touches is about what every
 * one touches first.
 *
 * Threads: those of the arena.
 */
#include "arena/image.h"
#include "arena/poison.h"

#include <string.h>

/* What is looked at as one: the smallest page. */
#define LOOKED_AT ((size_t)4096)

/* Whether the bytes from `offset` on are other than the image's; beyond it they were never touched. */
static bool is_written(const hutch_arena *arena, size_t offset) {
    size_t rest = offset < arena->image_size ? arena->image_size - offset : 0;
    size_t length = rest < LOOKED_AT ? rest : LOOKED_AT;
    return length < LOOKED_AT ||
           memcmp((const char *)arena + offset, (const char *)arena->image + offset, length) != 0;
}

/* Adds a written page: to the last range, where it is near. False: there are too many. */
static bool add(hutch_arena_footprint *footprint, size_t offset, size_t gap) {
    bool first = footprint->count == 0;
    size_t last = first ? 0 : footprint->count - 1;
    size_t end = footprint->ranges[last].offset + footprint->ranges[last].size;
    bool near = !first && offset - end <= gap;
    bool room = near || footprint->count < HUTCH_ARENA_FOOTPRINT_RANGES;
    if (near) {
        footprint->ranges[last].size = offset + LOOKED_AT - footprint->ranges[last].offset;
    } else if (room) {
        footprint->ranges[footprint->count].offset = offset;
        footprint->ranges[footprint->count].size = LOOKED_AT;
        footprint->count++;
    }
    return room;
}

/* False: with gaps of no more than that the ranges are too many. */
static bool collect(const hutch_arena *arena, size_t gap, hutch_arena_footprint *footprint) {
    size_t extent = (size_t)(arena->extent - (const char *)arena);
    bool fits = true;
    footprint->count = 0;
    for (size_t offset = 0; offset < extent && fits; offset += LOOKED_AT) {
        fits = !is_written(arena, offset) || add(footprint, offset, gap);
    }
    return fits;
}

void hutch_arena_learn_footprint(const hutch_arena *arena, hutch_arena_footprint *footprint) {
    footprint->count = 0;
    if (arena->image != NULL) {
        hutch_unpoison_defined(arena, (size_t)(arena->extent - (const char *)arena));
        /* What was written to and is as before again has left no trace: it mostly lies between. */
        for (size_t gap = LOOKED_AT; !collect(arena, gap, footprint); gap += LOOKED_AT) {
        }
        hutch_image_repoison(arena);
    }
}

void hutch_arena_populate(hutch_arena *arena, const hutch_arena_footprint *footprint) {
    for (size_t i = 0; i < footprint->count; i++) {
        hutch_memory_populate((char *)arena + footprint->ranges[i].offset,
                              footprint->ranges[i].size);
    }
}
