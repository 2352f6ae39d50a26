/*
 * Calls that nobody awaits; see detached.h.
 */
#include "isolate/detached.h"

#include "isolate/console.h"
#include "isolate/failure.h"
#include "isolate/report.h"
#include "plat/clock.h"

/* Names that are told. */
#define NAMES_SHOWN 8
/* Longer ones are cut. */
#define NAME_SHOWN 64

bool hutch_detached_is_waiting(const hutch_guest *guest) {
    return guest->run.phase == HUTCH_PHASE_DRAIN && !guest->run.rejected &&
           guest->isolate->options.detached == HUTCH_DETACHED_WAIT;
}

/* The open call with the least id above another; NULL: there is none. */
static const hutch_call *next_open(const hutch_calls *calls, uint32_t after) {
    const hutch_call *found = NULL;
    for (size_t i = 0; i < calls->capacity; i++) {
        const hutch_call *call = calls->slots[i];
        if (call != NULL && call->id > after && (found == NULL || call->id < found->id)) {
            found = call;
        }
    }
    return found;
}

/* "2 tool calls (notify, log)" */
static void add_calls(const hutch_guest *guest, hutch_buffer *text) {
    const hutch_calls *calls = &guest->calls;
    const hutch_call *call = next_open(calls, 0);
    hutch_report_format(text, "%zu tool call%s (", calls->open, calls->open == 1 ? "" : "s");
    for (size_t i = 0; call != NULL && i < NAMES_SHOWN; i++) {
        hutch_report_format(text, "%s%.*s", i > 0 ? ", " : "", NAME_SHOWN,
                            guest->tools[call->tool].name);
        call = next_open(calls, call->id);
    }
    hutch_report_format(text, call != NULL ? ", …)" : ")");
}

/* As an entry of the console's. The message of the report has the room: no memory of the guest's is needed
 * to make it. */
static void warn(hutch_guest *guest) {
    hutch_buffer *text = &guest->isolate->report.message;
    hutch_guest_open_reserve(guest);
    hutch_console_note(guest, HUTCH_LOG_WARN, (hutch_text){text->data, text->length});
    hutch_guest_close_reserve(guest);
    hutch_report_clear(text);
}

void hutch_detached_begin(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    const hutch_isolate_options *options = &guest->isolate->options;
    hutch_buffer *text = &guest->isolate->report.message;
    if (options->detached != HUTCH_DETACHED_WAIT) {
        return;
    }
    uint64_t until = hutch_clock_now() + options->detached_timeout_ms * HUTCH_NS_PER_MS;
    run->is_shortened = until < run->deadline_ns;
    run->deadline_ns = run->is_shortened ? until : run->deadline_ns;
    if (guest->calls.open > 0) {
        hutch_report_clear(text);
        add_calls(guest, text);
        hutch_report_format(text, " that nobody awaits: the result was taken when the program "
                                  "returned, and what they do later does not change it");
        warn(guest);
    }
}

bool hutch_detached_rest(hutch_guest *guest) {
    switch (guest->isolate->options.detached) {
    case HUTCH_DETACHED_WAIT:
        guest->run.waiting = true;
        return true;
    case HUTCH_DETACHED_DELIVER:
        return false;
    case HUTCH_DETACHED_FAIL:
        break;
    }
    hutch_fail_detached(guest, add_calls);
    return false;
}

static const char *reason_of(const hutch_run *run) {
    switch (run->halt) {
    case HUTCH_FAILURE_TIMEOUT:
        return run->is_shortened ? "detachedTimeout was over" : "the run's timeout was over";
    case HUTCH_FAILURE_CPU_TIME:
        return "the run's cpuTime was used up";
    case HUTCH_FAILURE_MEMORY:
        return "the memory limit was met, and the context is gone";
    case HUTCH_FAILURE_STOPPED:
        return "the run was stopped";
    case HUTCH_FAILURE_GUEST:
    case HUTCH_FAILURE_SYNTAX:
    case HUTCH_FAILURE_STACK:
    case HUTCH_FAILURE_LIMIT:
    case HUTCH_FAILURE_STALLED:
    case HUTCH_FAILURE_DETACHED:
    case HUTCH_FAILURE_WORKER_DIED:
    case HUTCH_FAILURE_VIOLATION:
        break;
    }
    return "the run was ended";
}

void hutch_detached_end(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    hutch_buffer *text = &guest->isolate->report.message;
    bool is_spent = run->halt == HUTCH_FAILURE_MEMORY;
    hutch_report_clear(text);
    hutch_report_format(text, "The program returned, and ");
    if (guest->calls.open > 0) {
        add_calls(guest, text);
        hutch_report_format(text, " that nobody awaits had no answer");
    } else {
        hutch_report_format(text, "what nobody awaits had not come to its end");
    }
    hutch_report_format(text, " when %s", reason_of(run));
    run->halted = false;
    hutch_guest_clear_exception(guest);
    warn(guest);
    guest->is_spent = is_spent;
    guest->gone = is_spent;
    /* After the value has been told: there can be hundreds of thousands. */
    guest->has_stale_jobs = !is_spent;
}
