/**
 * @file context.h
 * A context: one guest's heap and globals, in a confined worker process of a
 * pool. The verbs and the events are those of an in-process isolate
 * (isolate.h); what differs is that the guest runs while the host does other
 * things, so that `next` takes the longest time it may wait.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_CONTEXT_H
#define HUTCH_CONTEXT_H

#include <hutch/api.h>
#include <hutch/event.h>
#include <hutch/isolate.h>
#include <hutch/pool.h>
#include <hutch/tool.h>

HUTCH_BEGIN_API

/* What becomes of a context's worker process when the context is closed. */
#define HUTCH_RECYCLE_TABLE(X)                                                                     \
    X(HUTCH_RECYCLE_RESET, "reset",                                                                \
      "the worker restores its image, which wipes every trace of the guest, and serves the next "  \
      "context of the same trust domain")                                                          \
    X(HUTCH_RECYCLE_PROCESS, "process",                                                            \
      "the worker is killed, and the context got one that had served nobody; the pool forks such " \
      "workers ahead of need: as many as were taken in the last tenth of a second, from its "      \
      "spare up to its max_spare")

/** See HUTCH_RECYCLE_TABLE. */
typedef enum hutch_recycle { HUTCH_RECYCLE_TABLE(HUTCH_CHOICE_CONSTANT) } hutch_recycle;

/** As `isolate.limits.memory_bytes` of a context: nobody has asked. It has the default of
 *  limits.h, or the pool's `max_memory_mb` where that is less. */
#define HUTCH_MEMORY_NOT_ASKED 0

/*
 * What a context can be opened with besides what its isolate is made with, and its tools; option.h says
 * what a row is.
 */
#define HUTCH_CONTEXT_OPTIONS_TABLE(X)                                                             \
    X(trust_domain, "trustDomain", DOMAIN, uint64_t, 0, 0, UINT64_MAX, "",                         \
      "a worker that has served one domain never serves another")                                  \
    X(recycle, "recycle", CHOICE, hutch_recycle, HUTCH_RECYCLE_RESET, 0,                           \
      HUTCH_CHOICE_LAST(HUTCH_RECYCLE_TABLE), HUTCH_CHOICE_NAMES(HUTCH_RECYCLE_TABLE),             \
      "what becomes of the worker process when the context is closed")

/** What a context is opened with. */
typedef struct hutch_context_options {
    size_t size; /**< sizeof(hutch_context_options); set by hutch_context_options_init() */
    hutch_isolate_options isolate; /**< limits, console style, time zone, seed */
    const hutch_tool *tools;       /**< borrowed for the call */
    size_t tool_count;             /**< 0 to HUTCH_TOOLS_MAX */
    void *user;                    /**< the caller's own; see hutch_context_get_user() */
    HUTCH_CONTEXT_OPTIONS_TABLE(HUTCH_OPTION_FIELD)
} hutch_context_options;

/** Fill in the defaults; the memory is HUTCH_MEMORY_NOT_ASKED. @param options [out] not NULL. Threads:
 *  any. */
void hutch_context_options_init(hutch_context_options *options);

/**
 * Open a context. It has no worker before its first program, and keeps the one it gets then until it is
 * closed.
 *
 * @param pool     not NULL
 * @param options  copied; NULL means all defaults
 * @param context  [out] owned by the caller, freed with hutch_context_close()
 * @param error    [out, optional] names the option or the tool and what was expected
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE (no process
 *         can be made at all)
 */
hutch_status hutch_context_open(hutch_pool *pool, const hutch_context_options *options,
                                hutch_context **context, hutch_error *error);

/**
 * Close a context: a run in progress ends unheard, its worker goes back to the
 * pool or, where it does not stop in time, or recycles by process, is killed.
 * Does not wait.
 *
 * @param context  NULL is nothing
 */
void hutch_context_close(hutch_context *context);

/** The `user` of the options. @param context not NULL. */
void *hutch_context_get_user(const hutch_context *context);

/** Process id of the context's worker, as this process sees it; 0 when it has none at the moment, or
 *  where the kernel does not tell (before Linux 6.13 it takes
 *  /proc). For diagnosis and tests. */
int64_t hutch_context_get_pid(const hutch_context *context);

/* What may differ from run to run; option.h says what a row is. */
#define HUTCH_RUN_OPTIONS_TABLE(X)                                                                 \
    X(timeout_ms, "timeout", WHOLE, uint64_t, 0, 0, INT32_MAX, "ms",                               \
      "wall-clock time of the run, instead of the context's limit; 0: that")

/** See HUTCH_RUN_OPTIONS_TABLE. */
typedef struct hutch_run_options {
    size_t size; /**< sizeof(hutch_run_options) */
    HUTCH_RUN_OPTIONS_TABLE(HUTCH_OPTION_FIELD)
} hutch_run_options;

#define HUTCH_RUN_OPTIONS_INIT HUTCH_INIT(hutch_run_options)

/**
 * Begin a program: the body of an async function. The deadline starts now. Ask
 * hutch_context_next() after it, once at least: the worker rings, and `wake` is
 * called, only for who has heard NONE.
 *
 * The first program of a context gets a worker at once if an idle or a spare one is there and fewer
 * programs are at work than there are processors; otherwise it waits in its turn for one that comes free,
 * or is made when nobody has had a turn for as long as that takes (docs/c-api.md). The caller goes on
 * polling the pool, or waits for this context: both give turns. A run that got no worker before its
 * deadline is a FAILED event, HUTCH_FAILURE_TIMEOUT with the code "queue", and the context is usable.
 *
 * A worker that could not be made, or that was lost before (killed, crashed, or
 * its zygote with it), is told by the run: start is HUTCH_OK, and the FAILED
 * event says how the worker ended. What is started after that is HUTCH_DISPOSED.
 *
 * @param context  not NULL; no run in progress
 * @param code     UTF-8, not NUL-terminated, copied; invalid sequences become U+FFFD
 * @param length   bytes of `code`
 * @param options  NULL means all defaults
 * @param error    [out, optional]
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_WRONG_STATE, HUTCH_OUT_OF_MEMORY,
 *         HUTCH_UNAVAILABLE (max_queue programs wait already, or their bytes are more than max_held_bytes
 *         with this one, or no process could be made; the context is as it was) or
 *         HUTCH_DISPOSED (a run that has ended said that the context is not usable)
 */
hutch_status hutch_context_start(hutch_context *context, const char *code, size_t length,
                                 const hutch_run_options *options, hutch_error *error);

/**
 * The next event of the run, for a caller who never sleeps: an event loop, once hutch_pool_poll() has
 * named the context.
 *
 * @param context  not NULL
 * @param look_us  how long to look at the ring while nothing is there, microseconds: a worker that is
 *                 about to speak costs no wake-up then. At most the pool's `look_us`; 0 looks once
 * @param event    as for hutch_context_next()
 * @return as hutch_context_next()
 */
hutch_status hutch_context_poll(hutch_context *context, uint64_t look_us, hutch_event *event);

/**
 * The next event of the run, for a caller who waits for this context alone. Looks at the ring for at
 * most the pool's `look_us`, then sleeps. After DONE or FAILED the run is over.
 *
 * @param context  not NULL
 * @param wait_us  longest time to wait, microseconds
 * @param event    [in, out] its size set; type NONE when nothing came in time or no run is in
 *                 progress. Texts live until the next hutch_context_next(), hutch_context_start() or
 *                 hutch_context_close() of this context
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (the event's size is not set) or HUTCH_OUT_OF_MEMORY
 *         (the run fails: its FAILED event comes with the next call)
 */
hutch_status hutch_context_next(hutch_context *context, uint64_t wait_us, hutch_event *event);

/**
 * The texts of the last event have been read: what they take is given back now,
 * instead of at the next call on the context. Worth it after the last event of
 * a run, when no call may come for a while. Until then it counts towards the
 * pool's `max_held_bytes`, and what is large keeps others waiting.
 *
 * @param context  not NULL
 */
void hutch_context_release(hutch_context *context);

/**
 * Whether the run in progress is about to end whatever its guest does: the
 * worker is lost, or the deadline has passed. Its last events are there, or come
 * soon. For hosts that read a run only as far as somebody asks for its events,
 * and want to know when they may stop waiting.
 *
 * @param context  not NULL
 */
bool hutch_context_is_ending(const hutch_context *context);

/**
 * Give the guest the result of one of its tool calls; calls may be answered in
 * any order. An answer to a call of an earlier run, or of a run that has
 * ended, is dropped without an error: tools cannot know.
 *
 * @param context  not NULL
 * @param call_id  from the TOOL_CALL event
 * @param json     UTF-8 JSON, copied; length 0 means undefined
 * @param error    [out, optional]
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (an id that was never given, or answered twice) or
 *         HUTCH_OUT_OF_MEMORY
 */
hutch_status hutch_context_reply(hutch_context *context, uint32_t call_id, const char *json,
                                 size_t length, hutch_error *error);

/** Make one of the guest's tool calls fail. As hutch_context_reply(); texts are copied. */
hutch_status hutch_context_reject(hutch_context *context, uint32_t call_id,
                                  const hutch_tool_failure *failure, hutch_error *error);

/**
 * Ask the run to stop. It ends with FAILED, HUTCH_FAILURE_STOPPED; when it does
 * not stop within the pool's `kill_grace_ms`, its worker is killed. Without a
 * run in progress this is nothing.
 *
 * @param context  not NULL
 */
void hutch_context_stop(hutch_context *context);

HUTCH_END_API

#endif
