/**
 * @file native_loops.c
 * Runs programs that spend their time in one native loop of the engine, each
 * past its deadline, and looks at the end: a TimeoutError, whatever the engine
 * does; the worker stopped or dead within LATE_MS of the deadline; what was
 * logged before has arrived; the next context works.
 *
 *     native_loops LIMIT DIRECTORY [PART-OF-A-NAME [MILLISECONDS]]
 *
 * LIMIT is `timeout` or `cpuTime`, which has a deadline too: a run that does nothing but compute has used
 * so much processor time when so much time has passed.
 * With MILLISECONDS, which replaces all limits, it shows how long the loops go on.
 *
 * The clock on the wall counts, less the time that those concerned (the worker
 * and this process) were ready to run and had no processor, which is the
 * machine's fault. The deadline may strike before a program has come to its
 * loop, so each says when it has; then it is run again, with more time.
 */
#include "attack.h"
#include "starvation.h"
#include "support/patience.h"

#include <hutch/hutch.h>

#include <glob.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    TIMEOUT_MS = 200,
    CPU_TIME_MS = 100,
    LATE_MS = 100, /* after the deadline, on a fast machine */
    SAMPLE_MS = 5, /* between two looks at how long a late worker has waited for a processor */
    ATTEMPTS = 5,  /* of one program, with twice the time for each */
};

/* What the runs go beyond. */
typedef enum limit { LIMIT_TIMEOUT, LIMIT_CPU_TIME } limit;

/* Beyond all deadlines. */
#define HANG_MS patience_ms(20000)

/* How a run went. */
typedef struct result {
    bool began; /* the program has come to its loop */
    bool matches;
    bool usable;
    uint64_t late_ms;
    uint64_t starved_ms;
} result;

/* Time that was waited for a processor until a moment. */
typedef struct waits {
    uint64_t worker_ms;
    uint64_t own_ms;
    uint64_t machine_ms;
} waits;

static uint64_t now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void read_waits(pid_t worker, waits *read) {
    (void)starvation_of(worker, &read->worker_ms); /* one that is gone waits no more */
    (void)starvation_of(getpid(), &read->own_ms);
    read->machine_ms = starvation_of_machine();
}

/* Threads that have ended count no more, so a sum may have become less. */
static uint64_t more(uint64_t after, uint64_t before) {
    return after > before ? after - before : 0;
}

static uint64_t waited_between(const waits *before, const waits *after) {
    return more(after->worker_ms, before->worker_ms) + more(after->own_ms, before->own_ms) +
           more(after->machine_ms, before->machine_ms);
}

/* Takes events up to a moment. True: the run has ended. */
static bool pump(hutch_context *context, uint64_t until_ms, hutch_event *event, bool *began) {
    for (;;) {
        uint64_t now = now_ms();
        uint64_t wait_ms = until_ms > now ? until_ms - now : 0;
        if (hutch_context_next(context, wait_ms * 1000, event) != HUTCH_OK ||
            event->type == HUTCH_EVENT_DONE || event->type == HUTCH_EVENT_FAILED) {
            return true;
        }
        if (event->type == HUTCH_EVENT_NONE) {
            return false;
        }
        *began = *began || event->type == HUTCH_EVENT_LOG;
    }
}

/* Until the process is no more. */
static void await_death(int pidfd) {
    struct pollfd end = {.fd = pidfd, .events = POLLIN};
    (void)poll(&end, 1, (int)HANG_MS);
}

/* Takes the run to its end, watching who waits for what from the deadline on; where processor time is
 * what counts, from the start. */
static void observe(hutch_context *context, limit beyond, pid_t pid, int pidfd, uint64_t deadline,
                    const attack *loaded, result *out) {
    waits before = {0};
    hutch_event event = HUTCH_EVENT_INIT;
    read_waits(pid, &before);
    bool ended = pump(context, deadline, &event, &out->began);
    if (beyond == LIMIT_TIMEOUT) {
        read_waits(pid, &before);
    }
    waits after = before;
    while (!ended && now_ms() < deadline + HANG_MS) {
        ended = pump(context, now_ms() + SAMPLE_MS, &event, &out->began);
        read_waits(pid, &after);
    }
    out->matches = ended && attack_matches(loaded, &event);
    out->usable = event.type == HUTCH_EVENT_FAILED && event.as.failed.usable;
    if (out->matches && !out->usable) {
        await_death(pidfd);
        read_waits(pid, &after);
    }
    uint64_t end = now_ms();
    out->late_ms = end > deadline ? end - deadline : 0;
    out->starved_ms = waited_between(&before, &after);
}

/* A run to its end, of which only the result counts. */
static bool run_quietly(hutch_context *context, const char *code, const char *json) {
    hutch_event event = HUTCH_EVENT_INIT;
    bool began;
    return hutch_context_start(context, code, strlen(code), NULL, NULL) == HUTCH_OK &&
           pump(context, now_ms() + HANG_MS, &event, &began) && event.type == HUTCH_EVENT_DONE &&
           event.as.done.json.length == strlen(json) &&
           memcmp(event.as.done.json.data, json, strlen(json)) == 0;
}

static bool next_context_works(hutch_pool *pool) {
    hutch_context *context = NULL;
    bool works = hutch_context_open(pool, NULL, &context, NULL) == HUTCH_OK &&
                 run_quietly(context, "return 6 * 7", "42");
    hutch_context_close(context);
    return works;
}

/* Its zygote's word may be slower than the worker itself. */
static pid_t pid_of(hutch_context *context) {
    int64_t pid = hutch_context_get_pid(context);
    uint64_t naps = 0;
    while (pid == 0 && patience_nap(&naps)) {
        pid = hutch_context_get_pid(context);
    }
    return (pid_t)pid;
}

static bool attempt(hutch_pool *pool, limit beyond, const attack *loaded, uint64_t limit_ms,
                    result *out) {
    hutch_context_options options;
    hutch_context *context = NULL;
    hutch_run_options run = HUTCH_RUN_OPTIONS_INIT;
    hutch_context_options_init(&options);
    run.timeout_ms = beyond == LIMIT_TIMEOUT ? limit_ms : HANG_MS;
    if (beyond == LIMIT_CPU_TIME) {
        options.isolate.limits.cpu_time_ms = limit_ms;
    }
    if (loaded->memory_bytes != 0) {
        options.isolate.limits.memory_bytes = loaded->memory_bytes;
    }
    *out = (result){0};
    /* The first run makes sure that the worker is there. */
    if (hutch_context_open(pool, &options, &context, NULL) != HUTCH_OK ||
        !run_quietly(context, "return 1", "1")) {
        hutch_context_close(context);
        return false;
    }
    pid_t pid = pid_of(context);
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    uint64_t deadline = now_ms() + limit_ms;
    bool started =
        hutch_context_start(context, loaded->source, loaded->length, &run, NULL) == HUTCH_OK;
    if (started) {
        observe(context, beyond, pid, pidfd, deadline, loaded, out);
    }
    hutch_context_close(context);
    (void)close(pidfd);
    return started;
}

/* Whether the worker ended as the engine's source makes us expect. */
static bool ends_as_expected(const attack *loaded, const result *run) {
    return loaded->polls == ATTACK_POLLS_RARELY ||
           run->usable == (loaded->polls == ATTACK_POLLS_YES);
}

static const char *judge(const attack *loaded, const result *run) {
    if (!run->matches) {
        return "it ends otherwise";
    }
    if (!run->began) {
        return "its log is missing";
    }
    if (!ends_as_expected(loaded, run)) {
        return run->usable ? "the engine has looked up" : "the worker had to be killed";
    }
    return run->late_ms > patience_ms(LATE_MS) + run->starved_ms ? "it ends too late" : NULL;
}

static void report(const char *path, const attack *loaded, const result *run, const char *problem) {
    (void)fprintf(problem == NULL ? stdout : stderr,
                  "%s %s: %s, %" PRIu64 " ms after the deadline (%" PRIu64
                  " ms without a processor)%s%s\n",
                  problem == NULL ? "ok" : "not ok", strrchr(path, '/') + 1,
                  run->usable ? "interrupted" : "killed", run->late_ms, run->starved_ms, ": ",
                  problem == NULL ? loaded->title : problem);
}

static bool run_file(hutch_pool *pool, limit beyond, const char *path, uint64_t forced_ms) {
    attack loaded;
    char why[128];
    result last = {0};
    if (!attack_load(path, &loaded, why, sizeof why)) {
        (void)fprintf(stderr, "not ok %s: %s\n", path, why);
        return false;
    }
    const char *problem = "not run";
    uint64_t limit_ms = beyond == LIMIT_TIMEOUT ? TIMEOUT_MS : CPU_TIME_MS;
    limit_ms = forced_ms != 0 ? forced_ms : limit_ms;
    if (beyond == LIMIT_CPU_TIME) {
        (void)snprintf(loaded.detail, sizeof loaded.detail, "cpu_time");
    }
    int attempts = forced_ms != 0 ? 1 : ATTEMPTS;
    for (int i = 0; i < attempts && problem != NULL; i++, limit_ms *= 2) {
        problem =
            attempt(pool, beyond, &loaded, limit_ms, &last) ? judge(&loaded, &last) : "no start";
    }
    if (problem == NULL && !next_context_works(pool)) {
        problem = "the next context does not work";
    }
    report(path, &loaded, &last, problem);
    attack_free(&loaded);
    return problem == NULL;
}

int main(int count, char **texts) {
    char pattern[4096];
    glob_t files = {0};
    hutch_pool *pool = NULL;
    hutch_error error = {0};
    size_t failed = 0;
    if (count < 3) {
        (void)fprintf(stderr, "usage: %s LIMIT DIRECTORY [PART-OF-A-NAME [MILLISECONDS]]\n",
                      texts[0]);
        return 2;
    }
    limit beyond = strcmp(texts[1], "cpuTime") == 0 ? LIMIT_CPU_TIME : LIMIT_TIMEOUT;
    uint64_t forced_ms = count > 4 ? strtoull(texts[4], NULL, 10) : 0;
    (void)snprintf(pattern, sizeof pattern, "%s/*%s*.js", texts[2], count > 3 ? texts[3] : "");
    if (hutch_pool_new(NULL, &pool, &error) != HUTCH_OK) {
        (void)fprintf(stderr, "pool: %s\n", error.message);
        return 4;
    }
    (void)glob(pattern, 0, NULL, &files);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        failed += run_file(pool, beyond, files.gl_pathv[i], forced_ms) ? 0 : 1;
    }
    size_t all = files.gl_pathc;
    globfree(&files);
    hutch_pool_free(pool);
    printf("%zu native loops, %zu failed\n", all, failed);
    return failed == 0 && all > 0 ? 0 : 1;
}
