/*
 * Processes: pidfds. Spawning is in spawn.c.
 */
#include "plat/process.h"

#include "memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

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
    int program;
    /* Kernels before 6.3 do not know the flag: there every such file may be executed. */
    int refused = hutch_memory_file_new(name, MFD_EXEC, length, &program);
    if (refused != 0) {
        return refused;
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

/* What the kernel tells of a pidfd, its first version: since 6.13. */
typedef struct pidfd_answer {
    uint64_t mask;
    uint64_t control_group;
    uint32_t pid; /* as this process sees it */
    uint32_t rest[11];
} pidfd_answer;
#define ASK_PIDFD _IOWR(0xFF, 11, pidfd_answer)

/* @return bytes of a short file; 0: it cannot be read */
static size_t read_text(const char *path, char *text, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    ssize_t length = read(file, text, size - 1);
    (void)close(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0 ? (size_t)length : 0;
}

static int64_t number_by_text(int descriptor) {
    char path[sizeof "/proc/self/fdinfo/" + 3 * sizeof descriptor];
    char text[512];
    (void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", descriptor);
    if (read_text(path, text, sizeof text) == 0) {
        return 0;
    }
    const char *line = strstr(text, "\nPid:");
    int64_t pid = line == NULL ? 0 : strtoll(line + sizeof "\nPid:" - 1, NULL, 10);
    return pid > 0 ? pid : 0;
}

int64_t hutch_process_number(int descriptor) {
    pidfd_answer answer = {.mask = 1};
    if (ioctl(descriptor, ASK_PIDFD, &answer) == 0) {
        return (int64_t)answer.pid;
    }
    return errno == ESRCH ? 0 : number_by_text(descriptor);
}

/* The state is the letter after the name, which may have any characters in it. */
hutch_process_activity hutch_process_activity_of(int64_t pid) {
    char path[sizeof "/proc//stat" + 3 * sizeof pid];
    char text[64];
    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    if (pid <= 0 || read_text(path, text, sizeof text) == 0) {
        return HUTCH_PROCESS_UNKNOWN;
    }
    const char *name_end = strrchr(text, ')');
    if (name_end == NULL || name_end[1] != ' ') {
        return HUTCH_PROCESS_UNKNOWN;
    }
    return name_end[2] == 'R' || name_end[2] == 'D' ? HUTCH_PROCESS_RUNS : HUTCH_PROCESS_SLEEPS;
}

/* Pages: of the whole address space, of those that are in memory, and of these the ones that belong to
 * files, shared memory included. */
bool hutch_process_anonymous_memory(int64_t pid, uint64_t *bytes) {
    char path[sizeof "/proc//statm" + 3 * sizeof pid];
    char text[256];
    (void)snprintf(path, sizeof path, "/proc/%lld/statm", (long long)pid);
    if (pid <= 0 || read_text(path, text, sizeof text) == 0) {
        return false;
    }
    char *at = text;
    (void)strtoull(at, &at, 10);
    uint64_t resident = strtoull(at, &at, 10);
    uint64_t files = strtoull(at, &at, 10);
    *bytes = resident > files ? (resident - files) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
    return true;
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

bool hutch_process_time_ends_unsaid(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_max <= 1;
}
