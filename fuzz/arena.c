/**
 * @file arena.c
 * Random operations on an arena, each block filled with a pattern of its own
 * that must still be there when it is looked at again.
 */
#include "target.h"

#include "arena/arena.h"

#include <string.h>

enum { SLOTS = 64, RESERVE = 8 << 20, CHECK_EVERY = 16 };

typedef struct slot {
    unsigned char *block;
    size_t size;
    unsigned char fill;
} slot;

typedef struct state {
    hutch_arena *arena;
    slot now[SLOTS];
    slot saved[SLOTS];
    int has_image;
} state;

static size_t pick_size(fuzz_input *input) {
    const uint32_t number = fuzz_number(input);
    return number % (1u << (number >> 28) << 5);
}

static void verify(const slot *one) {
    for (size_t i = 0; one->block != NULL && i < one->size; i++)
        FUZZ_REQUIRE(one->block[i] == one->fill);
}

static void fill(slot *one, unsigned char *block, size_t size, unsigned char value) {
    FUZZ_REQUIRE((uintptr_t)block % 16 == 0);
    FUZZ_REQUIRE(hutch_arena_usable_size(block) >= size);
    *one = (slot){block, size, value};
    memset(block, value, size);
}

static void operate(state *fuzz, fuzz_input *input) {
    const uint8_t what = fuzz_byte(input);
    slot *one = &fuzz->now[fuzz_byte(input) % SLOTS];
    const size_t size = pick_size(input);
    unsigned char *block = NULL;
    verify(one);
    switch (what % 8) {
    case 0:
    case 1:
        if (one->block == NULL && (block = hutch_arena_alloc(fuzz->arena, size)) != NULL)
            fill(one, block, size, what);
        break;
    case 2:
    case 3:
        block = hutch_arena_realloc(fuzz->arena, one->block, size == 0 ? 1 : size);
        if (block != NULL) {
            one->block = block;
            one->size = one->size < size ? one->size : size;
            verify(one);
            fill(one, block, size, what);
        }
        break;
    case 4:
    case 5:
        hutch_arena_release(fuzz->arena, one->block);
        *one = (slot){0};
        break;
    case 6:
        if (hutch_arena_save(fuzz->arena, NULL) == HUTCH_OK) {
            memcpy(fuzz->saved, fuzz->now, sizeof fuzz->saved);
            fuzz->has_image = 1;
        }
        break;
    default:
        FUZZ_REQUIRE(hutch_arena_restore(fuzz->arena) ==
                     (fuzz->has_image ? HUTCH_OK : HUTCH_WRONG_STATE));
        if (fuzz->has_image)
            memcpy(fuzz->now, fuzz->saved, sizeof fuzz->now);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    state fuzz = {0};
    const char *broken = NULL;
    FUZZ_REQUIRE(hutch_arena_new(RESERVE, &fuzz.arena, NULL) == HUTCH_OK);
    hutch_arena_set_cap(fuzz.arena, 65536 + fuzz_number(&input) % RESERVE);
    for (int step = 0; input.left > 0; step++) {
        operate(&fuzz, &input);
        if (step % CHECK_EVERY == 0)
            FUZZ_REQUIRE(hutch_arena_check(fuzz.arena, &broken));
    }
    for (size_t i = 0; i < SLOTS; i++)
        verify(&fuzz.now[i]);
    FUZZ_REQUIRE(hutch_arena_check(fuzz.arena, &broken));
    hutch_arena_free(fuzz.arena);
    return 0;
}
