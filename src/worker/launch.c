/*
 * From fork to READY.
 *
 * The descriptors get the numbers that zygote_message.h gives them, and all
 * others are closed: the zygote's socket, and the standard ones, which lead
 * nowhere anyway (a sanitizer's build keeps those, to report by). The shared
 * memory is mapped and its descriptor closed, so that in the end the doorbell
 * is the only one.
 *
 * Threads: the process has one.
 */
#include "worker/launch.h"

#include "isolate/driver.h"
#include "plat/child.h"
#include "plat/confine.h"
#include "wire/zygote_message.h"
#include "worker/crew.h"
#include "worker/lockdown.h"
#include "worker/runner.h"

static void end_unless(bool ok, hutch_worker_exit_status status) {
    if (!ok) {
        hutch_worker_exit(status);
    }
}

/* In this order: the memory's number may be the doorbell's old one, not the other way round, as
 * all that arrives in the zygote is numbered above its socket. */
static void arrange_descriptors(int memory, int doorbell) {
    int failure = hutch_child_renumber(memory, HUTCH_WORKER_MEMORY_FD);
    failure = failure != 0 ? failure : hutch_child_renumber(doorbell, HUTCH_WORKER_DOORBELL_FD);
    failure = failure != 0
                  ? failure
                  : hutch_confine_close(HUTCH_WORKER_DOORBELL_FD + 1, HUTCH_CONFINE_NO_END);
#ifndef HUTCH_SANITIZED
    failure = failure != 0 ? failure : hutch_confine_close(0, HUTCH_WORKER_MEMORY_FD - 1);
#endif
    end_unless(failure == 0, HUTCH_WORKER_EXIT_LOCKDOWN);
}

/* Costs that come once, paid now rather than while somebody waits for a guest. */
static void prepare_rings(hutch_shared *shared) {
    hutch_ring_writer writer;
    hutch_ring_reader reader;
    hutch_ring_attach_worker(shared, &writer, &reader);
    hutch_ring_prepare(&writer, &reader);
}

/* First frame on the guest's stack. What changed to it needed a system call that no guest may
 * make, so the last lock is closed here. */
static void serve(void *argument) {
    const hutch_runner_start *start = argument;
    hutch_isolate_populate(start->isolate);
    end_unless(hutch_lockdown_worker() == NULL, HUTCH_WORKER_EXIT_LOCKDOWN);
    prepare_rings(start->shared);
    end_unless(hutch_isolate_rehearse(start->isolate) == HUTCH_OK, HUTCH_WORKER_EXIT_NO_MEMORY);
    hutch_runner_serve(start);
}

_Noreturn void hutch_launch_worker(const hutch_nest *nest, int memory, int doorbell) {
    hutch_child_populate_program();
    hutch_stack_populate(&nest->stack);
    end_unless(hutch_confine_die_with(nest->zygote) == 0, HUTCH_WORKER_EXIT_ORPHANED);
    end_unless(hutch_child_unwatch() == 0, HUTCH_WORKER_EXIT_LOCKDOWN);
    hutch_crew_forget();
    arrange_descriptors(memory, doorbell);
    hutch_runner_start start = {.isolate = nest->isolate,
                                .stack = &nest->stack,
                                .shared =
                                    hutch_child_map(HUTCH_WORKER_MEMORY_FD, HUTCH_SHARED_SIZE),
                                .doorbell = HUTCH_WORKER_DOORBELL_FD};
    end_unless(start.shared != NULL, HUTCH_WORKER_EXIT_SHARED);
    hutch_child_close(HUTCH_WORKER_MEMORY_FD);
    hutch_stack_enter(&nest->stack, serve, &start);
}
