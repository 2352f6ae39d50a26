/**
 * @file event.h
 * What a running program makes happen. The same events come out of an
 * in-process isolate (isolate.h), a confined context (context.h) and, with the
 * same names, the JavaScript package.
 */
#ifndef HUTCH_EVENT_H
#define HUTCH_EVENT_H

#include <hutch/api.h>
#include <hutch/init.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

HUTCH_BEGIN_API

/** Bytes that an event borrows. Not NUL-terminated. NULL with length 0 when absent. */
typedef struct hutch_text {
    const char *data; /**< UTF-8 */
    size_t length;    /**< bytes */
} hutch_text;

/* The kinds of events: X(constant, name, meaning). */
#define HUTCH_EVENT_TABLE(X)                                                                       \
    X(HUTCH_EVENT_NONE, "none", "nothing happened in the time given (contexts only)")              \
    X(HUTCH_EVENT_TOOL_CALL, "tool_call", "the guest called a tool; answer it by its id")          \
    X(HUTCH_EVENT_LOG, "log", "the guest wrote to its console")                                    \
    X(HUTCH_EVENT_DONE, "done", "the run ended with a value")                                      \
    X(HUTCH_EVENT_FAILED, "failed", "the run ended with an error")                                 \
    X(HUTCH_EVENT_WAITING, "waiting", "nothing moves until a tool call is answered")

/** What kind of event this is; see HUTCH_EVENT_TABLE. */
typedef enum hutch_event_type {
#define HUTCH_EVENT_ENUM(constant, name, meaning) constant,
    HUTCH_EVENT_TABLE(HUTCH_EVENT_ENUM)
#undef HUTCH_EVENT_ENUM
} hutch_event_type;

/* The methods of the console that make LOG events: X(constant, name, how an entry begins where all are one
 * list of texts). */
#define HUTCH_LOG_LEVEL_TABLE(X)                                                                   \
    X(HUTCH_LOG_LOG, "log", "")                                                                    \
    X(HUTCH_LOG_INFO, "info", "INFO: ")                                                            \
    X(HUTCH_LOG_WARN, "warn", "WARN: ")                                                            \
    X(HUTCH_LOG_ERROR, "error", "ERROR: ")                                                         \
    X(HUTCH_LOG_DEBUG, "debug", "DEBUG: ")

/** The console method behind a LOG event; see HUTCH_LOG_LEVEL_TABLE. */
typedef enum hutch_log_level {
#define HUTCH_LOG_LEVEL_ENUM(constant, name, prefix) constant,
    HUTCH_LOG_LEVEL_TABLE(HUTCH_LOG_LEVEL_ENUM)
#undef HUTCH_LOG_LEVEL_ENUM
} hutch_log_level;

/*
 * Why a run failed: X(constant, text, name of the error that the user sees, context survives,
 * a worker may claim it). An empty name: the guest's own error names itself. What no worker may
 * claim, only the pool can find out; one that claims it all the same breaks the protocol.
 */
#define HUTCH_FAILURE_TABLE(X)                                                                     \
    X(HUTCH_FAILURE_GUEST, "guest_error", "", true, true)                                          \
    X(HUTCH_FAILURE_SYNTAX, "syntax_error", "SyntaxError", true, true)                             \
    X(HUTCH_FAILURE_TIMEOUT, "timeout", "TimeoutError", true, true)                                \
    X(HUTCH_FAILURE_CPU_TIME, "cpu_time", "TimeoutError", true, true)                              \
    X(HUTCH_FAILURE_MEMORY, "memory_limit", "MemoryLimitError", false, true)                       \
    X(HUTCH_FAILURE_STACK, "stack_overflow", "StackOverflowError", false, true)                    \
    X(HUTCH_FAILURE_LIMIT, "limit", "LimitError", true, true)                                      \
    X(HUTCH_FAILURE_STALLED, "stalled", "StalledError", true, true)                                \
    X(HUTCH_FAILURE_DETACHED, "detached", "DetachedCallError", true, true)                         \
    X(HUTCH_FAILURE_STOPPED, "stopped", "AbortError", true, true)                                  \
    X(HUTCH_FAILURE_WORKER_DIED, "worker_died", "WorkerDiedError", false, false)                   \
    X(HUTCH_FAILURE_VIOLATION, "sandbox_violation", "SandboxViolationError", false, false)

/** Why a run failed; see HUTCH_FAILURE_TABLE. */
typedef enum hutch_failure {
#define HUTCH_FAILURE_ENUM(constant, text, name, survives, claimable) constant,
    HUTCH_FAILURE_TABLE(HUTCH_FAILURE_ENUM)
#undef HUTCH_FAILURE_ENUM
} hutch_failure;

/** The guest called a tool. */
typedef struct hutch_tool_call {
    uint32_t id;      /**< answers name it; unique within the context */
    uint32_t tool;    /**< index of the tool in the order of its definition */
    hutch_text name;  /**< the tool's name */
    hutch_text input; /**< JSON; `{}` when the guest gave no input */
    uint64_t values;  /**< arrays, objects, strings, numbers, … in it */
} hutch_tool_call;

/** The guest wrote to its console. */
typedef struct hutch_log {
    hutch_log_level level;
    hutch_text text; /**< without a prefix for the level */
} hutch_log;

/** The run ended with a value. */
typedef struct hutch_done {
    hutch_text json; /**< JSON of the value; empty means undefined */
    uint64_t values; /**< arrays, objects, strings, numbers, … in it */
} hutch_done;

/** The run ended with an error. */
typedef struct hutch_failed {
    hutch_failure failure; /**< why */
    bool usable;           /**< whether the context can run another program */
    uint32_t line;         /**< 1-based line in the caller's code, 0 when unknown */
    uint32_t column;       /**< 1-based column in UTF-16 units, 0 when unknown */
    hutch_text name;       /**< "TypeError", "TimeoutError", … never empty */
    hutch_text message;    /**< may be empty */
    hutch_text stack;      /**< frames of the caller's code, one a line; may be empty */
    hutch_text code;       /**< the error's `code`, or the option of the limit; may be empty */
} hutch_failed;

/**
 * One event. Texts are borrowed: they live until the next call on the same
 * isolate or context.
 */
typedef struct hutch_event {
    size_t size; /**< sizeof(hutch_event); set by HUTCH_EVENT_INIT */
    hutch_event_type type;
    uint32_t run; /**< number of the run in its context, from 1 */
    union {
        hutch_tool_call tool_call;
        hutch_log log;
        hutch_done done;
        hutch_failed failed;
    } as; /**< the member named by `type` */
} hutch_event;

/** An empty event, ready to be passed to a `next` call. */
#define HUTCH_EVENT_INIT HUTCH_INIT(hutch_event)

/**
 * The machine-readable word for a failure ("memory_limit").
 *
 * @param failure  any value
 * @return static text, never NULL; "unknown" for a value not in the table
 *
 * Threads: any.
 */
const char *hutch_failure_text(hutch_failure failure);

/**
 * The error name that a user sees for a failure ("MemoryLimitError").
 *
 * @param failure  any value
 * @return static text, never NULL; empty where the guest's own error names itself
 *
 * Threads: any.
 */
const char *hutch_failure_name(hutch_failure failure);

/** How the guest sees a tool call that failed: an Error with these properties. */
typedef struct hutch_tool_failure {
    size_t size;        /**< sizeof(hutch_tool_failure) */
    hutch_text name;    /**< error name; empty means "Error" */
    hutch_text message; /**< UTF-8; invalid sequences become U+FFFD */
    hutch_text code;    /**< error code; empty means none */
    /**
     * What is behind the failure, as JSON; empty means nothing. An object: `cause` becomes the property of
     * that name, `errors`, an array, that one. Each is a reason: either `{"error": {"name": …,
     * "message": …, "code": …, "cause": …, "errors": …}}`, all optional, for an Error, or
     * `{"value": …}` for anything else. Of reasons behind reasons HUTCH_TOOL_REASONS_DEPTH levels are taken.
     */
    hutch_text reasons;
} hutch_tool_failure;

/** Most levels of hutch_tool_failure.reasons; those below are left out. */
#define HUTCH_TOOL_REASONS_DEPTH 8

#define HUTCH_TOOL_FAILURE_INIT HUTCH_INIT(hutch_tool_failure)

HUTCH_END_API

#endif
