/*
 * Filling in a hutch_error; see error.h. Owns nothing.
 *
 * Threads: any.
 */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

hutch_status hutch_error_set(hutch_error *error, hutch_status status, int os_error,
                             const char *format, ...) {
    if (error == NULL) {
        return status;
    }
    error->status = status;
    error->os_error = os_error;

    /* Twice the room, so that where vsnprintf() breaks a character is beyond the cut. */
    char raw[2 * HUTCH_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(raw, sizeof raw, format, arguments) < 0) {
        raw[0] = '\0';
    }
    va_end(arguments);

    char safe[HUTCH_UTF8_REPAIR_GROWTH * sizeof raw];
    size_t length = hutch_text_make_safe(raw, strlen(raw), safe);
    length = hutch_utf8_cut(safe, length, sizeof error->message - 1);
    memcpy(error->message, safe, length);
    error->message[length] = '\0';
    return status;
}
