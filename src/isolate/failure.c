/*
 * Ending a run that failed; see failure.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/failure.h"

#include "isolate/hint.h"
#include "isolate/rejections.h"
#include "isolate/syntax.h"
#include "isolate/thrown.h"
#include "plat/clock.h"

#include <inttypes.h>

/* "128 MiB", "1500 KiB", "12 bytes": the largest unit that divides it. */
static void add_size(hutch_buffer *text, uint64_t bytes) {
    if (bytes % HUTCH_MIB == 0) {
        hutch_report_format(text, "%" PRIu64 " MiB", bytes / HUTCH_MIB);
    } else if (bytes % HUTCH_KIB == 0) {
        hutch_report_format(text, "%" PRIu64 " KiB", bytes / HUTCH_KIB);
    } else {
        hutch_report_format(text, "%" PRIu64 " bytes", bytes);
    }
}

/* Message and code of a failure that is not the guest's own error. */
static void describe(hutch_guest *guest, hutch_failure failure) {
    const hutch_limits *limits = &guest->isolate->options.limits;
    hutch_report *report = &guest->isolate->report;
    hutch_buffer *message = &report->message;
    hutch_report_clear(message);
    switch (failure) {
    case HUTCH_FAILURE_TIMEOUT:
        hutch_report_format(message, "Execution timed out after %" PRIu64 " ms",
                            (guest->run.deadline_ns - guest->run.begin_ns + HUTCH_NS_PER_MS / 2) /
                                HUTCH_NS_PER_MS);
        hutch_report_set(&report->code, "timeout");
        break;
    case HUTCH_FAILURE_CPU_TIME:
        hutch_report_format(message,
                            "Execution used more than its %" PRIu64 " ms of processor time",
                            limits->cpu_time_ms);
        hutch_report_set(&report->code, "cpuTime");
        break;
    case HUTCH_FAILURE_MEMORY:
        hutch_report_format(message, "Execution went over its memory limit of ");
        add_size(message, limits->memory_bytes);
        hutch_report_set(&report->code, "memoryLimit");
        break;
    case HUTCH_FAILURE_STACK:
        hutch_report_format(message, "Execution went over its stack limit of ");
        add_size(message, limits->stack_bytes);
        hutch_report_set(&report->code, "maxStackSize");
        break;
    case HUTCH_FAILURE_STALLED:
        hutch_report_format(message,
                            "The program waits for a promise that nothing can settle: no job is "
                            "left to run, no tool call is open, and there is no host work");
        break;
    case HUTCH_FAILURE_STOPPED:
        hutch_report_format(message, "Execution was stopped");
        break;
    case HUTCH_FAILURE_GUEST:
    case HUTCH_FAILURE_SYNTAX:
    case HUTCH_FAILURE_LIMIT:
    case HUTCH_FAILURE_DETACHED:
    case HUTCH_FAILURE_WORKER_DIED:
    case HUTCH_FAILURE_VIOLATION:
        /* These have messages of their own, and are not ended by hutch_fail(). */
        break;
    }
}

/* Throw away what is left of the run. The report is written. */
static void end(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    JSContext *ctx = guest->ctx;
    hutch_report *report = &guest->isolate->report;
    run->phase = HUTCH_PHASE_FAILED;
    hutch_guest_close_reserve(guest);
    if (report->usable) {
        hutch_guest_clear_exception(guest);
        JS_FreeValue(ctx, run->promise);
        hutch_crossing_free(&run->result, ctx);
        hutch_calls_clear(&guest->calls, ctx);
        hutch_rejections_clear(guest);
        hutch_source_free(&run->source, ctx);
        report->usable = hutch_guest_drop_jobs(guest);
    }
    run->promise = JS_UNDEFINED;
    run->result = (hutch_crossing){0};
    guest->gone = !report->usable;
}

void hutch_fail(hutch_guest *guest, hutch_failure failure) {
    hutch_report_begin(&guest->isolate->report, failure);
    describe(guest, failure);
    end(guest);
}

void hutch_fail_detached(hutch_guest *guest, const hutch_detached_calls *open) {
    hutch_detached_text text = {.length = 0};
    hutch_report_begin(&guest->isolate->report, HUTCH_FAILURE_DETACHED);
    hutch_detached_text_add(&text, "The program returned while ");
    hutch_detached_text_add_calls(&text, open);
    hutch_detached_text_add(&text,
                            " had no answer: await each call, or give `detached` another value");
    hutch_report_clear(&guest->isolate->report.message);
    hutch_report_add(&guest->isolate->report.message, text.data, text.length);
    end(guest);
}

void hutch_fail_limit(hutch_guest *guest, const char *what, size_t size, const char *option,
                      uint64_t limit) {
    hutch_report *report = &guest->isolate->report;
    hutch_report_begin(report, HUTCH_FAILURE_LIMIT);
    hutch_report_format(&report->message,
                        "The %s has %zu bytes, more than %s, which is %" PRIu64 " bytes", what,
                        size, option, limit);
    hutch_report_set(&report->code, option);
    end(guest);
}

void hutch_fail_crossing(hutch_guest *guest, hutch_json_verdict verdict) {
    hutch_report *report = &guest->isolate->report;
    bool is_limit = verdict == HUTCH_JSON_TOO_MANY || verdict == HUTCH_JSON_TOO_DEEP ||
                    verdict == HUTCH_JSON_TOO_LONG;
    hutch_report_begin(report, is_limit ? HUTCH_FAILURE_LIMIT : HUTCH_FAILURE_GUEST);
    if (!is_limit) {
        hutch_report_set(&report->name, "TypeError");
    }
    switch (verdict) {
    case HUTCH_JSON_TOO_MANY:
        hutch_report_format(
            &report->message,
            "The result has more JSON values than maxResultValues, which is %" PRIu64,
            guest->isolate->options.limits.result_values);
        hutch_report_set(&report->code, "maxResultValues");
        break;
    case HUTCH_JSON_TOO_DEEP:
        hutch_report_format(&report->message, "The result is nested deeper than %d levels",
                            HUTCH_JSON_DEPTH_MAX);
        hutch_report_set(&report->code, "maxResultValues");
        break;
    case HUTCH_JSON_TOO_LONG:
        hutch_report_format(&report->message, "The result has a number of more than %d characters",
                            HUTCH_JSON_NUMBER_MAX);
        hutch_report_set(&report->code, "maxResultValues");
        break;
    case HUTCH_JSON_PROTO:
        hutch_report_format(&report->message,
                            "The result has a member __proto__, which protoKeys refuses");
        hutch_report_set(&report->code, "protoKeys");
        break;
    case HUTCH_JSON_SOUND:
    case HUTCH_JSON_NOT_UTF8:
    case HUTCH_JSON_INVALID:
    case HUTCH_JSON_SPACED:
        hutch_report_format(&report->message, "The result cannot be turned into JSON");
        break;
    }
    end(guest);
}

/* Getters of the guest's, which the report has read, may have been its end. */
static void end_thrown(hutch_guest *guest) {
    if (guest->run.halted) {
        hutch_fail(guest, guest->run.halt);
    } else {
        end(guest);
    }
}

/* The run fails here if a limit is behind what was thrown: that is found out without any of the
 * guest's code. */
static bool fail_for_limit(hutch_guest *guest, JSValueConst thrown) {
    hutch_failure failure = hutch_thrown_classify(guest, thrown);
    if (failure == HUTCH_FAILURE_MEMORY) {
        hutch_fail(guest, failure);
        return true;
    }
    if (failure == HUTCH_FAILURE_STACK) {
        hutch_report *report = &guest->isolate->report;
        hutch_report_begin(report, failure);
        hutch_thrown_report(guest, thrown);
        hutch_report_set(&report->name, hutch_failure_name(failure));
        describe(guest, failure);
        end_thrown(guest);
        return true;
    }
    return false;
}

void hutch_fail_thrown(hutch_guest *guest, JSValueConst thrown, hutch_failure otherwise) {
    if (fail_for_limit(guest, thrown)) {
        return;
    }
    hutch_report_begin(&guest->isolate->report, otherwise);
    hutch_thrown_report(guest, thrown);
    if (otherwise == HUTCH_FAILURE_SYNTAX) {
        hutch_syntax_mend(guest, thrown);
    } else if (guest->isolate->options.hints) {
        hutch_guest_open_reserve(guest);
        hutch_hint_append(guest, thrown);
    }
    end_thrown(guest);
}

void hutch_fail_result(hutch_guest *guest, JSValueConst thrown) {
    if (fail_for_limit(guest, thrown)) {
        return;
    }
    hutch_report *report = &guest->isolate->report;
    hutch_report_begin(report, HUTCH_FAILURE_GUEST);
    hutch_report_format(&report->message, "The result cannot be turned into JSON: ");
    hutch_thrown_report(guest, thrown);
    end_thrown(guest);
}
