/* The words about tool calls that nobody awaits; see detached_text.h. */
#include "base/detached_text.h"

#include <stdarg.h>
#include <stdio.h>

/* Longer names are cut. */
#define NAME_SHOWN 64

static void add(hutch_detached_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(hutch_detached_text *text, const char *format, ...) {
    size_t room = sizeof text->data - text->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->data + text->length, room, format, arguments);
    va_end(arguments);
    if (length > 0) {
        text->length += (size_t)length < room ? (size_t)length : room - 1;
    }
}

void hutch_detached_text_add(hutch_detached_text *text, const char *words) {
    add(text, "%s", words);
}

/* Names of tools are ASCII: a cut one is whole characters. */
static void add_name(hutch_detached_text *text, hutch_text name) {
    add(text, "%.*s", (int)(name.length < NAME_SHOWN ? name.length : NAME_SHOWN), name.data);
}

void hutch_detached_text_add_calls(hutch_detached_text *text, const hutch_detached_calls *calls) {
    size_t shown = calls->count < HUTCH_DETACHED_NAMES ? calls->count : HUTCH_DETACHED_NAMES;
    add(text, "%zu tool call%s (", calls->count, calls->count == 1 ? "" : "s");
    for (size_t i = 0; i < shown; i++) {
        add(text, "%s", i > 0 ? ", " : "");
        add_name(text, calls->names[i]);
    }
    add(text, calls->count > shown ? ", …)" : ")");
}

/* NULL: it does not leave the run's value. */
static const char *reason_of(hutch_failure ended_by, bool is_shortened) {
    switch (ended_by) {
    case HUTCH_FAILURE_TIMEOUT:
        return is_shortened ? "detachedTimeout was over" : "the run's timeout was over";
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
    return NULL;
}

bool hutch_detached_leaves_value(hutch_failure ended_by) {
    return reason_of(ended_by, false) != NULL;
}

void hutch_detached_text_tell_end(hutch_detached_text *text, const hutch_detached_calls *calls,
                                  hutch_failure ended_by, bool is_shortened) {
    text->length = 0;
    add(text, "The program returned, and ");
    if (calls->count > 0) {
        hutch_detached_text_add_calls(text, calls);
        add(text, " that nobody awaits had no answer");
    } else {
        add(text, "what nobody awaits had not come to its end");
    }
    const char *reason = reason_of(ended_by, is_shortened);
    add(text, " when %s", reason != NULL ? reason : "the run was ended");
}
