/*
 * Stacks. ucontext makes the switch: it is there for every architecture, and
 * is used once in the life of a process.
 *
 * Wiping has two parts. The bytes right below the caller are overwritten,
 * because they are in use all the time and their pages would only be faulted in
 * again. Everything below those is given back to the system, whether it was
 * touched or not: that is one call, and it needs no guess at how deep the
 * last guest went.
 */
#include "plat/stack.h"

#include "plat/memory.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HUTCH_STACK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HUTCH_STACK_SANITIZED 1
#endif
#endif
#ifdef HUTCH_STACK_SANITIZED
#include <sanitizer/common_interface_defs.h>
#endif

/* What is overwritten; more than most guests need. */
#define NEAR_BYTES 12288u
/* And what lies above the frame that wipes: those of the loop that serves. */
#define ENTRY_BYTES 4096u
/* The part of them in which the frame of the function lies that overwrites the rest. */
#define ADJACENT_BYTES 2048u

hutch_status hutch_stack_new(size_t size, hutch_stack *stack, hutch_error *error) {
    void *range;
    hutch_status status = hutch_memory_reserve(size, &range, error);
    if (status == HUTCH_OK) {
        /* A huge page would make one touched byte cost 2 MiB, and as much to wipe. */
        (void)madvise(range, size, MADV_NOHUGEPAGE);
        *stack = (hutch_stack){.low = range, .size = size};
    }
    return status;
}

void hutch_stack_populate(const hutch_stack *stack) {
    size_t most = stack->size < NEAR_BYTES + ENTRY_BYTES ? stack->size : NEAR_BYTES + ENTRY_BYTES;
    hutch_memory_populate((unsigned char *)stack->low + stack->size - most, most);
}

typedef struct entry {
    void (*body)(void *);
    void *argument;
} entry;

/* First frame of the new stack. makecontext passes ints only: the pointer comes in two halves. */
static void run_body(unsigned high, unsigned low) {
#ifdef HUTCH_STACK_SANITIZED
    __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
#endif
    const entry *begin = (const entry *)(uintptr_t)((uint64_t)high << 32 | low);
    begin->body(begin->argument);
}

_Noreturn void hutch_stack_enter(const hutch_stack *stack, void (*body)(void *), void *argument) {
    ucontext_t context;
    entry begin = {.body = body, .argument = argument};
    uint64_t address = (uint64_t)(uintptr_t)&begin;
    (void)getcontext(&context);
    context.uc_stack.ss_sp = stack->low;
    context.uc_stack.ss_size = stack->size;
    context.uc_link = NULL;
    makecontext(&context, (void (*)(void))run_body, 2, (unsigned)(address >> 32),
                (unsigned)address);
#ifdef HUTCH_STACK_SANITIZED
    __sanitizer_start_switch_fiber(NULL, stack->low, stack->size);
#endif
    (void)setcontext(&context);
    __builtin_trap();
}

/* Its array lies right below the caller's frame, where memset() itself may have its own. */
static __attribute__((noinline)) void wipe_adjacent(void) {
    unsigned char below[ADJACENT_BYTES + 256];
    explicit_bzero(below, sizeof below);
}

/* All between `low` and the frame of a caller's caller, which lies at `here`. */
static inline __attribute__((always_inline)) void wipe(unsigned char *low, uintptr_t here) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t end = (here - NEAR_BYTES) & ~(page - 1);
    if (end > (uintptr_t)low) {
        size_t far = end - (uintptr_t)low;
        (void)madvise(low, far, MADV_DONTNEED);
        explicit_bzero(low + far, here - ADJACENT_BYTES - end);
    }
    wipe_adjacent();
}

__attribute__((noinline)) void hutch_stack_wipe(const hutch_stack *stack) {
    wipe(stack->low, (uintptr_t)__builtin_frame_address(0));
}

__attribute__((noinline)) void hutch_stack_wipe_upper(const hutch_stack *stack, size_t deepest) {
    size_t grains = (deepest + HUTCH_MEMORY_GRAIN - 1) / HUTCH_MEMORY_GRAIN;
    size_t most = stack->size / HUTCH_MEMORY_GRAIN;
    size_t untouched = grains < most ? (most - grains) * HUTCH_MEMORY_GRAIN : 0;
    wipe(stack->low + untouched, (uintptr_t)__builtin_frame_address(0));
}
