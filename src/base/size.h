/**
 * @file size.h
 * The first member of a public struct.
 */
#ifndef HUTCH_BASE_SIZE_H
#define HUTCH_BASE_SIZE_H

#include <hutch/error.h>

#include <stddef.h>

/**
 * That a struct of a caller's was begun with its init, of the headers that this library was built with.
 *
 * @param type   its name
 * @param begin  what it is begun with, as "hutch_limits_init()"
 * @return HUTCH_OK or HUTCH_INVALID_ARGUMENT. Threads: any.
 */
hutch_status hutch_size_check(size_t size, size_t expected, const char *type, const char *begin,
                              hutch_error *error);

#endif
