/**
 * @file isolate.h
 * An isolate in the caller's own process: a JavaScript heap and realm, driven
 * as a state machine. Start a program, then ask for the next event until DONE
 * or FAILED. Nothing here confines the guest: for code nobody has read, use a
 * context of a pool (pool.h), which takes the same verbs and gives the same
 * events.
 *
 * Threads: an isolate belongs to the thread that uses it; only
 * hutch_isolate_stop() may be called from another one. Different isolates are
 * independent of each other.
 */
#ifndef HUTCH_ISOLATE_H
#define HUTCH_ISOLATE_H

#include <hutch/api.h>
#include <hutch/error.h>
#include <hutch/event.h>
#include <hutch/limits.h>
#include <hutch/option.h>
#include <hutch/tool.h>
#include <hutch/wrapping.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

HUTCH_BEGIN_API

/** A heap and a realm; owned by whoever made it. */
typedef struct hutch_isolate hutch_isolate;

/* How values are turned into text by `console`. */
#define HUTCH_CONSOLE_TABLE(X)                                                                     \
    X(HUTCH_CONSOLE_INSPECT, "inspect", "`{ a: 1 }`, as Node.js prints")                           \
    X(HUTCH_CONSOLE_STRING, "string", "String(value): `[object Object]`")

/** See HUTCH_CONSOLE_TABLE. */
typedef enum hutch_console_style { HUTCH_CONSOLE_TABLE(HUTCH_CHOICE_CONSTANT) } hutch_console_style;

/* What becomes of members named `__proto__` in the JSON of tool inputs and results: JSON.parse makes own
 * properties of them, which `Object.assign` and its like then take for a prototype. */
#define HUTCH_PROTO_KEYS_TABLE(X)                                                                  \
    X(HUTCH_PROTO_KEYS_DROP, "drop", "they are taken out, values and all")                         \
    X(HUTCH_PROTO_KEYS_KEEP, "keep", "they stay")                                                  \
    X(HUTCH_PROTO_KEYS_ERROR, "error",                                                             \
      "a tool call rejects, and a run fails, with a TypeError of code `protoKeys`")

/** See HUTCH_PROTO_KEYS_TABLE. */
typedef enum hutch_proto_keys { HUTCH_PROTO_KEYS_TABLE(HUTCH_CHOICE_CONSTANT) } hutch_proto_keys;

/* What becomes of tool calls that are open when the program has returned: nobody awaits them. Each was made,
 * and is answered as any other, whatever this says; it is about when the run ends. */
#define HUTCH_DETACHED_TABLE(X)                                                                    \
    X(HUTCH_DETACHED_WAIT, "wait",                                                                 \
      "the run goes on until no call is open and no job is left, for at most detachedTimeout; "    \
      "its "                                                                                       \
      "value is taken when the program returns, and whatever ends the waiting, that is its "       \
      "result")                                                                                    \
    X(HUTCH_DETACHED_DELIVER, "deliver",                                                           \
      "the run ends when no job is left: what the answers would do does not happen")               \
    X(HUTCH_DETACHED_FAIL, "fail", "the run fails with a DetachedCallError that names them")

/** See HUTCH_DETACHED_TABLE. */
typedef enum hutch_detached { HUTCH_DETACHED_TABLE(HUTCH_CHOICE_CONSTANT) } hutch_detached;

/* What becomes of promises that were rejected and that nobody handles until the run ends. */
#define HUTCH_UNHANDLED_TABLE(X)                                                                   \
    X(HUTCH_UNHANDLED_LOG, "log", "each is one line of the console, at the level error")           \
    X(HUTCH_UNHANDLED_IGNORE, "ignore", "nothing")

/** See HUTCH_UNHANDLED_TABLE. */
typedef enum hutch_unhandled { HUTCH_UNHANDLED_TABLE(HUTCH_CHOICE_CONSTANT) } hutch_unhandled;

/** Largest time of a Date, in milliseconds either way of 1970. */
#define HUTCH_DATE_MAX INT64_C(8640000000000000)

/*
 * What an isolate, or a context, can be made with besides its limits; option.h says what a row is.
 */
#define HUTCH_ISOLATE_OPTIONS_TABLE(X)                                                             \
    X(console, "console", CHOICE, hutch_console_style, HUTCH_CONSOLE_INSPECT, 0,                   \
      HUTCH_CHOICE_LAST(HUTCH_CONSOLE_TABLE), HUTCH_CHOICE_NAMES(HUTCH_CONSOLE_TABLE),             \
      "how console prints values")                                                                 \
    X(utc_offset_minutes, "utcOffset", WHOLE, int32_t, 0, -1439, 1439, "minutes",                  \
      "the guest's fixed time zone, minutes east of UTC")                                          \
    X(fixed_random, "", GIVEN, bool, false, 0, 1, "",                                              \
      "random_seed is used; false: Math.random is seeded anew from the kernel at every reset")     \
    X(random_seed, "randomSeed", WHOLE, uint64_t, 0, 0, UINT64_MAX, "", "seed of Math.random")     \
    X(fixed_clock, "", GIVEN, bool, false, 0, 1, "",                                               \
      "fixed_clock_ms is used; false: the system's clock")                                         \
    X(fixed_clock_ms, "fixedTime", WHOLE, int64_t, 0, -HUTCH_DATE_MAX, HUTCH_DATE_MAX, "ms",       \
      "what Date.now() always says, ms since 1970")                                                \
    X(typescript, "typescript", FLAG, bool, true, 0, 1, "",                                        \
      "programs are TypeScript or JavaScript; false: JavaScript, compiled as it stands")           \
    X(hints, "hints", FLAG, bool, true, 0, 1, "",                                                  \
      "the message of an uncaught ReferenceError goes on with the tools that the program may "     \
      "have meant, or with what to do without a missing global; false: it is the engine's alone")  \
    X(proto_keys, "protoKeys", CHOICE, hutch_proto_keys, HUTCH_PROTO_KEYS_DROP, 0,                 \
      HUTCH_CHOICE_LAST(HUTCH_PROTO_KEYS_TABLE), HUTCH_CHOICE_NAMES(HUTCH_PROTO_KEYS_TABLE),       \
      "what becomes of members __proto__ in the JSON of tool inputs and results")                  \
    X(detached, "detached", CHOICE, hutch_detached, HUTCH_DETACHED_WAIT, 0,                        \
      HUTCH_CHOICE_LAST(HUTCH_DETACHED_TABLE), HUTCH_CHOICE_NAMES(HUTCH_DETACHED_TABLE),           \
      "what becomes of tool calls that nobody awaits")                                             \
    X(detached_timeout_ms, "detachedTimeout", WHOLE, uint64_t, 5000, 0, INT32_MAX, "ms",           \
      "how long a run waits for them, within its timeout")                                         \
    X(unhandled_rejections, "unhandledRejections", CHOICE, hutch_unhandled, HUTCH_UNHANDLED_LOG,   \
      0, HUTCH_CHOICE_LAST(HUTCH_UNHANDLED_TABLE), HUTCH_CHOICE_NAMES(HUTCH_UNHANDLED_TABLE),      \
      "what becomes of rejections that nobody handles")                                            \
    X(queue_microtask, "queueMicrotask", FLAG, bool, true, 0, 1, "",                               \
      "there is a global queueMicrotask(); false: there is none")                                  \
    X(wrapping, "wrapping", CHOICE, hutch_wrapping, HUTCH_WRAPPING_AS_IS, 0,                       \
      HUTCH_CHOICE_LAST(HUTCH_WRAPPING_TABLE), HUTCH_CHOICE_NAMES(HUTCH_WRAPPING_TABLE),           \
      "what becomes of a program in a wrapping: a markdown fence, a function that nobody calls, "  \
      "a value that nobody returns")

/** What an isolate, or a context, is made with. */
typedef struct hutch_isolate_options {
    size_t size;         /**< sizeof(hutch_isolate_options); set by hutch_isolate_options_init() */
    hutch_limits limits; /**< all at their defaults after init */
    HUTCH_ISOLATE_OPTIONS_TABLE(HUTCH_OPTION_FIELD)
} hutch_isolate_options;

/** Most tools of one isolate or context. */
#define HUTCH_TOOLS_MAX 4096

/**
 * Fill in the defaults.
 *
 * @param options  [out] not NULL
 *
 * Threads: any.
 */
void hutch_isolate_options_init(hutch_isolate_options *options);

/**
 * Make an isolate: reserve its arena, build the realm, save the image.
 *
 * @param options  copied; NULL means all defaults
 * @param isolate  [out] owned by the caller, freed with hutch_isolate_free()
 * @param error    [out, optional] written on failure only
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE
 */
hutch_status hutch_isolate_new(const hutch_isolate_options *options, hutch_isolate **isolate,
                               hutch_error *error);

/**
 * Free an isolate and all its memory. No guest code runs.
 *
 * @param isolate  NULL is nothing
 */
void hutch_isolate_free(hutch_isolate *isolate);

/**
 * Restore the image: every trace of the last guest goes, tools included. The
 * random seed is renewed. What stays, outside of the guests' heap, is the
 * compiled code of programs that the isolate has been given at least twice.
 *
 * @param isolate  not NULL; in any state
 * @param options  new options, copied; NULL keeps the present ones
 * @param error    [out, optional]
 * @return HUTCH_OK or HUTCH_INVALID_ARGUMENT (the isolate is then unchanged)
 */
hutch_status hutch_isolate_reset(hutch_isolate *isolate, const hutch_isolate_options *options,
                                 hutch_error *error);

/**
 * Define a tool: a global async function, which makes a TOOL_CALL event. Its
 * index is the number of tools defined before it.
 *
 * It is a property of the global object under the identifier that it is bound
 * to (tool.h), and under its name too where that is another. No tool takes the
 * place of a global of ECMAScript or of the console (`Object`, `undefined`,
 * `__proto__`, …); one does of a global of the Web (`atob`, `performance`, …).
 *
 * @param isolate  not NULL; between runs
 * @param tool     not NULL; copied
 * @param error    [out, optional] names the tool and what is wrong with it
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_WRONG_STATE, HUTCH_DISPOSED or
 *         HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_isolate_add_tool(hutch_isolate *isolate, const hutch_tool *tool,
                                    hutch_error *error);

/**
 * Begin a program: the body of an async function. A syntax error in it is a
 * FAILED event, not a status. Globals of earlier runs are still there.
 *
 * @param isolate  not NULL; no run in progress
 * @param code     UTF-8, not NUL-terminated; not needed after the call
 * @param length   bytes of `code`
 * @param error    [out, optional]
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_WRONG_STATE or HUTCH_DISPOSED (an earlier
 *         run hit its memory or stack limit: hutch_isolate_reset() makes it new)
 */
hutch_status hutch_isolate_start(hutch_isolate *isolate, const char *code, size_t length,
                                 hutch_error *error);

/**
 * Let the guest run until something happens. Returns at once when nothing can
 * move (WAITING). The C stack is empty of guest frames at every return; so what
 * a piece of the program logs or calls is told when that piece has come to an
 * `await` or to its end.
 *
 * The guest runs on the caller's stack, which must have room for `stack_bytes`
 * of the limits, HUTCH_STACK_FACTOR times (4 MiB by default), and 128 KiB beyond.
 *
 * @param isolate  not NULL; a run in progress
 * @param event    [in, out] begun with HUTCH_EVENT_INIT; texts live until the next call on this isolate
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (its size) or HUTCH_WRONG_STATE
 */
hutch_status hutch_isolate_next(hutch_isolate *isolate, hutch_event *event);

/**
 * Give the guest the result of one of its tool calls. Calls may be answered in
 * any order. The guest moves on at the next hutch_isolate_next().
 *
 * @param isolate  not NULL; a run in progress
 * @param call_id  from the TOOL_CALL event
 * @param json     UTF-8 JSON, copied; text that is not JSON rejects the call inside
 * @param length   bytes of `json`; 0 means undefined
 * @param error    [out, optional]
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (no such open call) or HUTCH_WRONG_STATE
 */
hutch_status hutch_isolate_reply(hutch_isolate *isolate, uint32_t call_id, const char *json,
                                 size_t length, hutch_error *error);

/**
 * Make one of the guest's tool calls fail: its promise rejects with an Error.
 *
 * @param isolate  not NULL; a run in progress
 * @param call_id  from the TOOL_CALL event
 * @param failure  not NULL; texts are copied
 * @param error    [out, optional]
 * @return as hutch_isolate_reply()
 */
hutch_status hutch_isolate_reject(hutch_isolate *isolate, uint32_t call_id,
                                  const hutch_tool_failure *failure, hutch_error *error);

/**
 * Ask the run to stop: it ends with FAILED, HUTCH_FAILURE_STOPPED, as soon as
 * the engine looks. Without a run in progress this is nothing.
 *
 * @param isolate  not NULL
 *
 * Threads: any, while the isolate lives.
 */
void hutch_isolate_stop(hutch_isolate *isolate);

/** What an isolate holds at the moment; for tests and benches. */
typedef struct hutch_isolate_stats {
    size_t size;          /**< sizeof(hutch_isolate_stats) */
    uint64_t heap_bytes;  /**< allocated from the arena now */
    uint64_t peak_bytes;  /**< most bytes allocated since the last reset */
    uint64_t image_bytes; /**< bytes of the saved image */
} hutch_isolate_stats;

#define HUTCH_ISOLATE_STATS_INIT HUTCH_INIT(hutch_isolate_stats)

/**
 * Read the counters.
 *
 * @param isolate  not NULL
 * @param stats    [in, out] begun with HUTCH_ISOLATE_STATS_INIT
 * @return HUTCH_OK or HUTCH_INVALID_ARGUMENT (its size; then nothing is written)
 */
hutch_status hutch_isolate_get_stats(const hutch_isolate *isolate, hutch_isolate_stats *stats);

HUTCH_END_API

#endif
