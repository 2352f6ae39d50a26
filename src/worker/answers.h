/**
 * @file answers.h
 * Answers to tool calls that have arrived, in their order, until the isolate
 * takes them. They wait here because an isolate's event borrows its texts until
 * the next call on the isolate, and answers may arrive while those texts are
 * still on their way to the pool.
 *
 * Each lies in the isolate's arena, and so does its text: they count towards
 * the memory limit, and go with a reset.
 *
 * Threads: the worker has one.
 */
#ifndef HUTCH_WORKER_ANSWERS_H
#define HUTCH_WORKER_ANSWERS_H

#include "wire/frame.h"

#include <hutch/isolate.h>

#include <stdbool.h>
#include <stddef.h>

/** One answer. */
typedef struct hutch_answer {
    struct hutch_answer *next;
    bool rejects;              /**< a REJECT; otherwise a REPLY, of which only `call_id` is set */
    hutch_frame_reject reject; /**< the lengths of the texts */
    char *text;    /**< what the frame brought after its struct, from hutch_isolate_payload_new();
                        NULL when it was not kept: it is too long or there was no room */
    size_t length; /**< bytes that the frame brought */
} hutch_answer;

/** The answers that wait. All zeroes when there are none. */
typedef struct hutch_answers {
    hutch_answer *first;
    hutch_answer *last;
    bool lost; /**< one did not fit the arena */
} hutch_answers;

/** Whether there is nothing to give. */
static inline bool hutch_answers_is_empty(const hutch_answers *answers) {
    return answers->first == NULL && !answers->lost;
}

/** Queue an answer. @param answer copied, its text taken */
void hutch_answers_add(hutch_answers *answers, hutch_isolate *isolate, const hutch_answer *answer);

/**
 * Give the isolate what has arrived. The run ends with MemoryLimitError when an
 * answer was lost.
 *
 * @param isolate  a run in progress
 * @return false when the isolate knows no such call
 */
bool hutch_answers_give(hutch_answers *answers, hutch_isolate *isolate);

/** Forget what has arrived: its run has ended. */
void hutch_answers_drop(hutch_answers *answers, hutch_isolate *isolate);

#endif
