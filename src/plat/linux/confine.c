/*
 * What a process can give up about itself.
 */
#include "plat/confine.h"

#include "close_range.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of /proc/self/status: what is looked for stands there, but for a user of very many groups. */
#define STATUS_BYTES 4096

/* The kernel's, not the C library's. */
#define SIGNALS 64
#define SIGNAL_SET_SIZE (SIGNALS / 8)

static int errno_unless(int result) {
    return result < 0 ? errno : 0;
}

/* Reads the mask after `field`. False: it is not there, or was cut off. */
static bool read_mask(const char *text, const char *field, uint64_t *mask) {
    const char *found = strstr(text, field);
    char *end = NULL;
    if (found != NULL) {
        *mask = strtoull(found + strlen(field), &end, 16);
    }
    return end != NULL && *end == '\n';
}

/* The signals that are ignored, a bit each from 1 on: all others are as they should be after an exec.
 * Every one where the system does not tell. */
static uint64_t ignored_signals(void) {
    char text[STATUS_BYTES + 1];
    uint64_t ignored = 0;
    int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t length = status >= 0 ? read(status, text, STATUS_BYTES) : -1;
    text[length > 0 ? length : 0] = '\0';
    if (!read_mask(text, "\nSigIgn:\t", &ignored)) {
        ignored = UINT64_MAX;
    }
    if (status >= 0) {
        (void)close(status);
    }
    return ignored;
}

/* A sanitizer has handlers of its own, before the program begins. */
#ifdef HUTCH_SANITIZED
#define HAS_HANDLERS true
#else
#define HAS_HANDLERS false
#endif

int hutch_confine_reset_signals(void) {
    /* All zeroes is SIG_DFL without flags, whatever the architecture's struct looks like. */
    static const unsigned char standard[64];
    uint64_t ignored = HAS_HANDLERS ? UINT64_MAX : ignored_signals();
    /* Fails for SIGKILL and SIGSTOP, which are as they must be. Not by the C library, which keeps two
     * signals to itself: a host with another one may ignore them. */
    for (int number = 1; number <= SIGNALS; number++) {
        if ((ignored >> (number - 1) & 1) != 0) {
            (void)syscall(SYS_rt_sigaction, number, standard, NULL, SIGNAL_SET_SIZE);
        }
    }
    sigset_t none;
    (void)sigemptyset(&none);
    return errno_unless(sigprocmask(SIG_SETMASK, &none, NULL));
}

int hutch_confine_leave_terminal(void) {
    /* EPERM: it leads a session already. */
    return setsid() < 0 && errno != EPERM ? errno : 0;
}

int hutch_confine_close(int first, int last) {
    unsigned end = last == HUTCH_CONFINE_NO_END ? ~0U : (unsigned)last;
    return hutch_close_range((unsigned)first, end);
}

int hutch_confine_no_new_privileges(void) {
    return errno_unless(prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL));
}

int hutch_confine_not_dumpable(void) {
    return errno_unless(prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL));
}

int hutch_confine_no_capabilities(void) {
    /* The bounding set can only be emptied with CAP_SETPCAP; without it there is nothing that
     * no_new_privs would let a program gain from it. */
    for (unsigned long number = 0; prctl(PR_CAPBSET_DROP, number, 0UL, 0UL, 0UL) == 0; number++) {
    }
    (void)prctl(PR_CAP_AMBIENT, (unsigned long)PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    return errno_unless((int)syscall(SYS_capset, &header, none));
}

int hutch_confine_die_with(int64_t parent) {
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) != 0) {
        return errno;
    }
    /* The parent may have ended before the call; then nothing will ever be sent. */
    bool is_unknown = parent == HUTCH_CONFINE_UNKNOWN_PARENT;
    return is_unknown || getppid() == (pid_t)parent ? 0 : ESRCH;
}

int hutch_confine_extend_processor_time(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CPU, &limit) != 0) {
        return errno;
    }
    /* Seconds. */
    bool has_room = limit.rlim_max != RLIM_INFINITY && limit.rlim_max > 1;
    limit.rlim_cur = has_room ? limit.rlim_max - 1 : limit.rlim_max;
    return errno_unless(setrlimit(RLIMIT_CPU, &limit));
}

static int number_of(hutch_confine_resource resource) {
    switch (resource) {
    case HUTCH_CONFINE_CORE_BYTES:
        return RLIMIT_CORE;
    case HUTCH_CONFINE_FILE_BYTES:
        return RLIMIT_FSIZE;
    case HUTCH_CONFINE_DESCRIPTORS:
        return RLIMIT_NOFILE;
    case HUTCH_CONFINE_ADDRESS_BYTES:
        return RLIMIT_AS;
    case HUTCH_CONFINE_STACK_BYTES:
        return RLIMIT_STACK;
    case HUTCH_CONFINE_LOCKED_BYTES:
        return RLIMIT_MEMLOCK;
    case HUTCH_CONFINE_QUEUE_BYTES:
        return RLIMIT_MSGQUEUE;
    case HUTCH_CONFINE_PROCESSES:
        return RLIMIT_NPROC;
    }
    return -1;
}

int hutch_confine_limit(hutch_confine_resource resource, uint64_t most) {
    int number = number_of(resource);
    struct rlimit limit = {0};
    /* Nothing is less than nothing: no need to look what there was. */
    if (most > 0 && getrlimit((__rlimit_resource_t)number, &limit) != 0) {
        return errno;
    }
    limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    limit.rlim_cur = limit.rlim_cur < limit.rlim_max ? limit.rlim_cur : limit.rlim_max;
    return errno_unless(setrlimit((__rlimit_resource_t)number, &limit));
}
