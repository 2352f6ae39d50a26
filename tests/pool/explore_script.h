/**
 * @file explore_script.h
 * The worker of the exploration: what our worker program does between two looks
 * of the others, as a script of single steps. Its program calls one tool and
 * returns. At any step it may also go astray, once and for good.
 */
#ifndef HUTCH_TESTS_POOL_EXPLORE_SCRIPT_H
#define HUTCH_TESTS_POOL_EXPLORE_SCRIPT_H

#include "plat/process.h"
#include "wire/frame_reader.h"
#include "wire/frame_writer.h"

/** How a worker goes astray. */
typedef enum script_misdeed {
    SCRIPT_IS_HONEST,
    SCRIPT_EXITS,
    SCRIPT_SPINS,  /**< computes for ever */
    SCRIPT_SLEEPS, /**< says that it waits for the host, and does not look any more */
    SCRIPT_STANDS, /**< somebody has stopped it: it sleeps where it is */
    SCRIPT_STARVES /**< it would like to go on, and never gets the processor */
} script_misdeed;

/** Where it is. */
typedef enum script_place {
    SCRIPT_BEGINS,
    SCRIPT_RESTS,
    SCRIPT_COMPUTES,
    SCRIPT_HAS_CALLED,
    SCRIPT_WAITS,
    SCRIPT_HAS_ANSWER,
} script_place;

typedef struct script {
    hutch_shared *shared;
    hutch_ring_writer out;
    hutch_ring_reader in;
    hutch_frame_reader reader;
    script_place place;
    script_misdeed misdeed;
    bool is_killed;
    bool has_written; /**< and has not looked yet whether it must ring */
    bool says_asleep; /**< and looks once more */
    bool is_asleep;
    bool has_answer;
    bool is_closing;
    uint32_t seen; /**< its doorbell, before it looked */
    uint32_t run;
    uint32_t answers;
    uint64_t processor_ns; /**< that it has used */
    char body[512];
} script;

/** On shared memory that the pool has attached to. */
void script_begin(script *worker, hutch_shared *shared);

/** Whether it has a step to make. */
bool script_can_step(const script *worker);

/** Whether it has a step to make that takes no time to speak of. */
bool script_is_in_haste(const script *worker);

/** Whether it could notice by now that it has been asked to stop. */
bool script_may_stop(const script *worker);

/** One step. @param stops where it has been asked to, it notices. @return whether it rings the pool */
bool script_step(script *worker, bool stops);

void script_go_astray(script *worker, script_misdeed misdeed);

/** Time passes; what the worker makes of it. */
void script_pass_time(script *worker, uint64_t ns);

/** Its futex has been woken. */
void script_wake(script *worker);

/** What the kernel says of it. */
hutch_process_activity script_activity(const script *worker);

#endif
