/**
 * @file error.h
 * Filling in a hutch_error on the way out of a failed call:
 *
 *     return hutch_error_set(error, HUTCH_UNAVAILABLE, errno, "cannot fork: %s", ...);
 *
 * Threads: any.
 */
#ifndef HUTCH_BASE_ERROR_H
#define HUTCH_BASE_ERROR_H

#include <hutch/error.h>

/**
 * Write status, errno and message.
 *
 * The message is cut to HUTCH_ERROR_MESSAGE_SIZE at a character. Bytes that are
 * not UTF-8, and characters that must not reach a terminal (a tool's name from
 * anywhere, a path), become U+FFFD.
 *
 * @param error     [out] NULL: nothing is written
 * @param status    no HUTCH_OK
 * @param os_error  errno of the system call behind it, or 0
 * @param format    as printf(); names what was wrong and what was expected
 * @return `status`
 */
hutch_status hutch_error_set(hutch_error *error, hutch_status status, int os_error,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
