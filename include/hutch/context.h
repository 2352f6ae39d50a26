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

#include <hutch/event.h>
#include <hutch/isolate.h>
#include <hutch/pool.h>

/** A tool's name, as hutch_isolate_add_tool() takes it. */
typedef hutch_text hutch_tool_name;

/** What becomes of a context's worker process when the context is closed. */
typedef enum hutch_recycle {
    /** The worker restores its image, which wipes every trace of the guest, and serves the next
     *  context of the same trust domain. */
    HUTCH_RECYCLE_RESET,
    /** The worker is killed, and the context got one that had served nobody. The pool forks such
     *  workers ahead of need: as many as were taken in the last tenth of a second, from the pool's
     *  `spare` up to its `max_spare`. */
    HUTCH_RECYCLE_PROCESS,
} hutch_recycle;

/** What a context is opened with. */
typedef struct hutch_context_options {
    size_t size; /**< sizeof(hutch_context_options); set by hutch_context_options_init() */
    hutch_isolate_options isolate; /**< limits, console style, time zone, seed */
    const hutch_tool_name *tools;  /**< borrowed for the call */
    size_t tool_count;             /**< 0 to HUTCH_TOOLS_MAX */
    uint64_t trust_domain;         /**< a worker that has served one domain never serves another;
                                        default 0 */
    hutch_recycle recycle;         /**< default HUTCH_RECYCLE_RESET */
    void *user;                    /**< the caller's own; see hutch_context_get_user() */
} hutch_context_options;

/** Fill in the defaults. @param options [out] not NULL. Threads: any. */
void hutch_context_options_init(hutch_context_options *options);

/**
 * Open a context. Does not wait for a worker: tools and programs travel to it
 * when it is ready, and a worker that cannot be had is a FAILED event of the
 * first run.
 *
 * @param pool     not NULL
 * @param options  copied; NULL means all defaults
 * @param context  [out] owned by the caller, freed with hutch_context_close()
 * @param error    [out, optional] names the option or the tool and what was expected
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_OUT_OF_MEMORY or HUTCH_UNAVAILABLE (the pool has
 *         max_workers contexts, or no process could be made)
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
 *  where /proc is not mounted. For diagnosis and tests. */
int64_t hutch_context_get_pid(const hutch_context *context);

/** What may differ from run to run. */
typedef struct hutch_run_options {
    size_t size;         /**< sizeof(hutch_run_options) */
    uint64_t timeout_ms; /**< 0 (default): the context's limit */
} hutch_run_options;

#define HUTCH_RUN_OPTIONS_INIT                                                                     \
    { .size = sizeof(hutch_run_options) }

/**
 * Begin a program: the body of an async function. The deadline starts now. Ask
 * hutch_context_next() after it, once at least: the worker rings, and `wake` is
 * called, only for who has heard NONE.
 *
 * @param context  not NULL; no run in progress
 * @param code     UTF-8, not NUL-terminated, copied; invalid sequences become U+FFFD
 * @param length   bytes of `code`
 * @param options  NULL means all defaults
 * @param error    [out, optional]
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT, HUTCH_WRONG_STATE, HUTCH_OUT_OF_MEMORY or
 *         HUTCH_DISPOSED (an earlier run cost the context its worker)
 */
hutch_status hutch_context_start(hutch_context *context, const char *code, size_t length,
                                 const hutch_run_options *options, hutch_error *error);

/**
 * The next event of the run. Looks at the ring for at most the pool's
 * `look_us`, then sleeps. After DONE or FAILED the run is over.
 *
 * @param context  not NULL
 * @param wait_us  longest time to wait, microseconds; 0 looks once; up to `look_us` never sleeps
 * @param event    [in, out] its size set; type NONE when nothing came in time or no run is in
 *                 progress. Texts live until the next call on this context
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (the event's size is not set) or HUTCH_OUT_OF_MEMORY
 *         (the run fails: its FAILED event comes with the next call)
 */
hutch_status hutch_context_next(hutch_context *context, uint64_t wait_us, hutch_event *event);

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

#endif
