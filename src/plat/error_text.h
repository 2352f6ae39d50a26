/**
 * @file error_text.h
 * Words for an errno, for messages.
 */
#ifndef HUTCH_PLAT_ERROR_TEXT_H
#define HUTCH_PLAT_ERROR_TEXT_H

#include <hutch/error.h>

/** "Resource temporarily unavailable". Static text, never NULL. Threads: any. */
const char *hutch_error_text(int os_error);

/** The constant's name, "EAGAIN". Static text, never NULL. Threads: any. */
const char *hutch_error_constant(int os_error);

/**
 * The system has refused something: "cannot make a mutex: out of memory (ENOMEM)".
 *
 * @param error     [out] NULL: nothing is written
 * @param os_error  errno
 * @param format    as printf(); what was refused
 * @return HUTCH_UNAVAILABLE. Threads: any.
 */
hutch_status hutch_error_set_system(hutch_error *error, int os_error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** A signal's name with its prefix, "SIGKILL". Static text, never NULL. Threads: any. */
const char *hutch_signal_text(int signal_number);

#endif
