/*
 * A storm: many contexts in all states at once, started, answered, stopped and
 * closed at random, their workers killed by the hundred, spare and idle ones
 * too, and now and then their zygote. Every run ends: with the result of its
 * program, or with a failure that can be explained. Afterwards the pool works
 * and nothing is left: no process, no descriptor, no mapping, no memory.
 */
#include "storm_seat.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* STORM_KILLS: workers killed in each of the storms with kills. */
enum { STEPS_WITHOUT_KILLS = 12000 };

/* What the C library may keep of memory that was given back, in its caches. */
#define KEPT_BYTES (1024 * 1024)

static const char *const tools[] = {"ask", NULL};

static void kill_zygote(storm *all) {
    pid_t zygote = (pid_t)stats_of(all->pool).zygote_pid;
    if (zygote > 0) {
        for (size_t i = 0; i < SEATS; i++) {
            all->seats[i].disturbed = true;
        }
        assert_int_equal(kill(zygote, SIGKILL), 0);
    }
}

/* A child of the zygote's, whoever has it; 0 when there is none. */
static pid_t any_worker(storm *all) {
    char path[64];
    pid_t pids[256];
    size_t count = 0;
    int zygote = (int)stats_of(all->pool).zygote_pid;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", zygote, zygote);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }
    while (count < sizeof pids / sizeof pids[0] && fscanf(file, "%d", &pids[count]) == 1) {
        count++;
    }
    (void)fclose(file);
    return count == 0 ? 0 : pids[chance((uint32_t)count)];
}

/* Of those whose number is not known yet any may be the one. */
static void kill_worker(storm *all, pid_t pid) {
    if (pid <= 0) {
        return;
    }
    for (size_t i = 0; i < SEATS; i++) {
        seat *used = &all->seats[i];
        int64_t own = used->context == NULL ? -1 : hutch_context_get_pid(used->context);
        used->disturbed = used->disturbed || own == pid || own == 0;
    }
    if (kill(pid, SIGKILL) == 0) {
        all->kills++;
    }
}

static void kill_something(storm *all, seat *used) {
    if (chance(50) == 0) {
        kill_zygote(all);
    } else if (chance(4) == 0) {
        kill_worker(all, any_worker(all));
    } else {
        kill_worker(all, (pid_t)hutch_context_get_pid(used->context));
    }
}

static void step(storm *all) {
    seat *used = &all->seats[chance(SEATS)];
    if (used->context == NULL) {
        seat_open(all, used);
        return;
    }
    switch (chance(16)) {
    case 0:
        if (all->with_kills && chance(2) == 0) {
            kill_something(all, used);
        }
        break;
    case 1:
        seat_close(used);
        break;
    case 2:
        if (chance(4) == 0) {
            used->disturbed = true;
            hutch_context_stop(used->context);
        }
        break;
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
        seat_answer(used);
        break;
    default:
        if (used->running) {
            seat_listen(all, used, chance(3) == 0 ? 300 : 0);
        } else {
            seat_begin(all, used);
        }
        break;
    }
}

/* What an event loop does. */
static void serve(storm *all) {
    hutch_context *context;
    while ((context = hutch_pool_poll(all->pool)) != NULL) {
        seat_listen(all, hutch_context_get_user(context), 0);
    }
}

/* Every run ends, answered or by its deadline. */
static void settle(storm *all) {
    for (size_t i = 0; i < SEATS; i++) {
        seat *used = &all->seats[i];
        while (used->context != NULL && used->running) {
            while (used->open_count > 0) {
                seat_answer(used);
            }
            seat_listen(all, used, 1000);
        }
        if (used->context != NULL) {
            seat_close(used);
        }
    }
}

/* The next run works; unless its worker was among the killed, and then the one after it. */
static void expect_work(const storm *all) {
    outcome end = {.type = HUTCH_EVENT_NONE};
    for (int i = 0; i < 3 && end.type != HUTCH_EVENT_DONE; i++) {
        hutch_context *context = context_recycled(all->pool, tools, all->recycle);
        end = run(context, "return await ask('fine')");
        hutch_context_close(context);
        assert_true(end.type == HUTCH_EVENT_DONE || all->with_kills);
    }
    assert_done(&end, "\"fine\"");
}

/* Mappings of memory that is shared with workers. */
static size_t count_rings(void) {
    char line[512];
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        count += strstr(line, "hutch-ring") != NULL ? 1 : 0;
    }
    (void)fclose(maps);
    return count;
}

static void rage(hutch_recycle recycle, unsigned kills) {
    static storm all;
    memset(&all, 0, sizeof all);
    size_t descriptors = count_descriptors();
    size_t bytes = mallinfo2().uordblks;
    all.recycle = recycle;
    all.with_kills = kills > 0;
    all.pool = pool_new(patient);
    for (unsigned i = 0; kills > 0 ? all.kills < kills : i < STEPS_WITHOUT_KILLS; i++) {
        step(&all);
        if (i % 8 == 0) {
            serve(&all);
        }
    }
    settle(&all);
    expect_work(&all);
    assert_int_equal(stats_of(all.pool).contexts, 0);
    hutch_pool_free(all.pool);
    print_message("%u workers killed, %u runs done, %u failed\n", all.kills, all.done, all.failed);
    assert_true(all.done > 0 && all.failed > 0);
    assert_int_equal(count_descriptors(), descriptors);
    assert_int_equal(count_children(), 0);
    assert_int_equal(count_rings(), 0);
    assert_true(mallinfo2().uordblks < bytes + KEPT_BYTES);
}

static void test_contexts_in_all_states_at_once(void **state) {
    (void)state;
    rage(HUTCH_RECYCLE_RESET, 0);
}

static void test_processes_of_one_context_in_all_states_at_once(void **state) {
    (void)state;
    rage(HUTCH_RECYCLE_PROCESS, 0);
}

static void test_contexts_in_all_states_with_workers_and_zygotes_killed(void **state) {
    (void)state;
    rage(HUTCH_RECYCLE_RESET, STORM_KILLS);
}

static void test_processes_of_one_context_with_workers_and_zygotes_killed(void **state) {
    (void)state;
    rage(HUTCH_RECYCLE_PROCESS, STORM_KILLS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contexts_in_all_states_at_once),
        cmocka_unit_test(test_processes_of_one_context_in_all_states_at_once),
        cmocka_unit_test(test_contexts_in_all_states_with_workers_and_zygotes_killed),
        cmocka_unit_test(test_processes_of_one_context_with_workers_and_zygotes_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
