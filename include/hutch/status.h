/**
 * @file status.h
 * What a call into the library returns. A status speaks of the host's side:
 * a misuse, or a failure of the system. What goes wrong inside the guest's
 * program is never a status, it is an event (event.h).
 */
#ifndef HUTCH_STATUS_H
#define HUTCH_STATUS_H

#include <hutch/api.h>

HUTCH_BEGIN_API

/* One table feeds the enum, hutch_status_name() and the tests. */
#define HUTCH_STATUS_TABLE(X)                                                                      \
    X(HUTCH_OK, "ok", "The call did what it says")                                                 \
    X(HUTCH_INVALID_ARGUMENT, "invalid argument", "An argument is outside what is documented")     \
    X(HUTCH_WRONG_STATE, "wrong state", "The object cannot do this now")                           \
    X(HUTCH_OUT_OF_MEMORY, "out of memory", "The host has no memory for this")                     \
    X(HUTCH_DISPOSED, "disposed", "The context has been closed or lost")                           \
    X(HUTCH_UNAVAILABLE, "unavailable", "The system refused a process, descriptor or mapping")     \
    X(HUTCH_UNSUPPORTED, "unsupported", "This build or kernel cannot do this")

/** Result of a call. HUTCH_OK is 0; all others are failures. */
typedef enum hutch_status {
#define HUTCH_STATUS_ENUM(name, text, meaning) name,
    HUTCH_STATUS_TABLE(HUTCH_STATUS_ENUM)
#undef HUTCH_STATUS_ENUM
} hutch_status;

/**
 * The name of a status, in lower case English ("wrong state").
 *
 * @param status  any value
 * @return static text, never NULL; "unknown status" for a value not in the table
 *
 * Threads: any.
 */
const char *hutch_status_name(hutch_status status);

HUTCH_END_API

#endif
