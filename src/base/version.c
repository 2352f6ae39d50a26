/*
 * The version that is linked; see hutch/version.h.
 *
 * Threads: any.
 */
#include <hutch/version.h>

const char *hutch_version(void) {
    return HUTCH_VERSION;
}
