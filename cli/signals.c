/* Catching signals; see signals.h. */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const int caught_signals[] = {SIGINT, SIGTERM, SIGHUP};
#define CAUGHT_COUNT (sizeof caught_signals / sizeof caught_signals[0])

static volatile sig_atomic_t first_signal;
static int pipe_ends[2] = {-1, -1};

static void on_signal(int number) {
    int saved = errno;
    if (first_signal == 0) {
        first_signal = number;
    }
    /* A full pipe is readable already. */
    ssize_t ignored = write(pipe_ends[1], "", 1);
    (void)ignored;
    errno = saved;
}

bool cli_signals_start(void) {
    struct sigaction action;
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return false;
    }
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (size_t i = 0; i < CAUGHT_COUNT; i++) {
        struct sigaction before;
        action.sa_handler = on_signal;
        /* What nohup or a shell's background job ignores stays ignored. */
        if (sigaction(caught_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(caught_signals[i], &action, NULL);
        }
    }
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    return true;
}

int cli_signals_descriptor(void) {
    return pipe_ends[0];
}

int cli_signals_caught(void) {
    return first_signal;
}

void cli_signals_reset(void) {
    signal(SIGPIPE, SIG_DFL);
}
