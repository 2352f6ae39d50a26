/*
 * What a worker and its zygote look like from outside, once a guest runs: what
 * the kernel says of them in /proc.
 */
#include "harness.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET "a secret of the host: 0x5eCr3t"

/* The value of a line of /proc/<pid>/status, without the blanks before it. */
static char *status_of(int64_t pid, const char *key, char *value, size_t room) {
    size_t length;
    char *text = proc_read(pid, "status", &length);
    assert_non_null(text);
    char *line = strstr(text, key);
    assert_non_null(line);
    line += strlen(key);
    line += strspn(line, ":\t ");
    (void)snprintf(value, room, "%.*s", (int)strcspn(line, "\n"), line);
    free(text);
    return value;
}

static void expect_status(int64_t pid, const char *key, const char *expected) {
    char value[128];
    assert_string_equal(status_of(pid, key, value, sizeof value), expected);
}

/* The numbers of a process's open descriptors, in order. */
static void list_descriptors(int64_t pid, char *list, size_t room) {
    list[0] = '\0';
    for (int number = 0; number < 1024; number++) {
        char link[96];
        char target[256];
        (void)snprintf(link, sizeof link, "/proc/%lld/fd/%d", (long long)pid, number);
        if (readlink(link, target, sizeof target) >= 0) {
            size_t length = strlen(list);
            (void)snprintf(list + length, room - length, "%d ", number);
        }
    }
}

/* The zygote closes its copies right after it has sent a message, so it may need a moment. */
static void expect_descriptors(int64_t pid, const char *expected) {
    char list[256];
    uint64_t naps = 0;
    do {
        list_descriptors(pid, list, sizeof list);
    } while (strcmp(list, expected) != 0 && patience_nap(&naps));
    assert_string_equal(list, expected);
}

/* The soft and hard limit of a line of /proc/<pid>/limits. */
static void expect_limit(int64_t pid, const char *name, const char *expected) {
    size_t length;
    char *text = proc_read(pid, "limits", &length);
    char soft[64];
    char hard[64];
    char both[160];
    assert_non_null(text);
    char *line = strstr(text, name);
    assert_non_null(line);
    assert_int_equal(sscanf(line + strlen(name), "%63s %63s", soft, hard), 2);
    (void)snprintf(both, sizeof both, "%s %s", soft, hard);
    assert_string_equal(both, expected);
    free(text);
}

static void neither_can_gain_privileges_and_neither_has_any(void **state) {
    zygote *from = *state;
    worker *used = worker_start(from);
    const int64_t both[] = {from->process.pid, used->pid};
    for (size_t i = 0; i < 2; i++) {
        expect_status(both[i], "\nNoNewPrivs", "1");
        expect_status(both[i], "\nThreads", "1");
        expect_status(both[i], "\nCapInh", "0000000000000000");
        expect_status(both[i], "\nCapPrm", "0000000000000000");
        expect_status(both[i], "\nCapEff", "0000000000000000");
        expect_status(both[i], "\nCapAmb", "0000000000000000");
    }
    worker_end(from, used);
}

static void a_worker_is_under_the_filter(void **state) {
#ifndef HUTCH_LOCKDOWN_SECCOMP
    skip();
#endif
    worker *used = worker_start(*state);
    expect_status(used->pid, "\nSeccomp", "2");
    worker_end(*state, used);
}

static void a_worker_blocks_and_ignores_no_signal(void **state) {
    worker *used = worker_start(*state);
    expect_status(used->pid, "\nSigBlk", "0000000000000000");
    expect_status(used->pid, "\nSigIgn", "0000000000000000");
    worker_end(*state, used);
}

static void the_environment_is_empty(void **state) {
    if (!memory_can_search()) {
        skip();
    }
    zygote *from = *state;
    worker *used = worker_start(from);
    const int64_t both[] = {from->process.pid, used->pid};
    for (size_t i = 0; i < 2; i++) {
        size_t length = 1;
        char *text = proc_read(both[i], "environ", &length);
        assert_non_null(text);
        assert_int_equal(length, 0);
        free(text);
        text = proc_read(both[i], "cmdline", &length);
        assert_non_null(text);
        assert_string_equal(text, "hutch-worker");
        assert_int_equal(length, sizeof "hutch-worker");
        free(text);
    }
    worker_end(from, used);
}

static void only_the_descriptors_that_are_needed_are_open(void **state) {
    if (!memory_can_search()) {
        skip();
    }
    zygote *from = *state;
    worker *used = worker_start(from);
    expect_descriptors(from->process.pid, "0 1 2 3 ");
#ifdef HUTCH_SANITIZED
    expect_descriptors(used->pid, "0 1 2 4 ");
#else
    expect_descriptors(used->pid, "4 ");
#endif
    worker_end(from, used);
}

static void a_worker_may_open_write_and_fork_nothing(void **state) {
    worker *used = worker_start(*state);
    expect_limit(used->pid, "Max core file size", "0 0");
    expect_limit(used->pid, "Max file size", "0 0");
    expect_limit(used->pid, "Max open files", "0 0");
    expect_limit(used->pid, "Max processes", "0 0");
    expect_limit(used->pid, "Max locked memory", "0 0");
    expect_limit(used->pid, "Max msgqueue size", "0 0");
    worker_end(*state, used);
}

static void no_memory_can_be_written_and_executed(void **state) {
    if (!memory_can_search()) {
        skip();
    }
    worker *used = worker_start(*state);
    size_t length;
    char *maps = proc_read(used->pid, "maps", &length);
    char *rest = maps;
    size_t mappings = 0;
    assert_non_null(maps);
    for (char *line = strtok_r(maps, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char rights[8];
        assert_int_equal(sscanf(line, "%*s %7s", rights), 1);
        assert_false(rights[1] == 'w' && rights[2] == 'x');
        mappings++;
    }
    assert_true(mappings > 5);
    free(maps);
    worker_end(*state, used);
}

/* A host's secrets, in its memory and its environment, from before the zygote was started. */
static void nothing_of_the_hosts_memory_is_in_a_worker(void **state) {
    if (!memory_can_search()) {
        skip();
    }
    (void)state;
    char *secret = strdup(SECRET);
    assert_non_null(secret);
    assert_int_equal(setenv("SECRET", SECRET, 1), 0);
    assert_true(memory_search_for(getpid(), SECRET).hits > 0);
    zygote own = zygote_start();
    worker *used = worker_start(&own);
    run_to_done(used, "return 1", "1");
    assert_int_equal(memory_search_for(own.process.pid, SECRET).hits, 0);
    assert_int_equal(memory_search_for(used->pid, SECRET).hits, 0);
    worker_end(&own, used);
    zygote_end(&own, HUTCH_WORKER_EXIT_POOL_GONE);
    free(secret);
}

static void a_worker_knows_nothing_of_the_others(void **state) {
    if (!memory_can_search()) {
        skip();
    }
    worker *first = worker_start(*state);
    open_context(first, NULL, NULL);
    start_run(first, "globalThis.kept = 'Guest One Was Here'; return kept");
    expect_done(first, "\"Guest One Was Here\"");
    worker *second = worker_start(*state);
    assert_true(memory_search_for(first->pid, "Guest One Was Here").hits > 0);
    assert_int_equal(memory_search_for(second->pid, "Guest One Was Here").hits, 0);
    worker_end(*state, first);
    worker_end(*state, second);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neither_can_gain_privileges_and_neither_has_any),
        cmocka_unit_test(a_worker_is_under_the_filter),
        cmocka_unit_test(a_worker_blocks_and_ignores_no_signal),
        cmocka_unit_test(the_environment_is_empty),
        cmocka_unit_test(only_the_descriptors_that_are_needed_are_open),
        cmocka_unit_test(a_worker_may_open_write_and_fork_nothing),
        cmocka_unit_test(no_memory_can_be_written_and_executed),
        cmocka_unit_test(nothing_of_the_hosts_memory_is_in_a_worker),
        cmocka_unit_test(a_worker_knows_nothing_of_the_others),
    };
    return cmocka_run_group_tests(tests, zygote_setup, zygote_teardown);
}
