/**
 * @file stack.h
 * A stack of one's own, with guard pages, that can be wiped below the running
 * frame.
 *
 * Threads: a stack belongs to the thread that runs on it.
 */
#ifndef HUTCH_PLAT_STACK_H
#define HUTCH_PLAT_STACK_H

#include <hutch/error.h>

#include <stddef.h>

/** A range of addresses to run on. Memory is only used as it is touched. */
typedef struct hutch_stack {
    unsigned char *low; /**< lowest usable byte; a guard page lies below it */
    size_t size;        /**< bytes; another guard page lies above them */
} hutch_stack;

/**
 * Reserve a stack.
 *
 * @param size   bytes, a multiple of HUTCH_MEMORY_GRAIN (memory.h)
 * @param stack  [out] lives as long as the process
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT or HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_stack_new(size_t size, hutch_stack *stack, hutch_error *error);

/** Take memory for what every guest uses of it, in one system call instead of a fault a page. */
void hutch_stack_populate(const hutch_stack *stack);

/** Leave the present stack for good and call `body` on this one; `body` does not return. */
_Noreturn void hutch_stack_enter(const hutch_stack *stack, void (*body)(void *), void *argument);

/**
 * Wipe what frames that have returned left behind: every byte of the stack
 * below the caller's frame is zero afterwards.
 *
 * @param stack  the one that the caller runs on
 */
void hutch_stack_wipe(const hutch_stack *stack);

/**
 * As hutch_stack_wipe(), where it is known that nothing was ever deeper: to give back addresses that
 * nobody touched costs time for each 2 MiB of them.
 *
 * @param deepest  bytes from the stack's high end
 */
void hutch_stack_wipe_upper(const hutch_stack *stack, size_t deepest);

#endif
