/*
 * Spawning a program, vfork-style: the child runs in this process's memory on
 * a stack of its own until it has exec'ed, so nothing is copied however big
 * the host is, and the failure of the exec is known when the call returns.
 *
 * The child must not run the host's signal handlers (all signals are blocked, and
 * stay so in the program), must not call anything that could take a lock, and must
 * not let a sanitizer think that it is the parent: so it makes bare system
 * calls only.
 */
#include "plat/process.h"

#include "close_range.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CHILD_STACK_SIZE = 32768,
    CHILD_SOCKET = 3,
    FIRST_FREE = 10, /* above every number that the child fills */
};

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* ThreadSanitizer puts itself before clone() and takes it for a fork, so there the child gets a copy
 * of the memory. */
#if defined(__SANITIZE_THREAD__)
#define SHARE_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHARE_MEMORY 0
#endif
#endif
#ifndef SHARE_MEMORY
#define SHARE_MEMORY CLONE_VM
#endif

#define BARE __attribute__((no_sanitize("address", "thread", "undefined"), noinline))

typedef struct child_plan {
    int program;
    int socket;
    char *const *arguments;
    char *const *environment;
    int *failure;       /* in shared memory; written by the child */
    bool has_own_users; /* where it runs */
} child_plan;

BARE static long set_descriptors(const child_plan *plan) {
    long nothing = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
    for (int standard = 0; standard < CHILD_SOCKET; standard++) {
        if (nothing < 0) {
            (void)syscall(SYS_close, standard);
        } else if (nothing != standard) {
            (void)syscall(SYS_dup3, nothing, standard, 0);
        }
    }
    if (syscall(SYS_dup3, plan->socket, CHILD_SOCKET, 0) < 0) {
        return -1;
    }
    /* The program's own descriptor closes itself at the exec. */
    int failure = hutch_close_range(CHILD_SOCKET + 1, (unsigned)plan->program - 1);
    failure = failure == 0 ? hutch_close_range((unsigned)plan->program + 1, ~0U) : failure;
    errno = failure;
    return failure == 0 ? 0 : -1;
}

/* In a user namespace of its own a process may do anything to what it makes there, until it runs a
 * program: unless that is told to keep the rights, which the program needs to lock itself in. */
BARE static void keep_rights(void) {
    static const unsigned kept[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT};
    static const unsigned rights = 1U << CAP_SYS_ADMIN | 1U << CAP_SYS_CHROOT;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct own[_LINUX_CAPABILITY_U32S_3] = {
        {.effective = rights, .permitted = rights, .inheritable = rights}};
    (void)syscall(SYS_capset, &header, own);
    for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        (void)syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept[i], 0, 0);
    }
}

BARE static int child_main(void *argument) {
    child_plan *plan = argument;
    if (plan->has_own_users) {
        keep_rights();
    }
    (void)syscall(SYS_setsid);
    if (set_descriptors(plan) == 0) {
        (void)syscall(SYS_execveat, plan->program, "", plan->arguments, plan->environment,
                      AT_EMPTY_PATH);
    }
    *plan->failure = errno;
    (void)syscall(SYS_exit_group, 127);
    return 127;
}

static int clone_child(child_plan *plan, int namespaces, hutch_process *process) {
    alignas(16) unsigned char stack[CHILD_STACK_SIZE];
    int descriptor = -1;
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int pid =
        clone(child_main, stack + sizeof stack,
              namespaces | SHARE_MEMORY | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, plan, &descriptor);
    int failure = pid < 0 ? errno : 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure == 0) {
        *process = (hutch_process){.pid = pid,
                                   .descriptor = descriptor,
                                   .has_own_users = (namespaces & CLONE_NEWUSER) != 0,
                                   .has_own_pids = (namespaces & CLONE_NEWPID) != 0};
    }
    return failure;
}

/* The child has ended where its exec would have been. */
static int spawn_within(child_plan *plan, int namespaces, hutch_process *process) {
    *plan->failure = 0;
    plan->has_own_users = (namespaces & CLONE_NEWUSER) != 0;
    int failure = clone_child(plan, namespaces, process);
    if (failure == 0 && *plan->failure != 0) {
        int status;
        failure = *plan->failure;
        (void)hutch_process_wait(process, -1, &status);
        (void)close(process->descriptor);
    }
    return failure;
}

/* Whether the system may say this of namespaces, and not for want of anything else. */
static bool is_refusal(int failure) {
    return failure == EPERM || failure == EACCES || failure == EINVAL || failure == ENOSYS ||
           failure == ENOSPC || failure == EUSERS;
}

/* With as many namespaces as the system permits. Some let them be made and then run no program in
 * them, so the next try is due after that, too. Only the administrator gets the second one. */
static int spawn_shared(child_plan *plan, hutch_process *process) {
    static const int tries[] = {CLONE_NEWUSER | CLONE_NEWPID, CLONE_NEWPID, 0};
    int failure = EPERM;
    for (size_t i = 0; is_refusal(failure) && i < sizeof tries / sizeof tries[0]; i++) {
        failure = spawn_within(plan, tries[i], process);
    }
    return failure;
}

static int spawn_moved(child_plan *plan, hutch_process *process) {
    plan->failure = mmap(NULL, sizeof *plan->failure, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (plan->failure == MAP_FAILED) {
        return errno;
    }
    int failure = spawn_shared(plan, process);
    (void)munmap(plan->failure, sizeof *plan->failure);
    return failure;
}

/* A kernel from 5.4 on finds no process of this number; an older one does not know the question. All
 * else that is needed came before. */
static bool knows_descriptors_of_processes(void) {
    siginfo_t end;
    return waitid((idtype_t)P_PIDFD, (id_t)INT_MAX, &end, WEXITED | WNOHANG) == 0 ||
           errno != EINVAL;
}

/* Above every number that the child fills. Where none of those can be had, the limit on descriptors is
 * what stands in the way, whatever the kernel calls it. */
static int duplicate(int descriptor, int *failure) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_FREE);
    if (copy < 0) {
        *failure = errno == EINVAL ? EMFILE : errno;
    }
    return copy;
}

int hutch_process_spawn(int program, const char *const *arguments, int socket,
                        hutch_process *process) {
    char *const environment[] = {NULL};
    child_plan plan = {.arguments = (char *const *)arguments, .environment = environment};
    int failure = knows_descriptors_of_processes() ? 0 : ENOSYS;
    plan.program = duplicate(program, &failure);
    plan.socket = duplicate(socket, &failure);
    failure = failure == 0 ? spawn_moved(&plan, process) : failure;
    if (plan.program >= 0) {
        (void)close(plan.program);
    }
    if (plan.socket >= 0) {
        (void)close(plan.socket);
    }
    return failure;
}
