/**
 * @file open_inputs.h
 * What the inputs of a run's open tool calls come to. A tool may hold its input
 * for as long as the call is open, so their sum has limits of its own; worker
 * and pool judge it by the same rule. One input is bounded by its own limit and by
 * that of the sum, whichever is smaller; at that it always fits where no other is open.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_OPEN_INPUTS_H
#define HUTCH_BASE_OPEN_INPUTS_H

#include <hutch/limits.h>

#include <stdbool.h>

/** One input; no limit lets it be larger than this can say. */
typedef struct hutch_input {
    uint32_t bytes;  /**< of JSON */
    uint32_t values; /**< in it */
} hutch_input;

/** The sum of several. */
typedef struct hutch_inputs {
    uint64_t bytes;
    uint64_t values;
} hutch_inputs;

static inline uint64_t hutch_smaller_of(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/** Most bytes of JSON of one input. */
static inline uint64_t hutch_input_most_bytes(const hutch_limits *limits) {
    return hutch_smaller_of(limits->tool_input_bytes, limits->open_input_bytes);
}

/** Most values in one input. */
static inline uint64_t hutch_input_most_values(const hutch_limits *limits) {
    return hutch_smaller_of(limits->tool_input_values, limits->open_input_values);
}

/** Whether an input of so many bytes fits beside those that are open. */
static inline bool hutch_inputs_fit_bytes(const hutch_inputs *open, const hutch_limits *limits,
                                          uint64_t bytes) {
    return bytes <= limits->open_input_bytes - open->bytes;
}

/** How many values an input may have beside those that are open, by their sum. */
static inline uint64_t hutch_inputs_values_left(const hutch_inputs *open,
                                                const hutch_limits *limits) {
    return limits->open_input_values - open->values;
}

/** A call has been opened, whose input fits. */
static inline void hutch_inputs_add(hutch_inputs *open, hutch_input input) {
    open->bytes += input.bytes;
    open->values += input.values;
}

/** It has its answer. */
static inline void hutch_inputs_remove(hutch_inputs *open, hutch_input input) {
    open->bytes -= input.bytes;
    open->values -= input.values;
}

#endif
