/*
 * Rejections that nobody handles; see rejections.h.
 *
 * The engine tells of a rejection when nobody listens to the promise yet, and
 * takes it back when somebody does: mostly the next thing that happens. So the
 * list is searched from its newest end, and it is short.
 */
#include "isolate/rejections.h"

#include "base/utf8.h"
#include "isolate/console.h"
#include "isolate/report.h"
#include "isolate/thrown.h"

#include <stdio.h>
#include <string.h>

/* More are counted, and not told one by one. */
#define REJECTIONS_MAX 100
/* Bytes of a message that are told. */
#define MESSAGE_SHOWN 1000

struct hutch_rejection {
    hutch_rejection *older;
    JSValue promise; /* owned */
    JSValue reason;  /* owned */
};

static bool is_same(JSValueConst a, JSValueConst b) {
    return JS_VALUE_GET_PTR(a) == JS_VALUE_GET_PTR(b);
}

static void drop(hutch_guest *guest, hutch_rejection *rejection) {
    JS_FreeValue(guest->ctx, rejection->promise);
    JS_FreeValue(guest->ctx, rejection->reason);
    js_free(guest->ctx, rejection);
    guest->rejections.count--;
}

static void add(hutch_guest *guest, JSValueConst promise, JSValueConst reason) {
    if (guest->rejections.count == REJECTIONS_MAX) {
        guest->rejections.untold++;
        return;
    }
    hutch_rejection *made = js_malloc(guest->ctx, sizeof *made);
    if (made == NULL) {
        /* It was only to be told of. */
        hutch_guest_clear_exception(guest);
        return;
    }
    *made = (hutch_rejection){.older = guest->rejections.newest,
                              .promise = JS_DupValue(guest->ctx, promise),
                              .reason = JS_DupValue(guest->ctx, reason)};
    guest->rejections.newest = made;
    guest->rejections.count++;
}

static void take_out(hutch_guest *guest, JSValueConst promise) {
    hutch_rejection **place = &guest->rejections.newest;
    while (*place != NULL && !is_same((*place)->promise, promise)) {
        place = &(*place)->older;
    }
    hutch_rejection *found = *place;
    if (found != NULL) {
        *place = found->older;
        drop(guest, found);
    }
}

static void track(JSContext *ctx, JSValueConst promise, JSValueConst reason, bool is_handled,
                  void *opaque) {
    hutch_guest *guest = opaque;
    (void)ctx;
    if (guest->run.phase == HUTCH_PHASE_NONE || guest->dropping) {
        return;
    }
    if (is_handled) {
        take_out(guest, promise);
    } else if (!guest->run.halted) {
        /* Otherwise it is what ends the run that passes through, and that is told of by itself. */
        add(guest, promise, reason);
    }
}

void hutch_rejections_watch(hutch_guest *guest) {
    JS_SetHostPromiseRejectionTracker(guest->rt, track, guest);
}

void hutch_rejections_clear(hutch_guest *guest) {
    hutch_rejection *rejection;
    while ((rejection = guest->rejections.newest) != NULL) {
        guest->rejections.newest = rejection->older;
        drop(guest, rejection);
    }
    guest->rejections.untold = 0;
}

/* The first line of a message, as far as it is shown. */
static int first_line(const hutch_buffer *message) {
    const char *end = memchr(message->data, '\n', message->length);
    size_t length = end != NULL ? (size_t)(end - message->data) : message->length;
    return (int)hutch_utf8_cut(message->data, length, MESSAGE_SHOWN);
}

/* There may have been no memory for the error: then it is null. */
static void tell_of_memory(hutch_guest *guest) {
    static const char line[] = "Unhandled rejection: InternalError: out of memory";
    hutch_console_note(guest, HUTCH_LOG_ERROR, (hutch_text){line, sizeof line - 1});
}

/* "Unhandled rejection: TypeError: x is not a function (line 3, column 5)" */
static void tell(hutch_guest *guest, JSValueConst reason) {
    char line[MESSAGE_SHOWN + 256];
    if (JS_IsNull(reason) && hutch_thrown_classify(guest, reason) == HUTCH_FAILURE_MEMORY) {
        tell_of_memory(guest);
        return;
    }
    hutch_report *report = &guest->isolate->report;
    hutch_report_begin(report, HUTCH_FAILURE_GUEST);
    hutch_thrown_report(guest, reason);
    int length = snprintf(line, sizeof line, "Unhandled rejection: %.*s%s%.*s",
                          (int)hutch_utf8_cut(report->name.data, report->name.length, 64),
                          report->name.data, report->message.length > 0 ? ": " : "",
                          report->message.length > 0 ? first_line(&report->message) : 0,
                          report->message.length > 0 ? report->message.data : "");
    if (report->line > 0 && (size_t)length < sizeof line) {
        length += snprintf(line + length, sizeof line - (size_t)length, " (line %u, column %u)",
                           report->line, report->column);
    }
    hutch_report_wipe(report);
    hutch_console_note(guest, HUTCH_LOG_ERROR, (hutch_text){line, (size_t)length});
}

/* The newest is told last. */
static void tell_from(hutch_guest *guest, const hutch_rejection *rejection) {
    const hutch_rejection *all[REJECTIONS_MAX];
    size_t count = 0;
    for (; rejection != NULL && count < REJECTIONS_MAX; rejection = rejection->older) {
        all[count++] = rejection;
    }
    while (count > 0 && !guest->run.halted) {
        const hutch_rejection *next = all[--count];
        if (!is_same(next->promise, guest->run.promise)) {
            tell(guest, next->reason);
        }
    }
}

void hutch_rejections_tell(hutch_guest *guest) {
    hutch_rejections *rejections = &guest->rejections;
    if (guest->isolate->options.unhandled_rejections == HUTCH_UNHANDLED_LOG) {
        /* What its getters reject or handle meanwhile is not told. */
        hutch_rejection *newest = rejections->newest;
        rejections->newest = NULL;
        tell_from(guest, newest);
        if (rejections->untold > 0) {
            char line[64];
            int length =
                snprintf(line, sizeof line, "Unhandled rejections: %zu more", rejections->untold);
            hutch_console_note(guest, HUTCH_LOG_ERROR, (hutch_text){line, (size_t)length});
        }
        hutch_rejections_clear(guest);
        rejections->newest = newest;
    }
    hutch_rejections_clear(guest);
}
