/*
 * The system that the pool sees in the exploration, and how a world is kept,
 * brought back and told from others.
 *
 * Memory comes from an arena that only grows; nothing lies outside of it, so
 * that a copy of the used part is all there is to keep. Pointers stay right,
 * because everything comes back to where it was.
 */
#include "explore_world.h"

#include "support/cmocka.h"

#include "plat/clock.h"
#include "plat/shared_memory.h"
#include "plat/watch.h"
#include "pool/zygote.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARENA = 64 * 1024,
    CONTROL = 512, /* of the control page, what is used */
    WINDOW = 1024, /* of each ring, what these runs get to */
    BELL = 100,
    NEWS,
    PROCESS = 200,
    NUMBER = 300,
};

#define BEGIN_NS (1000 * HUTCH_NS_PER_S)

_Static_assert(sizeof(hutch_shared) <= CONTROL, "the control page is kept as a whole");

world_state state;
void (*world_interrupt)(void);

static _Alignas(64) unsigned char arena[ARENA];
static _Alignas(4096) unsigned char shared_memory[HUTCH_SHARED_SIZE];

/* What is kept of the shared memory. */
static const struct {
    size_t at;
    size_t length;
} windows[] = {{0, CONTROL}, {4096, WINDOW}, {4096 + HUTCH_RING_SIZE, WINDOW}};

enum { WINDOWS = sizeof windows / sizeof windows[0], WINDOW_BYTES = CONTROL + 2 * WINDOW };

/* ---- what the pool asks of the system ---- */

/* The linker gives these the calls of functions without the prefix. */
void *__wrap_hutch_allocator_new(const void *allocator, size_t size);
void *__wrap_hutch_allocator_resize(const void *allocator, void *block, size_t size);
void __wrap_hutch_allocator_release(const void *allocator, void *block);
uint64_t __wrap_hutch_clock_now(void);
bool __wrap_hutch_clock_of_process(int64_t pid, uint64_t *nanoseconds);
void __wrap_hutch_descriptor_close(int *descriptor);
int __wrap_hutch_doorbell_new(int *descriptor);
void __wrap_hutch_doorbell_ring(int descriptor);
void __wrap_hutch_doorbell_clear(int descriptor);
void __wrap_hutch_futex_wake_shared(_Atomic uint32_t *word);
hutch_process_activity __wrap_hutch_process_activity_of(int64_t pid);
void __wrap_hutch_process_kill(int descriptor);
int64_t __wrap_hutch_process_number(int descriptor);
int __wrap_hutch_random_fill(void *bytes, size_t length);
int __wrap_hutch_shared_memory_new(size_t size, int *descriptor, void **address);
void __wrap_hutch_shared_memory_unmap(void *address, size_t size);
int __wrap_hutch_thread_start(void *thread, const char *name, size_t stack,
                              void *(*function)(void *), void *argument);
void __wrap_hutch_usage_begin(hutch_watcher *watcher, hutch_watched *watched,
                              const hutch_limits *limits, bool is_ready, uint64_t now);
int __wrap_hutch_watch_add_doorbell(int watch, int doorbell, uint64_t token);
int __wrap_hutch_watch_new(int *watch);
void __wrap_hutch_watch_remove(int watch, int descriptor);
void __wrap_hutch_zygote_ask(hutch_watcher *watcher, hutch_watched *watched);
bool __wrap_hutch_zygote_is_there(const hutch_watcher *watcher);
void __real_hutch_ring_sleep_begin(_Atomic uint32_t *awaits);
void __wrap_hutch_ring_sleep_begin(_Atomic uint32_t *awaits);
hutch_frame_step __real_hutch_frame_reader_next(hutch_frame_reader *reader);
hutch_frame_step __wrap_hutch_frame_reader_next(hutch_frame_reader *reader);

void *__wrap_hutch_allocator_new(const void *allocator, size_t size) {
    (void)allocator;
    size_t whole = (size + sizeof(max_align_t) + 15) & ~(size_t)15;
    assert_true(whole <= ARENA - state.used);
    unsigned char *place = arena + state.used;
    memset(place, 0, whole);
    memcpy(place, &size, sizeof size);
    state.used += whole;
    return place + sizeof(max_align_t);
}

void *__wrap_hutch_allocator_resize(const void *allocator, void *block, size_t size) {
    size_t before = 0;
    void *made = __wrap_hutch_allocator_new(allocator, size);
    if (block != NULL) {
        memcpy(&before, (unsigned char *)block - sizeof(max_align_t), sizeof before);
        memcpy(made, block, before < size ? before : size);
    }
    return made;
}

void __wrap_hutch_allocator_release(const void *allocator, void *block) {
    (void)allocator;
    (void)block;
}

uint64_t __wrap_hutch_clock_now(void) {
    return state.now;
}

bool __wrap_hutch_clock_of_process(int64_t pid, uint64_t *nanoseconds) {
    (void)pid;
    *nanoseconds = state.worker.processor_ns;
    return state.worker.misdeed != SCRIPT_EXITS;
}

void __wrap_hutch_descriptor_close(int *descriptor) {
    *descriptor = -1;
}

/* The first one is the pool's, which is asked for before anything is started. */
int __wrap_hutch_doorbell_new(int *descriptor) {
    *descriptor = state.has_news ? BELL : NEWS;
    state.has_news = true;
    return 0;
}

/* The worker's ring is its script's. */
void __wrap_hutch_doorbell_ring(int descriptor) {
    bool *rung = descriptor == NEWS ? &state.news : &state.bell;
    *rung = true;
}

void __wrap_hutch_doorbell_clear(int descriptor) {
    assert_int_equal(descriptor, NEWS);
    state.news = false;
}

void __wrap_hutch_futex_wake_shared(_Atomic uint32_t *word) {
    (void)word;
    script_wake(&state.worker);
}

hutch_process_activity __wrap_hutch_process_activity_of(int64_t pid) {
    (void)pid;
    return script_activity(&state.worker);
}

void __wrap_hutch_process_kill(int descriptor) {
    (void)descriptor;
    state.worker.is_killed = true;
}

int64_t __wrap_hutch_process_number(int descriptor) {
    (void)descriptor;
    return NUMBER;
}

int __wrap_hutch_random_fill(void *bytes, size_t length) {
    memset(bytes, 1, length);
    return 0;
}

int __wrap_hutch_shared_memory_new(size_t size, int *descriptor, void **address) {
    (void)size;
    *descriptor = BELL;
    *address = shared_memory;
    return 0;
}

void __wrap_hutch_shared_memory_unmap(void *address, size_t size) {
    (void)address;
    (void)size;
}

int __wrap_hutch_thread_start(void *thread, const char *name, size_t stack,
                              void *(*function)(void *), void *argument) {
    (void)thread;
    (void)name;
    (void)stack;
    (void)function;
    (void)argument;
    return 0;
}

/* Nobody looks at memory and processor time, which would only end runs sooner. */
void __wrap_hutch_usage_begin(hutch_watcher *watcher, hutch_watched *watched,
                              const hutch_limits *limits, bool is_ready, uint64_t now) {
    (void)watcher;
    (void)watched;
    (void)limits;
    (void)is_ready;
    (void)now;
}

int __wrap_hutch_watch_add_doorbell(int watch, int doorbell, uint64_t token) {
    (void)watch;
    (void)doorbell;
    (void)token;
    return 0;
}

int __wrap_hutch_watch_new(int *watch) {
    *watch = BELL;
    return 0;
}

void __wrap_hutch_watch_remove(int watch, int descriptor) {
    (void)watch;
    (void)descriptor;
}

/* The zygote answers at once. */
void __wrap_hutch_zygote_ask(hutch_watcher *watcher, hutch_watched *watched) {
    (void)watcher;
    watched->process = PROCESS;
    watched->memory = -1;
    atomic_store(&watched->is_alive, true);
    script_begin(&state.worker, watched->shared);
}

bool __wrap_hutch_zygote_is_there(const hutch_watcher *watcher) {
    (void)watcher;
    return true;
}

void __wrap_hutch_ring_sleep_begin(_Atomic uint32_t *awaits) {
    if (world_interrupt != NULL) {
        world_interrupt();
    }
    __real_hutch_ring_sleep_begin(awaits);
}

hutch_frame_step __wrap_hutch_frame_reader_next(hutch_frame_reader *reader) {
    if (world_interrupt != NULL) {
        world_interrupt();
    }
    return __real_hutch_frame_reader_next(reader);
}

/* ---- a world ---- */

static void wake(void *user) {
    (void)user;
    state.wake = true;
}

static void open_context(void) {
    static const hutch_tool tools[] = {HUTCH_TOOL("ask")};
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = 1;
    assert_int_equal(hutch_context_open(state.pool, &options, &state.context, NULL), HUTCH_OK);
}

void world_begin(uint64_t timeout_ms) {
    hutch_pool_options options;
    hutch_run_options run = HUTCH_RUN_OPTIONS_INIT;
    int news = -1;
    state = (world_state){.now = BEGIN_NS};
    memset(shared_memory, 0, sizeof shared_memory);
    hutch_pool_options_init(&options);
    options.spare = 0;
    options.max_spare = 0;
    options.look_us = 0;
    options.wake = wake;
    assert_int_equal(hutch_pool_new(&options, &state.pool, NULL), HUTCH_OK);
    assert_int_equal(hutch_pool_get_descriptor(state.pool, &news, NULL), HUTCH_OK);
    assert_int_equal(news, NEWS);
    open_context();
    run.timeout_ms = timeout_ms;
    assert_int_equal(hutch_context_start(state.context, "", 0, &run, NULL), HUTCH_OK);
    state.must_ask = true;
    world_turn_watcher(false, false);
    /* The stock's chores are done. */
    while (state.pool->watcher.keep_at != HUTCH_WATCH_FOREVER && world_pass_time(0)) {
        world_turn_watcher(false, false);
    }
}

struct world_copy {
    world_state state;
    unsigned char shared[WINDOW_BYTES];
    unsigned char arena[];
};

world_copy *world_keep(void) {
    world_copy *copy = malloc(sizeof *copy + state.used);
    assert_non_null(copy);
    memcpy(&copy->state, &state, sizeof state);
    memcpy(copy->arena, arena, state.used);
    unsigned char *to = copy->shared;
    for (size_t i = 0; i < WINDOWS; i++) {
        memcpy(to, shared_memory + windows[i].at, windows[i].length);
        to += windows[i].length;
    }
    return copy;
}

void world_bring_back(const world_copy *copy) {
    memcpy(&state, &copy->state, sizeof state);
    memcpy(arena, copy->arena, state.used);
    const unsigned char *from = copy->shared;
    for (size_t i = 0; i < WINDOWS; i++) {
        memcpy(shared_memory + windows[i].at, from, windows[i].length);
        from += windows[i].length;
    }
}

void world_forget(world_copy *copy) {
    free(copy);
}

/* ---- the watcher and the time ---- */

bool world_watcher_is_due(void) {
    return state.bell || state.doorbell || state.end_is_news || state.now >= state.until;
}

void world_turn_watcher(bool hears_doorbell, bool hears_end) {
    hutch_watcher *watcher = &state.pool->watcher;
    hutch_watched *watched = hutch_roster_find(&watcher->roster, 1);
    uint64_t token = 1;
    state.bell = false;
    hutch_watcher_lock(watcher);
    hutch_watcher_take(watcher, &token, hears_doorbell ? 1 : 0);
    if (hears_doorbell) {
        state.doorbell = false;
    }
    if (hears_end) {
        state.end_is_news = false;
        if (watched != NULL) {
            hutch_watcher_lose(watcher, watched, HUTCH_END_EXITED, 0);
        }
    }
    state.until = hutch_watcher_turn(watcher);
    hutch_watcher_unlock(watcher);
}

bool world_pass_time(uint64_t more_ns) {
    if (state.until == HUTCH_WATCH_FOREVER) {
        return false;
    }
    uint64_t before = state.now;
    state.now = (state.until > state.now ? state.until : state.now) + more_ns;
    script_pass_time(&state.worker, state.now - before);
    return true;
}

/* ---- telling worlds apart ---- */

static void digest(uint64_t sum[2], const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    for (; length > 0; length -= length < 8 ? length : 8) {
        uint64_t word = 0;
        memcpy(&word, at, length < 8 ? length : 8);
        sum[0] = (sum[0] ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        sum[0] ^= sum[0] >> 29;
        sum[1] = (sum[1] + word) * UINT64_C(0xc2b2ae3d27d4eb4f);
        sum[1] ^= sum[1] >> 31;
        at += 8;
    }
}

/* More than a worker may use, by far: times come in steps of at least this. */
#define FAIR_NS (12 * HUTCH_NS_PER_MS)

/* How far away: the date does not matter. 0 is none. */
static void make_relative(uint64_t *at, uint64_t now) {
    if (*at != HUTCH_WATCH_FOREVER && *at != 0) {
        *at = *at > now ? *at - now + 1 : 1;
    }
}

static void make_watched_relative(hutch_watched *watched, uint64_t now) {
    uint64_t used = state.worker.processor_ns;
    make_relative(&watched->deadline.ask_at, now);
    make_relative(&watched->deadline.kill_at, now);
    watched->deadline.patience_end = watched->deadline.patience_end > now;
    watched->deadline.asked_ns = used - watched->deadline.asked_ns >= FAIR_NS;
    watched->deadline.processor_ns = used - watched->deadline.processor_ns >= FAIR_NS;
    watched->rings = 0;
    atomic_store(&watched->calls_for_ring, 0);
}

/* Leaves nothing in the world but what the future depends on. */
static void strip(void) {
    uint64_t now = state.now;
    hutch_watcher *watcher = &state.pool->watcher;
    hutch_watched *watched = hutch_roster_find(&watcher->roster, 1);
    make_relative(&watcher->earliest, now);
    make_relative(&watcher->sleeps_until, now);
    make_relative(&watcher->keep_at, now);
    make_relative(&state.pool->leases.stock.period_end, now);
    make_relative(&state.until, now);
    memset(&watcher->mutex, 0, sizeof watcher->mutex);
    memset(&watcher->news, 0, sizeof watcher->news);
    memset(&watcher->tally, 0, sizeof watcher->tally);
    if (watched != NULL) {
        hutch_worker *worker = HUTCH_LINK_OWNER(watched, hutch_worker, watched);
        make_watched_relative(watched, now);
        /* Each look begins with the same allowance. */
        worker->frames_left = 0;
        hutch_frame_reader_allow(&worker->reader, 0);
        worker->vain_rings = 0;
        worker->noted_consumed = 0;
        worker->noted_written = 0;
    }
    atomic_store(&state.worker.shared->worker_doorbell,
                 atomic_load(&state.worker.shared->worker_doorbell) != state.worker.seen);
    state.worker.seen = 0;
    state.worker.processor_ns = 0;
    state.now = 0;
}

void world_digest(uint64_t sum[2]) {
    world_copy *copy = world_keep();
    strip();
    sum[0] = 1;
    sum[1] = 2;
    digest(sum, &state, sizeof state);
    digest(sum, arena, state.used);
    for (size_t i = 0; i < WINDOWS; i++) {
        digest(sum, shared_memory + windows[i].at, windows[i].length);
    }
    world_bring_back(copy);
    world_forget(copy);
}
