/*
 * The arena beside the C library's malloc: small blocks as an engine makes and
 * drops them, and one block that grows as a string does.
 */
#include "bench.h"

#include "arena/arena.h"

#include <stdint.h>
#include <stdlib.h>

#define RESERVE ((size_t)64 * 1024 * 1024)
#define LIVE_BLOCKS 4096
#define REPLACEMENTS 1000
#define GROWN_SIZE ((size_t)1024 * 1024)

/** The verbs of a heap. `arena` is NULL for malloc. */
typedef struct heap_kind {
    void *(*alloc)(hutch_arena *arena, size_t size);
    void *(*grow)(hutch_arena *arena, void *block, size_t size);
    void (*release)(hutch_arena *arena, void *block);
} heap_kind;

static void *libc_alloc(hutch_arena *arena, size_t size) {
    (void)arena;
    return malloc(size);
}

static void *libc_grow(hutch_arena *arena, void *block, size_t size) {
    (void)arena;
    return realloc(block, size);
}

static void libc_release(hutch_arena *arena, void *block) {
    (void)arena;
    free(block);
}

static const heap_kind of_arena = {hutch_arena_alloc, hutch_arena_realloc, hutch_arena_release};
static const heap_kind of_libc = {libc_alloc, libc_grow, libc_release};

typedef struct heap_state {
    const heap_kind *kind;
    hutch_arena *arena;
    uint32_t random;
    void *blocks[LIVE_BLOCKS];
} heap_state;

/* Numerical Recipes' generator: the same sizes for both heaps, and no time spent on it. */
static uint32_t next_random(heap_state *state) {
    state->random = state->random * UINT32_C(1664525) + UINT32_C(1013904223);
    return state->random >> 8;
}

/** Mostly what an engine asks for: 16 to 128 bytes, now and then up to 2 KiB. */
static size_t next_size(heap_state *state) {
    uint32_t random = next_random(state);
    return random % 16 == 0 ? 128 + random / 16 % 1920 : 16 + random / 16 % 112;
}

static void end(void *data) {
    heap_state *state = data;
    for (size_t i = 0; i < LIVE_BLOCKS; i++) {
        state->kind->release(state->arena, state->blocks[i]);
    }
    hutch_arena_free(state->arena);
    free(state);
}

static void *prepare(const void *data) {
    heap_state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->kind = data;
    if (state->kind == &of_arena && hutch_arena_new(RESERVE, &state->arena, NULL) != HUTCH_OK) {
        free(state);
        return NULL;
    }
    for (size_t i = 0; i < LIVE_BLOCKS; i++) {
        state->blocks[i] = state->kind->alloc(state->arena, next_size(state));
    }
    return state;
}

static bool replace_blocks(void *data) {
    heap_state *state = data;
    for (size_t i = 0; i < REPLACEMENTS; i++) {
        void **block = &state->blocks[next_random(state) % LIVE_BLOCKS];
        state->kind->release(state->arena, *block);
        *block = state->kind->alloc(state->arena, next_size(state));
        if (*block == NULL) {
            return false;
        }
        *(unsigned char *)*block = 1;
    }
    return true;
}

static bool grow_block(void *data) {
    heap_state *state = data;
    unsigned char *block = NULL;
    for (size_t size = 16; size <= GROWN_SIZE; size += size / 2) {
        unsigned char *grown = state->kind->grow(state->arena, block, size);
        if (grown == NULL) {
            state->kind->release(state->arena, block);
            return false;
        }
        block = grown;
        block[size - 1] = 1;
    }
    state->kind->release(state->arena, block);
    return true;
}

const hutch_bench hutch_bench_heap[] = {
    {"heap: free and alloc, arena", REPLACEMENTS, &of_arena, prepare, replace_blocks, end},
    {"heap: free and alloc, malloc", REPLACEMENTS, &of_libc, prepare, replace_blocks, end},
    {"heap: grow to 1 MiB by halves, arena", 1, &of_arena, prepare, grow_block, end},
    {"heap: grow to 1 MiB by halves, malloc", 1, &of_libc, prepare, grow_block, end},
    {0},
};
