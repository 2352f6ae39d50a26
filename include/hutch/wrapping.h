/**
 * @file wrapping.h
 * Programs that models write come in a wrapping: a markdown fence, a function that nobody calls, an
 * expression that nobody returns. What is done about it.
 *
 * Threads: any; constants.
 */
#ifndef HUTCH_WRAPPING_H
#define HUTCH_WRAPPING_H

#include <hutch/option.h>

/* What becomes of a program in a wrapping. */
#define HUTCH_WRAPPING_TABLE(X)                                                                    \
    X(HUTCH_WRAPPING_AS_IS, "as-is", "nothing is looked for: the program is what it says")         \
    X(HUTCH_WRAPPING_UNWRAP, "unwrap",                                                             \
      "it is taken off, called or returned, and one line of the console says so")                  \
    X(HUTCH_WRAPPING_REFUSE, "refuse", "a SyntaxError that says what was seen and what to write")

/** See HUTCH_WRAPPING_TABLE. */
typedef enum hutch_wrapping { HUTCH_WRAPPING_TABLE(HUTCH_CHOICE_CONSTANT) } hutch_wrapping;

/*
 * What a program may be wrapped in: constant, what was done about it, what to do instead. docs/wrapping.md
 * describes each.
 */
#define HUTCH_WRAPPER_TABLE(X)                                                                     \
    X(HUTCH_WRAPPER_FENCE, "its markdown fence was taken off, with all that was around it",        \
      "the program is in a markdown fence: send the code alone, without the fence and without "    \
      "text around it")                                                                            \
    X(HUTCH_WRAPPER_SHEBANG, "its line #! was left out",                                           \
      "the program begins with a line #!: leave that line out")                                    \
    X(HUTCH_WRAPPER_EXPORT, "the word export was left out",                                        \
      "the program has an export: leave that word out, and write `return` before what the "        \
      "program has to give")                                                                       \
    X(HUTCH_WRAPPER_DEFAULT, "its default export was called, or returned",                         \
      "the program has a default export, which nobody takes: write the statements of its body "    \
      "alone, or `return` before the value")                                                       \
    X(HUTCH_WRAPPER_FUNCTION, "the function that it is was called",                                \
      "the program is a function, which nobody calls: write the statements of its body alone")     \
    X(HUTCH_WRAPPER_MAIN, "its main or run was called, as the program does not",                   \
      "the program declares main or run and never calls it: write `return await main()` at its "   \
      "end")                                                                                       \
    X(HUTCH_WRAPPER_VALUE, "the value of its last expression was returned",                        \
      "the value of the last expression goes nowhere: write `return` before it, or `void` where "  \
      "there is none to give")                                                                     \
    X(HUTCH_WRAPPER_CHAIN, "the promise that its last statement ends with was returned",           \
      "the last statement is a promise that nobody awaits: write `return await` before it")

#define HUTCH_WRAPPER_CONSTANT(constant, done, advice) constant,
#define HUTCH_WRAPPER_ONE(constant, done, advice) +1

/** See HUTCH_WRAPPER_TABLE. */
typedef enum hutch_wrapper { HUTCH_WRAPPER_TABLE(HUTCH_WRAPPER_CONSTANT) } hutch_wrapper;

/** How many there are. */
#define HUTCH_WRAPPERS (0 HUTCH_WRAPPER_TABLE(HUTCH_WRAPPER_ONE))

#endif
