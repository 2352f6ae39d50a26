/*
 * The steps of a run; see run.h. The guest's code runs in here and nowhere
 * else (but for getters that a report reads).
 *
 * Threads: the isolate's own.
 */
#include "isolate/run.h"
#include "isolate/realm.h"

#include "isolate/detached.h"
#include "isolate/failure.h"
#include "isolate/rejections.h"
#include "isolate/thrown.h"
#include "isolate/tools.h"
#include "isolate/typescript.h"
#include "isolate/unwrapped.h"
#include "plat/clock.h"

void hutch_run_begin(hutch_guest *guest, const char *code, size_t length) {
    hutch_isolate *isolate = guest->isolate;
    hutch_run *run = &guest->run;
    *run = (hutch_run){.phase = HUTCH_PHASE_BEGIN,
                       .number = run->number + 1,
                       .promise = JS_UNDEFINED,
                       .begin_ns = hutch_clock_now()};
    run->deadline_ns = isolate->next_deadline_ns != 0
                           ? isolate->next_deadline_ns
                           : run->begin_ns + isolate->options.limits.timeout_ms * HUTCH_NS_PER_MS;
    guest->console_indent = 0;
    hutch_guest_begin_time(guest);
    hutch_guest_take_refusal(guest);
    run->refused = false;
    if (run->number == 1) {
        hutch_realm_trim(guest);
    }

    if (length > isolate->options.limits.code_bytes) {
        hutch_fail_limit(guest, "program", length, "maxCodeSize",
                         isolate->options.limits.code_bytes);
    } else if (!hutch_source_set(&run->source, guest->ctx, code, length, run->number)) {
        hutch_fail(guest, HUTCH_FAILURE_MEMORY);
    }
}

/* The run fails if the guest was halted. */
static bool fail_if_halted(hutch_guest *guest) {
    if (guest->run.halted) {
        hutch_fail(guest, guest->run.halt);
    }
    return guest->run.halted;
}

/* What was thrown, with its reference. */
static void fail_with_exception(hutch_guest *guest) {
    JSValue thrown = JS_GetException(guest->ctx);
    if (!fail_if_halted(guest)) {
        hutch_fail_thrown(guest, thrown, HUTCH_FAILURE_GUEST);
    }
    JS_FreeValue(guest->ctx, thrown);
}

static void fail_to_compile(hutch_guest *guest) {
    JSValue thrown = JS_GetException(guest->ctx);
    if (!fail_if_halted(guest)) {
        hutch_fail_thrown(guest, thrown, HUTCH_FAILURE_SYNTAX);
    }
    JS_FreeValue(guest->ctx, thrown);
}

/* Take its wrapping and its types away. @return false without memory */
static bool strip(hutch_guest *guest) {
    const hutch_isolate_options *options = &guest->isolate->options;
    hutch_strip_options how = HUTCH_STRIP_OPTIONS_INIT;
    how.stack_bytes = hutch_guest_stack(guest);
    how.wrapping = options->wrapping;
    how.keeps_types = !options->typescript;
    if (!hutch_source_strip(&guest->run.source, guest->ctx, &guest->allocator, &how)) {
        return false;
    }
    hutch_strip_problem *problem = guest->run.source.problem;
    if (!options->typescript && problem != NULL && !problem->is_refusal) {
        /* It was not asked what it takes for TypeScript. */
        js_free(guest->ctx, problem);
        guest->run.source.problem = NULL;
    }
    return true;
}

/* The program as a function; JS_UNDEFINED: no memory for its JavaScript. */
static JSValue make_program(hutch_guest *guest) {
    hutch_source *source = &guest->run.source;
    const hutch_isolate_options *options = &guest->isolate->options;
    if (options->typescript || options->wrapping != HUTCH_WRAPPING_AS_IS) {
        JSValue known =
            hutch_source_recall(source, guest->ctx, guest->isolate->code_cache, options->wrapping);
        if (!JS_IsUndefined(known) || !strip(guest)) {
            return known;
        }
        if (source->problem != NULL && source->problem->is_refusal) {
            return JS_Throw(guest->ctx, JS_NULL);
        }
        hutch_unwrapped_tell(guest);
    }
    return hutch_source_compile(source, guest->ctx, guest->isolate->code_cache, options->wrapping);
}

static void begin_main(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    JSValue program = make_program(guest);
    if (JS_IsUndefined(program)) {
        hutch_fail(guest, HUTCH_FAILURE_MEMORY);
        return;
    }
    if (JS_IsException(program)) {
        fail_to_compile(guest);
        return;
    }
    run->promise = JS_Call(guest->ctx, program, JS_UNDEFINED, 0, NULL);
    JS_FreeValue(guest->ctx, program);
    if (JS_IsException(run->promise)) {
        run->promise = JS_UNDEFINED;
        fail_with_exception(guest);
    } else {
        run->phase = HUTCH_PHASE_MAIN;
    }
}

/* The value of the program as JSON. @return false with an exception */
static bool result_to_json(hutch_guest *guest, hutch_json_verdict *verdict) {
    JSContext *ctx = guest->ctx;
    const hutch_isolate_options *options = &guest->isolate->options;
    JSValue value = JS_PromiseResult(ctx, guest->run.promise);
    JSValue json = JS_JSONStringify(ctx, value, JS_UNDEFINED, JS_UNDEFINED);
    JS_FreeValue(ctx, value);
    *verdict = HUTCH_JSON_SOUND;
    bool made = !JS_IsException(json);
    if (made && !JS_IsUndefined(json)) {
        made = hutch_crossing_take(&guest->run.result, ctx, json, options->limits.result_bytes,
                                   options->limits.result_values, options->proto_keys, verdict);
    }
    JS_FreeValue(ctx, json);
    return made;
}

static void finish_main(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    hutch_json_verdict verdict;
    uint64_t most = guest->isolate->options.limits.result_bytes;
    bool made = result_to_json(guest, &verdict);
    if (run->source.is_found_value && hutch_unwrapped_forgive(guest, made, verdict)) {
        made = true;
        verdict = HUTCH_JSON_SOUND;
    }
    if (!made) {
        JSValue thrown = JS_GetException(guest->ctx);
        if (!fail_if_halted(guest)) {
            hutch_fail_result(guest, thrown);
        }
        JS_FreeValue(guest->ctx, thrown);
    } else if (run->result.json.length > most) {
        hutch_fail_limit(guest, "JSON of the result", run->result.json.length, "maxResultSize",
                         most);
    } else if (verdict != HUTCH_JSON_SOUND) {
        hutch_fail_crossing(guest, verdict);
    } else {
        run->phase = HUTCH_PHASE_DRAIN;
        hutch_detached_begin(guest);
    }
}

static void reject_main(hutch_guest *guest) {
    JSValue thrown = JS_PromiseResult(guest->ctx, guest->run.promise);
    hutch_fail_thrown(guest, thrown, HUTCH_FAILURE_GUEST);
    JS_FreeValue(guest->ctx, thrown);
}

static void run_job(hutch_guest *guest) {
    JSContext *ctx = NULL;
    if (JS_ExecutePendingJob(guest->rt, &ctx) >= 0) {
        hutch_guest_clear_exception(guest);
        return;
    }
    /* A callback of queueMicrotask() threw, or a job found no memory. The first is nobody's
     * business, as an unhandled rejection is. */
    JSValue thrown = JS_GetException(guest->ctx);
    if (hutch_thrown_classify(guest, thrown) == HUTCH_FAILURE_MEMORY) {
        hutch_guest_halt(guest, HUTCH_FAILURE_MEMORY);
    }
    JS_FreeValue(guest->ctx, thrown);
}

static void finish(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    hutch_rejections_tell(guest);
    JS_FreeValue(guest->ctx, run->promise);
    run->promise = JS_UNDEFINED;
    hutch_calls_clear(&guest->calls, guest->ctx);
    hutch_source_free(&run->source, guest->ctx);
    run->phase = HUTCH_PHASE_FINISHED;
}

/* What it called before is still told. But not where a limit has ended it: no job would come far. */
static void begin_rejection(hutch_guest *guest) {
    JSValue thrown = JS_PromiseResult(guest->ctx, guest->run.promise);
    hutch_failure failure = hutch_thrown_classify(guest, thrown);
    JS_FreeValue(guest->ctx, thrown);
    if (failure == HUTCH_FAILURE_MEMORY || failure == HUTCH_FAILURE_STACK) {
        reject_main(guest);
    } else {
        guest->run.rejected = true;
        guest->run.phase = HUTCH_PHASE_DRAIN;
    }
}

/* The program has settled, and nothing is left to run. */
static void come_to_rest(hutch_guest *guest) {
    if (guest->run.rejected) {
        hutch_rejections_tell(guest);
        reject_main(guest);
    } else if (guest->calls.open == 0 || !hutch_detached_rest(guest)) {
        /* It may have failed for them. */
        if (guest->run.phase == HUTCH_PHASE_DRAIN) {
            finish(guest);
        }
    }
}

/* Nothing is left to run, and the program has not settled. */
static void stand_still(hutch_guest *guest) {
    hutch_guest_take_refusal(guest);
    if (guest->calls.open > 0) {
        guest->run.waiting = true;
    } else if (guest->run.refused) {
        /* The engine loses a job for which it finds no memory. */
        hutch_fail(guest, HUTCH_FAILURE_MEMORY);
    } else {
        hutch_fail(guest, HUTCH_FAILURE_STALLED);
    }
}

/* A program that has returned keeps its value. */
static void end_early(hutch_guest *guest) {
    if (hutch_detached_is_waiting(guest)) {
        hutch_detached_end(guest);
        finish(guest);
    } else {
        hutch_fail(guest, guest->run.halt);
    }
}

static void step(hutch_guest *guest, bool must_stop) {
    hutch_run *run = &guest->run;
    if (must_stop) {
        end_early(guest);
        return;
    }
    if (run->phase == HUTCH_PHASE_BEGIN) {
        begin_main(guest);
        return;
    }
    JSPromiseStateEnum state = run->phase == HUTCH_PHASE_MAIN
                                   ? JS_PromiseState(guest->ctx, run->promise)
                                   : JS_PROMISE_PENDING;
    if (state == JS_PROMISE_FULFILLED) {
        finish_main(guest);
    } else if (state == JS_PROMISE_REJECTED) {
        begin_rejection(guest);
    } else if (hutch_tools_settle_one(guest)) {
        return;
    } else if (JS_IsJobPending(guest->rt)) {
        hutch_guest_tend_collector(guest);
        run_job(guest);
    } else if (run->phase == HUTCH_PHASE_DRAIN) {
        come_to_rest(guest);
    } else {
        stand_still(guest);
    }
}

void hutch_run_advance(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    run->waiting = false;
    /* Before the first step the host may have taken its time. */
    bool is_first = true;
    while (guest->events.first == NULL && !run->waiting && run->phase < HUTCH_PHASE_FINISHED) {
        step(guest, is_first ? hutch_guest_must_stop(guest) : hutch_guest_glance(guest));
        is_first = false;
    }
}
