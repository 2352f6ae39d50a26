/*
 * Measures the parts of Hutch below JavaScript, and prints a Markdown table.
 * Usage: hutch-bench [--quick] [BEGINNING-OF-A-NAME]
 */
#include "bench.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define SAMPLES_MAX 200000

/** How long an action is repeated, unmeasured and measured. */
typedef struct bench_effort {
    uint64_t warm_up_ns;
    uint64_t measure_ns;
} bench_effort;

static const bench_effort thorough = {.warm_up_ns = 300 * NS_PER_MS,
                                      .measure_ns = 1500 * NS_PER_MS};
static const bench_effort quick = {.warm_up_ns = 50 * NS_PER_MS, .measure_ns = 200 * NS_PER_MS};

static const hutch_bench *const tables[] = {
    hutch_bench_heap, hutch_bench_image, hutch_bench_isolate, hutch_bench_pool, NULL,
};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * NS_PER_S + (uint64_t)time.tv_nsec;
}

static int compare(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/** Repeats the action. @return samples taken; 0 when an action failed */
static size_t repeat(const hutch_bench *bench, void *state, uint64_t duration_ns,
                     uint64_t *samples) {
    uint64_t end = now() + duration_ns;
    size_t count = 0;
    uint64_t before = now();
    do {
        if (!bench->act(state)) {
            return 0;
        }
        uint64_t after = now();
        samples[count++] = after - before;
        before = now();
    } while (before < end && count < SAMPLES_MAX);
    return count;
}

static void print_time(uint64_t nanoseconds, size_t parts) {
    double time = (double)nanoseconds / (double)parts;
    if (time < 1000) {
        printf(" %.0f ns |", time);
    } else if (time < 1000000) {
        printf(" %.1f µs |", time / 1000);
    } else {
        printf(" %.2f ms |", time / 1000000);
    }
}

static void print_row(const hutch_bench *bench, uint64_t *samples, size_t count) {
    qsort(samples, count, sizeof *samples, compare);
    printf("| %s |", bench->name);
    print_time(samples[count / 2], bench->parts);
    print_time(samples[count * 95 / 100], bench->parts);
    print_time(samples[count * 99 / 100], bench->parts);
    print_time(samples[0], bench->parts);
    printf(" %zu |\n", count);
    fflush(stdout);
}

/** @return false when the bench could not be measured */
static bool measure(const hutch_bench *bench, const bench_effort *effort, uint64_t *samples) {
    void *state = bench->prepare(bench->data);
    size_t count = 0;
    if (state != NULL) {
        count = repeat(bench, state, effort->warm_up_ns, samples);
        if (count > 0) {
            count = repeat(bench, state, effort->measure_ns, samples);
        }
        bench->end(state);
    }
    if (count == 0) {
        fprintf(stderr, "hutch-bench: %s failed\n", bench->name);
        return false;
    }
    print_row(bench, samples, count);
    return true;
}

int main(int argc, char **argv) {
    const bench_effort *effort = &thorough;
    const char *beginning = "";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0) {
            effort = &quick;
        } else if (argv[i][0] == '-') {
            fprintf(stderr, "Usage: hutch-bench [--quick] [BEGINNING-OF-A-NAME]\n");
            return 2;
        } else {
            beginning = argv[i];
        }
    }
    uint64_t *samples = calloc(SAMPLES_MAX, sizeof *samples);
    if (samples == NULL) {
        fprintf(stderr, "hutch-bench: out of memory\n");
        return 1;
    }
    bool ok = true;
    printf("| | p50 | p95 | p99 | min | runs |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (const hutch_bench *const *table = tables; *table != NULL; table++) {
        for (const hutch_bench *bench = *table; bench->name != NULL; bench++) {
            if (strncmp(bench->name, beginning, strlen(beginning)) == 0) {
                ok = measure(bench, effort, samples) && ok;
            }
        }
    }
    free(samples);
    return ok ? 0 : 1;
}
