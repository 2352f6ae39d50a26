/*
 * Children. SIGCHLD is blocked but for the moments of sleep, so that no end of
 * a child falls between looking and sleeping; and no descriptor is needed.
 */
#include "plat/child.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* As long as HUTCH_CHILD_UNTIL_LATER is. */
#define LATER_NS 5000000L

int64_t hutch_child_own_pid(void) {
    return getpid();
}

/* That it runs is enough: ppoll() ends. */
static void on_child(int number) {
    (void)number;
}

/* Sets SIGCHLD's handler, and whether it is blocked. */
static int set_child_signal(void (*handler)(int), int how) {
    struct sigaction action;
    sigset_t child;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    if (sigprocmask(how, &child, NULL) != 0 || sigaction(SIGCHLD, &action, NULL) != 0) {
        return errno;
    }
    return 0;
}

int hutch_child_watch(void) {
    return set_child_signal(on_child, SIG_BLOCK);
}

int hutch_child_unwatch(void) {
    return set_child_signal(SIG_DFL, SIG_UNBLOCK);
}

/* A child with its descriptor at once, as Linux can from 5.2 on. The C library does not know of the
 * child, which does not matter where there is one thread; but fork() is preferred. */
static pid_t clone_child(int *descriptor) {
    return (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_PIDFD | SIGCHLD), NULL, descriptor, NULL,
                          NULL);
}

/* A sandbox that is older than the call refuses what it does not know. */
static bool can_open_processes(void) {
    int own = (int)syscall(SYS_pidfd_open, getpid(), 0);
    hutch_child_close(own);
    return own >= 0;
}

int hutch_child_fork(int64_t *pid, int *descriptor) {
    *descriptor = -1;
    bool opens = can_open_processes();
    pid_t child = opens ? fork() : clone_child(descriptor);
    if (child < 0) {
        return errno;
    }
    *pid = child;
    if (child == 0 || !opens) {
        return 0;
    }
    *descriptor = (int)syscall(SYS_pidfd_open, child, 0);
    if (*descriptor < 0) {
        int failure = errno;
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
        return failure;
    }
    return 0;
}

bool hutch_child_reap(bool wait, int64_t *pid, int *status) {
    pid_t child;
    do {
        child = waitpid(-1, status, wait ? 0 : WNOHANG);
    } while (child < 0 && errno == EINTR);
    *pid = child;
    return child > 0;
}

void hutch_child_kill(int64_t pid) {
    (void)kill((pid_t)pid, SIGKILL);
}

void hutch_child_sleep(int socket, hutch_child_sleep_until until) {
    static const short events[] = {[HUTCH_CHILD_UNTIL_READABLE] = POLLIN,
                                   [HUTCH_CHILD_UNTIL_WRITABLE] = POLLOUT,
                                   [HUTCH_CHILD_UNTIL_LATER] = 0};
    static const struct timespec later = {.tv_nsec = LATER_NS};
    struct pollfd other = {.fd = socket, .events = events[until]};
    sigset_t none;
    (void)sigemptyset(&none);
    (void)ppoll(&other, 1, until == HUTCH_CHILD_UNTIL_LATER ? &later : NULL, &none);
}

/* Of the linker: where the program's file begins in memory, and where what it initialises ends. */
extern const char __executable_start[];
extern const char edata[];

void hutch_child_populate_program(void) {
#ifdef MADV_POPULATE_READ
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t low = (uintptr_t)__executable_start & ~(page - 1);
    uintptr_t high = (uintptr_t)edata & ~(page - 1);
    (void)madvise((void *)low, high - low, MADV_POPULATE_READ);
#endif
}

void hutch_child_close(int descriptor) {
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
}

int hutch_child_renumber(int descriptor, int number) {
    return dup2(descriptor, number) < 0 ? errno : 0;
}

void *hutch_child_map(int descriptor, size_t size) {
    struct stat about;
    if (fstat(descriptor, &about) != 0 || about.st_size != (off_t)size) {
        return NULL;
    }
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    return memory == MAP_FAILED ? NULL : memory;
}
