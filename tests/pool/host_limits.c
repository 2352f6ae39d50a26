/*
 * Hosts that were started with small resource limits, or with signals blocked
 * and ignored: a run ends well, or an error says which limit it was. The host
 * never dies of it.
 */
#include "support.h"

#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a host that has told what happened exits with; for others the signal or status tells. */
enum { HOST_IS_WELL = 42, HOST_IS_WRONG = 43 };

enum { MOST_GROUPS = 5000 };

typedef struct host {
    const char *name;
    int resource; /* -1: none is changed */
    rlim_t most;
    const char *needle; /* part of the error there is; NULL: the run ends well */
    const char *code;   /* NULL: a short program */
    void (*prepare)(void);
    uint32_t max_memory_mb; /* 0: the default */
} host;

static bool says(const char *text, const host *tried) {
    bool is_expected = tried->needle != NULL && strstr(text, tried->needle) != NULL;
    if (!is_expected) {
        (void)fprintf(stderr, "%s: %s\n", tried->name, text);
    }
    return is_expected;
}

static bool is_told(const outcome *end, const host *tried) {
    return tried->needle == NULL ? (end->type == HUTCH_EVENT_DONE && strcmp(end->text, "2") == 0) ||
                                       says(end->text, tried)
                                 : says(end->text, tried);
}

/* No assertions: this is a forked process. */
static bool lives_well(const host *tried) {
    hutch_pool *pool = NULL;
    hutch_context *context = NULL;
    hutch_error error = {0};
    hutch_pool_options options;
    hutch_pool_options_init(&options);
    if (tried->max_memory_mb != 0) {
        options.max_memory_mb = tried->max_memory_mb;
    }
    if (hutch_pool_new(&options, &pool, &error) != HUTCH_OK ||
        hutch_context_open(pool, NULL, &context, &error) != HUTCH_OK) {
        hutch_pool_free(pool);
        return says(error.message, tried);
    }
    outcome end = run(context, tried->code != NULL ? tried->code : "return 1 + 1");
    bool is_well = is_told(&end, tried);
    hutch_pool_free(pool);
    return is_well;
}

static void be_host(const host *tried) {
    if (tried->resource >= 0) {
        struct rlimit limit = {.rlim_cur = tried->most, .rlim_max = tried->most};
        (void)setrlimit((__rlimit_resource_t)tried->resource, &limit);
    }
    if (tried->prepare != NULL) {
        tried->prepare();
    }
    _exit(lives_well(tried) ? HOST_IS_WELL : HOST_IS_WRONG);
}

static void try_host(const host *tried) {
    int status = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        be_host(tried);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != HOST_IS_WELL) {
        fail_msg("%s: wait status %x", tried->name, (unsigned)status);
    }
}

static void block_all(void) {
    sigset_t all;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
}

/* Also those that the C library keeps to itself. */
static void ignore_all(void) {
    struct {
        void (*handler)(int);
        unsigned char rest[56];
    } action = {.handler = SIG_IGN};
    for (int number = 1; number <= 64; number++) {
        (void)syscall(SYS_rt_sigaction, number, &action, NULL, 8);
    }
}

static void on_signal(int number) {
    (void)number;
}

static void handle_all(void) {
    for (int number = 1; number < NSIG; number++) {
        (void)signal(number, on_signal);
    }
}

static void ignore_sigpipe(void) {
    (void)signal(SIGPIPE, SIG_IGN);
}

#define SPIN "for (const end = Date.now() + 10000; Date.now() < end;);"

static void test_a_host_with_a_small_limit_is_told_or_served(void **state) {
    (void)state;
    const host hosts[] = {
        {"no files", RLIMIT_FSIZE, 0, "ulimit -f", NULL, NULL, 0},
        {"files below the program", RLIMIT_FSIZE, 102400, "ulimit -f", NULL, NULL, 0},
        {"a second of processor time", RLIMIT_CPU, 1, "ulimit -t", SPIN, NULL, 0},
        {"two seconds of processor time", RLIMIT_CPU, 2, "ulimit -t", SPIN, NULL, 0},
        {"three descriptors", RLIMIT_NOFILE, 3, "EMFILE", NULL, NULL, 0},
        {"ten descriptors", RLIMIT_NOFILE, 10, "EMFILE", NULL, NULL, 0},
        {"no locked memory", RLIMIT_MEMLOCK, 0, NULL, NULL, NULL, 0},
        {"no queues", RLIMIT_MSGQUEUE, 0, NULL, NULL, NULL, 0},
        {"no queued signals", RLIMIT_SIGPENDING, 0, NULL, NULL, NULL, 0},
        {"no core files", RLIMIT_CORE, 0, NULL, NULL, NULL, 0},
#ifndef HUTCH_SANITIZED
        {"a small stack", RLIMIT_STACK, 256 * 1024, NULL, NULL, NULL, 0},
        {"little address space", RLIMIT_AS, (rlim_t)2 << 30, "ulimit -v", NULL, NULL, 0},
        {"little data", RLIMIT_DATA, (rlim_t)1 << 30, "ulimit -v and -d", NULL, NULL, 0},
        {"little address space for little memory", RLIMIT_AS, (rlim_t)2 << 30, NULL, NULL, NULL,
         64},
        {"little data for little memory", RLIMIT_DATA, (rlim_t)1 << 30, NULL, NULL, NULL, 64},
#endif
        {"blocked signals", -1, 0, NULL, NULL, block_all, 0},
        {"ignored signals", -1, 0, NULL, NULL, ignore_all, 0},
        {"handled signals", -1, 0, NULL, NULL, handle_all, 0},
    };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        try_host(&hosts[i]);
    }
}

/* The limit on a user's processes does not hold for the administrator. */
static void become_somebody(void) {
    if (geteuid() == 0) {
        (void)!setgid(65534);
        (void)!setuid(65534);
    }
}

static void test_a_host_that_may_have_no_process_is_told(void **state) {
    (void)state;
    try_host(&(host){"no processes", RLIMIT_NPROC, 0, "EAGAIN", NULL, become_somebody, 0});
}

/* The number after `field` in /proc/PID/status, and where it stands. */
static size_t find_mask(pid_t pid, const char *field, unsigned long long *mask) {
    static char text[1 << 20];
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    const char *found = strstr(text, field);
    size_t at = found != NULL ? (size_t)(found - text) + strlen(field) : 0;
    *mask = found != NULL ? strtoull(text + at, NULL, 16) : ULLONG_MAX;
    if (file != NULL) {
        (void)fclose(file);
    }
    return at;
}

#define CHILD_BIT (1ULL << (SIGCHLD - 1))

/* The zygote waits for SIGCHLD, so that is blocked in it but while it sleeps. */
static bool is_free_of_signals(pid_t pid, bool is_zygote) {
    unsigned long long ignored;
    unsigned long long blocked;
    (void)find_mask(pid, "\nSigIgn:\t", &ignored);
    (void)find_mask(pid, "\nSigBlk:\t", &blocked);
    bool good = ignored == 0 && (blocked & ~(is_zygote ? CHILD_BIT : 0)) == 0;
    if (!good) {
        (void)fprintf(stderr, "%s: ignored %llx, blocked %llx\n", is_zygote ? "zygote" : "worker",
                      ignored, blocked);
    }
    return good;
}

/* No assertions: this is a forked process. */
static bool has_free_children(void) {
    hutch_pool *pool = pool_new(NULL);
    hutch_context *context = context_new(pool);
    outcome end = run(context, "return 2");
    pid_t zygote = (pid_t)stats_of(pool).zygote_pid;
    bool good = end.type == HUTCH_EVENT_DONE && is_free_of_signals(zygote, true) &&
                is_free_of_signals(pid_of(context), false);
    hutch_pool_free(pool);
    return good;
}

/* @param groups  of the host, as far as it may choose: each takes six characters of its status */
static void try_signals(const char *name, void (*prepare)(void), size_t groups) {
    static gid_t all[MOST_GROUPS];
    int status = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (size_t i = 0; i < groups; i++) {
            all[i] = 65534;
        }
        (void)!setgroups(groups, all);
        prepare();
        _exit(has_free_children() ? HOST_IS_WELL : HOST_IS_WRONG);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != HOST_IS_WELL) {
        fail_msg("%s, %zu groups: wait status %x", name, groups, (unsigned)status);
    }
}

static void test_signals_of_a_host_are_not_its_workers(void **state) {
    static const struct {
        const char *name;
        void (*prepare)(void);
    } hosts[] = {{"blocks all", block_all},
                 {"ignores all", ignore_all},
                 {"ignores SIGPIPE", ignore_sigpipe},
                 {"handles all", handle_all}};
    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        try_signals(hosts[i].name, hosts[i].prepare, 0);
    }
}

/* The names of many groups push the rest of a status out of what is read of it: somewhere among these
 * numbers of them it ends in the middle of what is looked for. */
static void test_a_host_of_many_groups_that_ignores_signals(void **state) {
    unsigned long long unused;
    (void)state;
    size_t at = find_mask(getpid(), "\nSigIgn:\t", &unused);
    assert_in_range(at, 1, 4000);
    size_t middle = (4096 - at) / 6;
    for (size_t groups = middle - 8; groups <= middle + 12; groups++) {
        try_signals("ignores all", ignore_all, groups);
    }
    try_signals("ignores all", ignore_all, MOST_GROUPS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_host_with_a_small_limit_is_told_or_served),
        cmocka_unit_test(test_a_host_that_may_have_no_process_is_told),
        cmocka_unit_test(test_signals_of_a_host_are_not_its_workers),
        cmocka_unit_test(test_a_host_of_many_groups_that_ignores_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
