/*
 * Words for errno and signals. The tables are our own where the C library's
 * functions are not thread-safe or not there: strerror() writes to a shared
 * buffer, and the *_np functions are glibc's alone.
 */
#include "plat/error_text.h"

#include "base/error.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* The errors that making processes, memory and descriptors can end with. */
#define ERROR_TABLE(X)                                                                             \
    X(EACCES, "permission denied")                                                                 \
    X(EAGAIN, "a limit on processes or a resource is reached")                                     \
    X(ECHILD, "no such child process")                                                             \
    X(EFAULT, "bad address")                                                                       \
    X(EFBIG, "beyond the limit on file sizes of this process, ulimit -f")                          \
    X(EINVAL, "invalid argument")                                                                  \
    X(EISDIR, "it is a directory")                                                                 \
    X(ELOOP, "too many symbolic links")                                                            \
    X(EMFILE, "too many open files in this process")                                               \
    X(ENFILE, "too many open files in the system")                                                 \
    X(ENODEV, "no such device")                                                                    \
    X(ENOENT, "no such file")                                                                      \
    X(ENOEXEC, "not a program of this machine")                                                    \
    X(ENOMEM, "out of memory")                                                                     \
    X(ENOSPC, "no space left")                                                                     \
    X(ENOSYS, "a system call is missing; Linux has all from 5.4 on, a sandbox may lack them")      \
    X(ENOTDIR, "a part of the path is not a directory")                                            \
    X(EPERM, "operation not permitted")                                                            \
    X(EPIPE, "the other end is gone")                                                              \
    X(ETOOMANYREFS, "too many descriptors on their way")                                           \
    X(ETXTBSY, "the file is being written")

#define SIGNAL_TABLE(X)                                                                            \
    X(SIGABRT)                                                                                     \
    X(SIGALRM)                                                                                     \
    X(SIGBUS)                                                                                      \
    X(SIGFPE)                                                                                      \
    X(SIGHUP)                                                                                      \
    X(SIGILL)                                                                                      \
    X(SIGINT)                                                                                      \
    X(SIGKILL)                                                                                     \
    X(SIGPIPE)                                                                                     \
    X(SIGQUIT)                                                                                     \
    X(SIGSEGV)                                                                                     \
    X(SIGSYS)                                                                                      \
    X(SIGTERM)                                                                                     \
    X(SIGTRAP)                                                                                     \
    X(SIGUSR1)                                                                                     \
    X(SIGUSR2)                                                                                     \
    X(SIGXCPU)                                                                                     \
    X(SIGXFSZ)

const char *hutch_error_text(int os_error) {
    switch (os_error) {
#define ERROR_CASE(constant, text)                                                                 \
    case constant:                                                                                 \
        return text;
        ERROR_TABLE(ERROR_CASE)
#undef ERROR_CASE
    default:
        return "the system refused it";
    }
}

const char *hutch_error_constant(int os_error) {
    switch (os_error) {
#define ERROR_CASE(constant, text)                                                                 \
    case constant:                                                                                 \
        return #constant;
        ERROR_TABLE(ERROR_CASE)
#undef ERROR_CASE
    default:
        return "other errno";
    }
}

hutch_status hutch_error_set_system(hutch_error *error, int os_error, const char *format, ...) {
    /* As in hutch_error_set(): where this breaks a character is beyond the cut. */
    char what[2 * HUTCH_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(what, sizeof what, format, arguments) < 0) {
        what[0] = '\0';
    }
    va_end(arguments);
    return hutch_error_set(error, HUTCH_UNAVAILABLE, os_error, "%s: %s (%s)", what,
                           hutch_error_text(os_error), hutch_error_constant(os_error));
}

const char *hutch_signal_text(int signal_number) {
    switch (signal_number) {
#define SIGNAL_CASE(constant)                                                                      \
    case constant:                                                                                 \
        return #constant;
        SIGNAL_TABLE(SIGNAL_CASE)
#undef SIGNAL_CASE
    default:
        return "a signal";
    }
}
