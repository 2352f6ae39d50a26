/*
 * Patience. The measure is what slow machines are slow at, and what workers
 * cost: a process made, some memory touched, the end of it waited for.
 */
#include "support/patience.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 8,
    TOUCHED = 262144,
    /* Of one round, on a fast machine at rest and without a sanitizer; rounded up. */
    FAST_US = 500,
    MOST = 1000,
    NAPS = 60000,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned factor = 1;

static uint64_t now_us(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void make_process(void) {
    static char memory[TOUCHED];
    pid_t pid = fork();
    if (pid == 0) {
        memset(memory, 1, sizeof memory);
        _exit(memory[TOUCHED - 1]);
    }
    if (pid > 0) {
        (void)waitpid(pid, NULL, 0);
    }
}

static unsigned measured(void) {
    uint64_t begin = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        make_process();
    }
    uint64_t times = (now_us() - begin) / (ROUNDS * FAST_US);
    return times < 1 ? 1 : (times > MOST ? MOST : (unsigned)times);
}

static void find_factor(void) {
    const char *said = getenv("HUTCH_TEST_SLOW");
    if (said == NULL || *said == '\0') {
        factor = measured();
        return;
    }
    char *end;
    unsigned long value = strtoul(said, &end, 10);
    if (*end != '\0' || value < 1 || value > MOST) {
        (void)fprintf(stderr, "HUTCH_TEST_SLOW is '%s', expected a whole number from 1 to %d\n",
                      said, MOST);
        abort();
    }
    factor = (unsigned)value;
}

unsigned patience_factor(void) {
    (void)pthread_once(&once, find_factor);
    return factor;
}

uint64_t patience_ms(uint64_t milliseconds) {
    return milliseconds * patience_factor();
}

bool patience_nap(uint64_t *naps) {
    (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return ++*naps < patience_ms(NAPS);
}
