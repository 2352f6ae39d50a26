/*
 * Going in and out of the guest, and stopping it; see guest.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/guest.h"

#include "plat/clock.h"

#include <time.h>

/* Longest time for dropping the jobs of an ended run. */
#define DROP_NS (500 * HUTCH_NS_PER_MS)
/* Jobs between two looks at the clock meanwhile. */
#define DROP_BATCH 256
/* Glances of which one looks at the clock. */
#define GLANCES 8

static uint64_t cpu_clock(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * HUTCH_NS_PER_S + (uint64_t)now.tv_nsec;
}

static bool has_cpu_limit(const hutch_guest *guest) {
    return guest->isolate->options.limits.cpu_time_ms != HUTCH_NO_LIMIT;
}

hutch_guest_visit hutch_guest_enter(hutch_guest *guest) {
    hutch_guest_visit visit = {hutch_world_enter(&guest->world)};
    JS_UpdateStackTop(guest->rt);
    if (has_cpu_limit(guest) && !guest->isolate->owns_thread) {
        guest->cpu_since_ns = cpu_clock();
    }
    return visit;
}

void hutch_guest_leave(hutch_guest *guest, hutch_guest_visit visit) {
    if (has_cpu_limit(guest) && !guest->isolate->owns_thread) {
        guest->run.cpu_used_ns += cpu_clock() - guest->cpu_since_ns;
    }
    hutch_world_leave(visit.before);
}

void hutch_guest_begin_time(hutch_guest *guest) {
    if (has_cpu_limit(guest) && guest->isolate->owns_thread) {
        guest->cpu_since_ns = cpu_clock();
    }
}

void hutch_guest_halt(hutch_guest *guest, hutch_failure failure) {
    if (!guest->run.halted) {
        guest->run.halted = true;
        guest->run.halt = failure;
    }
}

/* The guest is halted: unwind it. The error object may need the reserve. */
static JSValue unwind(hutch_guest *guest, const char *message) {
    JSContext *ctx = guest->ctx;
    hutch_guest_clear_exception(guest);
    hutch_guest_open_reserve(guest);
    JS_ThrowInternalError(ctx, "%s", message);
    JSValue error = JS_GetException(ctx);
    JS_SetUncatchableError(ctx, error);
    return JS_Throw(ctx, error);
}

JSValue hutch_guest_halt_memory(JSContext *ctx) {
    hutch_guest *guest = hutch_guest_of(ctx);
    hutch_guest_halt(guest, HUTCH_FAILURE_MEMORY);
    return unwind(guest, "out of memory");
}

JSValue hutch_guest_go_on(JSContext *ctx) {
    hutch_guest *guest = hutch_guest_of(ctx);
    return hutch_guest_glance(guest) ? unwind(guest, "interrupted") : JS_UNDEFINED;
}

bool hutch_guest_take_refusal(hutch_guest *guest) {
    bool refused = hutch_arena_take_refusal(guest->isolate->arena);
    guest->run.refused |= refused;
    return refused;
}

static bool stop_asked(const hutch_isolate *isolate) {
    if (atomic_load_explicit(&isolate->stop, memory_order_relaxed)) {
        return true;
    }
    return isolate->stop_word != NULL &&
           atomic_load_explicit(isolate->stop_word, memory_order_acquire) == isolate->stop_value;
}

static bool cpu_limit_reached(const hutch_guest *guest) {
    if (!has_cpu_limit(guest)) {
        return false;
    }
    uint64_t used = guest->run.cpu_used_ns + (cpu_clock() - guest->cpu_since_ns);
    return used / HUTCH_NS_PER_MS >= guest->isolate->options.limits.cpu_time_ms;
}

bool hutch_guest_must_stop(hutch_guest *guest) {
    if (guest->run.halted) {
        return true;
    }
    /* The word before the clock: it is also set by the pool when the deadline has passed, and then
     * the clock, read later, says so too. */
    bool asked = stop_asked(guest->isolate);
    if (hutch_clock_now() >= guest->run.deadline_ns) {
        hutch_guest_halt(guest, HUTCH_FAILURE_TIMEOUT);
    } else if (asked && !guest->run.is_telling) {
        hutch_guest_halt(guest, HUTCH_FAILURE_STOPPED);
    } else if (!guest->run.is_telling && cpu_limit_reached(guest)) {
        hutch_guest_halt(guest, HUTCH_FAILURE_CPU_TIME);
    }
    return guest->run.halted;
}

bool hutch_guest_glance(hutch_guest *guest) {
    bool is_due = guest->run.glances++ % GLANCES == 0;
    bool may_stop = is_due || guest->run.halted || stop_asked(guest->isolate);
    return may_stop && hutch_guest_must_stop(guest);
}

static size_t memory_limit(const hutch_guest *guest) {
    return (size_t)guest->isolate->options.limits.memory_bytes;
}

size_t hutch_guest_stack(const hutch_guest *guest) {
    return (size_t)guest->isolate->options.limits.stack_bytes * HUTCH_STACK_FACTOR;
}

void hutch_guest_apply_limits(hutch_guest *guest) {
    hutch_arena_set_cap(guest->isolate->arena, memory_limit(guest));
    JS_SetMaxStackSize(guest->rt, hutch_guest_stack(guest));
}

void hutch_guest_open_reserve(hutch_guest *guest) {
    hutch_arena_set_cap(guest->isolate->arena, memory_limit(guest) + HUTCH_GUEST_RESERVE);
}

void hutch_guest_close_reserve(hutch_guest *guest) {
    hutch_arena_set_cap(guest->isolate->arena, memory_limit(guest));
}

void hutch_guest_tend_collector(hutch_guest *guest) {
    /* The engine looks for garbage when the heap has grown by half, and never when an allocation
     * fails: above two thirds of the limit it would not look again. */
    size_t threshold = memory_limit(guest) / 8 * 7;
    if (JS_GetGCThreshold(guest->rt) <= threshold) {
        return;
    }
    hutch_arena_stats stats;
    hutch_arena_get_stats(guest->isolate->arena, &stats);
    if (stats.allocated < threshold) {
        JS_SetGCThreshold(guest->rt, threshold);
    }
}

void hutch_guest_send_events(hutch_guest *guest) {
    hutch_isolate *isolate = guest->isolate;
    while (isolate->sink != NULL && guest->events.first != NULL) {
        hutch_event event = {.size = sizeof event, .run = guest->run.number};
        hutch_event_node_fill(hutch_events_show(&guest->events), &event);
        isolate->sink(isolate->sink_user, &event);
        hutch_events_release(&guest->events, guest->ctx);
    }
}

void hutch_guest_clear_exception(hutch_guest *guest) {
    if (JS_HasException(guest->ctx)) {
        JS_FreeValue(guest->ctx, JS_GetException(guest->ctx));
    }
}

/* Not inlined: its frame has to lie below the stack's top. */
static __attribute__((noinline)) bool drop(hutch_guest *guest, uint64_t deadline) {
    JSContext *ctx = NULL;
    for (uint32_t n = 1; JS_IsJobPending(guest->rt); n++) {
        (void)JS_ExecutePendingJob(guest->rt, &ctx);
        hutch_guest_clear_exception(guest);
        if (n % DROP_BATCH == 0 && hutch_clock_now() >= deadline) {
            return false;
        }
    }
    return true;
}

bool hutch_guest_drop_jobs(hutch_guest *guest) {
    if (!JS_IsJobPending(guest->rt)) {
        return true;
    }
    /* With a stack of one byte every way into the guest's code ends in an error before its first
     * instruction; what is left of a job is the engine's own passing on of errors. */
    guest->dropping = true;
    JS_UpdateStackTop(guest->rt);
    JS_SetMaxStackSize(guest->rt, 1);
    bool dropped = drop(guest, hutch_clock_now() + DROP_NS);
    JS_SetMaxStackSize(guest->rt, hutch_guest_stack(guest));
    guest->dropping = false;
    return dropped;
}

bool hutch_guest_tidy(hutch_guest *guest) {
    if (guest->has_stale_jobs) {
        hutch_guest_visit visit = hutch_guest_enter(guest);
        guest->has_stale_jobs = false;
        guest->is_spent = !hutch_guest_drop_jobs(guest);
        guest->gone = guest->is_spent;
        hutch_guest_leave(guest, visit);
    }
    return !guest->is_spent;
}
