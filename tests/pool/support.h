/**
 * @file support.h
 * What the tests of the pool share: pools, runs to their end, and looks at what
 * a process holds.
 */
#ifndef HUTCH_TESTS_POOL_SUPPORT_H
#define HUTCH_TESTS_POOL_SUPPORT_H

#include "support/cmocka.h"
#include "support/patience.h"

#include <hutch/hutch.h>

#include <stdbool.h>
#include <sys/types.h>

/** Longer than anything takes, so that a hang is a failure and not a hang; microseconds. */
#define LONG_US (patience_ms(60000) * 1000)

/** How a run ended. */
typedef struct outcome {
    hutch_event_type type; /**< DONE, FAILED; NONE when it did not end in time */
    hutch_failure failure;
    bool usable;
    char name[64];
    char text[512]; /**< the JSON of DONE or the message of FAILED, cut */
    char code[64];
    size_t length; /**< of the JSON, uncut */
    unsigned logs;
    unsigned calls;
} outcome;

/** A change for pool_new(): a worker that can be interrupted is given all the time that takes. */
void patient(hutch_pool_options *options);

/** A pool with the defaults, but for `change` (may be NULL). */
hutch_pool *pool_new(void (*change)(hutch_pool_options *options));

/** A context without tools. */
hutch_context *context_new(hutch_pool *pool);

/** A context with these tools. @param names ended by NULL */
hutch_context *context_with(hutch_pool *pool, const char *const *names);
hutch_context *context_recycled(hutch_pool *pool, const char *const *names, hutch_recycle recycle);

/** Start a program that must be taken. */
void start(hutch_context *context, const char *code);
void start_within(hutch_context *context, const char *code, uint64_t timeout_ms);

/** Start a program that comes to wait for a tool before its deadline: where it does not, as the machine
 *  is busy, again with twice the time. The context survives its deadlines. @return the time it got */
uint64_t start_until_it_waits(hutch_context *context, const char *code, uint64_t timeout_ms);

/** Go on to the end of the run; each tool call is answered with its own input. */
outcome finish(hutch_context *context);

/** Note how a run ended. @param event  DONE or FAILED */
void note_outcome(const hutch_event *event, outcome *end);

/** start() and finish(). */
outcome run(hutch_context *context, const char *code);

/** The run must end with this JSON. */
void assert_done(const outcome *end, const char *json);

/** The run must fail like this; `text` is a part of its message. */
void assert_failed(const outcome *end, hutch_failure failure, const char *text);

/** The run must have timed out after this time. */
void assert_timed_out(const outcome *end, uint64_t timeout_ms);

/** The next event of this type; others in between fail the test. */
hutch_event expect_event(hutch_context *context, hutch_event_type type);

bool text_equals(hutch_text text, const char *expected);

/** Wait until the worker's process is there; a context that has run nothing gets one by a program without
 *  a word. @return its number */
pid_t pid_of(hutch_context *context);

/** Wait until a process is gone or a zombie. @return false: it is still there after a long time */
bool process_ends(pid_t pid);

/** Whether a process is gone, or a zombie. */
bool has_ended(pid_t pid);

/** Whether a process sleeps. */
bool is_at_rest(pid_t pid);

/** Wait until a process is stopped by a signal. */
void await_stop(pid_t pid);

/** Wait until a process sleeps: a worker that was awake has then done all there was for it to do. */
void await_rest(pid_t pid);

/** Wait until a process has used this much more processor time: so it is deep in what it does. */
void await_work(pid_t pid, unsigned milliseconds);

/** Open descriptors of this process. */
size_t count_descriptors(void);

/** Children of this process, zombies included. */
size_t count_children(void);

/** Processes that have `ancestor` among their parents. @param pids [out] up to `capacity` */
size_t find_descendants(pid_t ancestor, pid_t *pids, size_t capacity);

hutch_pool_stats stats_of(hutch_pool *pool);

/** Wait until the pool has this many workers without a context. */
void await_idle(hutch_pool *pool, uint32_t count);

/** Sleep without looking at anything. */
void sleep_ms(unsigned milliseconds);

uint64_t now_ms(void);

#endif
