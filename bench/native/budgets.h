/**
 * @file budgets.h
 * How many events a scenario may cost: a file of them, held against what was counted.
 *
 * A line is four columns, parted by tabs: scenario, side, event, most. A line that begins with # is a
 * comment.
 *
 * Threads: one.
 */
#ifndef HUTCH_BENCH_BUDGETS_H
#define HUTCH_BENCH_BUDGETS_H

#include "scenarios.h"

#include <stdbool.h>

/** What a file says. */
typedef struct hutch_budgets hutch_budgets;

/** Read a file. @return owned by the caller, freed with hutch_budgets_free(); NULL when it cannot be
 *  read or says something that is no budget: standard error has what, and in which line */
hutch_budgets *hutch_budgets_read(const char *path);

/** @param budgets NULL is nothing */
void hutch_budgets_free(hutch_budgets *budgets);

/** Whether no budget of the scenario is exceeded. @param budgets NULL has none */
bool hutch_budgets_keep(const hutch_budgets *budgets, const hutch_scenario *scenario,
                        const hutch_scenario_figures *figures);

/**
 * Hold the budgets of a scenario. Standard error has each that is exceeded, and each that cannot be held
 * here, with the reason.
 *
 * @param budgets NULL has none
 * @param busy    the machine was too busy for all but faults
 * @return false when one is exceeded
 */
bool hutch_budgets_hold(hutch_budgets *budgets, const hutch_scenario *scenario,
                        const hutch_scenario_figures *figures, bool busy);

/** Whether each line was about a scenario that there is; standard error has those that were not. */
bool hutch_budgets_all_used(const hutch_budgets *budgets);

#endif
