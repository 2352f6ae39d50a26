/*
 * Counts what the kernel does for each of a few ways to use a pool, on both sides, and prints a Markdown
 * table; with --budgets, holds the counts against a file of them. See docs/performance.md.
 * Usage: hutch-events [--budgets FILE] [BEGINNING-OF-A-NAME]
 */
#include "budgets.h"
#include "scenarios.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE "Usage: hutch-events [--budgets FILE] [BEGINNING-OF-A-NAME]\n"

/* Counts of one scenario, at most, on a machine that has nothing else to do; and on any. */
#define ATTEMPTS 20
#define MOST_ATTEMPTS 60
#define LINE_BYTES 256

typedef struct arguments {
    const char *budgets;   /**< NULL: only print */
    const char *beginning; /**< of the names of the scenarios that are counted */
} arguments;

static bool read_arguments(int argc, char **argv, arguments *out) {
    bool good = true;
    for (int i = 1; i < argc && good; i++) {
        if (strcmp(argv[i], "--budgets") == 0 && i + 1 < argc) {
            out->budgets = argv[++i];
        } else if (argv[i][0] == '-') {
            good = false;
        } else {
            out->beginning = argv[i];
        }
    }
    return good;
}

static void print_head(void) {
    printf("| an action | side |");
    for (hutch_meter_kind kind = 0; kind < HUTCH_METER_KINDS; kind++) {
        printf(" %s |", hutch_meter_kind_name(kind));
    }
    printf("\n| --- | --- |");
    for (hutch_meter_kind kind = 0; kind < HUTCH_METER_KINDS; kind++) {
        printf(" ---: |");
    }
    printf("\n");
}

static void print_cell(const hutch_scenario *scenario, const hutch_scenario_figures *figures,
                       hutch_meter_side side, hutch_meter_kind kind) {
    double count = figures->of[side][kind];
    if (!hutch_scenario_tells(scenario, side, kind)) {
        printf(" - |");
    } else if (count == 0) {
        printf(" **0** |");
    } else {
        printf(" %.*f |", count < 10 ? 2 : 0, count);
    }
}

static void print_row(const hutch_scenario *scenario, const hutch_scenario_figures *figures) {
    for (hutch_meter_side side = 0; side < HUTCH_METER_SIDES; side++) {
        printf("| %s | %s |", side == HUTCH_METER_HOST ? scenario->name : "",
               hutch_meter_side_name(side));
        for (hutch_meter_kind kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            print_cell(scenario, figures, side, kind);
        }
        printf("\n");
    }
    fflush(stdout);
}

static void take_smaller(hutch_scenario_figures *best, const hutch_scenario_figures *other) {
    for (size_t side = 0; side < HUTCH_METER_SIDES; side++) {
        for (size_t kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            if (other->of[side][kind] < best->of[side][kind]) {
                best->of[side][kind] = other->of[side][kind];
            }
        }
    }
}

/* Whether more processes want a processor than there are: then sides sleep that need not. */
static bool machine_is_busy(void) {
    char line[LINE_BYTES];
    unsigned running = 0;
    FILE *file = fopen("/proc/stat", "re");
    while (file != NULL && running == 0 && fgets(line, sizeof line, file) != NULL) {
        (void)sscanf(line, "procs_running %u", &running);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return running > (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

/* Counts again while a budget is exceeded, and longer while the machine is busy. @param busy [out] it was so
 * all the time */
static bool count_within(const hutch_scenario *scenario, hutch_budgets *budgets,
                         hutch_scenario_figures *figures, bool *busy) {
    hutch_scenario_figures again;
    bool good = hutch_scenario_count(scenario, figures);
    int quiet = 0;
    for (int i = 1; i < MOST_ATTEMPTS && quiet < ATTEMPTS && good &&
                    !hutch_budgets_keep(budgets, scenario, figures);
         i++) {
        quiet += machine_is_busy() ? 0 : 1;
        good = hutch_scenario_count(scenario, &again);
        take_smaller(figures, &again);
    }
    *busy = quiet < ATTEMPTS;
    return good;
}

static bool count(const hutch_scenario *scenario, hutch_budgets *budgets) {
    hutch_scenario_figures figures;
    bool busy = false;
    bool good = count_within(scenario, budgets, &figures, &busy);
    if (!good) {
        fprintf(stderr, "hutch-events: %s failed\n", scenario->name);
    } else {
        print_row(scenario, &figures);
        good = hutch_budgets_hold(budgets, scenario, &figures, busy);
    }
    return good;
}

static bool count_all(const char *beginning, hutch_budgets *budgets) {
    bool good = true;
    print_head();
    for (const hutch_scenario *next = hutch_scenarios; next->name != NULL; next++) {
        if (strncmp(next->name, beginning, strlen(beginning)) == 0) {
            good = count(next, budgets) && good;
        }
    }
    return good;
}

int main(int argc, char **argv) {
    arguments given = {.beginning = ""};
    hutch_budgets *budgets = NULL;
    if (!read_arguments(argc, argv, &given)) {
        fprintf(stderr, USAGE);
        return 2;
    }
    if (given.budgets != NULL && (budgets = hutch_budgets_read(given.budgets)) == NULL) {
        return 1;
    }
    if (!hutch_meter_begin()) {
        fprintf(stderr,
                "hutch-events: system calls or page faults are not counted here: that takes "
                "root or CAP_PERFMON and, for calls, a mounted tracefs\n");
    }
    bool good = count_all(given.beginning, budgets);
    if (budgets != NULL && *given.beginning == '\0') {
        good = hutch_budgets_all_used(budgets) && good;
    }
    hutch_budgets_free(budgets);
    return good ? 0 : 1;
}
