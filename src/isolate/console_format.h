/**
 * @file console_format.h
 * The arguments of a console call as one text.
 *
 * Threads: the isolate's own.
 */
#ifndef HUTCH_ISOLATE_CONSOLE_FORMAT_H
#define HUTCH_ISOLATE_CONSOLE_FORMAT_H

#include "isolate/guest.h"

/** How formatting ended. */
typedef enum hutch_format_result {
    HUTCH_FORMAT_DONE,
    HUTCH_FORMAT_TOO_LONG, /**< the text is longer than the buffer's cap, or the run has printed more
                                values than it may */
    HUTCH_FORMAT_NO_MEMORY,
    HUTCH_FORMAT_HALTED, /**< an exception that nobody may catch is pending */
} hutch_format_result;

/**
 * Append the arguments, as the isolate's console style says, with a space
 * between them. With HUTCH_CONSOLE_INSPECT a first argument with `%s`, `%d`,
 * `%i`, `%f`, `%j`, `%o`, `%O`, `%c` or `%%` takes up those after it, as in
 * Node.js.
 *
 * The values that are looked at count towards maxLogValues: each argument that
 * is printed, and what is in it as far as it is shown; with `%j` all that is in
 * its JSON.
 */
hutch_format_result hutch_console_format(hutch_guest *guest, int argc, JSValueConst *argv,
                                         hutch_buffer *out);

/** Append one text. */
hutch_format_result hutch_console_append(hutch_guest *guest, hutch_buffer *out, const char *text,
                                         size_t length);

#endif
