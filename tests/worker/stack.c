/*
 * The guest's stack: guarded on both sides, and wiped to the last byte.
 */
#include "plat/stack.h"
#include "plat/memory.h"
#include "support/cmocka.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_BYTES (32 * HUTCH_MEMORY_GRAIN)
#define FILLING 0xa5

static hutch_stack stack;

/* Runs `body` on the stack in a process of its own. Returns the wait status. */
static int run_on_stack(void (*body)(void *)) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* cmocka's would report the crash that is expected. */
        (void)signal(SIGSEGV, SIG_DFL);
        hutch_stack_enter(&stack, body, &stack);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static int get_stack(void **state) {
    (void)state;
    return hutch_stack_new(STACK_BYTES, &stack, NULL) == HUTCH_OK ? 0 : -1;
}

static void body_of_the_stack(void *argument) {
    unsigned char here;
    uintptr_t place = (uintptr_t)&here;
    bool is_on_stack = argument == &stack && place >= (uintptr_t)stack.low &&
                       place < (uintptr_t)stack.low + stack.size;
    _exit(is_on_stack ? 0 : 1);
}

static void its_body_runs_on_it(void **state) {
    (void)state;
    assert_int_equal(run_on_stack(body_of_the_stack), 0);
}

static volatile unsigned char sink;

static void write_below(void *argument) {
    (void)argument;
    sink = stack.low[-1];
    _exit(0);
}

static void write_above(void *argument) {
    (void)argument;
    sink = stack.low[stack.size];
    _exit(0);
}

static void beyond_its_ends_nothing_can_be_touched(void **state) {
    (void)state;
    assert_int_equal(WTERMSIG(run_on_stack(write_below)), SIGSEGV);
    assert_int_equal(WTERMSIG(run_on_stack(write_above)), SIGSEGV);
}

/* Fills so many frames, and returns. */
static __attribute__((noinline)) unsigned fill(unsigned frames) {
    volatile unsigned char frame[1000];
    for (size_t i = 0; i < sizeof frame; i++) {
        frame[i] = FILLING;
    }
    return frames == 0 ? frame[7] : fill(frames - 1) + frame[frames % sizeof frame];
}

/* A byte of an address can have the filling's value by chance, so many in a row cannot. */
#define FILLING_ROW 16u

/* Bytes of the filling below a place. */
static size_t count_filling(const unsigned char *end) {
    size_t count = 0;
    size_t row = 0;
    for (const volatile unsigned char *at = stack.low; at < end; at++) {
        row = *at == FILLING ? row + 1 : 0;
        count += row == FILLING_ROW ? FILLING_ROW : row > FILLING_ROW ? 1 : 0;
    }
    return count;
}

/* What the frames of the calls that count overwrite of it. */
#define OWN_BYTES 4096u

/* Exits with 0 when a fill of so many frames is seen, and is gone after a wipe. */
static _Noreturn void fill_and_wipe(unsigned frames) {
    const unsigned char *here = __builtin_frame_address(0);
    (void)fill(frames);
    if (count_filling(here - 512) < frames * (size_t)1000 - OWN_BYTES) {
        _exit(2);
    }
    hutch_stack_wipe(&stack);
    _exit(count_filling(here - 512) == 0 ? 0 : 3);
}

/* The same with a wipe of the part that a fill of so many frames can have used, rounded up. */
static _Noreturn void fill_and_wipe_upper(unsigned frames) {
    const unsigned char *here = __builtin_frame_address(0);
    (void)fill(frames);
    if (count_filling(here - 512) < frames * (size_t)1000 - OWN_BYTES) {
        _exit(2);
    }
    hutch_stack_wipe_upper(&stack, frames * (size_t)1200 + OWN_BYTES);
    _exit(count_filling(here - 512) == 0 ? 0 : 3);
}

static void fill_a_part(void *argument) {
    (void)argument;
    fill_and_wipe_upper(200);
}

/* More than there is means all of it. */
static void fill_most_of_it(void *argument) {
    (void)argument;
    (void)fill(1000);
    hutch_stack_wipe_upper(&stack, SIZE_MAX / 2);
    _exit(count_filling((const unsigned char *)__builtin_frame_address(0) - 512) == 0 ? 0 : 3);
}

static void leave_what_is_deeper(void *argument) {
    (void)argument;
    (void)fill(1000);
    hutch_stack_wipe_upper(&stack, 1);
    _exit(count_filling(stack.low + stack.size - 2 * HUTCH_MEMORY_GRAIN) > 0 ? 0 : 4);
}

static void what_lies_above_the_deepest_place_is_wiped(void **state) {
    (void)state;
    assert_int_equal(run_on_stack(fill_a_part), 0);
    assert_int_equal(run_on_stack(fill_most_of_it), 0);
    assert_int_equal(run_on_stack(leave_what_is_deeper), 0);
}

static void fill_a_little(void *argument) {
    (void)argument;
    fill_and_wipe(12);
}

static void fill_to_the_window(void *argument) {
    (void)argument;
    fill_and_wipe(34);
}

static void fill_most(void *argument) {
    (void)argument;
    fill_and_wipe(1000);
}

static void what_returned_frames_left_is_wiped_however_deep(void **state) {
    (void)state;
    assert_int_equal(run_on_stack(fill_a_little), 0);
    assert_int_equal(run_on_stack(fill_to_the_window), 0);
    assert_int_equal(run_on_stack(fill_most), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_body_runs_on_it),
        cmocka_unit_test(beyond_its_ends_nothing_can_be_touched),
        cmocka_unit_test(what_returned_frames_left_is_wiped_however_deep),
        cmocka_unit_test(what_lies_above_the_deepest_place_is_wiped),
    };
    return cmocka_run_group_tests(tests, get_stack, NULL);
}
