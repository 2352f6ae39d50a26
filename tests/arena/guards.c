/*
 * What lies around an arena, and its image: touching it ends the process. Each
 * attempt is made in a process of its own.
 */
#include "fixture.h"

#include "arena/state.h"
#include "plat/memory.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether a process that does this to a byte lives on. */
static bool survives(volatile char *byte, bool write) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* The fault itself, not a sanitizer's report about it, and no core file. */
        (void)signal(SIGSEGV, SIG_DFL);
        (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        if (write) {
            *byte = 1;
        } else {
            (void)*byte;
        }
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    bool faulted = WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
    assert_true(faulted || status == 0);
    return !faulted;
}

static void the_pages_around_an_arena_cannot_be_touched(void **state) {
    hutch_arena *arena = *state;
    char *base = (char *)arena;
    char *end = base + FIXTURE_RESERVE;
    hutch_unpoison_defined(end - 1, 1);
    assert_true(survives(base, false));
    assert_true(survives(end - 1, false));
    for (size_t distance = 1; distance <= HUTCH_MEMORY_GRAIN; distance *= 16) {
        assert_false(survives(base - distance, false));
        assert_false(survives(base - distance, true));
        assert_false(survives(end + distance - 1, false));
        assert_false(survives(end + distance - 1, true));
    }
}

static void the_image_can_be_read_and_not_written(void **state) {
    hutch_arena *arena = *state;
    assert_int_equal(hutch_arena_save(arena, NULL), HUTCH_OK);
    char *image = arena->image;
    assert_true(survives(image, false));
    assert_false(survives(image, true));
    assert_false(survives(image + arena->image_size - 1, true));
    assert_false(survives(image - 1, false));
    assert_false(survives(image + arena->image_range, false));
}

static void a_range_must_be_whole_grains(void **state) {
    (void)state;
    static const size_t sizes[] = {
        0, 1, 4096, HUTCH_MEMORY_GRAIN + 1, SIZE_MAX, SIZE_MAX - HUTCH_MEMORY_GRAIN + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        void *base = NULL;
        hutch_error error;
        assert_int_equal(hutch_memory_reserve(sizes[i], &base, &error), HUTCH_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "expected a multiple of"));
        assert_null(base);
    }
}

static void a_range_that_the_system_refuses_is_an_error(void **state) {
    (void)state;
    void *base = NULL;
    hutch_error error;
    assert_int_equal(hutch_memory_reserve((size_t)1 << 60, &base, &error), HUTCH_OUT_OF_MEMORY);
    assert_int_not_equal(error.os_error, 0);
    assert_null(base);
}

static void memory_given_back_is_zero_and_usable(void **state) {
    (void)state;
    void *base = NULL;
    size_t size = 4 * HUTCH_MEMORY_GRAIN;
    assert_int_equal(hutch_memory_reserve(size, &base, NULL), HUTCH_OK);
    char *bytes = base;
    memset(bytes, 'm', size);
    hutch_memory_give_back(bytes + HUTCH_MEMORY_GRAIN, 2 * HUTCH_MEMORY_GRAIN);
    for (size_t i = 0; i < size; i++) {
        bool kept = i < HUTCH_MEMORY_GRAIN || i >= 3 * HUTCH_MEMORY_GRAIN;
        assert_int_equal(bytes[i], kept ? 'm' : 0);
    }
    memset(bytes, 'n', size);
    hutch_memory_give_back(bytes, 0);
    assert_int_equal(bytes[0], 'n');
    hutch_memory_release(base, size);
    hutch_memory_release(NULL, size);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(the_pages_around_an_arena_cannot_be_touched),
        fixture_test(the_image_can_be_read_and_not_written),
        cmocka_unit_test(a_range_must_be_whole_grains),
        cmocka_unit_test(a_range_that_the_system_refuses_is_an_error),
        cmocka_unit_test(memory_given_back_is_zero_and_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
