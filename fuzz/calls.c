/**
 * @file calls.c
 * The isolate's public functions in any order, with any arguments: each call
 * does what it says or returns the status that is documented for it.
 */
#include "target.h"

#include <hutch/isolate.h>

#include <string.h>

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
};

static void options_from(fuzz_input *input, hutch_isolate_options *options) {
    hutch_isolate_options_init(options);
    options->limits.timeout_ms = 20;
    options->limits.memory_bytes = 8 * HUTCH_MIB;
    options->limits.tool_calls = fuzz_byte(input) % 8;
    options->limits.open_calls = 1 + fuzz_byte(input) % 4;
    options->limits.log_entries = fuzz_byte(input) % 3;
    options->limits.result_bytes = 2 + fuzz_byte(input);
    options->utc_offset_minutes = (int32_t)(fuzz_number(input) % 4000) - 2000;
    options->console = fuzz_byte(input) % 2 ? HUTCH_CONSOLE_STRING : HUTCH_CONSOLE_INSPECT;
}

static void start(hutch_isolate *isolate, fuzz_input *input) {
    const char *code = programs[fuzz_byte(input) % (sizeof programs / sizeof *programs)];
    (void)hutch_isolate_start(isolate, code, strlen(code), NULL);
}

static void answer(hutch_isolate *isolate, fuzz_input *input, uint8_t what) {
    size_t length = 0;
    const uint32_t id = fuzz_byte(input) % 16;
    const char *text = fuzz_text(input, fuzz_byte(input), &length);
    if (what % 2 == 0) {
        (void)hutch_isolate_reply(isolate, id, text, length, NULL);
    } else {
        hutch_tool_failure failure = HUTCH_TOOL_FAILURE_INIT;
        failure.name = failure.message = failure.code = (hutch_text){text, length};
        (void)hutch_isolate_reject(isolate, id, &failure, NULL);
    }
}

static void operate(hutch_isolate *isolate, fuzz_input *input) {
    hutch_isolate_options options;
    hutch_event event = HUTCH_EVENT_INIT;
    size_t length = 0;
    const char *text = NULL;
    const uint8_t what = fuzz_byte(input);
    switch (what % 10) {
    case 0:
        text = fuzz_text(input, fuzz_byte(input) % 8, &length);
        (void)hutch_isolate_add_tool(isolate, text, length, NULL);
        break;
    case 1:
        (void)hutch_isolate_add_tool(isolate, what & 16 ? "a" : "b", 1, NULL);
        break;
    case 2:
    case 3:
        start(isolate, input);
        break;
    case 4:
    case 5:
        answer(isolate, input, fuzz_byte(input));
        break;
    case 6:
        options_from(input, &options);
        (void)hutch_isolate_reset(isolate, fuzz_byte(input) % 2 ? &options : NULL, NULL);
        break;
    case 7:
        hutch_isolate_stop(isolate);
        break;
    default:
        if (hutch_isolate_next(isolate, &event) == HUTCH_OK)
            FUZZ_REQUIRE(event.type != HUTCH_EVENT_NONE);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input input = {data, size};
    hutch_isolate *isolate = NULL;
    hutch_isolate_options options;
    options_from(&input, &options);
    if (hutch_isolate_new(&options, &isolate, NULL) == HUTCH_OK)
        for (int step = 0; input.left > 0 && step < 64; step++)
            operate(isolate, &input);
    hutch_isolate_free(isolate);
    return 0;
}
