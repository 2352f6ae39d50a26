/**
 * @file driver.h
 * What the worker needs of an isolate beyond the public interface: room in the
 * arena for what arrives over the wire, a clock and a stop word that are kept
 * outside, and a way out for logs while the guest runs.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_DRIVER_H
#define HUTCH_ISOLATE_DRIVER_H

#include <hutch/isolate.h>

#include <stdatomic.h>

/**
 * Room for a payload in the isolate's arena, so that it counts towards the
 * memory limit. Aligned for any type. The texts of the last event stay.
 *
 * @return owned by the caller until hutch_isolate_payload_free() or a reset; NULL beyond the cap
 */
char *hutch_isolate_payload_new(hutch_isolate *isolate, size_t length);
void hutch_isolate_payload_free(hutch_isolate *isolate, char *payload);

/**
 * As hutch_isolate_new(), of which no reset can make an isolate with a larger memory limit than this: it
 * reserves addresses for no more.
 *
 * @param most_memory  bytes, from the least memory limit to the largest
 */
hutch_status hutch_isolate_new_within(const hutch_isolate_options *options, uint64_t most_memory,
                                      hutch_isolate **isolate, hutch_error *error);

/** The run in progress ends with MemoryLimitError at its next event: a payload did not fit. */
void hutch_isolate_fail_memory(hutch_isolate *isolate);

/** Until when a run that is WAITING waits at most, CLOCK_MONOTONIC; UINT64_MAX: for an answer, or until it
 *  is stopped. */
uint64_t hutch_isolate_waits_until(const hutch_isolate *isolate);

/**
 * Drop the jobs that the last run has left, if it ended by its time. hutch_isolate_start() does it where
 * this was not called; a reset does without.
 *
 * @return false: the guest is gone although its run ended with a value. It met a limit after that was
 *         taken, or there are too many jobs to drop
 */
bool hutch_isolate_tidy(hutch_isolate *isolate);

/**
 * The deadline of the next run, instead of the timeout counted from its start.
 *
 * @param deadline_ns  CLOCK_MONOTONIC; taken back by the end of the run
 */
void hutch_isolate_set_deadline(hutch_isolate *isolate, uint64_t deadline_ns);

/**
 * The thread serves this isolate and nothing else: all the processor time that it uses from the start of a
 * run to its end counts towards the limit, as it does for who looks at the process from outside. Otherwise
 * the caller's own time between two calls does not. Survives a reset.
 */
void hutch_isolate_own_thread(hutch_isolate *isolate);

/**
 * A word in shared memory to look at while the guest runs: as soon as it
 * equals `value` the run stops (HUTCH_FAILURE_STOPPED; HUTCH_FAILURE_TIMEOUT
 * when the deadline has passed). Survives a reset; NULL takes it away.
 */
void hutch_isolate_watch_stop(hutch_isolate *isolate, const _Atomic uint32_t *word, uint32_t value);

/**
 * Run a short program of our own in a fresh isolate, and wipe every trace of it:
 * what a program touches of the memory that a process shares with the one it
 * was forked from is the process's own afterwards, and nothing else is.
 *
 * @return HUTCH_OK, or what a reset returns
 */
hutch_status hutch_isolate_rehearse(hutch_isolate *isolate);

/** In a process that was forked from one that has rehearsed: what a rehearsal writes to becomes the
 *  process's own at once, rather than page by page. */
void hutch_isolate_populate(hutch_isolate *isolate);

/** Takes an event; its texts live until it returns. It must not touch the isolate but for payloads. */
typedef void hutch_event_sink(void *user, const hutch_event *event);

/** Takes the value of a program whose run goes on; its text lives until it returns. */
typedef void hutch_value_sink(void *user, const hutch_done *value);

/**
 * Where calls and logs go while the guest is still running: so that the host can
 * answer the first while the guest makes more, and the others are out of the process
 * whatever becomes of it.
 * Without a sink they wait for hutch_isolate_next(), as all other events do.
 * Survives a reset; NULL takes it away.
 */
void hutch_isolate_set_sink(hutch_isolate *isolate, hutch_event_sink *sink, void *user);

/**
 * Where the value of a program goes that has returned while something is left to wait for
 * (HUTCH_DETACHED_WAIT): once a run, before its DONE, which tells it again. So it is known also when the
 * process has to be killed. With the sink's `user`; survives a reset.
 */
void hutch_isolate_set_value_sink(hutch_isolate *isolate, hutch_value_sink *sink);

#endif
