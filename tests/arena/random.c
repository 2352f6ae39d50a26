/*
 * Random operations against a model that knows of each block where it is, how
 * long it is and what is in it. After each operation all invariants hold; save
 * and restore bring the model of that moment back.
 *
 * HUTCH_TEST_SEED=number repeats one sequence, HUTCH_TEST_STEPS=number makes it
 * longer or shorter.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOTS 192
#define CAP ((size_t)24 << 20)

typedef struct slot {
    unsigned char *block; /* NULL: none */
    size_t size;
    unsigned char fill; /* what its bytes are made of */
} slot;

typedef struct model {
    hutch_arena *arena;
    uint64_t seed; /* of the next number */
    slot slots[SLOTS];
    slot saved[SLOTS];
    bool has_image;
} model;

/* Of long blocks only one byte in so many is written and looked at. */
static size_t stride_of(size_t size) {
    return size <= 4096 ? 1 : 61;
}

static unsigned char byte_at(const slot *s, size_t at) {
    return (unsigned char)(s->fill + at * 7);
}

static void fill(slot *s) {
    size_t stride = stride_of(s->size);
    for (size_t at = 0; at < s->size; at += stride) {
        s->block[at] = byte_at(s, at);
    }
    s->block[s->size - 1] = byte_at(s, s->size - 1);
}

static void expect_byte(const slot *s, size_t at) {
    if (s->block[at] != byte_at(s, at)) {
        fail_msg("byte %zu of %zu has changed", at, s->size);
    }
}

/* The first `size` bytes are what they were; `size` is at most the slot's. */
static void expect_filled(const slot *s, size_t size) {
    size_t stride = stride_of(s->size);
    for (size_t at = 0; at < size; at += stride) {
        expect_byte(s, at);
    }
    if (size == s->size) {
        expect_byte(s, size - 1);
    }
}

static void expect_zero(const unsigned char *block, size_t size) {
    for (size_t at = 0; at < size; at++) {
        if (block[at] != 0) {
            fail_msg("byte %zu of %zu is not zero", at, size);
        }
    }
}

static size_t random_size(model *m) {
    uint32_t kind = fixture_random(&m->seed) % 100;
    uint32_t most = kind < 60 ? 600 : kind < 85 ? 6000 : kind < 97 ? 70000 : 1500000;
    return 1 + fixture_random(&m->seed) % most;
}

/* An allocation may only fail where much is in use. */
static void expect_fair_refusal(model *m, size_t size) {
    assert_true(hutch_arena_take_refusal(m->arena));
    assert_true(fixture_stats(m->arena).allocated + size > CAP / 2);
}

static void allocate(model *m, slot *s) {
    size_t size = random_size(m);
    bool clear = fixture_random(&m->seed) % 4 == 0;
    unsigned char *block =
        clear ? hutch_arena_calloc(m->arena, size, 1) : hutch_arena_alloc(m->arena, size);
    if (block == NULL) {
        expect_fair_refusal(m, size);
        return;
    }
    if (clear) {
        expect_zero(block, size);
    }
    assert_int_equal((uintptr_t)block % 16, 0);
    assert_true(hutch_arena_usable_size(block) >= size);
    *s = (slot){.block = block, .size = size, .fill = (unsigned char)fixture_random(&m->seed)};
    fill(s);
}

static void resize(model *m, slot *s) {
    size_t size = random_size(m);
    unsigned char *block = hutch_arena_realloc(m->arena, s->block, size);
    if (block == NULL) {
        expect_fair_refusal(m, size);
        expect_filled(s, s->size);
        return;
    }
    size_t kept = size < s->size ? size : s->size;
    s->block = block;
    expect_filled(s, kept);
    s->size = size;
    fill(s);
}

static void release(model *m, slot *s) {
    expect_filled(s, s->size);
    hutch_arena_release(m->arena, s->block);
    s->block = NULL;
}

static void save(model *m) {
    assert_int_equal(hutch_arena_save(m->arena, NULL), HUTCH_OK);
    memcpy(m->saved, m->slots, sizeof m->saved);
    m->has_image = true;
}

static void restore(model *m) {
    size_t keep = fixture_random(&m->seed) % FIXTURE_RESERVE;
    assert_int_equal(hutch_arena_restore(m->arena, keep),
                     m->has_image ? HUTCH_OK : HUTCH_WRONG_STATE);
    if (m->has_image) {
        memcpy(m->slots, m->saved, sizeof m->slots);
    }
}

static void step(model *m) {
    uint32_t kind = fixture_random(&m->seed) % 1000;
    slot *s = &m->slots[fixture_random(&m->seed) % SLOTS];
    if (kind == 0) {
        save(m);
    } else if (kind < 4) {
        restore(m);
    } else if (kind < 10) {
        hutch_arena_trim(m->arena);
    } else if (s->block == NULL) {
        allocate(m, s);
    } else if (kind < 400) {
        resize(m, s);
    } else {
        release(m, s);
    }
}

static void expect_all_filled(const model *m) {
    for (size_t i = 0; i < SLOTS; i++) {
        if (m->slots[i].block != NULL) {
            expect_filled(&m->slots[i], m->slots[i].size);
        }
    }
}

static void run(model *m, uint64_t seed, size_t steps) {
    *m = (model){.seed = seed};
    hutch_error error;
    assert_int_equal(hutch_arena_new((size_t)64 << 20, &m->arena, &error), HUTCH_OK);
    hutch_arena_set_cap(m->arena, CAP);
    /* cmocka leaves a failing test by a jump: whoever reads the log finds the seed above it. */
    print_message("HUTCH_TEST_SEED=%llu HUTCH_TEST_STEPS=%zu\n", (unsigned long long)seed, steps);
    for (size_t i = 0; i < steps; i++) {
        step(m);
        fixture_check(m->arena);
        if (i % 128 == 0) {
            expect_all_filled(m);
        }
    }
    expect_all_filled(m);
    hutch_arena_free(m->arena);
}

static uint64_t number_from(const char *variable, uint64_t otherwise) {
    const char *text = getenv(variable);
    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static void the_arena_does_what_the_model_does(void **state) {
    (void)state;
    static model m;
    size_t steps = (size_t)number_from("HUTCH_TEST_STEPS", 50000);
    if (getenv("HUTCH_TEST_SEED") != NULL) {
        run(&m, number_from("HUTCH_TEST_SEED", 0), steps);
        return;
    }
    for (uint64_t seed = 1; seed <= 3; seed++) {
        run(&m, seed, steps);
    }
    run(&m, (uint64_t)time(NULL), steps);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arena_does_what_the_model_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
