/**
 * @file session.h
 * What a worker may say now. The session follows one worker through its
 * contexts and runs, and judges every frame against what the worker has been
 * told: its type in this state, its run, its lengths, ids, counts and text.
 * Whoever breaks a rule is killed; nothing of the frame is used.
 *
 * The rules, beyond the shapes of frames (wire/frame_shape.h):
 *
 * - READY comes once after the worker's start and once for each CLOSE, and is
 *   the only frame while one is owed; except that the frames of a run which was
 *   abandoned (its context closed in the middle of it) may still come before
 *   the last READY that is owed. Their heads are judged as all others, their
 *   bodies are dropped unread. They count: nobody answers its calls any more, a
 *   log entry has a UTF-16 unit for each three bytes at least, and all bodies
 *   together are no more than the heap they come from could hold.
 * - CALL, LOG, WAITING, SETTLED, DONE and FAILED carry the number of the run in progress;
 *   DONE or FAILED ends it, and nothing of it may follow. A run that was asked
 *   to stop is in progress until then.
 * - Call ids grow within a context; the tool exists; calls keep to the budget
 *   and to the limits of open ones and of their inputs, log entries and units to theirs (and one
 *   more entry, which says that there were more).
 * - SETTLED comes once in a run at most, and only where the context waits for calls that nobody awaits;
 *   after it the run can only end with DONE, which repeats nothing.
 * - WAITING never counts more answers than were sent, always more than the
 *   WAITING before it, and with all of them counted there is a call to wait for.
 * - The inputs of CALL and the results of SETTLED and DONE are JSON, within their limits of
 *   values and depth; only results may be empty. They and LOG are judged as their
 *   bytes arrive, before there is room for the rest.
 * - All text is UTF-8; FAILED's lengths add up, its name is not empty, its kind
 *   is one that a worker can know.
 *
 * Threads: the pool's thread.
 */
#ifndef HUTCH_POOL_SESSION_H
#define HUTCH_POOL_SESSION_H

#include "base/detached_text.h"
#include "base/json_scan.h"
#include "pool/call_set.h"
#include "wire/frame_reader.h"

#include <hutch/event.h>
#include <hutch/limits.h>

/** Entries beyond maxLogEntries: "[log output truncated]", and two warnings of calls that nobody awaits. */
#define HUTCH_SESSION_LOG_NOTES 3
/** Units of them, with room to spare. */
#define HUTCH_SESSION_LOG_NOTE_UNITS (64 + 2 * HUTCH_DETACHED_TEXT_SIZE)

/** The session of one worker. All zero, then hutch_session_init(). */
typedef struct hutch_session {
    hutch_frame_shape shapes[HUTCH_FRAMES_TO_POOL_COUNT]; /**< of what may come, by the limits */
    hutch_limits limits;                                  /**< of the context */
    hutch_proto_keys proto_keys;                          /**< of the context */
    bool waits_for_detached;                              /**< the context's runs do */
    uint32_t tool_count;
    uint32_t ready_owed;      /**< READY frames that are still to come */
    uint32_t run;             /**< number of the last run that was started */
    bool running;             /**< it has not ended yet */
    bool abandoned;           /**< nobody hears it any more */
    uint32_t answers;         /**< sent in this run */
    bool settled;             /**< the last run has said its result before its end */
    uint64_t waited;          /**< one more than the last WAITING of this run has counted */
    uint32_t last_call;       /**< highest id in this context */
    uint32_t first_call;      /**< lowest id that this run can have */
    uint64_t calls;           /**< in this run */
    uint64_t log_entries;     /**< in this run */
    uint64_t log_units;       /**< in this run */
    uint64_t dropped;         /**< bytes of bodies since the run was abandoned */
    hutch_call_set open;      /**< calls of this run that wait for an answer */
    hutch_open_call answered; /**< the last one that got its answer */
    hutch_json_scan json; /**< of the CALL, SETTLED or DONE that is arriving, or was the last one */
    hutch_utf8_walk text; /**< of the LOG that is arriving */
    uint64_t text_units;  /**< of what has come of it */
} hutch_session;

/** What a frame is worth. */
typedef enum hutch_verdict {
    HUTCH_VERDICT_SOUND,
    HUTCH_VERDICT_VIOLATION, /**< `why` says which rule is broken */
    HUTCH_VERDICT_NO_MEMORY,
} hutch_verdict;

/** Of a worker that is on its way and will say READY. */
void hutch_session_init(hutch_session *session);

/** Give the memory back. */
void hutch_session_free(hutch_session *session);

/** The worker has been told OPEN. @param options copied, as far as they matter */
void hutch_session_open(hutch_session *session, const hutch_isolate_options *options,
                        size_t tool_count);

/** The worker has been told RUN. @param run differs from all numbers this worker has seen */
void hutch_session_run(hutch_session *session, uint32_t run);

/** The worker has been told CLOSE. */
void hutch_session_close(hutch_session *session);

/** What an answer to a call is good for. */
typedef enum hutch_answer_verdict {
    HUTCH_ANSWER_DUE,     /**< send it: the call waits for it, and does not any more */
    HUTCH_ANSWER_LATE,    /**< drop it: the call's run is over */
    HUTCH_ANSWER_UNKNOWN, /**< refuse it: there was no such call, or it has its answer */
} hutch_answer_verdict;

/** Judge an answer of the host's. */
hutch_answer_verdict hutch_session_answer(hutch_session *session, uint32_t call_id);

/** Take the last DUE answer back: it could not be sent, and the call waits again. */
void hutch_session_answer_failed(hutch_session *session);

/**
 * Judge a frame by its header and struct, before there is room for its body.
 *
 * @param reader  at ROOM, or at COMPLETE without a body
 * @param why     [out] static text, written with VIOLATION
 */
hutch_verdict hutch_session_judge_head(hutch_session *session, const hutch_frame_reader *reader,
                                       const char **why);

/**
 * Judge the next bytes of a body whose head was SOUND. Members `__proto__` are
 * taken out of them where the context wants it.
 *
 * @param body  the buffer that the body is in, private to the host; it may move between pieces
 * @param from  where these bytes begin
 * @param to    where they end
 * @param kept  [out] length of the body so far, at most `to`: what of it stays lies at the front
 */
hutch_verdict hutch_session_judge_piece(hutch_session *session, const hutch_frame_reader *reader,
                                        char *body, size_t from, size_t to, size_t *kept,
                                        const char **why);

/**
 * Judge a whole frame whose head and pieces were SOUND, and count it.
 *
 * @param body  what stays of the body, private to the host; not looked at in an abandoned run
 */
hutch_verdict hutch_session_take(hutch_session *session, const hutch_frame_reader *reader,
                                 const char *body, const char **why);

#endif
