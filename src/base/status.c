/*
 * Names of statuses; see hutch/status.h.
 *
 * Threads: any.
 */
#include <hutch/status.h>

#include <stddef.h>

#define STATUS_NAME(constant, text, meaning) [constant] = (text),

static const char *const names[] = {HUTCH_STATUS_TABLE(STATUS_NAME)};

const char *hutch_status_name(hutch_status status) {
    size_t index = (size_t)status;
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown status";
}
