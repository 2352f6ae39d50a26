/*
 * A system, or a sandbox around the command, that has not all system calls: it does
 * without, or the error names what is missing.
 *
 * The program is its own launcher: with --refuse it takes a call away from itself, and becomes
 * the command.
 */
#include "cli/spawn.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/cmocka.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#define WAIT_FOR_DESCRIPTOR 3 /* P_PIDFD */
#define ANY UINT32_MAX

typedef struct refusal {
    const char *name;
    int call;
    uint32_t first; /* argument; ANY: whatever it is */
    int error;
    const char *says; /* NULL: the program runs */
} refusal;

static const refusal refusals[] = {
    {"close_range, of 5.9, absent", SYS_close_range, ANY, ENOSYS, NULL},
    {"close_range, refused by an older sandbox", SYS_close_range, ANY, EPERM, NULL},
    {"pidfd_open, of 5.3, absent", SYS_pidfd_open, ANY, ENOSYS, NULL},
    {"pidfd_open, refused by an older sandbox", SYS_pidfd_open, ANY, EPERM, NULL},
    {"waitid for a descriptor, of 5.4, absent", SYS_waitid, WAIT_FOR_DESCRIPTOR, EINVAL,
     "a system call is missing; Linux has all from 5.4 on"},
};

#define REFUSALS (sizeof refusals / sizeof refusals[0])

static const char *command;

static bool refuse(const refusal *what) {
    struct sock_filter checks[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)what->call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what->first, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)what->error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    if (what->first == ANY) {
        checks[3] = checks[4];
    }
    struct sock_fprog program = {.len = sizeof checks / sizeof checks[0], .filter = checks};
    return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/* --refuse NAME COMMAND ARGUMENT... */
static int launch(char **texts) {
    for (size_t i = 0; i < REFUSALS; i++) {
        if (strcmp(refusals[i].name, texts[1]) == 0 && refuse(&refusals[i])) {
            execv(texts[2], texts + 2);
        }
    }
    return 126;
}

/* With a tool, so that a command is started, too. */
static spawned run_without(const refusal *what) {
    return HUTCH("return await echo({a: 1})", "--refuse", what->name, command, "run", "--tool",
                 "echo=cat", "-");
}

static void a_call_that_is_missing_is_done_without_or_named(void **state) {
    (void)state;
    for (size_t i = 0; i < REFUSALS; i++) {
        const refusal *what = &refusals[i];
        spawned run = run_without(what);
        if (what->says == NULL) {
            assert_string_equal(run.errors, "");
            assert_string_equal(run.output, "{\"a\":1}\n");
            assert_int_equal(run.status, 0);
        } else {
            assert_string_equal(run.output, "");
            assert_non_null(strstr(run.errors, what->says));
            assert_int_equal(run.status, 4);
        }
        spawned_free(&run);
    }
}

static void layers_do_not_suffer(void **state) {
    (void)state;
    spawned whole = HUTCH(NULL, "--refuse", refusals[0].name, command, "doctor");
    spawn_use(command);
    spawned plain = HUTCH(NULL, "doctor");
    spawn_use("/proc/self/exe");
    assert_string_equal(whole.output, plain.output);
    spawned_free(&whole);
    spawned_free(&plain);
}

int main(int count, char **texts) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_is_missing_is_done_without_or_named),
        cmocka_unit_test(layers_do_not_suffer),
    };
    if (count > 3 && strcmp(texts[1], "--refuse") == 0) {
        return launch(texts + 1);
    }
    command = count > 1 ? texts[1] : "";
    spawn_use("/proc/self/exe");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
