/*
 * The public interface of an isolate; see hutch/isolate.h and driver.h. Checks
 * arguments and states; the work is done in run.c, tools.c and realm.c.
 *
 * Threads: the isolate's own, but for hutch_isolate_stop().
 */
#include "base/error.h"
#include "base/isolate_options.h"
#include "base/size.h"
#include "base/text.h"
#include "base/tool_name.h"
#include "isolate/driver.h"
#include "isolate/guest.h"
#include "isolate/realm.h"
#include "isolate/run.h"
#include "isolate/tools.h"
#include "plat/memory.h"

#include <inttypes.h>
#include <stdlib.h>

/* The largest memory limit that there is. */
#define MEMORY_MOST (4096 * HUTCH_MIB)

/* Most bytes that stay resident after a reset: an idle worker shall not hold more. */
#define KEEP_MOST ((size_t)8 * 1024 * 1024)

/* About what a realm takes: its pages are asked for at once. */
#define REALM_BYTES ((size_t)192 * 1024)

/* What a restored image does not bring with it. */
static void renew(hutch_isolate *isolate) {
    hutch_guest *guest = isolate->guest;
    isolate->pristine = true;
    hutch_report_wipe(&isolate->report);
    hutch_world_reset(&guest->world, &isolate->options);
    hutch_guest_apply_limits(guest);
    (void)hutch_arena_take_refusal(isolate->arena);
    isolate->next_deadline_ns = 0;
    atomic_store_explicit(&isolate->stop, false, memory_order_relaxed);
}

static hutch_status build(hutch_isolate *isolate, hutch_error *error) {
    isolate->code_cache = hutch_code_cache_new();
    if (isolate->code_cache == NULL || !hutch_report_init(&isolate->report)) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for an isolate");
    }
    /* A reset can change the limit; and there is the reserve above it. */
    size_t reserve = (size_t)isolate->most_memory + 2 * HUTCH_GUEST_RESERVE;
    hutch_status status = hutch_arena_new(reserve, &isolate->arena, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_memory_populate(isolate->arena, REALM_BYTES);
    status = hutch_realm_build(isolate, error);
    if (status != HUTCH_OK) {
        return status;
    }
    status = hutch_arena_save(isolate->arena, error);
    if (status == HUTCH_OK) {
        renew(isolate);
    }
    return status;
}

/* The options, and whether there are addresses for them. */
static hutch_status check_options(const hutch_isolate_options *options, uint64_t most_memory,
                                  hutch_error *error) {
    hutch_status status = hutch_isolate_options_check(options, error);
    if (status == HUTCH_OK && options->limits.memory_bytes > most_memory) {
        status = hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                 "memoryLimit is %" PRIu64 " bytes, expected at most %" PRIu64
                                 " of this isolate",
                                 options->limits.memory_bytes, most_memory);
    }
    return status;
}

hutch_status hutch_isolate_new(const hutch_isolate_options *options, hutch_isolate **isolate,
                               hutch_error *error) {
    hutch_isolate_options standard;
    hutch_isolate_options_init(&standard);
    return hutch_isolate_new_within(options != NULL ? options : &standard, MEMORY_MOST, isolate,
                                    error);
}

hutch_status hutch_isolate_new_within(const hutch_isolate_options *options, uint64_t most_memory,
                                      hutch_isolate **isolate, hutch_error *error) {
    *isolate = NULL;
    hutch_status status = check_options(options, most_memory, error);
    if (status != HUTCH_OK) {
        return status;
    }
    hutch_isolate *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0, "no memory for an isolate");
    }
    made->options = *options;
    made->most_memory = most_memory;
    status = build(made, error);
    if (status != HUTCH_OK) {
        hutch_isolate_free(made);
        return status;
    }
    *isolate = made;
    return HUTCH_OK;
}

void hutch_isolate_free(hutch_isolate *isolate) {
    if (isolate == NULL) {
        return;
    }
    hutch_arena_free(isolate->arena);
    hutch_report_free(&isolate->report);
    hutch_code_cache_free(isolate->code_cache);
    free(isolate);
}

/* What two guests in a row have used stays resident for the next one; a large guest among small ones
 * leaves nothing. */
static size_t take_keep(hutch_isolate *isolate) {
    hutch_arena_stats stats;
    hutch_arena_get_stats(isolate->arena, &stats);
    size_t before = isolate->extent_before;
    isolate->extent_before = stats.extent;
    size_t keep = stats.extent < before ? stats.extent : before;
    return keep < KEEP_MOST ? keep : KEEP_MOST;
}

static hutch_status restore(hutch_isolate *isolate) {
    /* A worker resets twice for each guest: when the last one is gone, and with the options of the
     * next one, which waits for it. */
    return isolate->pristine ? HUTCH_OK : hutch_arena_restore(isolate->arena, take_keep(isolate));
}

hutch_status hutch_isolate_reset(hutch_isolate *isolate, const hutch_isolate_options *options,
                                 hutch_error *error) {
    if (options != NULL) {
        hutch_status status = check_options(options, isolate->most_memory, error);
        if (status != HUTCH_OK) {
            return status;
        }
        isolate->options = *options;
    }
    hutch_status status = restore(isolate);
    if (status != HUTCH_OK) {
        return hutch_error_set(error, status, 0, "the isolate has no image");
    }
    renew(isolate);
    return HUTCH_OK;
}

/* Whether the isolate can begin something new. */
static hutch_status check_idle(const hutch_isolate *isolate, hutch_error *error) {
    if (isolate->guest->gone) {
        return hutch_error_set(error, HUTCH_DISPOSED, 0, "Context has been disposed");
    }
    if (isolate->guest->run.phase != HUTCH_PHASE_NONE) {
        return hutch_error_set(error, HUTCH_WRONG_STATE, 0, "a run is in progress");
    }
    return HUTCH_OK;
}

static bool has_tool(const hutch_guest *guest, hutch_text name, hutch_text bound) {
    for (size_t i = 0; i < guest->tool_count; i++) {
        if (hutch_text_equals(guest->tools[i].name, name) ||
            hutch_text_equals(guest->tools[i].bound, bound)) {
            return true;
        }
    }
    return false;
}

static hutch_status check_tool(const hutch_guest *guest, const hutch_tool *tool,
                               hutch_tool_bound *bound, hutch_error *error) {
    hutch_status status = hutch_tool_name_settle(tool, bound, error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (has_tool(guest, tool->name, (hutch_text){bound->data, bound->length})) {
        return hutch_error_set(
            error, HUTCH_INVALID_ARGUMENT, 0,
            "tool name \"%.*s\", bound as %s: expected a name and a binding that "
            "no other tool has",
            (int)tool->name.length, tool->name.data, bound->data);
    }
    if (guest->tool_count == HUTCH_TOOLS_MAX) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "tool \"%.*s\" is one too many, expected at most %d tools",
                               (int)tool->name.length, tool->name.data, HUTCH_TOOLS_MAX);
    }
    return HUTCH_OK;
}

hutch_status hutch_isolate_add_tool(hutch_isolate *isolate, const hutch_tool *tool,
                                    hutch_error *error) {
    hutch_guest *guest = isolate->guest;
    hutch_tool_bound bound;
    hutch_status status =
        hutch_size_check(tool->size, sizeof *tool, "hutch_tool", "HUTCH_TOOL_INIT", error);
    if (status == HUTCH_OK) {
        status = check_idle(isolate, error);
    }
    if (status == HUTCH_OK) {
        status = check_tool(guest, tool, &bound, error);
    }
    if (status != HUTCH_OK) {
        return status;
    }
    isolate->pristine = false;
    hutch_guest_visit visit = hutch_guest_enter(guest);
    bool defined = hutch_tools_define(guest, tool->name, (hutch_text){bound.data, bound.length});
    hutch_guest_clear_exception(guest);
    hutch_guest_leave(guest, visit);
    if (!defined) {
        return hutch_error_set(error, HUTCH_OUT_OF_MEMORY, 0,
                               "the memory limit leaves no room for tool \"%.*s\"",
                               (int)tool->name.length, tool->name.data);
    }
    return HUTCH_OK;
}

/* The host has read the last event. */
static void release_event(hutch_guest *guest) {
    hutch_events_release(&guest->events, guest->ctx);
    if (guest->run.phase == HUTCH_PHASE_NONE) {
        hutch_crossing_free(&guest->run.result, guest->ctx);
    }
}

hutch_status hutch_isolate_start(hutch_isolate *isolate, const char *code, size_t length,
                                 hutch_error *error) {
    hutch_guest *guest = isolate->guest;
    if (guest->run.phase == HUTCH_PHASE_NONE) {
        (void)hutch_guest_tidy(guest);
    }
    hutch_status status = check_idle(isolate, error);
    if (status != HUTCH_OK) {
        return status;
    }
    if (code == NULL && length > 0) {
        return hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                               "code is NULL, expected %zu bytes of UTF-8", length);
    }
    isolate->pristine = false;
    hutch_guest_visit visit = hutch_guest_enter(guest);
    release_event(guest);
    atomic_store_explicit(&isolate->stop, false, memory_order_relaxed);
    hutch_run_begin(guest, code, length);
    isolate->next_deadline_ns = 0;
    hutch_guest_leave(guest, visit);
    return HUTCH_OK;
}

/* The end of the run. */
static void tell_end(hutch_isolate *isolate, hutch_event *event) {
    hutch_run *run = &isolate->guest->run;
    if (run->phase == HUTCH_PHASE_FINISHED) {
        event->type = HUTCH_EVENT_DONE;
        event->as.done = (hutch_done){.json = run->result.json, .values = run->result.values};
    } else {
        event->type = HUTCH_EVENT_FAILED;
        hutch_report_show(&isolate->report, &event->as.failed);
    }
    run->phase = HUTCH_PHASE_NONE;
}

static hutch_event show_front(hutch_isolate *isolate) {
    hutch_guest *guest = isolate->guest;
    const hutch_event_node *node = hutch_events_show(&guest->events);
    hutch_event shown = {.size = sizeof shown, .run = guest->run.number};
    hutch_event *event = &shown;
    if (node == NULL && guest->run.waiting) {
        event->type = HUTCH_EVENT_WAITING;
    } else if (node == NULL) {
        tell_end(isolate, event);
    } else {
        hutch_event_node_fill(node, event);
    }
    return shown;
}

hutch_status hutch_isolate_next(hutch_isolate *isolate, hutch_event *event) {
    hutch_guest *guest = isolate->guest;
    if (event->size != sizeof *event) {
        return HUTCH_INVALID_ARGUMENT;
    }
    if (guest->run.phase == HUTCH_PHASE_NONE) {
        return HUTCH_WRONG_STATE;
    }
    hutch_guest_visit visit = hutch_guest_enter(guest);
    release_event(guest);
    hutch_run_advance(guest);
    hutch_guest_leave(guest, visit);
    *event = show_front(isolate);
    return HUTCH_OK;
}

void hutch_isolate_own_thread(hutch_isolate *isolate) {
    isolate->owns_thread = true;
}

void hutch_isolate_stop(hutch_isolate *isolate) {
    atomic_store_explicit(&isolate->stop, true, memory_order_relaxed);
}

hutch_status hutch_isolate_get_stats(const hutch_isolate *isolate, hutch_isolate_stats *stats) {
    hutch_arena_stats arena;
    if (stats->size != sizeof *stats) {
        return HUTCH_INVALID_ARGUMENT;
    }
    hutch_arena_get_stats(isolate->arena, &arena);
    stats->heap_bytes = arena.allocated;
    stats->peak_bytes = arena.peak;
    stats->image_bytes = arena.image;
    return HUTCH_OK;
}
