/*
 * The program hutch-worker: what a pool starts, and forks its workers from. It
 * reads no environment; descriptor 3 is its socket to the pool, and its argument
 * the largest memory limit that a guest may have.
 *
 * Threads: the process has one.
 */
#include "isolate/driver.h"
#include "plat/child.h"
#include "plat/confine.h"
#include "plat/memory.h"
#include "wire/zygote_message.h"
#include "worker/lockdown.h"
#include "worker/runner.h"
#include "worker/zygote.h"

#include <stdio.h>
#include <stdlib.h>

/* Of what a pool may ask for. */
enum { LEAST_MEMORY_MIB = 2, MOST_MEMORY_MIB = 4096 };

/* Bytes of the stack that every guest runs on: enough for the largest one a context may ask for. */
static size_t stack_size(void) {
    hutch_limits most;
#define TAKE_MAXIMUM(field, option, standard, minimum, maximum, unit, meaning)                     \
    most.field = (maximum);
    HUTCH_LIMITS_TABLE(TAKE_MAXIMUM)
#undef TAKE_MAXIMUM
    uint64_t size = most.stack_bytes * HUTCH_STACK_FACTOR + HUTCH_RUNNER_STACK_MARGIN;
    return (size_t)((size + HUTCH_MEMORY_GRAIN - 1) / HUTCH_MEMORY_GRAIN * HUTCH_MEMORY_GRAIN);
}

/* The first argument: the largest memory limit that a guest may have, in MiB. Without one: of all. */
static bool read_most_memory(int count, char **texts, uint64_t *bytes) {
    char *end = NULL;
    unsigned long most = count > 1 ? strtoul(texts[1], &end, 10) : MOST_MEMORY_MIB;
    *bytes = most * HUTCH_MIB;
    return (end == NULL || (end != texts[1] && *end == '\0')) && most >= LEAST_MEMORY_MIB &&
           most <= MOST_MEMORY_MIB;
}

/* Builds what the workers inherit. */
static hutch_status build(hutch_nest *nest, uint64_t most_memory) {
    hutch_isolate_options options;
    hutch_isolate_options_init(&options);
    options.fixed_random = true;
    if (options.limits.memory_bytes > most_memory) {
        options.limits.memory_bytes = most_memory;
    }
    nest->zygote = hutch_child_own_pid();
    hutch_status status = hutch_stack_new(stack_size(), &nest->stack, NULL);
    if (status == HUTCH_OK) {
        status = hutch_isolate_new_within(&options, most_memory, &nest->isolate, NULL);
    }
    if (status == HUTCH_OK) {
        status = hutch_isolate_rehearse(nest->isolate);
    }
    return status;
}

/* Locks the zygote down, builds, and serves. Returns the status to exit with. */
static hutch_worker_exit_status run(int count, char **texts) {
    static hutch_nest nest;
    uint64_t most_memory = 0;
    hutch_child_populate_program();
    if (!read_most_memory(count, texts, &most_memory)) {
        return HUTCH_WORKER_EXIT_MESSAGE;
    }
    if (hutch_confine_close(HUTCH_ZYGOTE_SOCKET + 1, HUTCH_CONFINE_NO_END) != 0 ||
        hutch_lockdown_zygote(most_memory, &nest.layers) != NULL || hutch_child_watch() != 0) {
        return HUTCH_WORKER_EXIT_LOCKDOWN;
    }
    if (build(&nest, most_memory) != HUTCH_OK) {
        return HUTCH_WORKER_EXIT_NO_MEMORY;
    }
    return hutch_zygote_serve(HUTCH_ZYGOTE_SOCKET, &nest);
}

int main(int count, char **texts) {
    hutch_worker_exit_status status = run(count, texts);
    if (status == HUTCH_WORKER_EXIT_NO_POOL) {
        (void)fputs("hutch-worker is a part of the library hutch, which starts it with a socket "
                    "as descriptor 3; it does nothing by hand\n",
                    stderr);
    }
    hutch_worker_exit(status);
}
