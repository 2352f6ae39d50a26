/**
 * @file frames.c
 * Frames from a hostile worker, into the pool that ships: its public functions,
 * a context, and behind it everything that reads, judges and keeps a worker's
 * bytes. Only the process is missing: the pool believes that a zygote is there
 * which has not answered yet, so it makes the shared memory and waits, and the
 * worker's end of that memory belongs to liar.c.
 *
 * Whatever comes, an event must keep what event.h and the limits promise, and a
 * context must go on or be disposed as it has said.
 */
#include "liar.h"

#include "base/utf8.h"
#include "plat/watch.h"
#include "pool/launch.h"
#include "pool/state.h"

#include <string.h>

enum {
    MOST_STEPS = 256,
    TOOLS = 2,
    TOOL_CALLS = 6,
    OPEN_CALLS = 3,
    LOG_ENTRIES = 4,
    LOG_UNITS = 200,
    TOOL_INPUT_BYTES = 100,
    RESULT_BYTES = 200000,
    /* The program that does not fit into the ring at once. */
    LONG_CODE = 100000,
};

typedef struct state {
    hutch_pool *pool;
    hutch_context *context;
    liar worker;
    uint32_t worker_id; /* of the pool's worker that `worker` is attached to */
    bool running;
    uint32_t run;
    uint32_t last_call;
    uint32_t answers;
    uint32_t open[OPEN_CALLS]; /* 0: a free place */
    uint32_t calls;
    uint32_t entries;
    size_t units;
} state;

static const hutch_tool tools[TOOLS] = {HUTCH_TOOL("a"), HUTCH_TOOL("bc")};

/* A pool whose zygote never answers: `asked` leaves no room for another request, so that nothing is
   ever sent to it. */
static void make_pool(state *fuzz) {
    hutch_pool_options options;
    hutch_pool_options_init(&options);
    options.spare = 0;
    options.look_us = 0;
    FUZZ_REQUIRE(hutch_pool_new(&options, &fuzz->pool, NULL) == HUTCH_OK);
    hutch_watcher *watcher = &fuzz->pool->watcher;
    FUZZ_REQUIRE(hutch_watch_new(&watcher->watch) == 0);
    watcher->is_started = true;
    watcher->zygote.generation = 1;
    watcher->zygote.asked = SIZE_MAX;
    watcher->zygote.socket = watcher->watch;
}

static void free_pool(state *fuzz) {
    fuzz->pool->watcher.is_started = false;
    fuzz->pool->watcher.zygote.socket = -1;
    hutch_pool_free(fuzz->pool);
}

static void forget_run(state *fuzz) {
    memset(fuzz->open, 0, sizeof fuzz->open);
    fuzz->calls = fuzz->entries = fuzz->answers = 0;
    fuzz->units = 0;
}

/* Before the first run, so that the worker can speak before it. */
static void take_worker(hutch_context *context) {
    FUZZ_REQUIRE(hutch_lease_take(&context->pool->leases, &context->wish, HUTCH_EFFORT_MAKE,
                                  context, &context->worker, NULL) == HUTCH_OK);
    FUZZ_REQUIRE(hutch_launch_open(context, NULL) == HUTCH_OK);
}

/* The worker may be one that an earlier context has left. */
static void open_context(state *fuzz) {
    hutch_context_options options;
    hutch_context_options_init(&options);
    options.tools = tools;
    options.tool_count = TOOLS;
    options.isolate.fixed_random = true;
    options.isolate.limits.tool_calls = TOOL_CALLS;
    options.isolate.limits.open_calls = OPEN_CALLS;
    options.isolate.limits.log_entries = LOG_ENTRIES;
    options.isolate.limits.log_units = LOG_UNITS;
    options.isolate.limits.tool_input_bytes = TOOL_INPUT_BYTES;
    options.isolate.limits.tool_result_bytes = RESULT_BYTES;
    options.isolate.limits.result_bytes = RESULT_BYTES;
    FUZZ_REQUIRE(hutch_context_open(fuzz->pool, &options, &fuzz->context, NULL) == HUTCH_OK);
    take_worker(fuzz->context);
    const hutch_watched *watched = &fuzz->context->worker->watched;
    if (watched->id != fuzz->worker_id) {
        fuzz->worker_id = watched->id;
        liar_attach(&fuzz->worker, watched->shared);
    }
    fuzz->run = fuzz->last_call = 0;
    fuzz->running = false;
    forget_run(fuzz);
}

static void close_context(state *fuzz) {
    hutch_context_close(fuzz->context);
    fuzz->context = NULL;
}

static void require_text(hutch_text text, size_t most) {
    FUZZ_REQUIRE(text.length <= most);
    FUZZ_REQUIRE(text.data != NULL || text.length == 0);
    FUZZ_REQUIRE(hutch_utf8_is_valid(text.data, text.length));
}

static uint32_t *find_open(state *fuzz, uint32_t id) {
    for (size_t i = 0; i < OPEN_CALLS; i++) {
        if (fuzz->open[i] == id) {
            return &fuzz->open[i];
        }
    }
    return NULL;
}

static void see_call(state *fuzz, const hutch_tool_call *call) {
    FUZZ_REQUIRE(call->id > fuzz->last_call);
    FUZZ_REQUIRE(call->tool < TOOLS);
    FUZZ_REQUIRE(call->name.length == tools[call->tool].name.length &&
                 memcmp(call->name.data, tools[call->tool].name.data, call->name.length) == 0);
    FUZZ_REQUIRE(call->input.length > 0);
    require_text(call->input, TOOL_INPUT_BYTES);
    FUZZ_REQUIRE(fuzz->calls++ < TOOL_CALLS);
    uint32_t *place = find_open(fuzz, 0);
    FUZZ_REQUIRE(place != NULL);
    *place = fuzz->last_call = call->id;
}

static void see_log(state *fuzz, const hutch_log *log) {
    FUZZ_REQUIRE((unsigned)log->level <= HUTCH_LOG_DEBUG);
    require_text(log->text, SIZE_MAX);
    fuzz->units += hutch_utf8_utf16_units(log->text.data, log->text.length);
    FUZZ_REQUIRE(fuzz->units <= LOG_UNITS + HUTCH_SESSION_LOG_NOTE_UNITS);
    FUZZ_REQUIRE(fuzz->entries++ < LOG_ENTRIES + HUTCH_SESSION_LOG_NOTES);
}

static void see_failed(state *fuzz, const hutch_failed *failed) {
    static const char code[] = "1";
    /* The pool's own are among them. */
    FUZZ_REQUIRE(strcmp(hutch_failure_text(failed->failure), "unknown") != 0);
    FUZZ_REQUIRE(failed->name.length > 0);
    require_text(failed->name, HUTCH_FRAME_ERROR_TEXT_MAX);
    require_text(failed->message, HUTCH_FRAME_ERROR_TEXT_MAX);
    require_text(failed->stack, HUTCH_FRAME_ERROR_TEXT_MAX);
    require_text(failed->code, HUTCH_FRAME_ERROR_TEXT_MAX);
    if (!failed->usable) {
        FUZZ_REQUIRE(hutch_context_start(fuzz->context, code, 1, NULL, NULL) == HUTCH_DISPOSED);
    }
}

/* Whether the worker has published a position at which it cannot be. */
static bool is_garbled(const state *fuzz) {
    const hutch_worker *worker = fuzz->context->worker;
    return worker != NULL &&
           atomic_load(&worker->watched.shared->to_pool.written) - worker->to_pool.consumed >
               HUTCH_RING_SIZE;
}

/* What an event says comes from the one frame that the worker has sent in this run, and from no byte
   beyond it. FAILED may also come from the pool. */
static void require_from_frame(const state *fuzz, const hutch_event *event) {
    const hutch_worker *worker = fuzz->context->worker;
    const hutch_failed *failed = &event->as.failed;
    if (worker == NULL ||
        (event->type == HUTCH_EVENT_FAILED && (worker->reader.header.type != HUTCH_FRAME_FAILED ||
                                               failed->name.data != worker->body.data))) {
        return;
    }
    FUZZ_REQUIRE(worker->reader.header.run == worker->session.run);
    if (event->type == HUTCH_EVENT_FAILED) {
        const char *end = worker->body.data + worker->body.length;
        FUZZ_REQUIRE(failed->name.data + failed->name.length <= end);
        FUZZ_REQUIRE(failed->stack.length == 0 || failed->stack.data + failed->stack.length <= end);
        /* The code of a timeout is the pool's own, as its message is. */
        FUZZ_REQUIRE(failed->failure == HUTCH_FAILURE_TIMEOUT || failed->code.length == 0 ||
                     failed->code.data + failed->code.length == end);
    }
}

static void see(state *fuzz, const hutch_event *event) {
    FUZZ_REQUIRE(fuzz->running && event->run == fuzz->run);
    require_from_frame(fuzz, event);
    switch (event->type) {
    case HUTCH_EVENT_TOOL_CALL:
        see_call(fuzz, &event->as.tool_call);
        break;
    case HUTCH_EVENT_LOG:
        see_log(fuzz, &event->as.log);
        break;
    case HUTCH_EVENT_DONE:
        require_text(event->as.done.json, RESULT_BYTES);
        fuzz->running = false;
        break;
    case HUTCH_EVENT_FAILED:
        see_failed(fuzz, &event->as.failed);
        fuzz->running = false;
        break;
    default:
        FUZZ_REQUIRE(event->type == HUTCH_EVENT_WAITING);
        FUZZ_REQUIRE((fuzz->open[0] | fuzz->open[1] | fuzz->open[2]) != 0);
        break;
    }
}

/* Asks for the next event and holds it against what is promised. */
static void look(state *fuzz) {
    hutch_event event = HUTCH_EVENT_INIT;
    bool must_fail = fuzz->running && is_garbled(fuzz) && !fuzz->context->failure.is_due;
    FUZZ_REQUIRE(hutch_context_poll(fuzz->context, 0, &event) == HUTCH_OK);
    if (must_fail) {
        FUZZ_REQUIRE(event.type == HUTCH_EVENT_FAILED &&
                     event.as.failed.failure == HUTCH_FAILURE_VIOLATION);
    }
    if (event.type != HUTCH_EVENT_NONE) {
        see(fuzz, &event);
    }
}

static void start(state *fuzz, fuzz_input *input) {
    static char code[LONG_CODE];
    size_t length = fuzz_byte(input) % 4 == 0 ? sizeof code : 8;
    memset(code, ' ', sizeof code);
    hutch_status status = hutch_context_start(fuzz->context, code, length, NULL, NULL);
    if (fuzz->running) {
        FUZZ_REQUIRE(status == HUTCH_WRONG_STATE);
        return;
    }
    FUZZ_REQUIRE(status == HUTCH_OK || status == HUTCH_DISPOSED);
    if (status == HUTCH_OK) {
        fuzz->running = true;
        fuzz->run++;
        forget_run(fuzz);
    }
}

/* An open call, or any number. */
static void answer(state *fuzz, fuzz_input *input) {
    static char json[RESULT_BYTES + 1];
    uint8_t which = fuzz_byte(input);
    uint8_t how = fuzz_byte(input);
    uint32_t id = which < 200 ? fuzz->open[which % OPEN_CALLS] : fuzz_number(input) % 16;
    uint32_t *place = id == 0 ? NULL : find_open(fuzz, id);
    size_t length = how < 200 ? how : how % 2 == 0 ? sizeof json : sizeof json / 2;
    hutch_status status;
    memset(json, '1', sizeof json);
    if (how % 3 == 0) {
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.message = (hutch_text){json, length};
        status = hutch_context_reject(fuzz->context, id, &failure, NULL);
    } else {
        status = hutch_context_reply(fuzz->context, id, json, length, NULL);
    }
    FUZZ_REQUIRE(status == HUTCH_OK || (status == HUTCH_INVALID_ARGUMENT && place == NULL));
    if (place != NULL) {
        *place = 0;
        fuzz->answers++;
    }
}

/* What the watcher would do, were there one: the worker rings, ends, or is late. */
static void watch(state *fuzz, fuzz_input *input) {
    hutch_watcher *watcher = &fuzz->pool->watcher;
    hutch_worker *worker = fuzz->context->worker;
    uint8_t what = fuzz_byte(input);
    if (worker == NULL) {
        return;
    }
    hutch_watcher_lock(watcher);
    if (what == 255) {
        hutch_watcher_lose(watcher, &worker->watched, HUTCH_END_EXITED, 9);
    } else if (what == 254) {
        atomic_store(&worker->watched.is_overdue, true);
        hutch_watcher_notify(watcher, &worker->watched);
    } else {
        hutch_watcher_notify(watcher, &worker->watched);
    }
    hutch_watcher_unlock(watcher);
    hutch_context *context = hutch_pool_poll(fuzz->pool);
    FUZZ_REQUIRE(context == NULL || context == fuzz->context);
}

/* One thing that the worker does, unless its memory is gone. */
static void lie(state *fuzz, fuzz_input *input) {
    const hutch_worker *worker = fuzz->context->worker;
    if (worker != NULL) {
        liar_knowledge known = {worker->session.run, fuzz->last_call, fuzz->answers};
        liar_act(&fuzz->worker, input, &known);
    }
}

static void operate(state *fuzz, fuzz_input *input) {
    switch (fuzz_byte(input) % 12) {
    case 0:
    case 1:
    case 2:
        look(fuzz);
        break;
    case 3:
        start(fuzz, input);
        break;
    case 4:
        answer(fuzz, input);
        break;
    case 5:
        hutch_context_stop(fuzz->context);
        break;
    case 6:
        close_context(fuzz);
        open_context(fuzz);
        break;
    case 7:
        watch(fuzz, input);
        break;
    default:
        lie(fuzz, input);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    state fuzz = {0};
    make_pool(&fuzz);
    open_context(&fuzz);
    start(&fuzz, &input);
    for (int step = 0; input.left > 0 && step < MOST_STEPS; step++) {
        operate(&fuzz, &input);
    }
    look(&fuzz);
    close_context(&fuzz);
    free_pool(&fuzz);
    return 0;
}
