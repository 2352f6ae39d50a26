/**
 * @file report.h
 * Why a run failed, in words. The room for the texts is taken when the isolate
 * is made, outside of the arena: telling that memory has run out needs none.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_REPORT_H
#define HUTCH_ISOLATE_REPORT_H

#include "base/buffer.h"

#include <hutch/event.h>

#include <stdbool.h>

/** Longest message and longest stack, in bytes; longer ones are cut at a character. */
#define HUTCH_REPORT_TEXT_MAX ((size_t)65536)
/** Longest name and longest code. */
#define HUTCH_REPORT_WORD_MAX ((size_t)1024)

/** What a FAILED event says. */
typedef struct hutch_report {
    hutch_failure failure;
    bool usable;
    uint32_t line;
    uint32_t column;
    hutch_buffer name;
    hutch_buffer message;
    hutch_buffer stack;
    hutch_buffer code;
} hutch_report;

/** @return false without memory; hutch_report_free() is needed all the same */
bool hutch_report_init(hutch_report *report);
void hutch_report_free(hutch_report *report);

/** Forget what was told, leaving no byte of it: the texts are the guest's, and outlive a reset. */
void hutch_report_wipe(hutch_report *report);

/** Begin to tell of a failure: its own name, everything else empty. */
void hutch_report_begin(hutch_report *report, hutch_failure failure);

/** Empty one of the texts, and leave no byte of it. */
void hutch_report_clear(hutch_buffer *text);

/** Put a text in place of what is there. @param text  of a report @param word  NUL-terminated */
void hutch_report_set(hutch_buffer *text, const char *word);

/** Append text that may not be valid UTF-8, as much of it as there is room for. */
void hutch_report_add(hutch_buffer *text, const char *bytes, size_t length);

/** Append as printf() does, at most 512 bytes. */
void hutch_report_format(hutch_buffer *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** The event. Its texts live until the next hutch_report_begin(). */
void hutch_report_show(const hutch_report *report, hutch_failed *failed);

#endif
