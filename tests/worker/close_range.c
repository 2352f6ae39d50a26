/*
 * Closing many descriptors on a kernel, or in a sandbox, that has no call for it, and where what lists them
 * is refused as well.
 */
#include "plat/linux/close_range.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { FIRST = 100, LAST = 200, LIMIT = 1024, MANY = 700 };

static bool refuse(int call, int error) {
    struct sock_filter checks[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof checks / sizeof checks[0], .filter = checks};
    return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

static bool is_open(int descriptor) {
    return fcntl(descriptor, F_GETFD) >= 0;
}

/* Whether what is to be closed is closed, and nothing else. */
static bool closes(unsigned last) {
    bool right = true;
    int end = last < MANY ? (int)last : MANY;
    for (int at = 0; at <= MANY; at++) {
        (void)dup2(STDERR_FILENO, at);
    }
    right = hutch_close_range(FIRST, last) == 0;
    for (int at = 0; at <= MANY; at++) {
        right = right && is_open(at) == (at < FIRST || at > end);
    }
    return right;
}

/* In a process of its own, which may not make the calls. */
static bool closes_without(const int *calls, size_t count, int error) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {LIMIT, LIMIT};
        bool right = setrlimit(RLIMIT_NOFILE, &limit) == 0;
        for (size_t i = 0; i < count; i++) {
            right = refuse(calls[i], error) && right;
        }
        right = right && closes(LAST) && closes(~0U);
        _exit(right ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void by_one_call(void **state) {
    (void)state;
    assert_true(closes_without(NULL, 0, 0));
}

static void by_the_list_where_the_call_is_absent_or_refused(void **state) {
    static const int calls[] = {SYS_close_range};
    static const int errors[] = {ENOSYS, EPERM, EACCES};
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_true(closes_without(calls, 1, errors[i]));
    }
}

static void one_by_one_where_there_is_no_list(void **state) {
    static const int without_reading[] = {SYS_close_range, SYS_getdents64};
    static const int without_opening[] = {SYS_close_range, SYS_openat};
    (void)state;
    assert_true(closes_without(without_reading, 2, ENOSYS));
    assert_true(closes_without(without_opening, 2, EPERM));
}

static void what_the_call_itself_finds_wrong_is_told(void **state) {
    (void)state;
    assert_int_equal(hutch_close_range(7, 6), EINVAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_one_call),
        cmocka_unit_test(by_the_list_where_the_call_is_absent_or_refused),
        cmocka_unit_test(one_by_one_where_there_is_no_list),
        cmocka_unit_test(what_the_call_itself_finds_wrong_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
