/**
 * @file guest.h
 * The two halves of an isolate. hutch_isolate lies on the host's heap and holds
 * what outlives a reset: the options, the stop word, the texts of a failure.
 * hutch_guest lies in the arena, and so does everything that it points to: a
 * restore of the image makes it new.
 *
 * Invariants: between two calls of the public interface no frame of the guest
 * is on the C stack and no exception is pending. `events` holds what the guest
 * has made happen and the host has not seen yet, in that order. Once `halted`
 * is set, no more of the guest runs in this run.
 *
 * Threads: the isolate's own, but for `stop`.
 */
#ifndef HUTCH_ISOLATE_GUEST_H
#define HUTCH_ISOLATE_GUEST_H

#include "arena/arena.h"
#include "base/buffer.h"
#include "inspect/intrinsics.h"
#include "isolate/calls.h"
#include "isolate/crossing.h"
#include "isolate/driver.h"
#include "isolate/events.h"
#include "isolate/report.h"
#include "isolate/source.h"
#include "isolate/world.h"

#include <hutch/isolate.h>

#include <quickjs.h>
#include <stdatomic.h>

/** Bytes above the memory limit that are there to tell of a failure with. */
#define HUTCH_GUEST_RESERVE ((size_t)256 * 1024)

/** How far a run has come. */
typedef enum hutch_phase {
    HUTCH_PHASE_NONE,     /**< no run */
    HUTCH_PHASE_BEGIN,    /**< nothing of the program has run */
    HUTCH_PHASE_MAIN,     /**< the promise of the program is pending */
    HUTCH_PHASE_DRAIN,    /**< the result is known; jobs may be left */
    HUTCH_PHASE_FINISHED, /**< DONE is next */
    HUTCH_PHASE_FAILED,   /**< FAILED is next */
} hutch_phase;

/** One run. Zero at its start, but for `number`. */
typedef struct hutch_run {
    hutch_phase phase;
    uint32_t number; /**< from 1 */
    bool halted;     /**< the engine was told to stop, for the reason in `halt` */
    hutch_failure halt;
    bool refused;      /**< the memory limit has refused an allocation */
    bool waiting;      /**< nothing moves until a call is answered */
    bool rejected;     /**< the program has thrown; what it called before is still told */
    bool is_shortened; /**< `deadline_ns` is that of the calls that nobody awaits */
    bool is_telling; /**< it has come to its end: only `deadline_ns` and memory end what is left */
    hutch_source source;
    JSValue promise;       /**< of the program, from MAIN on */
    hutch_crossing result; /**< its JSON, from DRAIN on; none for undefined */
    uint64_t begin_ns;
    uint64_t deadline_ns;
    uint64_t cpu_used_ns;
    uint64_t tool_calls;
    bool told_arguments; /**< the log says already that a tool takes one input */
    uint64_t log_entries;
    uint64_t log_units;
    uint64_t log_values; /**< that the console has printed */
    uint32_t glances;    /**< hutch_guest_glance() */
    bool log_truncated;
} hutch_run;

/** A tool, by its index. */
typedef struct hutch_guest_tool {
    char *text;       /**< owned; both of the following, each NUL-terminated */
    hutch_text name;  /**< as the host calls it */
    hutch_text bound; /**< the global that programs call it by */
} hutch_guest_tool;

/** A promise that was rejected; see rejections.c. */
typedef struct hutch_rejection hutch_rejection;

/** Those that nobody has handled so far. */
typedef struct hutch_rejections {
    hutch_rejection *newest; /**< a list; owned */
    size_t count;            /**< of it */
    size_t untold;           /**< that came when it was full */
} hutch_rejections;

/** What is in the arena. */
typedef struct hutch_guest {
    hutch_isolate *isolate;
    hutch_allocator allocator; /**< the arena's, for buffers that count towards the limit */
    JSRuntime *rt;
    JSContext *ctx;
    JSValue range_error;     /**< the realm's own RangeError.prototype */
    JSValue reference_error; /**< the realm's own ReferenceError.prototype */
    hutch_intrinsics intrinsics;
    hutch_world world;
    hutch_guest_tool *tools;
    size_t tool_count;
    size_t tool_capacity;
    hutch_calls calls;
    hutch_events events;
    hutch_run run;
    uint64_t cpu_since_ns; /**< processor clock when the guest was last entered; of a thread of
                                its own: at the start of the run */
    hutch_rejections rejections;
    JSValue console_state; /**< counters and timers of the console, by label */
    uint32_t console_indent;
    bool dropping;       /**< jobs of an ended run are being dropped: do not interrupt */
    bool gone;           /**< a run hit its memory or stack limit: only a reset helps */
    bool is_spent;       /**< and so it was after a run that ended with a value */
    bool has_stale_jobs; /**< of such a run; they are dropped before anything else is done */
} hutch_guest;

struct hutch_isolate {
    hutch_arena *arena;
    hutch_guest *guest; /**< in the arena, at the same address after every restore */
    hutch_isolate_options options;
    hutch_report report;
    hutch_code_cache *code_cache; /**< owned */
    bool pristine; /**< nothing has been done in the arena since the image was saved or restored */
    hutch_arena_footprint footprint; /**< of a short program; learnt by the first rehearsal */
    size_t extent_before;            /**< of the arena, before the last restore */
    _Atomic bool stop;
    const _Atomic uint32_t *stop_word;
    uint32_t stop_value;
    bool owns_thread;          /**< see driver.h */
    uint64_t most_memory;      /**< that a reset can make the memory limit */
    uint64_t next_deadline_ns; /**< of the next run; 0: from the timeout */
    hutch_event_sink *sink;    /**< see driver.h; NULL: there is none */
    hutch_value_sink *value_sink;
    void *sink_user;
};

/** The guest that a context belongs to. */
static inline hutch_guest *hutch_guest_of(JSContext *ctx) {
    return JS_GetContextOpaque(ctx);
}

/** What the thread saw before it entered a guest. */
typedef struct hutch_guest_visit {
    const hutch_world *before;
} hutch_guest_visit;

/** Before anything that can reach the engine, and after it. */
hutch_guest_visit hutch_guest_enter(hutch_guest *guest);
void hutch_guest_leave(hutch_guest *guest, hutch_guest_visit visit);

/** A run begins: where the thread is the isolate's own, its processor time counts from now on. */
void hutch_guest_begin_time(hutch_guest *guest);

/** The engine stops at its next look, uncatchably, and the run fails for this reason. The first
 *  reason stays. */
void hutch_guest_halt(hutch_guest *guest, hutch_failure failure);

/** The same out of a native function of the guest's, for want of memory. @return JS_EXCEPTION */
JSValue hutch_guest_halt_memory(JSContext *ctx);

/** The same, for moments that come often and close together: the clock is read at each few of them
 *  only, unless somebody has asked. In a worker the pool asks when the time is over. */
bool hutch_guest_glance(hutch_guest *guest);

/** The end of a native function that may have waited for the host, which the engine does not look at
 *  the clock for. @return JS_UNDEFINED, or JS_EXCEPTION where there is a reason to stop */
JSValue hutch_guest_go_on(JSContext *ctx);

/** Whether the memory limit has refused something since the last look; the run remembers. */
bool hutch_guest_take_refusal(hutch_guest *guest);

/** Whether there is a reason to stop: asked for, a deadline, a limit. Halts the guest if so. */
bool hutch_guest_must_stop(hutch_guest *guest);

/** Bytes of native stack that the guest may take, beginning where it was entered. */
size_t hutch_guest_stack(const hutch_guest *guest);

/** The limits of the options go into arena and engine. */
void hutch_guest_apply_limits(hutch_guest *guest);

/** Open or close the reserve above the memory limit. */
void hutch_guest_open_reserve(hutch_guest *guest);
void hutch_guest_close_reserve(hutch_guest *guest);

/** Between jobs: see to it that garbage is collected before the memory limit is reached. */
void hutch_guest_tend_collector(hutch_guest *guest);

/** Something has been logged: the events that the host has not seen go to the sink, if there is one. */
void hutch_guest_send_events(hutch_guest *guest);

/** Forget a pending exception, if there is one. */
void hutch_guest_clear_exception(hutch_guest *guest);

/**
 * Run the job queue dry without running any of the guest's code, so that jobs
 * of an ended run never run later.
 *
 * @return false when that did not end in time
 */
bool hutch_guest_drop_jobs(hutch_guest *guest);

/** As hutch_isolate_tidy(). */
bool hutch_guest_tidy(hutch_guest *guest);

#endif
