/**
 * @file attack.h
 * One attack: a program, and what must come of it, read from the comments at
 * its head:
 *
 *     // attack: what it tries
 *     // timeout: milliseconds          (default 60000; of one that must not time out, more on a
 *                                       slow machine: support/patience.h)
 *     // memory: bytes                  (default: the limit's own)
 *     // expect: done [JSON]            it ends, with this value
 *     // expect: failed KIND [NAME]     it fails; KIND is the failure's word, * is any
 *     // expect: contained              either, as long as the worker itself survives
 *     // polls: yes|rarely|no           of native loops: does the engine look up in them?
 *
 * No attack may end as worker_died or sandbox_violation: the engine has to
 * hold before the process has to.
 */
#ifndef HUTCH_TESTS_ATTACK_H
#define HUTCH_TESTS_ATTACK_H

#include <hutch/event.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum attack_outcome { ATTACK_DONE, ATTACK_FAILED, ATTACK_CONTAINED } attack_outcome;

typedef enum attack_polls { ATTACK_POLLS_NO, ATTACK_POLLS_RARELY, ATTACK_POLLS_YES } attack_polls;

typedef struct attack {
    char *source; /**< owned */
    size_t length;
    char title[160];
    attack_outcome outcome;
    char detail[128]; /**< JSON of DONE, or KIND of FAILED; empty: any */
    char name[64];    /**< error name of FAILED; empty: any */
    uint64_t timeout_ms;
    uint64_t memory_bytes; /**< 0: the default */
    attack_polls polls;
} attack;

/** Read an attack; on failure says why in `problem`. */
bool attack_load(const char *path, attack *out, char *problem, size_t problem_size);
void attack_free(attack *loaded);

/** Whether the last event of a run is what the attack expects. */
bool attack_matches(const attack *expected, const hutch_event *event);

#endif
