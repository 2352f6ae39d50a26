/*
 * The worker's side doors into an isolate; see driver.h.
 *
 * Threads: the isolate's own.
 */
#include "isolate/driver.h"

#include "isolate/detached.h"

#include "isolate/guest.h"

#include "base/checked.h"

char *hutch_isolate_payload_new(hutch_isolate *isolate, size_t length) {
    size_t size = 0;
    if (!hutch_checked_add(length, 1, &size)) {
        return NULL;
    }
    isolate->pristine = false;
    char *payload = js_malloc_rt(isolate->guest->rt, size);
    if (payload != NULL) {
        payload[length] = '\0';
    }
    return payload;
}

void hutch_isolate_payload_free(hutch_isolate *isolate, char *payload) {
    js_free_rt(isolate->guest->rt, payload);
}

void hutch_isolate_fail_memory(hutch_isolate *isolate) {
    if (isolate->guest->run.phase != HUTCH_PHASE_NONE) {
        hutch_guest_halt(isolate->guest, HUTCH_FAILURE_MEMORY);
    }
}

void hutch_isolate_set_deadline(hutch_isolate *isolate, uint64_t deadline_ns) {
    isolate->next_deadline_ns = deadline_ns;
}

hutch_status hutch_isolate_rehearse(hutch_isolate *isolate) {
    static const char program[] = "return await 1";
    hutch_event event = HUTCH_EVENT_INIT;
    if (hutch_isolate_start(isolate, program, sizeof program - 1, NULL) == HUTCH_OK) {
        while (hutch_isolate_next(isolate, &event) == HUTCH_OK && event.type != HUTCH_EVENT_DONE &&
               event.type != HUTCH_EVENT_FAILED) {
        }
    }
    if (isolate->footprint.count == 0) {
        hutch_arena_learn_footprint(isolate->arena, &isolate->footprint);
    }
    return hutch_isolate_reset(isolate, NULL, NULL);
}

void hutch_isolate_populate(hutch_isolate *isolate) {
    hutch_arena_populate(isolate->arena, &isolate->footprint);
}

void hutch_isolate_watch_stop(hutch_isolate *isolate, const _Atomic uint32_t *word,
                              uint32_t value) {
    isolate->stop_word = word;
    isolate->stop_value = value;
}

void hutch_isolate_set_sink(hutch_isolate *isolate, hutch_event_sink *sink, void *user) {
    isolate->sink = sink;
    isolate->sink_user = user;
}

void hutch_isolate_set_value_sink(hutch_isolate *isolate, hutch_value_sink *sink) {
    isolate->value_sink = sink;
}

uint64_t hutch_isolate_waits_until(const hutch_isolate *isolate) {
    const hutch_guest *guest = isolate->guest;
    return hutch_detached_is_waiting(guest) ? guest->run.deadline_ns : UINT64_MAX;
}

bool hutch_isolate_tidy(hutch_isolate *isolate) {
    return hutch_guest_tidy(isolate->guest);
}
