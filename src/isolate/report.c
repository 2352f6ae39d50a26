/*
 * The texts of a failure; see report.h.
 *
 * Invariants: each buffer has had its whole cap reserved, so appending within it
 * allocates nothing. Beyond a buffer's length there are no bytes of an earlier
 * text.
 *
 * Threads: the isolate's own.
 */
#include "isolate/report.h"

#include "base/failure.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool text_init(hutch_buffer *text, size_t cap) {
    hutch_buffer_init(text, cap, "the text of an error", NULL);
    return hutch_buffer_reserve(text, cap, NULL) == HUTCH_OK;
}

bool hutch_report_init(hutch_report *report) {
    *report = (hutch_report){0};
    bool name = text_init(&report->name, HUTCH_REPORT_WORD_MAX);
    bool message = text_init(&report->message, HUTCH_REPORT_TEXT_MAX);
    bool stack = text_init(&report->stack, HUTCH_REPORT_TEXT_MAX);
    bool code = text_init(&report->code, HUTCH_REPORT_WORD_MAX);
    return name && message && stack && code;
}

void hutch_report_free(hutch_report *report) {
    hutch_buffer_free(&report->name);
    hutch_buffer_free(&report->message);
    hutch_buffer_free(&report->stack);
    hutch_buffer_free(&report->code);
}

void hutch_report_clear(hutch_buffer *text) {
    if (text->length > 0) {
        memset(text->data, 0, text->length);
    }
    hutch_buffer_clear(text);
}

void hutch_report_wipe(hutch_report *report) {
    report->line = 0;
    report->column = 0;
    hutch_report_clear(&report->name);
    hutch_report_clear(&report->message);
    hutch_report_clear(&report->stack);
    hutch_report_clear(&report->code);
}

void hutch_report_begin(hutch_report *report, hutch_failure failure) {
    hutch_report_wipe(report);
    report->failure = failure;
    report->usable = hutch_failure_keeps_context(failure);
    hutch_report_format(&report->name, "%s", hutch_failure_name(failure));
}

void hutch_report_set(hutch_buffer *text, const char *word) {
    hutch_report_clear(text);
    hutch_report_add(text, word, strlen(word));
}

void hutch_report_add(hutch_buffer *text, const char *bytes, size_t length) {
    size_t room = text->cap - text->length;
    size_t most = hutch_utf8_cut(bytes, length, room);
    if (hutch_utf8_repaired_length(bytes, most) > room) {
        most = hutch_utf8_cut(bytes, most, room / HUTCH_UTF8_REPAIR_GROWTH);
    }
    (void)hutch_buffer_append_repaired(text, bytes, most, NULL);
}

void hutch_report_format(hutch_buffer *text, const char *format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length > 0) {
        hutch_report_add(text, line, strlen(line));
    }
}

static hutch_text view(const hutch_buffer *text) {
    return (hutch_text){text->length > 0 ? text->data : NULL, text->length};
}

void hutch_report_show(const hutch_report *report, hutch_failed *failed) {
    *failed = (hutch_failed){.failure = report->failure,
                             .usable = report->usable,
                             .line = report->line,
                             .column = report->column,
                             .name = view(&report->name),
                             .message = view(&report->message),
                             .stack = view(&report->stack),
                             .code = view(&report->code)};
}
