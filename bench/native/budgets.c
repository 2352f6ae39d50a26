#include "budgets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BUDGETS 128
#define LINE_BYTES 256
#define NAME_BYTES 64

typedef struct budget {
    char scenario[NAME_BYTES];
    hutch_meter_side side;
    hutch_meter_kind kind;
    double most; /**< an action */
    bool used;
} budget;

struct hutch_budgets {
    budget all[MOST_BUDGETS];
    size_t count;
};

static bool find_side(const char *name, hutch_meter_side *side) {
    hutch_meter_side found = 0;
    while (found < HUTCH_METER_SIDES && strcmp(hutch_meter_side_name(found), name) != 0) {
        found++;
    }
    *side = found;
    return found < HUTCH_METER_SIDES;
}

static bool find_kind(const char *name, hutch_meter_kind *kind) {
    hutch_meter_kind found = 0;
    while (found < HUTCH_METER_KINDS && strcmp(hutch_meter_kind_name(found), name) != 0) {
        found++;
    }
    *kind = found;
    return found < HUTCH_METER_KINDS;
}

static bool read_budget(const char *line, budget *out) {
    char side[NAME_BYTES];
    char kind[NAME_BYTES];
    return sscanf(line, "%63[^\t]\t%63[^\t]\t%63[^\t]\t%lf", out->scenario, side, kind,
                  &out->most) == 4 &&
           find_side(side, &out->side) && find_kind(kind, &out->kind);
}

static bool read_line(const char *line, hutch_budgets *budgets) {
    bool blank = line[0] == '#' || line[0] == '\n';
    bool good = blank ||
                (budgets->count < MOST_BUDGETS && read_budget(line, &budgets->all[budgets->count]));
    budgets->count += !blank && good ? 1 : 0;
    return good;
}

static bool read_lines(const char *path, FILE *file, hutch_budgets *budgets) {
    char line[LINE_BYTES];
    bool good = true;
    for (size_t number = 1; good && fgets(line, sizeof line, file) != NULL; number++) {
        good = read_line(line, budgets);
        if (!good) {
            fprintf(stderr,
                    "%s:%zu: not a budget (scenario, side, event, most, parted by tabs): %s", path,
                    number, line);
        }
    }
    return good;
}

hutch_budgets *hutch_budgets_read(const char *path) {
    hutch_budgets *budgets = calloc(1, sizeof *budgets);
    FILE *file = fopen(path, "re");
    bool good = budgets != NULL && file != NULL;
    if (!good) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    good = good && read_lines(path, file, budgets);
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!good) {
        free(budgets);
        budgets = NULL;
    }
    return budgets;
}

void hutch_budgets_free(hutch_budgets *budgets) {
    free(budgets);
}

/* What was counted for a budget. */
static double count_of(const budget *one, const hutch_scenario_figures *figures) {
    return figures->of[one->side][one->kind];
}

static bool is_kept(const budget *one, const hutch_scenario *scenario,
                    const hutch_scenario_figures *figures) {
    return !hutch_scenario_tells(scenario, one->side, one->kind) ||
           count_of(one, figures) <= one->most;
}

/* @return false when it is exceeded, and that says something */
static bool tell(const budget *one, const hutch_scenario *scenario,
                 const hutch_scenario_figures *figures, bool busy) {
    const char *side = hutch_meter_side_name(one->side);
    const char *kind = hutch_meter_kind_name(one->kind);
    bool good = true;
    if (!hutch_scenario_tells(scenario, one->side, one->kind)) {
        fprintf(stderr, "skipped: %s, %s, %s: cannot be counted here\n", scenario->name, side,
                kind);
    } else if (!is_kept(one, scenario, figures)) {
        good = busy && one->kind != HUTCH_METER_FAULTS;
        fprintf(stderr, "%s%s, %s: %.2f %s an action; the budget is %.2f\n",
                good ? "skipped, the machine is too busy: " : "", scenario->name, side,
                count_of(one, figures), kind, one->most);
    }
    return good;
}

static bool is_about(const budget *one, const hutch_scenario *scenario) {
    return strcmp(one->scenario, scenario->name) == 0;
}

bool hutch_budgets_keep(const hutch_budgets *budgets, const hutch_scenario *scenario,
                        const hutch_scenario_figures *figures) {
    bool good = true;
    for (size_t i = 0; budgets != NULL && i < budgets->count; i++) {
        const budget *next = &budgets->all[i];
        good = good && (!is_about(next, scenario) || is_kept(next, scenario, figures));
    }
    return good;
}

bool hutch_budgets_hold(hutch_budgets *budgets, const hutch_scenario *scenario,
                        const hutch_scenario_figures *figures, bool busy) {
    bool good = true;
    for (size_t i = 0; budgets != NULL && i < budgets->count; i++) {
        budget *next = &budgets->all[i];
        if (is_about(next, scenario)) {
            next->used = true;
            good = tell(next, scenario, figures, busy) && good;
        }
    }
    return good;
}

bool hutch_budgets_all_used(const hutch_budgets *budgets) {
    bool good = true;
    for (size_t i = 0; i < budgets->count; i++) {
        if (!budgets->all[i].used) {
            fprintf(stderr, "no such scenario: %s\n", budgets->all[i].scenario);
            good = false;
        }
    }
    return good;
}
