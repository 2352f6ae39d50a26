/**
 * @file programs.h
 * The programs that are measured both in the caller's own process and in a
 * worker, so that the difference is the way between them.
 */
#ifndef HUTCH_BENCH_PROGRAMS_H
#define HUTCH_BENCH_PROGRAMS_H

#define HUTCH_BENCH_SUM "return 1 + 1"
#define HUTCH_BENCH_CALLS                                                                          \
    "let sum = 0; for (let i = 0; i < 8; i++) sum += await tool({ value: i }); return sum"
#define HUTCH_BENCH_FIB "const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); return fib(20)"

/** The one tool, and what it always returns. */
#define HUTCH_BENCH_TOOL "tool"
#define HUTCH_BENCH_REPLY "1"

#endif
