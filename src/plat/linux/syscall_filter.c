/*
 * System call filters. libseccomp turns the rules into the kernel's
 * instructions; it can only write them to a descriptor, so they pass through a
 * pipe, which holds far more than the few hundred bytes they are.
 *
 * A call of another architecture's table (32-bit, x32) is killed too: that is
 * libseccomp's own first check.
 */
#include "plat/syscall_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Bytes of the longest program that is expected; a pipe holds at least a page. */
#define PROGRAM_MOST 4096

/* libseccomp says -errno; some of its calls say plain -1 of what cannot fail here. */
static int failure_of(int result) {
    return result < 0 ? -result : 0;
}

static int add_rule(scmp_filter_ctx context, const hutch_syscall_rule *rule) {
    struct scmp_arg_cmp checks[HUTCH_SYSCALL_ARGUMENTS];
    unsigned count = 0;
    for (unsigned i = 0; i < HUTCH_SYSCALL_ARGUMENTS; i++) {
        if (rule->arguments[i].checked) {
            checks[count++] = (struct scmp_arg_cmp){
                .arg = i, .op = SCMP_CMP_EQ, .datum_a = rule->arguments[i].value};
        }
    }
    return failure_of(seccomp_rule_add_array(context, SCMP_ACT_ALLOW, rule->number, count, checks));
}

/* Takes what libseccomp has written out of the pipe. */
static int take_program(int descriptor, hutch_syscall_filter *filter) {
    void *program = malloc(PROGRAM_MOST);
    if (program == NULL) {
        return ENOMEM;
    }
    ssize_t length = read(descriptor, program, PROGRAM_MOST);
    if (length <= 0 || length == PROGRAM_MOST || (size_t)length % sizeof(struct sock_filter) != 0) {
        free(program);
        return EMSGSIZE;
    }
    filter->program = program;
    filter->length = (size_t)length / sizeof(struct sock_filter);
    return 0;
}

static int export_program(scmp_filter_ctx context, hutch_syscall_filter *filter) {
    int ends[2];
    if (pipe(ends) != 0) {
        return errno;
    }
    int failure = failure_of(seccomp_export_bpf(context, ends[1]));
    if (failure == 0) {
        failure = take_program(ends[0], filter);
    }
    (void)close(ends[0]);
    (void)close(ends[1]);
    return failure;
}

int hutch_syscall_filter_make(const hutch_syscall_rule *rules, size_t count,
                              hutch_syscall_filter *filter) {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (context == NULL) {
        return ENOMEM;
    }
    int failure =
        failure_of(seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    for (size_t i = 0; i < count && failure == 0; i++) {
        failure = add_rule(context, &rules[i]);
    }
    if (failure == 0) {
        failure = export_program(context, filter);
    }
    seccomp_release(context);
    return failure;
}

int hutch_syscall_filter_apply(const hutch_syscall_filter *filter) {
    struct sock_fprog program = {.len = (unsigned short)filter->length, .filter = filter->program};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0 ? errno : 0;
}
