/*
 * Calls that nobody awaits; see detached.h.
 */
#include "isolate/detached.h"

#include "base/detached_text.h"
#include "isolate/console.h"
#include "isolate/failure.h"
#include "isolate/rejections.h"
#include "isolate/report.h"
#include "plat/clock.h"

/* How long the getters of errors may take, when what is known of a run is told at its end. */
#define TELL_NS (20 * HUTCH_NS_PER_MS)

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

static hutch_detached_calls open_calls(const hutch_guest *guest) {
    hutch_detached_calls open = {.count = guest->calls.open};
    const hutch_call *call = next_open(&guest->calls, 0);
    for (size_t i = 0; call != NULL && i < HUTCH_DETACHED_NAMES; i++) {
        open.names[i] = guest->tools[call->tool].name;
        call = next_open(&guest->calls, call->id);
    }
    return open;
}

/* As an entry of the console's, whatever that has had. */
static void warn(hutch_guest *guest, const hutch_detached_text *text) {
    hutch_guest_open_reserve(guest);
    hutch_console_warn(guest, (hutch_text){text->data, text->length});
    hutch_guest_close_reserve(guest);
}

static void warn_of_open_calls(hutch_guest *guest) {
    hutch_detached_calls open = open_calls(guest);
    hutch_detached_text text = {.length = 0};
    hutch_detached_text_add_calls(&text, &open);
    hutch_detached_text_add(&text, " that nobody awaits: the result was taken when the program "
                                   "returned, and what they do later does not change it");
    warn(guest, &text);
}

/* Something goes on: the value leaves before that, with all that was called and logged so far, so that
 * it is known whatever becomes of the process. */
static void send_value(hutch_guest *guest) {
    const hutch_isolate *isolate = guest->isolate;
    const hutch_crossing *result = &guest->run.result;
    if (isolate->value_sink != NULL &&
        (guest->calls.open > 0 || guest->calls.first_answer != NULL ||
         JS_IsJobPending(guest->rt))) {
        hutch_guest_send_events(guest);
        hutch_done value = {.json = result->json, .values = result->values};
        isolate->value_sink(isolate->sink_user, &value);
    }
}

void hutch_detached_begin(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    const hutch_isolate_options *options = &guest->isolate->options;
    if (options->detached != HUTCH_DETACHED_WAIT) {
        return;
    }
    uint64_t until = hutch_clock_now() + options->detached_timeout_ms * HUTCH_NS_PER_MS;
    run->is_shortened = until < run->deadline_ns;
    run->deadline_ns = run->is_shortened ? until : run->deadline_ns;
    if (guest->calls.open > 0) {
        warn_of_open_calls(guest);
    }
    send_value(guest);
}

bool hutch_detached_rest(hutch_guest *guest) {
    hutch_detached_calls open = open_calls(guest);
    switch (guest->isolate->options.detached) {
    case HUTCH_DETACHED_WAIT:
        guest->run.waiting = true;
        return true;
    case HUTCH_DETACHED_DELIVER:
        return false;
    case HUTCH_DETACHED_FAIL:
        break;
    }
    hutch_rejections_tell(guest);
    if (guest->run.halted) {
        hutch_fail(guest, guest->run.halt);
    } else {
        hutch_fail_detached(guest, &open);
    }
    return false;
}

/* What has ended the waiting ends nothing more: the rest is told within a time of its own. */
static void begin_telling(hutch_guest *guest) {
    guest->run.halted = false;
    guest->run.is_telling = true;
    guest->run.deadline_ns = hutch_clock_now() + TELL_NS;
    hutch_guest_clear_exception(guest);
}

static void tell_rejections(hutch_guest *guest) {
    hutch_guest_open_reserve(guest);
    hutch_rejections_tell(guest);
    hutch_guest_clear_exception(guest);
    hutch_guest_close_reserve(guest);
}

void hutch_detached_end(hutch_guest *guest) {
    hutch_run *run = &guest->run;
    hutch_detached_calls open = open_calls(guest);
    hutch_detached_text text;
    bool is_spent = run->halt == HUTCH_FAILURE_MEMORY;
    hutch_detached_text_tell_end(&text, &open, run->halt, run->is_shortened);
    begin_telling(guest);
    warn(guest, &text);
    tell_rejections(guest);
    guest->is_spent = is_spent;
    guest->gone = is_spent;
    /* After the value has been told: there can be hundreds of thousands. */
    guest->has_stale_jobs = !is_spent;
}
