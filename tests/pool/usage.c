/*
 * Workers that are watched for what they use, and are honest: nobody is killed
 * for what a limit allows or another guest had, and a pool at rest sleeps.
 * What becomes of the others: hostile.c.
 */
#include "support.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static void with_one_worker(hutch_pool_options *options) {
    options->max_workers = 1;
    options->spare = 0;
}

static hutch_context *open_limited(hutch_pool *pool, uint64_t memory_bytes, uint64_t cpu_time_ms) {
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.isolate.limits.memory_bytes = memory_bytes;
    options.isolate.limits.cpu_time_ms = cpu_time_ms;
    options.isolate.limits.stack_bytes = 16 * HUTCH_MIB;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

/* Longer than from one look to the next. */
#define COMPUTE "for (const end = Date.now() + 150; Date.now() < end;); return 1"
#define DEEP "function down(n) { return n === 0 ? 0 : 1 + down(n - 1) } down(20000); "

static void test_a_guest_that_fills_its_memory_and_stack_is_left_alone(void **state) {
    (void)state;
#ifdef HUTCH_SANITIZED
    /* A sanitizer's shadow and its frames on the stack are no part of the allowance. */
    skip();
#endif
    hutch_pool *pool = pool_new(with_one_worker);
    for (uint64_t most = 2; most <= 256; most *= 2) {
        char code[256];
        hutch_context *context = open_limited(pool, most * HUTCH_MIB, HUTCH_NO_LIMIT);
        (void)snprintf(code, sizeof code,
                       DEEP "globalThis.kept = []; while (kept.length < %u) kept.push(new "
                            "Uint8Array(1 << 19).fill(1)); " COMPUTE,
                       (unsigned)(most * 2 - 3));
        outcome end = run(context, code);
        assert_done(&end, "1");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_beyond_its_memory_limit_an_honest_worker_says_so_itself(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_one_worker);
    hutch_context *context = open_limited(pool, 64 * HUTCH_MIB, HUTCH_NO_LIMIT);
    outcome end = run(context, "const kept = []; for (;;) kept.push(new Array(1000).fill(1))");
    assert_failed(&end, HUTCH_FAILURE_MEMORY, "Execution went over its memory limit of 64 MiB");
    assert_null(strstr(end.text, "watcher"));
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* The next context does not wait until the worker has given the memory back; a slower one is in
 * hostile.c. */
static void test_the_memory_of_the_guest_before_is_not_held_against_the_next(void **state) {
    (void)state;
#ifdef HUTCH_SANITIZED
    /* A sanitizer keeps its shadow of what the guest has given back. */
    skip();
#endif
    hutch_pool *pool = pool_new(with_one_worker);
    for (int i = 0; i < 3; i++) {
        hutch_context *context = open_limited(pool, 512 * HUTCH_MIB, HUTCH_NO_LIMIT);
        outcome end = run(context, "new Uint8Array(300 << 20).fill(1); return 1");
        assert_done(&end, "1");
        hutch_context_close(context);
        context = open_limited(pool, 2 * HUTCH_MIB, 2000);
        end = run(context, COMPUTE);
        assert_done(&end, "1");
        hutch_context_close(context);
    }
    assert_int_equal(stats_of(pool).workers_forked, 1);
    hutch_pool_free(pool);
}

/* An engine that looks up ends its run itself, and the context goes on; each run has the whole time. */
static void test_processor_time_is_counted_from_the_start_of_each_run(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_one_worker);
    hutch_context *context = open_limited(pool, 8 * HUTCH_MIB, 400);
    for (int i = 0; i < 6; i++) {
        outcome end = run(context, COMPUTE);
        assert_done(&end, "1");
    }
    outcome end = run(context, "for (;;);");
    assert_failed(&end, HUTCH_FAILURE_CPU_TIME, "more than its 400 ms of processor time");
    assert_string_equal(end.code, "cpuTime");
    assert_true(end.usable);
    end = run(context, "return 1");
    assert_done(&end, "1");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* How often a thread of ours has gone to sleep; 0: there is no such thread. */
static unsigned long sleeps_of(const char *task) {
    char path[512];
    char line[256];
    unsigned long count = 0;
    bool is_watcher = false;
    (void)snprintf(path, sizeof path, "/proc/self/task/%s/status", task);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        is_watcher = is_watcher || strcmp(line, "Name:\thutch-watcher\n") == 0;
        (void)sscanf(line, "voluntary_ctxt_switches: %lu", &count);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return is_watcher ? count : 0;
}

static unsigned long sleeps_of_watcher(void) {
    unsigned long found = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        unsigned long count = sleeps_of(entry->d_name);
        found = count > found ? count : found;
    }
    (void)closedir(tasks);
    return found;
}

/* Ends when the watcher has slept through some of its looks; a watcher that always wakes is a test
 * without an end. */
static void test_when_nothing_runs_the_watcher_sleeps(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_one_worker);
    hutch_context *context = open_limited(pool, 8 * HUTCH_MIB, 1000);
    outcome end = run(context, COMPUTE);
    assert_done(&end, "1");
    unsigned long before;
    do {
        before = sleeps_of_watcher();
        assert_true(before > 0);
        sleep_ms(300);
    } while (sleeps_of_watcher() != before);
    end = run(context, "for (;;);");
    assert_failed(&end, HUTCH_FAILURE_CPU_TIME, "processor time");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

static hutch_context *open_without_options(hutch_pool *pool) {
    hutch_context *context = NULL;
    assert_int_equal(hutch_context_open(pool, NULL, &context, NULL), HUTCH_OK);
    return context;
}

static void with_small_memory(hutch_pool_options *options) {
    with_one_worker(options);
    options->max_memory_mb = 16;
}

static hutch_status open_with_memory(hutch_pool *pool, uint64_t memory_bytes, hutch_error *error) {
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    options.isolate.limits.memory_bytes = memory_bytes;
    hutch_status status = hutch_context_open(pool, &options, &context, error);
    if (status == HUTCH_OK) {
        outcome end = run(context, "return 1");
        assert_done(&end, "1");
    }
    hutch_context_close(context);
    return status;
}

static void test_more_memory_than_the_pool_allows_is_refused(void **state) {
    (void)state;
    hutch_error error = {0};
    hutch_pool *pool = pool_new(with_small_memory);
    assert_int_equal(open_with_memory(pool, 16 * HUTCH_MIB, &error), HUTCH_OK);
    assert_int_equal(open_with_memory(pool, 16 * HUTCH_MIB + 1, &error), HUTCH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "memoryLimit is 16777217 bytes, more than the pool's "
                                       "maxMemoryLimit, which is 16777216 bytes");
    assert_int_equal(open_with_memory(pool, 2 * HUTCH_MIB, &error), HUTCH_OK);
    hutch_pool_free(pool);
}

static hutch_context *open_with_defaults(hutch_pool *pool) {
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_context_options_init(&options);
    assert_int_equal(options.isolate.limits.memory_bytes, HUTCH_MEMORY_NOT_ASKED);
    options.trust_domain = 7;
    assert_int_equal(hutch_context_open(pool, &options, &context, NULL), HUTCH_OK);
    return context;
}

static void test_a_context_that_does_not_ask_has_what_the_pool_allows(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_small_memory);
    hutch_context *(*const open[])(hutch_pool *) = {open_without_options, open_with_defaults};
    for (size_t i = 0; i < 2; i++) {
        hutch_context *context = open[i](pool);
        outcome end = run(context, "const kept = []; for (;;) kept.push(new Array(1000).fill(1))");
        assert_failed(&end, HUTCH_FAILURE_MEMORY, "memory limit of 16 MiB");
        hutch_context_close(context);
    }
    hutch_pool_free(pool);
}

static void test_and_no_more_than_the_default(void **state) {
    (void)state;
    hutch_pool *pool = pool_new(with_one_worker);
    hutch_context *context = open_with_defaults(pool);
    outcome end = run(context, "const kept = []; for (;;) kept.push(new Array(1000).fill(1))");
    assert_failed(&end, HUTCH_FAILURE_MEMORY, "memory limit of 128 MiB");
    hutch_context_close(context);
    hutch_pool_free(pool);
}

/* Exit statuses of the process below. */
enum { PROC_HIDDEN_WELL = 42, PROC_HIDDEN_WRONG = 43, PROC_NOT_HIDDEN = 44 };

/* In a process of its own, without assertions. */
static int live_without_proc(void) {
    hutch_confinement found = {.size = sizeof found};
    hutch_error error;
    hutch_pool *pool = NULL;
    hutch_context *context = NULL;
    hutch_status status;
    if ((unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/proc", "tmpfs", 0, NULL) != 0) {
        return PROC_NOT_HIDDEN;
    }
    if (hutch_pool_new(NULL, &pool, NULL) != HUTCH_OK) {
        return PROC_HIDDEN_WRONG;
    }
    do {
        error = (hutch_error){0};
        status = hutch_pool_get_confinement(pool, &found, &error);
    } while (status == HUTCH_UNAVAILABLE && strstr(error.message, "not ready yet") != NULL);
    bool is_well = status == HUTCH_OK && (found.on & HUTCH_LAYER_USAGE_WATCH) == 0 &&
                   hutch_context_open(pool, NULL, &context, NULL) == HUTCH_OK;
    if (is_well) {
        outcome end = run(context, COMPUTE);
        is_well = end.type == HUTCH_EVENT_DONE;
    }
    hutch_pool_free(pool);
    return is_well ? PROC_HIDDEN_WELL : PROC_HIDDEN_WRONG;
}

static void test_where_usage_cannot_be_watched_that_is_said(void **state) {
    (void)state;
    int status = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(live_without_proc());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == PROC_NOT_HIDDEN) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), PROC_HIDDEN_WELL);
    hutch_confinement found = {.size = sizeof found};
    hutch_pool *pool = pool_new(with_one_worker);
    hutch_context *context = open_limited(pool, 8 * HUTCH_MIB, HUTCH_NO_LIMIT);
    outcome end = run(context, "return 1");
    assert_done(&end, "1");
    assert_int_equal(hutch_pool_get_confinement(pool, &found, NULL), HUTCH_OK);
    assert_true((found.on & HUTCH_LAYER_USAGE_WATCH) != 0);
    hutch_context_close(context);
    hutch_pool_free(pool);
}

#ifndef HUTCH_SANITIZED
/* MiB that a process has reserved. */
static unsigned long addresses_of(pid_t pid) {
    char path[64];
    char line[256];
    unsigned long value = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *opened = fopen(path, "re");
    assert_non_null(opened);
    while (fgets(line, sizeof line, opened) != NULL && sscanf(line, "VmSize: %lu", &value) != 1) {
    }
    (void)fclose(opened);
    return value >> 10;
}
#endif

/* What an engine that is broken can reach. */
static void test_a_worker_reserves_addresses_for_the_pools_largest_limit(void **state) {
    (void)state;
#ifndef HUTCH_SANITIZED
    for (uint32_t most = 2; most <= 4096; most *= 8) {
        hutch_pool_options options;
        hutch_pool *pool = NULL;
        hutch_pool_options_init(&options);
        options.max_memory_mb = most;
        assert_int_equal(hutch_pool_new(&options, &pool, NULL), HUTCH_OK);
        hutch_context *context = open_without_options(pool);
        outcome end = run(context, "return 1");
        assert_done(&end, "1");
        unsigned long reserved = addresses_of(pid_of(context));
        assert_in_range(reserved, most, most + 48 + 128); /* of which 128 are the largest stack */
        hutch_context_close(context);
        hutch_pool_free(pool);
    }
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_guest_that_fills_its_memory_and_stack_is_left_alone),
        cmocka_unit_test(test_beyond_its_memory_limit_an_honest_worker_says_so_itself),
        cmocka_unit_test(test_the_memory_of_the_guest_before_is_not_held_against_the_next),
        cmocka_unit_test(test_processor_time_is_counted_from_the_start_of_each_run),
        cmocka_unit_test(test_when_nothing_runs_the_watcher_sleeps),
        cmocka_unit_test(test_more_memory_than_the_pool_allows_is_refused),
        cmocka_unit_test(test_a_context_that_does_not_ask_has_what_the_pool_allows),
        cmocka_unit_test(test_and_no_more_than_the_default),
        cmocka_unit_test(test_a_worker_reserves_addresses_for_the_pools_largest_limit),
        cmocka_unit_test(test_where_usage_cannot_be_watched_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
