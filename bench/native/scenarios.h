/**
 * @file scenarios.h
 * The ways to use a pool whose events are counted, as a table.
 *
 * Threads: one.
 */
#ifndef HUTCH_BENCH_SCENARIOS_H
#define HUTCH_BENCH_SCENARIOS_H

#include "meter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What an action of a scenario caused, a mean over one batch. */
typedef struct hutch_scenario_figures {
    double of[HUTCH_METER_SIDES][HUTCH_METER_KINDS];
} hutch_scenario_figures;

/** One way to use a pool. */
typedef struct hutch_scenario {
    const char *name;
    const char *code;   /**< the program */
    size_t reply_bytes; /**< about as long is what the tool answers; 0: HUTCH_BENCH_REPLY */
    uint32_t actions;   /**< a batch */
    uint32_t batches;
    bool host_waits; /**< the host of this scenario sleeps on purpose: its side says nothing */
    /** Does all batches. @return false when something failed */
    bool (*count)(const struct hutch_scenario *scenario, hutch_scenario_figures *batches);
} hutch_scenario;

/** All, ended by one without a name. */
extern const hutch_scenario hutch_scenarios[];

/**
 * Count one. Of faults the figure is the median of the batches: they are the same each time. Of the others it
 * is that of the best batch: a neighbour who takes a processor away makes a side sleep, which takes calls and
 * locks, and never keeps it from sleeping.
 *
 * @param figures [out]
 * @return false when an action failed
 */
bool hutch_scenario_count(const hutch_scenario *scenario, hutch_scenario_figures *figures);

/** Whether the figure means something: it can be counted here, and the scenario has that side. */
bool hutch_scenario_tells(const hutch_scenario *scenario, hutch_meter_side side,
                          hutch_meter_kind kind);

#endif
