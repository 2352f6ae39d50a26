/*
 * Looks at what running workers use.
 *
 * Invariants, under the mutex: while a worker has a run, `usage.is_running` is
 * set and the watcher's `look_at` is not later than the next look at it is due;
 * `usage.serial` tells one run from the next, so that what was read without the
 * mutex is never held against another run.
 *
 * A run sets `look_at` only if nobody has: while runs come and go the thread
 * comes by on its own, and a start costs no system call.
 */
#include "pool/usage.h"

#include "plat/clock.h"

#define LOOK_NS (HUTCH_USAGE_LOOK_MS * HUTCH_NS_PER_MS)
/* Least time between two looks at a worker whose processor time is nearly over: it may be asleep. */
#define SOON_NS (10 * HUTCH_NS_PER_MS)
/* For a worker to become ready, processor time: giving back what the guest before had. */
#define READY_NS (1 * HUTCH_NS_PER_S)

/* Looks without a run in progress, or a new one, after which the watcher sleeps. */
enum { RESTS = 8 };

/* What the kernel has said about a worker. */
typedef struct reading {
    bool has_clock;
    bool has_memory;
    uint64_t processor_ns;
    uint64_t memory_bytes;
} reading;

/* A sanitizer keeps a shadow of all that is touched, and what was freed for a while. */
static uint64_t most_memory(const hutch_limits *limits) {
#ifdef HUTCH_SANITIZED
    return 8 * limits->memory_bytes + 1024 * HUTCH_MIB;
#else
    return limits->memory_bytes + limits->stack_bytes * HUTCH_STACK_FACTOR +
           HUTCH_MEMORY_ALLOWANCE_BYTES;
#endif
}

/* The start of the processor time that counts. Without a limit nobody asks. */
static void start_clock(hutch_watched *watched, uint64_t head_start) {
    hutch_usage *usage = &watched->usage;
    uint64_t used = 0;
    if (usage->processor_most_ns != HUTCH_NO_LIMIT) {
        (void)hutch_clock_of_process(hutch_watcher_pid_of(watched), &used);
        usage->processor_since_ns = used + head_start;
    }
}

static uint64_t most_processor_time(const hutch_watcher *watcher, const hutch_limits *limits) {
    uint64_t most_ms = (HUTCH_NO_LIMIT - watcher->grace_ns) / HUTCH_NS_PER_MS;
    return limits->cpu_time_ms >= most_ms
               ? HUTCH_NO_LIMIT
               : limits->cpu_time_ms * HUTCH_NS_PER_MS + watcher->grace_ns;
}

void hutch_usage_begin(hutch_watcher *watcher, hutch_watched *watched, const hutch_limits *limits,
                       bool is_ready, uint64_t now) {
    hutch_usage *usage = &watched->usage;
    uint64_t before = usage->memory_most;
    usage->is_running = true;
    usage->serial++;
    usage->own_memory_most = most_memory(limits);
    usage->memory_most =
        is_ready || before < usage->own_memory_most ? usage->own_memory_most : before;
    usage->processor_most_ns = most_processor_time(watcher, limits);
    usage->is_settled = is_ready || (usage->memory_most == usage->own_memory_most &&
                                     usage->processor_most_ns == HUTCH_NO_LIMIT);
    start_clock(watched, is_ready ? 0 : READY_NS);
    watcher->runs_begun++;
    if (watcher->look_at == HUTCH_WATCH_FOREVER) {
        hutch_watcher_look_by(watcher, now + LOOK_NS);
    }
}

void hutch_usage_settle(hutch_watcher *watcher, hutch_watched *watched) {
    hutch_usage *usage = &watched->usage;
    /* The mutex is for the watcher, which only reads these. */
    if (!usage->is_running || usage->is_settled) {
        return;
    }
    hutch_watcher_lock(watcher);
    usage->is_settled = true;
    usage->memory_most = usage->own_memory_most;
    start_clock(watched, 0);
    hutch_watcher_unlock(watcher);
}

void hutch_usage_end(hutch_watched *watched) {
    watched->usage.is_running = false;
}

/* Without the mutex. Who has used no processor since has touched no memory either. */
static reading read_usage(int64_t pid, uint64_t processor_before_ns) {
    reading found = {0};
    found.has_clock = hutch_clock_of_process(pid, &found.processor_ns);
    if (!found.has_clock || found.processor_ns != processor_before_ns) {
        found.has_memory = hutch_process_anonymous_memory(pid, &found.memory_bytes);
    }
    return found;
}

/* The number may be another process's by now. */
static bool is_still(const hutch_watched *watched, int64_t pid) {
    return watched->process >= 0 && hutch_process_number(watched->process) == pid;
}

static uint64_t used_of(const hutch_usage *usage, uint64_t processor_ns) {
    return processor_ns > usage->processor_since_ns ? processor_ns - usage->processor_since_ns : 0;
}

/* @return when to look at it again */
static uint64_t judge(hutch_watcher *watcher, hutch_watched *watched, const reading *found,
                      uint64_t now) {
    hutch_usage *usage = &watched->usage;
    uint64_t used = used_of(usage, found->processor_ns);
    if (found->has_memory && found->memory_bytes > usage->memory_most) {
        hutch_watcher_lose(watcher, watched, HUTCH_END_MEMORY, 0);
        return HUTCH_WATCH_FOREVER;
    }
    if (usage->processor_most_ns == HUTCH_NO_LIMIT || !found->has_clock) {
        return now + LOOK_NS;
    }
    if (used >= usage->processor_most_ns) {
        hutch_watcher_lose(watcher, watched, HUTCH_END_PROCESSOR_TIME, 0);
        return HUTCH_WATCH_FOREVER;
    }
    uint64_t left = usage->processor_most_ns - used;
    left = left < SOON_NS ? SOON_NS : left;
    return now + (left < LOOK_NS ? left : LOOK_NS);
}

/* One worker, by its place in the roster. @return when to look at it again */
static uint64_t look_at(hutch_watcher *watcher, hutch_watched *watched, uint64_t now) {
    uint32_t id = watched->id;
    uint64_t serial = watched->usage.serial;
    uint64_t before = watched->usage.processor_seen_ns;
    int64_t pid = hutch_watcher_pid_of(watched);
    if (pid == 0) {
        return now + LOOK_NS;
    }
    hutch_watcher_unlock(watcher);
    reading found = read_usage(pid, before);
    hutch_watcher_lock(watcher);
    watched = hutch_roster_find(&watcher->roster, id);
    if (watched == NULL || watched->end != HUTCH_END_NONE || !watched->usage.is_running ||
        watched->usage.serial != serial || !is_still(watched, pid)) {
        return now + LOOK_NS;
    }
    watched->usage.processor_seen_ns = found.processor_ns;
    return judge(watcher, watched, &found, now);
}

/* When the watcher comes by next. */
static uint64_t plan(hutch_watcher *watcher, bool is_busy, uint64_t next, uint64_t now) {
    watcher->rests = is_busy || watcher->runs_begun != watcher->runs_seen ? 0 : watcher->rests + 1;
    watcher->runs_seen = watcher->runs_begun;
    if (watcher->rests > RESTS) {
        watcher->rests = 0;
        return HUTCH_WATCH_FOREVER;
    }
    return next < now + LOOK_NS ? next : now + LOOK_NS;
}

void hutch_usage_pass(hutch_watcher *watcher, uint64_t now) {
    if (now < watcher->look_at) {
        return;
    }
    uint64_t next = HUTCH_WATCH_FOREVER;
    bool is_busy = false;
    for (size_t i = 0; i < watcher->roster.capacity; i++) {
        hutch_watched *watched = watcher->roster.places[i];
        if (watched != NULL && watched->usage.is_running && watched->end == HUTCH_END_NONE) {
            uint64_t again = look_at(watcher, watched, now);
            next = again < next ? again : next;
            is_busy = true;
        }
    }
    watcher->look_at = plan(watcher, is_busy, next, now);
}

bool hutch_usage_can_watch(int64_t pid) {
    uint64_t value;
    return hutch_clock_of_process(pid, &value) && hutch_process_anonymous_memory(pid, &value);
}
