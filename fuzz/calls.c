/**
 * @file calls.c
 * The isolate's public functions in any order, with any arguments, against a
 * model of the isolate's state: each call returns the status that isolate.h
 * documents for it, each event is one that may come then.
 */
#include "target.h"

#include "base/utf8.h"

#include <hutch/isolate.h>

#include <string.h>

enum { MOST_STEPS = 64, MOST_OPEN = 4, CPU_TIME_MS = 10 };

typedef struct state {
    hutch_isolate *isolate;
    bool running;
    bool disposed;
    uint32_t last_call;
    uint32_t open[MOST_OPEN]; /* 0: a free place */
    bool has_tool[2];
} state;

static const char *const programs[] = {
    "return 1",
    "return await a({ x: 1 })",
    "globalThis.n = (globalThis.n ?? 0) + 1; return n",
    "const all = await Promise.all([a(1), a(2), b(3)]); return all",
    "console.log('x'); console.error({ a: [1, 2] }); throw new TypeError('no')",
    "for (;;) {}",
    "let s = 'x'; for (;;) s += s",
    "await new Promise(() => {})",
    "void a(1); void b(2); return 'left open'",
    "return (",
    "function f() { return f() } return f()",
    "for (;;) await null",
    "return Promise.race([a(), b()]).catch(e => [e.name, e.message, e.code])",
    "for await (const x of [a(1), b(2)]) console.info(x); return Array(1e3).fill('y')",
    "globalThis.p ||= a(1); return await p",
    "for (;;) try { await a() } catch (e) { console.warn(e) }",
};

static const hutch_text names[] = {{"a", 1}, {"b", 1}};

static void options_from(fuzz_input *input, hutch_isolate_options *options) {
    hutch_isolate_options_init(options);
    options->limits.cpu_time_ms = CPU_TIME_MS;
    options->limits.memory_bytes = (2 + fuzz_byte(input) % 7) * HUTCH_MIB;
    options->limits.tool_calls = fuzz_byte(input) % 8;
    options->limits.open_calls = 1 + fuzz_byte(input) % MOST_OPEN;
    options->limits.log_entries = fuzz_byte(input) % 3;
    options->limits.result_bytes = 2 + fuzz_byte(input);
    options->limits.tool_result_bytes = 2 + fuzz_byte(input);
    options->utc_offset_minutes = (fuzz_byte(input) - 128) * 12;
    options->console = fuzz_byte(input) % 2 == 0 ? HUTCH_CONSOLE_STRING : HUTCH_CONSOLE_INSPECT;
}

static bool is_valid(const hutch_isolate_options *options) {
    return options->utc_offset_minutes >= -1439 && options->utc_offset_minutes <= 1439;
}

static uint32_t *find_open(state *fuzz, uint32_t id) {
    for (size_t i = 0; i < MOST_OPEN; i++) {
        if (fuzz->open[i] == id) {
            return &fuzz->open[i];
        }
    }
    return NULL;
}

static void end_run(state *fuzz) {
    fuzz->running = false;
    memset(fuzz->open, 0, sizeof fuzz->open);
}

/* While a run is in progress it may have cost the isolate its heap, which its end will say. */
static bool is_refusal(const state *fuzz, hutch_status status) {
    return fuzz->disposed
               ? status == HUTCH_DISPOSED
               : fuzz->running && (status == HUTCH_WRONG_STATE || status == HUTCH_DISPOSED);
}

static void add_named_tool(state *fuzz, uint8_t which) {
    const hutch_text *name = &names[which % 2];
    hutch_tool tool = hutch_tool_named(name->data, name->length);
    hutch_status status = hutch_isolate_add_tool(fuzz->isolate, &tool, NULL);
    if (fuzz->disposed || fuzz->running) {
        FUZZ_REQUIRE(is_refusal(fuzz, status));
    } else if (fuzz->has_tool[which % 2]) {
        FUZZ_REQUIRE(status == HUTCH_INVALID_ARGUMENT);
    } else {
        FUZZ_REQUIRE(status == HUTCH_OK || status == HUTCH_OUT_OF_MEMORY);
        fuzz->has_tool[which % 2] = status == HUTCH_OK;
    }
}

/* Any name, with a letter before it that keeps it apart from the two above. */
static void add_any_tool(state *fuzz, fuzz_input *input) {
    char name[8] = {'t'};
    size_t length;
    const char *text = fuzz_text(input, fuzz_byte(input) % sizeof name, &length);
    memcpy(name + 1, text, length < sizeof name - 1 ? length : sizeof name - 1);
    length = length < sizeof name - 1 ? length + 1 : sizeof name;
    hutch_error error = {0};
    hutch_tool tool = hutch_tool_named(name, length);
    hutch_status status = hutch_isolate_add_tool(fuzz->isolate, &tool, &error);
    if (fuzz->disposed || fuzz->running) {
        FUZZ_REQUIRE(is_refusal(fuzz, status));
    }
    FUZZ_REQUIRE(status == HUTCH_OK || error.status == status);
}

static void start(state *fuzz, fuzz_input *input) {
    const char *code = programs[fuzz_byte(input) % (sizeof programs / sizeof programs[0])];
    hutch_status status = hutch_isolate_start(fuzz->isolate, code, strlen(code), NULL);
    if (fuzz->disposed || fuzz->running) {
        FUZZ_REQUIRE(is_refusal(fuzz, status));
        return;
    }
    FUZZ_REQUIRE(status == HUTCH_OK);
    fuzz->running = true;
}

static void require_text(hutch_text text) {
    FUZZ_REQUIRE(hutch_utf8_is_valid(text.data, text.length));
}

static void see_call(state *fuzz, const hutch_tool_call *call) {
    FUZZ_REQUIRE(call->id > fuzz->last_call);
    fuzz->last_call = call->id;
    uint32_t *place = find_open(fuzz, 0);
    FUZZ_REQUIRE(place != NULL);
    *place = call->id;
    FUZZ_REQUIRE(call->input.length > 0);
    require_text(call->input);
    require_text(call->name);
}

static void see_failed(state *fuzz, const hutch_failed *failed) {
    FUZZ_REQUIRE(failed->failure < HUTCH_FAILURE_WORKER_DIED);
    FUZZ_REQUIRE(failed->name.length > 0);
    require_text(failed->name);
    require_text(failed->message);
    require_text(failed->stack);
    require_text(failed->code);
    fuzz->disposed = !failed->usable;
    end_run(fuzz);
}

static void next(state *fuzz) {
    hutch_event event = HUTCH_EVENT_INIT;
    hutch_status status = hutch_isolate_next(fuzz->isolate, &event);
    FUZZ_REQUIRE(status == (fuzz->running ? HUTCH_OK : HUTCH_WRONG_STATE));
    if (status != HUTCH_OK) {
        return;
    }
    switch (event.type) {
    case HUTCH_EVENT_TOOL_CALL:
        see_call(fuzz, &event.as.tool_call);
        break;
    case HUTCH_EVENT_LOG:
        require_text(event.as.log.text);
        break;
    case HUTCH_EVENT_DONE:
        require_text(event.as.done.json);
        end_run(fuzz);
        break;
    case HUTCH_EVENT_FAILED:
        see_failed(fuzz, &event.as.failed);
        break;
    default:
        FUZZ_REQUIRE(event.type == HUTCH_EVENT_WAITING);
        FUZZ_REQUIRE((fuzz->open[0] | fuzz->open[1] | fuzz->open[2] | fuzz->open[3]) != 0);
        break;
    }
}

/* An open call, or a number that may be none. The run may have ended unheard. */
static void answer(state *fuzz, fuzz_input *input) {
    uint8_t which = fuzz_byte(input);
    uint32_t id = which < 200 ? fuzz->open[which % MOST_OPEN] : which - 200u;
    uint32_t *place = id == 0 ? NULL : find_open(fuzz, id);
    size_t length;
    const char *text = fuzz_text(input, fuzz_byte(input), &length);
    hutch_status status;
    if (which % 3 == 0) {
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.name = failure.message = failure.code = (hutch_text){text, length};
        status = hutch_isolate_reject(fuzz->isolate, id, &failure, NULL);
    } else {
        status = hutch_isolate_reply(fuzz->isolate, id, text, length, NULL);
    }
    if (!fuzz->running) {
        FUZZ_REQUIRE(status == HUTCH_WRONG_STATE);
    } else if (place != NULL) {
        FUZZ_REQUIRE(status == HUTCH_OK);
        *place = 0;
    } else {
        FUZZ_REQUIRE(status == HUTCH_INVALID_ARGUMENT || status == HUTCH_OK);
    }
}

static void reset(state *fuzz, const hutch_isolate_options *options) {
    hutch_status status = hutch_isolate_reset(fuzz->isolate, options, NULL);
    if (options != NULL && !is_valid(options)) {
        FUZZ_REQUIRE(status == HUTCH_INVALID_ARGUMENT);
        return;
    }
    FUZZ_REQUIRE(status == HUTCH_OK);
    end_run(fuzz);
    fuzz->disposed = false;
    fuzz->last_call = 0;
    fuzz->has_tool[0] = fuzz->has_tool[1] = false;
}

static void read_stats(const state *fuzz) {
    hutch_isolate_stats stats = HUTCH_ISOLATE_STATS_INIT;
    FUZZ_REQUIRE(hutch_isolate_get_stats(fuzz->isolate, &stats) == HUTCH_OK);
    FUZZ_REQUIRE(stats.image_bytes > 0 && stats.heap_bytes <= stats.peak_bytes);
}

static void operate(state *fuzz, fuzz_input *input) {
    hutch_isolate_options options;
    uint8_t what = fuzz_byte(input);
    switch (what % 14) {
    case 0:
        add_any_tool(fuzz, input);
        break;
    case 1:
    case 2:
        add_named_tool(fuzz, what % 14);
        break;
    case 3:
    case 4:
        start(fuzz, input);
        break;
    case 5:
    case 6:
        answer(fuzz, input);
        break;
    case 7:
        options_from(input, &options);
        reset(fuzz, &options);
        break;
    case 8:
        reset(fuzz, NULL);
        break;
    case 9:
        hutch_isolate_stop(fuzz->isolate);
        break;
    case 10:
        read_stats(fuzz);
        break;
    default:
        next(fuzz);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static hutch_isolate *kept;
    fuzz_input input = {data, size};
    state fuzz = {0};
    hutch_isolate_options options;
    options_from(&input, &options);
    bool is_new = kept == NULL || fuzz_byte(&input) % 16 == 15;
    if (is_new) {
        hutch_isolate_free(kept);
        kept = NULL;
        hutch_status expected = is_valid(&options) ? HUTCH_OK : HUTCH_INVALID_ARGUMENT;
        FUZZ_REQUIRE(hutch_isolate_new(&options, &kept, NULL) == expected);
    }
    fuzz.isolate = kept;
    if (kept != NULL && !is_new) {
        reset(&fuzz, is_valid(&options) ? &options : NULL);
    }
    for (int step = 0; kept != NULL && input.left > 0 && step < MOST_STEPS; step++) {
        operate(&fuzz, &input);
    }
    return 0;
}
