#include "scenarios.h"

#include "drive.h"
#include "programs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_BATCHES 64
#define WARM_UP_ACTIONS 400
#define REST_US 2000
#define SPARE_FEW 1
#define SPARE_MANY 9

#define WRITE_8_MIB "return new Uint8Array(8 * 1024 * 1024).fill(1).length"
#define CALLS_100                                                                                  \
    "let sum = 0; for (let i = 0; i < 100; i++) sum += await tool({ value: i }); return sum"
#define CALLS_AT_ONCE                                                                              \
    "const all = await Promise.all(Array.from({ length: 100 }, (_, i) => tool({ value: i })));"    \
    "return all.length"
#define LARGE_ARGUMENT "return await tool({ text: 'x'.repeat(1024 * 1024) })"
#define ONE_CALL "return (await tool({})).length"
#define LARGE_REPLY ((size_t)1024 * 1024)
/* Longest look there is: a sleep that remains is not impatience. */
#define LOOK_US 1000

static pid_t zygote_of(const hutch_pool *pool) {
    hutch_pool_stats stats = HUTCH_POOL_STATS_INIT;
    return hutch_pool_get_stats((hutch_pool *)pool, &stats) == HUTCH_OK ? (pid_t)stats.zygote_pid
                                                                        : 0;
}

/* A JSON array of numbers of about that length. */
static char *make_reply(size_t bytes) {
    static const char row[] = "12345678,";
    size_t length = sizeof row - 1;
    size_t rows = bytes / length;
    char *reply = malloc(rows * length + sizeof "[0]");
    if (reply != NULL) {
        char *end = reply;
        *end++ = '[';
        for (size_t i = 0; i < rows; i++, end += length) {
            memcpy(end, row, length);
        }
        memcpy(end, "0]", sizeof "0]");
    }
    return reply;
}

static bool pool_with(uint32_t spare, hutch_pool **pool) {
    hutch_pool_options options;
    hutch_pool_options_init(&options);
    options.look_us = LOOK_US;
    options.spare = spare;
    return hutch_pool_new(&options, pool, NULL) == HUTCH_OK;
}

static bool begin(const hutch_scenario *scenario, hutch_bench_drive *drive) {
    bool large = scenario->reply_bytes > 0;
    memset(drive, 0, sizeof *drive);
    drive->code = scenario->code;
    drive->reply = large ? make_reply(scenario->reply_bytes) : strdup(HUTCH_BENCH_REPLY);
    drive->reply_length = drive->reply != NULL ? strlen(drive->reply) : 0;
    return drive->reply != NULL && pool_with(SPARE_FEW, &drive->pool);
}

static void end(hutch_bench_drive *drive) {
    hutch_bench_close(drive);
    hutch_pool_free(drive->pool);
    free((void *)drive->reply);
}

/* What `read` itself causes between two of its looks is not the pool's. */
static void subtract(const hutch_meter_counts *before, const hutch_meter_counts *after,
                     const hutch_meter_counts *meter, uint32_t actions,
                     hutch_scenario_figures *figures) {
    for (size_t side = 0; side < HUTCH_METER_SIDES; side++) {
        for (size_t kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            uint64_t start = before->of[side][kind];
            uint64_t stop = after->of[side][kind];
            uint64_t whole = stop > start ? stop - start : 0;
            uint64_t own = meter->of[side][kind];
            figures->of[side][kind] = (double)(whole > own ? whole - own : 0) / actions;
        }
    }
}

static void read_own_cost(pid_t zygote, hutch_meter_counts *own) {
    hutch_meter_counts first;
    hutch_meter_counts second;
    hutch_meter_read(zygote, &first);
    hutch_meter_read(zygote, &second);
    for (size_t side = 0; side < HUTCH_METER_SIDES; side++) {
        for (size_t kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            own->of[side][kind] = second.of[side][kind] - first.of[side][kind];
        }
    }
}

typedef bool action(hutch_bench_drive *drive);

static bool repeat(hutch_bench_drive *drive, action *act, uint32_t count) {
    bool good = true;
    for (uint32_t i = 0; i < count && good; i++) {
        good = act(drive);
    }
    return good;
}

static bool count_batch(hutch_bench_drive *drive, action *act, uint32_t actions,
                        hutch_scenario_figures *figures) {
    hutch_meter_counts own;
    hutch_meter_counts before;
    hutch_meter_counts after;
    pid_t zygote = zygote_of(drive->pool);
    read_own_cost(zygote, &own);
    hutch_meter_read(zygote, &before);
    bool good = repeat(drive, act, actions);
    hutch_meter_read(zygote, &after);
    subtract(&before, &after, &own, actions, figures);
    return good;
}

static bool count_action(const hutch_scenario *scenario, bool keep_context, action *act,
                         hutch_scenario_figures *batches) {
    hutch_bench_drive drive;
    uint32_t warm_up =
        WARM_UP_ACTIONS < scenario->actions * 8 ? WARM_UP_ACTIONS : scenario->actions * 8;
    bool good = begin(scenario, &drive) && (!keep_context || hutch_bench_open(&drive)) &&
                repeat(&drive, act, warm_up);
    for (uint32_t i = 0; i < scenario->batches && good; i++) {
        good = count_batch(&drive, act, scenario->actions, &batches[i]);
    }
    end(&drive);
    return good;
}

static bool count_fresh(const hutch_scenario *scenario, hutch_scenario_figures *batches) {
    return count_action(scenario, false, hutch_bench_run_fresh, batches);
}

static bool count_reused(const hutch_scenario *scenario, hutch_scenario_figures *batches) {
    return count_action(scenario, true, hutch_bench_run, batches);
}

/* From the writer's last event on: what others pay for what it wrote. */
static bool count_after_writer(const hutch_scenario *scenario, hutch_scenario_figures *batches) {
    hutch_bench_drive drive;
    bool good = begin(scenario, &drive) && hutch_bench_run_fresh(&drive);
    for (uint32_t i = 0; i < scenario->batches && good; i++) {
        drive.code = scenario->code;
        good = hutch_bench_open(&drive) && hutch_bench_run(&drive);
        drive.code = HUTCH_BENCH_SUM;
        pid_t zygote = zygote_of(drive.pool);
        hutch_meter_counts own;
        hutch_meter_counts before;
        hutch_meter_counts after;
        read_own_cost(zygote, &own);
        hutch_meter_read(zygote, &before);
        hutch_bench_close(&drive);
        good = good && hutch_bench_run_fresh(&drive);
        hutch_meter_read(zygote, &after);
        subtract(&before, &after, &own, 1, &batches[i]);
    }
    end(&drive);
    return good;
}

/* Everything from no pool to the first result. */
static bool count_first(const hutch_scenario *scenario, hutch_scenario_figures *batches) {
    hutch_meter_counts own;
    bool good = true;
    read_own_cost(0, &own);
    for (uint32_t i = 0; i < scenario->batches && good; i++) {
        hutch_bench_drive drive;
        hutch_meter_counts before;
        hutch_meter_counts after;
        hutch_meter_read(0, &before);
        good = begin(scenario, &drive) && hutch_bench_run_fresh(&drive);
        hutch_meter_read(zygote_of(drive.pool), &after);
        subtract(&before, &after, &own, 1, &batches[i]);
        end(&drive);
    }
    return good;
}

/* Until nothing moves any more on the worker's side. */
static void await_rest(hutch_pool *pool, hutch_meter_counts *counts) {
    hutch_meter_counts before;
    hutch_meter_read(zygote_of(pool), counts);
    do {
        before = *counts;
        (void)hutch_pool_poll(pool);
        (void)usleep(REST_US);
        hutch_meter_read(zygote_of(pool), counts);
    } while (memcmp(before.of[HUTCH_METER_WORKER], counts->of[HUTCH_METER_WORKER],
                    sizeof counts->of[HUTCH_METER_WORKER]) != 0);
}

static bool await_spare(hutch_pool *pool, uint32_t spare) {
    hutch_pool_stats stats = HUTCH_POOL_STATS_INIT;
    bool good = true;
    do {
        (void)hutch_pool_poll(pool);
        (void)usleep(REST_US);
        good = hutch_pool_get_stats(pool, &stats) == HUTCH_OK && stats.workers_died == 0;
    } while (good && stats.idle < spare);
    return good;
}

/* A zygote and its spare workers, all asleep. */
static bool count_spare(uint32_t spare, hutch_meter_counts *grown) {
    hutch_pool *pool = NULL;
    hutch_meter_counts before;
    hutch_meter_read(0, &before);
    bool good = pool_with(spare, &pool) && hutch_pool_warm(pool, NULL) == HUTCH_OK &&
                await_spare(pool, spare);
    if (good) {
        await_rest(pool, grown);
        for (size_t kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            grown->of[HUTCH_METER_WORKER][kind] -= before.of[HUTCH_METER_WORKER][kind];
        }
    }
    hutch_pool_free(pool);
    return good;
}

static void take_least(hutch_meter_counts *least, const hutch_meter_counts *other) {
    for (size_t side = 0; side < HUTCH_METER_SIDES; side++) {
        for (size_t kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            if (other->of[side][kind] < least->of[side][kind]) {
                least->of[side][kind] = other->of[side][kind];
            }
        }
    }
}

/* What eight workers more cost, divided by eight: births alone, without the zygote's own. Of each the least
 * that was ever counted, and one difference of them: what a busy machine adds to the few would be taken off
 * the births otherwise. */
static bool count_birth(const hutch_scenario *scenario, hutch_scenario_figures *batches) {
    static const hutch_meter_counts none;
    hutch_meter_counts few;
    hutch_meter_counts many;
    bool good = count_spare(SPARE_FEW, &few) && count_spare(SPARE_MANY, &many);
    for (uint32_t i = 1; i < scenario->batches && good; i++) {
        hutch_meter_counts next;
        good = count_spare(SPARE_FEW, &next);
        if (good) {
            take_least(&few, &next);
            good = count_spare(SPARE_MANY, &next);
        }
        if (good) {
            take_least(&many, &next);
        }
    }
    for (uint32_t i = 0; i < scenario->batches && good; i++) {
        subtract(&few, &many, &none, SPARE_MANY - SPARE_FEW, &batches[i]);
    }
    return good;
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left;
    double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Whether nothing that happens on the machine changes it. */
static bool is_exact(size_t kind) {
    return kind == HUTCH_METER_FAULTS;
}

static void summarise(const hutch_scenario *scenario, const hutch_scenario_figures *batches,
                      hutch_scenario_figures *figures) {
    for (size_t side = 0; side < HUTCH_METER_SIDES; side++) {
        for (size_t kind = 0; kind < HUTCH_METER_KINDS; kind++) {
            double values[MOST_BATCHES];
            for (uint32_t i = 0; i < scenario->batches; i++) {
                values[i] = batches[i].of[side][kind];
            }
            qsort(values, scenario->batches, sizeof *values, compare);
            figures->of[side][kind] = values[is_exact(kind) ? scenario->batches / 2 : 0];
        }
    }
}

bool hutch_scenario_count(const hutch_scenario *scenario, hutch_scenario_figures *figures) {
    hutch_scenario_figures batches[MOST_BATCHES];
    bool good = scenario->count(scenario, batches);
    if (good) {
        summarise(scenario, batches, figures);
    }
    return good;
}

bool hutch_scenario_tells(const hutch_scenario *scenario, hutch_meter_side side,
                          hutch_meter_kind kind) {
    return hutch_meter_knows(side, kind) && !(scenario->host_waits && side == HUTCH_METER_HOST);
}

const hutch_scenario hutch_scenarios[] = {
    {"fresh", HUTCH_BENCH_SUM, 0, 50, 40, false, count_fresh},
    {"reused", HUTCH_BENCH_SUM, 0, 50, 40, false, count_reused},
    {"fresh, 8 calls in turn", HUTCH_BENCH_CALLS, 0, 20, 40, false, count_fresh},
    {"reused, 8 calls in turn", HUTCH_BENCH_CALLS, 0, 20, 40, false, count_reused},
    {"fresh, 100 calls in turn", CALLS_100, 0, 5, 40, false, count_fresh},
    {"fresh, 100 calls at once", CALLS_AT_ONCE, 0, 5, 40, false, count_fresh},
    {"fresh, a reply of 1 MB", ONE_CALL, LARGE_REPLY, 2, 20, false, count_fresh},
    {"fresh, an argument of 1 MB", LARGE_ARGUMENT, 0, 2, 20, false, count_fresh},
    {"fresh, after 8 MiB were written", WRITE_8_MIB, 0, 1, 20, false, count_after_writer},
    {"first result of a new pool", HUTCH_BENCH_SUM, 0, 1, 10, false, count_first},
    {"birth of a worker", "", 0, SPARE_MANY - SPARE_FEW, 5, true, count_birth},
    {0},
};
