/*
 * Restoring an image, after a guest that has touched more or less memory. The
 * dirtying is part of the measured time, as there is nothing to restore
 * without it.
 */
#include "bench.h"

#include "arena/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RESERVE ((size_t)256 * 1024 * 1024)
#define IMAGE_SIZE ((size_t)256 * 1024)
#define BLOCK_SIZE 256

static const size_t nothing = 0;
static const size_t little = (size_t)64 * 1024;
static const size_t much = (size_t)8 * 1024 * 1024;

typedef struct image_state {
    hutch_arena *arena;
    size_t dirt; /**< bytes that each guest allocates and writes */
} image_state;

static bool fill(hutch_arena *arena, size_t size) {
    for (size_t done = 0; done < size; done += BLOCK_SIZE) {
        void *block = hutch_arena_alloc(arena, BLOCK_SIZE);
        if (block == NULL) {
            return false;
        }
        memset(block, 0x5a, BLOCK_SIZE);
    }
    return true;
}

static void end(void *data) {
    image_state *state = data;
    hutch_arena_free(state->arena);
    free(state);
}

static void *prepare(const void *data) {
    image_state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->dirt = *(const size_t *)data;
    if (hutch_arena_new(RESERVE, &state->arena, NULL) != HUTCH_OK ||
        !fill(state->arena, IMAGE_SIZE) || hutch_arena_save(state->arena, NULL) != HUTCH_OK) {
        end(state);
        return NULL;
    }
    return state;
}

static bool dirty_and_restore(void *data) {
    image_state *state = data;
    return fill(state->arena, state->dirt) && hutch_arena_restore(state->arena, 0) == HUTCH_OK;
}

const hutch_bench hutch_bench_image[] = {
    {"image: restore 256 KiB", 1, &nothing, prepare, dirty_and_restore, end},
    {"image: write 64 KiB, restore 256 KiB", 1, &little, prepare, dirty_and_restore, end},
    {"image: write 8 MiB, restore 256 KiB", 1, &much, prepare, dirty_and_restore, end},
    {0},
};
