/*
 * The keeper; see keeper.h. A message is a process group, below 0 when it is to
 * be forgotten; so short a message is written and read whole.
 *
 * The keeper is a copy of this process that makes system calls only. It has no
 * descriptor but its end of the pipe, lest somebody wait for the others' end.
 */
#include "keeper.h"

#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Where the keeper has its pipe. */
enum { KEEPER_PIPE = 0 };

static pid_t keeper;
static int messages = -1;

static void close_others(void) {
    struct rlimit limit = {.rlim_cur = CLI_JOBS_MAX};
    if (syscall(SYS_close_range, KEEPER_PIPE + 1, ~0U, 0) == 0) {
        return;
    }
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    for (rlim_t number = KEEPER_PIPE + 1; number < limit.rlim_cur; number++) {
        (void)close((int)number);
    }
}

static void note(pid_t *groups, size_t *count, pid_t message) {
    if (message > 0 && *count < CLI_JOBS_MAX) {
        groups[(*count)++] = message;
    }
    for (size_t i = 0; message < 0 && i < *count; i++) {
        if (groups[i] == -message) {
            groups[i] = groups[--*count];
            break;
        }
    }
}

static _Noreturn void keep(int pipe_end) {
    pid_t groups[CLI_JOBS_MAX];
    size_t count = 0;
    pid_t message;
    ssize_t got;
    sigset_t all;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
    (void)setsid();
    (void)dup2(pipe_end, KEEPER_PIPE);
    close_others();
    while ((got = read(KEEPER_PIPE, &message, sizeof message)) == (ssize_t)sizeof message ||
           (got < 0 && errno == EINTR)) {
        if (got > 0) {
            note(groups, &count, message);
        }
    }
    for (size_t i = 0; i < count; i++) {
        (void)kill(-groups[i], SIGKILL);
    }
    _exit(0);
}

bool cli_keeper_start(void) {
    int ends[2];
    if (keeper > 0) {
        return true;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    keeper = fork();
    if (keeper == 0) {
        keep(ends[0]);
    }
    int reason = errno;
    (void)close(ends[0]);
    if (keeper < 0) {
        keeper = 0;
        (void)close(ends[1]);
        errno = reason;
        return false;
    }
    messages = ends[1];
    return true;
}

static void tell(pid_t message) {
    ssize_t put;
    do {
        put = write(messages, &message, sizeof message);
    } while (put < 0 && errno == EINTR);
}

void cli_keeper_add(pid_t group) {
    tell(group);
}

void cli_keeper_remove(pid_t group) {
    tell(-group);
}

void cli_keeper_end(void) {
    if (keeper > 0) {
        (void)close(messages);
        while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR) {
        }
        keeper = 0;
        messages = -1;
    }
}
