/**
 * @file arena.c
 * Random operations on an arena. Each block is filled with a pattern of its
 * own, which must be there when the block is looked at again; the invariants
 * are checked on the way.
 */
#include "target.h"

#include "arena/arena.h"

#include <string.h>

enum { SLOTS = 64, RESERVE = 2 << 20, LEAST_CAP = 65536, CHECK_EVERY = 16, MOST_STEPS = 2000 };

typedef struct slot {
    unsigned char *block;
    size_t size;
    unsigned char fill;
} slot;

typedef struct state {
    hutch_arena *arena;
    slot now[SLOTS];
    slot saved[SLOTS];
    bool has_image;
    unsigned char next_fill;
} state;

/* Every order of magnitude is as likely as another, up to half a megabyte. */
static size_t pick_size(fuzz_input *input) {
    uint32_t number = fuzz_number(input);
    return number % (16u << (number >> 28));
}

/* Each byte is the same as the one before it. */
static void verify(const slot *one) {
    if (one->block != NULL && one->size > 0) {
        FUZZ_REQUIRE(one->block[0] == one->fill);
        FUZZ_REQUIRE(memcmp(one->block, one->block + 1, one->size - 1) == 0);
    }
}

static void verify_all(const state *fuzz) {
    const char *broken = NULL;
    for (size_t i = 0; i < SLOTS; i++) {
        verify(&fuzz->now[i]);
    }
    FUZZ_REQUIRE(hutch_arena_check(fuzz->arena, &broken));
}

static void keep(state *fuzz, slot *one, unsigned char *block, size_t size) {
    FUZZ_REQUIRE((uintptr_t)block % 16 == 0);
    FUZZ_REQUIRE(hutch_arena_usable_size(block) >= size);
    *one = (slot){block, size, fuzz->next_fill++};
    memset(block, one->fill, size);
}

static void allocate(state *fuzz, slot *one, size_t size, bool cleared) {
    if (one->block != NULL) {
        return;
    }
    unsigned char *block =
        cleared ? hutch_arena_calloc(fuzz->arena, size, 1) : hutch_arena_alloc(fuzz->arena, size);
    if (block != NULL) {
        verify(&(slot){block, cleared ? size : 0, 0});
        keep(fuzz, one, block, size);
    }
}

/* Size 0 frees. */
static void resize(state *fuzz, slot *one, size_t size) {
    unsigned char *block = hutch_arena_realloc(fuzz->arena, one->block, size);
    if (size == 0) {
        FUZZ_REQUIRE(block == NULL || one->block == NULL);
        hutch_arena_release(fuzz->arena, block);
        *one = (slot){0};
    } else if (block != NULL) {
        one->block = block;
        one->size = one->size < size ? one->size : size;
        verify(one);
        keep(fuzz, one, block, size);
    }
}

static void save(state *fuzz) {
    if (hutch_arena_save(fuzz->arena, NULL) == HUTCH_OK) {
        memcpy(fuzz->saved, fuzz->now, sizeof fuzz->saved);
        fuzz->has_image = true;
    }
}

static void restore(state *fuzz) {
    hutch_status expected = fuzz->has_image ? HUTCH_OK : HUTCH_WRONG_STATE;
    FUZZ_REQUIRE(hutch_arena_restore(fuzz->arena, 0) == expected);
    if (fuzz->has_image) {
        memcpy(fuzz->now, fuzz->saved, sizeof fuzz->now);
    }
    verify_all(fuzz);
}

static void operate(state *fuzz, fuzz_input *input) {
    uint8_t what = fuzz_byte(input);
    slot *one = &fuzz->now[fuzz_byte(input) % SLOTS];
    verify(one);
    switch (what % 16) {
    case 0:
        save(fuzz);
        break;
    case 1:
        restore(fuzz);
        break;
    case 2:
        hutch_arena_trim(fuzz->arena);
        break;
    case 3:
        hutch_arena_set_cap(fuzz->arena, LEAST_CAP + fuzz_number(input) % RESERVE);
        break;
    case 4:
        hutch_arena_fail_after(fuzz->arena, what >= 128 ? SIZE_MAX : what / 16);
        break;
    case 5:
        allocate(fuzz, one, pick_size(input), true);
        break;
    case 6:
    case 7:
    case 8:
        allocate(fuzz, one, pick_size(input), false);
        break;
    case 9:
    case 10:
    case 11:
        resize(fuzz, one, pick_size(input));
        break;
    default:
        hutch_arena_release(fuzz->arena, one->block);
        *one = (slot){0};
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    state fuzz = {0};
    const char *broken = NULL;
    FUZZ_REQUIRE(hutch_arena_new(RESERVE, &fuzz.arena, NULL) == HUTCH_OK);
    for (int step = 0; input.left > 0 && step < MOST_STEPS; step++) {
        operate(&fuzz, &input);
        if (step % CHECK_EVERY == 0) {
            FUZZ_REQUIRE(hutch_arena_check(fuzz.arena, &broken));
        }
    }
    verify_all(&fuzz);
    hutch_arena_free(fuzz.arena);
    return 0;
}
