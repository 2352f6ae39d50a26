/**
 * @file detached_text.h
 * The words about tool calls that nobody awaits, for whoever ends their run: the isolate, or the pool
 * when it has killed the worker.
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_DETACHED_TEXT_H
#define HUTCH_BASE_DETACHED_TEXT_H

#include <hutch/event.h>

#include <stdbool.h>
#include <stddef.h>

/** Names of calls that are told; there may be more calls. */
#define HUTCH_DETACHED_NAMES 8

/** Bytes of a text. */
#define HUTCH_DETACHED_TEXT_SIZE 1024

/** The calls that are open. */
typedef struct hutch_detached_calls {
    size_t count;                           /**< all of them */
    hutch_text names[HUTCH_DETACHED_NAMES]; /**< of the first; borrowed */
} hutch_detached_calls;

/** A text that is made here. Each name is cut, so that there is room for all. */
typedef struct hutch_detached_text {
    char data[HUTCH_DETACHED_TEXT_SIZE]; /**< UTF-8, not terminated */
    size_t length;
} hutch_detached_text;

/** "2 tool calls (notify, log)", after what the text holds. */
void hutch_detached_text_add_calls(hutch_detached_text *text, const hutch_detached_calls *calls);

/** Words after what the text holds. */
void hutch_detached_text_add(hutch_detached_text *text, const char *words);

/** Whether a run that has given its value keeps it when this ends the waiting for its calls: what a worker
 *  said that then died or broke the protocol is not believed. */
bool hutch_detached_leaves_value(hutch_failure ended_by);

/**
 * The warning of a run that ends with its value before its calls have.
 *
 * @param text          [out]
 * @param ended_by      what ended it, of those that leave the value
 * @param is_shortened  of HUTCH_FAILURE_TIMEOUT: it was detachedTimeout
 */
void hutch_detached_text_tell_end(hutch_detached_text *text, const hutch_detached_calls *calls,
                                  hutch_failure ended_by, bool is_shortened);

#endif
