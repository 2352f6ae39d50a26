/*
 * The first member of a public struct; see size.h.
 */
#include "base/size.h"

#include "base/error.h"

hutch_status hutch_size_check(size_t size, size_t expected, const char *type, const char *begin,
                              hutch_error *error) {
    return size == expected ? HUTCH_OK
                            : hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                              "size of %s is %zu, expected %zu: begin with %s",
                                              type, size, expected, begin);
}
