/*
 * Processes: pidfds. Spawning is in spawn.c.
 */
#include "plat/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* Kernels before 6.3 do not know the flag: there every memfd may be executed. */
static int create(const char *name) {
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (descriptor < 0 && errno == EINVAL) {
        descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    return descriptor;
}

static bool write_all(int descriptor, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    while (length > 0) {
        ssize_t written = write(descriptor, at, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            at += written;
            length -= (size_t)written;
        }
    }
    return true;
}

int hutch_process_program(const char *name, const void *bytes, size_t length, int *descriptor) {
    int program = create(name);
    if (program < 0) {
        return errno;
    }
    if (!write_all(program, bytes, length) ||
        fcntl(program, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) !=
            0) {
        int failure = errno;
        (void)close(program);
        return failure;
    }
    *descriptor = program;
    return 0;
}

int hutch_process_program_file(const char *path, int *descriptor) {
    int program = open(path, O_PATH | O_CLOEXEC);
    if (program < 0) {
        return errno;
    }
    *descriptor = program;
    return 0;
}

void hutch_process_kill(int descriptor) {
    (void)syscall(SYS_pidfd_send_signal, descriptor, SIGKILL, NULL, 0);
}

int64_t hutch_process_number(int descriptor) {
    char path[sizeof "/proc/self/fdinfo/" + 3 * sizeof descriptor];
    char text[512];
    (void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", descriptor);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    ssize_t length = read(file, text, sizeof text - 1);
    (void)close(file);
    text[length > 0 ? length : 0] = '\0';
    const char *line = strstr(text, "\nPid:");
    int64_t pid = line == NULL ? 0 : strtoll(line + sizeof "\nPid:" - 1, NULL, 10);
    return pid > 0 ? pid : 0;
}

/* The status that waitpid() would have given. */
static int status_of(const siginfo_t *end) {
    if (end->si_code == CLD_EXITED) {
        return (end->si_status & 0xff) << 8;
    }
    return (end->si_status & 0x7f) | (end->si_code == CLD_DUMPED ? 0x80 : 0);
}

bool hutch_process_wait(const hutch_process *process, int milliseconds, int *status) {
    struct pollfd ended = {.fd = process->descriptor, .events = POLLIN};
    int ready;
    do {
        ready = poll(&ended, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
        return false;
    }
    siginfo_t end = {0};
    int reaped;
    do {
        reaped = waitid((idtype_t)P_PIDFD, (id_t)process->descriptor, &end, WEXITED);
    } while (reaped != 0 && errno == EINTR);
    *status = reaped == 0 ? status_of(&end) : -1;
    return true;
}

hutch_process_outcome hutch_process_read_status(int status) {
    bool by_signal = WIFSIGNALED(status);
    return (hutch_process_outcome){.by_signal = by_signal,
                                   .number = by_signal ? WTERMSIG(status) : WEXITSTATUS(status)};
}
