/**
 * @file limits.h
 * Every limit of a context in one table: the struct, the defaults, the range
 * checks and the options of the JavaScript package are made from it, and the
 * documentation is compared with it.
 */
#ifndef HUTCH_LIMITS_H
#define HUTCH_LIMITS_H

#include <hutch/api.h>
#include <hutch/error.h>

#include <stddef.h>
#include <stdint.h>

HUTCH_BEGIN_API

/** Stands for "no limit" where a limit's maximum allows it. */
#define HUTCH_NO_LIMIT UINT64_MAX

#define HUTCH_KIB UINT64_C(1024)
#define HUTCH_MIB (UINT64_C(1024) * HUTCH_KIB)

/** Bytes of native stack behind each byte of the limit `stack_bytes`, which is in the measure of other hosts
 *  of this engine: the depth that a program reaches with it there, where the engine is WebAssembly and
 *  its frames are small, it reaches here. */
#define HUTCH_STACK_FACTOR 8

/** Deepest nesting of JSON that crosses: arrays and objects around a value, itself included. What is
 *  deeper meets the error of the limit of values. */
#define HUTCH_JSON_DEPTH_MAX 10000

/** Most bytes of a number in JSON that crosses. An engine writes less than 30, but JSON.rawJSON makes
 *  numbers of any length, and hosts parse each in one go. What is longer meets the error of the limit of
 *  values. */
#define HUTCH_JSON_NUMBER_MAX 4096

/** Most bytes of white space in a row, outside of strings, in JSON that crosses. An engine writes none. */
#define HUTCH_JSON_SPACE_MAX 16

/*
 * X(field, option, default, minimum, maximum, unit, what is limited and what happens beyond)
 * `option` is the name in the JavaScript package and in messages.
 */
#define HUTCH_LIMITS_TABLE(X)                                                                      \
    X(timeout_ms, "timeout", 30000, 1, INT32_MAX, "ms",                                            \
      "wall-clock time of a run, waiting for tools included; beyond: TimeoutError")                \
    X(cpu_time_ms, "cpuTime", HUTCH_NO_LIMIT, 1, HUTCH_NO_LIMIT, "ms",                             \
      "processor time of a run; beyond: TimeoutError, code cpuTime")                               \
    X(memory_bytes, "memoryLimit", 128 * HUTCH_MIB, 1, 4096 * HUTCH_MIB, "bytes",                  \
      "heap of the isolate, engine included; beyond: MemoryLimitError, context gone")              \
    X(stack_bytes, "maxStackSize", 512 * HUTCH_KIB, 1, 16 * HUTCH_MIB, "bytes",                    \
      "stack of the guest, HUTCH_STACK_FACTOR times as much of the native one; beyond: "           \
      "RangeError "                                                                                \
      "inside, StackOverflowError if uncaught")                                                    \
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
    X(open_input_bytes, "maxOpenToolInputSize", 64 * HUTCH_MIB, 2, 4096 * HUTCH_MIB, "bytes",      \
      "JSON of the inputs of all tool calls without an answer, and so of each; beyond: a "         \
      "catchable RangeError inside")                                                               \
    X(tool_result_bytes, "maxToolResultSize", 1024 * HUTCH_MIB, 2, 1024 * HUTCH_MIB, "bytes",      \
      "JSON of one tool's result; beyond: a catchable RangeError inside")                          \
    X(queued_result_bytes, "maxQueuedToolResultSize", 128 * HUTCH_MIB, 2, 4096 * HUTCH_MIB,        \
      "bytes",                                                                                     \
      "answers that wait in the host until the guest takes them, one of any size always fits; "    \
      "beyond: a catchable RangeError inside")                                                     \
    X(result_bytes, "maxResultSize", 64 * HUTCH_MIB, 2, 1024 * HUTCH_MIB, "bytes",                 \
      "JSON of a run's result; beyond: LimitError, code maxResultSize")                            \
    X(tool_input_values, "maxToolInputValues", 2000000, 1, UINT32_MAX, "values",                   \
      "JSON values of one tool call's input; beyond: a catchable RangeError inside")               \
    X(open_input_values, "maxOpenToolInputValues", 4000000, 1, UINT32_MAX, "values",               \
      "JSON values of the inputs of all tool calls without an answer, and so of each; beyond: a "  \
      "catchable RangeError inside")                                                               \
    X(result_values, "maxResultValues", 2000000, 1, UINT32_MAX, "values",                          \
      "JSON values of a run's result; beyond: LimitError, code maxResultValues")                   \
    X(log_values, "maxLogValues", 2000000, 0, UINT32_MAX, "values",                                \
      "values that the console prints in a run; beyond: one [log output truncated]")

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

HUTCH_END_API

#endif
