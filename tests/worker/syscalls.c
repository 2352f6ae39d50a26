/*
 * The filter, from inside: every number of the kernel's table is really called,
 * in a process of its own that has been locked down as a worker is, and exactly
 * the calls of src/worker/syscalls.h pass.
 */
#include "worker/syscalls.h"
#include "support/cmocka.h"
#include "worker/lockdown.h"

#include <hutch/limits.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Beyond the highest number of any kernel so far, and the ones that are reserved above. */
#define NUMBERS 1024
/* What a process that passed ends with. */
#define PASSED 77

static const hutch_syscall_rule rules[] = {HUTCH_WORKER_SYSCALLS(HUTCH_WORKER_SYSCALL_RULE)};
#define RULES (sizeof rules / sizeof rules[0])

typedef struct attempt {
    long number;
    long arguments[HUTCH_SYSCALL_ARGUMENTS]; /* the others are 0 */
} attempt;

/* Calls it in a locked process. Returns the wait status. */
static int try_call(const attempt *tried) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (hutch_lockdown_worker() != NULL) {
            _exit(1);
        }
        (void)syscall(tried->number, tried->arguments[0], tried->arguments[1], tried->arguments[2],
                      0L, 0L, 0L);
        _exit(PASSED);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static bool was_killed(int status) {
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

/* uretprobe and uprobe, traps of the kernel's own probes: newer kernels let them through every
 * filter. From anywhere but such a trap they only fail, or kill the caller. */
static bool is_beyond_filters(long number) {
#ifdef __x86_64__
    return number == 335 || number == 336;
#else
    (void)number;
    return false;
#endif
}

static bool is_allowed(const attempt *tried) {
    for (size_t i = 0; i < RULES; i++) {
        bool fits = rules[i].number == tried->number;
        for (size_t j = 0; j < HUTCH_SYSCALL_ARGUMENTS; j++) {
            fits = fits && (!rules[i].arguments[j].checked ||
                            rules[i].arguments[j].value == (uint64_t)tried->arguments[j]);
        }
        if (fits) {
            return true;
        }
    }
    return false;
}

static void expect_table(const attempt *tried, unsigned *passed, unsigned *killed) {
    int status = try_call(tried);
    /* exit_group passes by ending the process itself. */
    bool did_pass =
        WIFEXITED(status) && (WEXITSTATUS(status) == PASSED || tried->number == SYS_exit_group);
    if (did_pass == was_killed(status) || did_pass != is_allowed(tried)) {
        fail_msg("call %ld(%ld, %ld, %ld): status %x, allowed by the table: %d", tried->number,
                 tried->arguments[0], tried->arguments[1], tried->arguments[2], (unsigned)status,
                 is_allowed(tried));
    }
    *passed += did_pass;
    *killed += !did_pass;
}

static void exactly_the_calls_of_the_table_pass(void **state) {
    (void)state;
    unsigned passed = 0;
    unsigned killed = 0;
    for (long number = 0; number < NUMBERS; number++) {
        if (!is_beyond_filters(number)) {
            expect_table(&(attempt){.number = number}, &passed, &killed);
        }
    }
    print_message("%u numbers tried with zeroes: %u passed, %u killed\n", passed + killed, passed,
                  killed);
    /* With zeroes, at least: a futex is FUTEX_WAIT, the clock is read, the process ends. */
    assert_true(passed >= 3 && killed >= 300);
}

/* Each rule with the arguments that it wants, and with each of them a little off. */
static void each_checked_argument_must_be_as_the_table_says(void **state) {
    (void)state;
    unsigned passed = 0;
    unsigned killed = 0;
    for (size_t i = 0; i < RULES; i++) {
        attempt tried = {.number = rules[i].number};
        for (size_t j = 0; j < HUTCH_SYSCALL_ARGUMENTS; j++) {
            tried.arguments[j] = (long)rules[i].arguments[j].value;
        }
        expect_table(&tried, &passed, &killed);
        for (size_t j = 0; j < HUTCH_SYSCALL_ARGUMENTS; j++) {
            attempt off = tried;
            off.arguments[j] = rules[i].arguments[j].checked ? tried.arguments[j] + 1 : -1;
            expect_table(&off, &passed, &killed);
            off.arguments[j] = tried.arguments[j] ^ (1L << 32);
            expect_table(&off, &passed, &killed);
        }
    }
    assert_true(passed > RULES && killed >= 8);
}

/* The number of a process's clock is made from the process's own. */
static void the_processor_time_of_other_processes_cannot_be_read(void **state) {
    (void)state;
    const pid_t others[] = {0, 1, getpid(), getppid()};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        for (clockid_t kind = 0; kind < 8; kind++) {
            clockid_t clock = (clockid_t)(~(unsigned)others[i] << 3 | (unsigned)kind);
            attempt tried = {.number = SYS_clock_gettime, .arguments = {clock}};
            assert_true(was_killed(try_call(&tried)));
        }
    }
}

static void only_the_clocks_that_are_used_can_be_read(void **state) {
    (void)state;
    for (clockid_t clock = 0; clock < 16; clock++) {
        attempt tried = {.number = SYS_clock_gettime, .arguments = {clock}};
        bool is_used =
            clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_THREAD_CPUTIME_ID;
        assert_int_equal(was_killed(try_call(&tried)), !is_used);
    }
}

#ifdef __x86_64__
static void calls_of_the_other_tables_of_the_machine_are_killed(void **state) {
    (void)state;
    long x32 = 0x40000000;
    for (size_t i = 0; i < RULES; i++) {
        attempt tried = {.number = x32 | rules[i].number};
        assert_true(was_killed(try_call(&tried)));
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        long result = 1; /* exit, in the 32-bit table */
        if (hutch_lockdown_worker() == NULL) {
            __asm__ volatile("int $0x80" : "+a"(result) : "b"(PASSED) : "memory");
        }
        _exit(PASSED);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}
#endif

/* The tests' own process becomes what a zygote is: the filter is made there. */
static int lock_down(void **state) {
    (void)state;
    uint32_t layers;
    const char *refused = hutch_lockdown_zygote(128 * HUTCH_MIB, &layers);
    if (refused != NULL) {
        print_message("refused: %s\n", refused);
    }
    return refused == NULL ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_calls_of_the_table_pass),
        cmocka_unit_test(each_checked_argument_must_be_as_the_table_says),
        cmocka_unit_test(the_processor_time_of_other_processes_cannot_be_read),
        cmocka_unit_test(only_the_clocks_that_are_used_can_be_read),
#ifdef __x86_64__
        cmocka_unit_test(calls_of_the_other_tables_of_the_machine_are_killed),
#endif
    };
    return cmocka_run_group_tests(tests, lock_down, NULL);
}
