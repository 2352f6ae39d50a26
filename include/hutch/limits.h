/**
 * @file limits.h
 * Every limit of a context in one table: the struct, the defaults, the range
 * checks, the options of the JavaScript package, the documentation and the
 * tests are all made from it, so they cannot drift apart.
 */
#ifndef HUTCH_LIMITS_H
#define HUTCH_LIMITS_H

#include <hutch/error.h>

#include <stddef.h>
#include <stdint.h>

/** Stands for "no limit" where a limit's maximum allows it. */
#define HUTCH_NO_LIMIT UINT64_MAX

#define HUTCH_KIB UINT64_C(1024)
#define HUTCH_MIB (UINT64_C(1024) * HUTCH_KIB)

/*
 * X(field, option, default, minimum, maximum, unit, what is limited and what happens beyond)
 * `option` is the name in the JavaScript package and in messages.
 */
#define HUTCH_LIMITS_TABLE(X)                                                                      \
    X(timeout_ms, "timeout", 30000, 1, INT32_MAX, "ms",                                            \
      "wall-clock time of a run, waiting for tools included; beyond: TimeoutError")                \
    X(cpu_time_ms, "cpuTime", HUTCH_NO_LIMIT, 1, HUTCH_NO_LIMIT, "ms",                             \
      "processor time of a run; beyond: TimeoutError, code cpuTime")                               \
    X(memory_bytes, "memoryLimit", 128 * HUTCH_MIB, 2 * HUTCH_MIB, 4096 * HUTCH_MIB, "bytes",      \
      "heap of the isolate, engine included; beyond: MemoryLimitError, context gone")              \
    X(stack_bytes, "maxStackSize", 512 * HUTCH_KIB, 64 * HUTCH_KIB, 16 * HUTCH_MIB, "bytes",       \
      "native stack of the guest; beyond: RangeError inside, StackOverflowError if uncaught")      \
    X(tool_calls, "maxToolCalls", 1000, 0, UINT32_MAX, "calls",                                    \
      "tool calls of a run; beyond: a catchable Error inside")                                     \
    X(open_calls, "maxOpenToolCalls", 4096, 1, 65536, "calls",                                     \
      "tool calls without an answer at any moment; beyond: a catchable Error inside")              \
    X(log_entries, "maxLogEntries", 10000, 0, UINT32_MAX, "entries",                               \
      "console entries of a run; beyond: one [log output truncated]")                              \
    X(log_units, "maxLogLength", 1000000, 0, UINT32_MAX, "UTF-16 units",                           \
      "console text of a run; beyond: one [log output truncated]")                                 \
    X(code_bytes, "maxCodeSize", 4 * HUTCH_MIB, 1, 256 * HUTCH_MIB, "bytes",                       \
      "program text in UTF-8; beyond: LimitError, code maxCodeSize")                               \
    X(tool_input_bytes, "maxToolInputSize", 32 * HUTCH_MIB, 2, 1024 * HUTCH_MIB, "bytes",          \
      "JSON of one tool call's input; beyond: a catchable RangeError inside")                      \
    X(tool_result_bytes, "maxToolResultSize", 1024 * HUTCH_MIB, 2, 1024 * HUTCH_MIB, "bytes",      \
      "JSON of one tool's result; beyond: a catchable RangeError inside")                          \
    X(result_bytes, "maxResultSize", 64 * HUTCH_MIB, 2, 1024 * HUTCH_MIB, "bytes",                 \
      "JSON of a run's result; beyond: LimitError, code maxResultSize")

/** The limits of one context. Set it up with hutch_limits_init(), then change what differs. */
typedef struct hutch_limits {
    size_t size; /**< sizeof(hutch_limits), so that fields can be added later */
#define HUTCH_LIMITS_FIELD(field, option, standard, minimum, maximum, unit, meaning) uint64_t field;
    HUTCH_LIMITS_TABLE(HUTCH_LIMITS_FIELD)
#undef HUTCH_LIMITS_FIELD
} hutch_limits;

/**
 * Set every limit to its default.
 *
 * @param limits  [out] not NULL
 *
 * Threads: any.
 */
void hutch_limits_init(hutch_limits *limits);

/**
 * Check every limit against its range.
 *
 * @param limits  not NULL
 * @param error   [out, optional] names the option, its value and the range
 * @return HUTCH_OK or HUTCH_INVALID_ARGUMENT
 *
 * Threads: any.
 */
hutch_status hutch_limits_check(const hutch_limits *limits, hutch_error *error);

#endif
