/*
 * The program hutch-worker: what a pool starts, and forks its workers from. It
 * takes no arguments and reads no environment; descriptor 3 is its socket to
 * the pool.
 *
 * Threads: the process has one.
 */
#include "plat/child.h"
#include "plat/confine.h"
#include "plat/memory.h"
#include "wire/zygote_message.h"
#include "worker/lockdown.h"
#include "worker/worker.h"
#include "worker/zygote.h"

#include <stdio.h>

/* What native code needs of the stack beyond the guest's limit: the worker's own frames, and
 * engine functions that look at the limit only now and then. */
#define STACK_MARGIN (1 * HUTCH_MIB)

/* Bytes of the stack that every guest runs on: enough for the largest one a context may ask for. */
static size_t stack_size(void) {
    hutch_limits most;
#define TAKE_MAXIMUM(field, option, standard, minimum, maximum, unit, meaning)                     \
    most.field = (maximum);
    HUTCH_LIMITS_TABLE(TAKE_MAXIMUM)
#undef TAKE_MAXIMUM
    uint64_t size = most.stack_bytes + STACK_MARGIN;
    return (size_t)((size + HUTCH_MEMORY_GRAIN - 1) / HUTCH_MEMORY_GRAIN * HUTCH_MEMORY_GRAIN);
}

/* Builds what the workers inherit. */
static hutch_status build(hutch_nest *nest, uint64_t *image_bytes) {
    hutch_isolate_options options;
    hutch_isolate_stats stats = {.size = sizeof stats};
    hutch_isolate_options_init(&options);
    options.fixed_random = true;
    nest->zygote = hutch_child_own_pid();
    hutch_status status = hutch_stack_new(stack_size(), &nest->stack, NULL);
    if (status == HUTCH_OK) {
        status = hutch_isolate_new(&options, &nest->isolate, NULL);
    }
    if (status == HUTCH_OK) {
        hutch_isolate_get_stats(nest->isolate, &stats);
        *image_bytes = stats.image_bytes;
    }
    return status;
}

/* Locks the zygote down, builds, and serves. Returns the status to exit with. */
static hutch_worker_exit_status run(void) {
    static hutch_nest nest;
    uint64_t image_bytes = 0;
    if (hutch_confine_close(HUTCH_ZYGOTE_SOCKET + 1, HUTCH_CONFINE_NO_END) != 0 ||
        hutch_lockdown_zygote(&nest.layers) != NULL || hutch_child_watch() != 0) {
        return HUTCH_WORKER_EXIT_LOCKDOWN;
    }
    if (build(&nest, &image_bytes) != HUTCH_OK) {
        return HUTCH_WORKER_EXIT_NO_MEMORY;
    }
    return hutch_zygote_serve(HUTCH_ZYGOTE_SOCKET, &nest, image_bytes);
}

int main(void) {
    hutch_worker_exit_status status = run();
    if (status == HUTCH_WORKER_EXIT_NO_POOL) {
        (void)fputs("hutch-worker is a part of the library hutch, which starts it with a socket "
                    "as descriptor 3; it does nothing by hand\n",
                    stderr);
    }
    hutch_worker_exit(status);
}
