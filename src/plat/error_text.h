/**
 * @file error_text.h
 * Words for an errno, for messages.
 */
#ifndef HUTCH_PLAT_ERROR_TEXT_H
#define HUTCH_PLAT_ERROR_TEXT_H

/** "Resource temporarily unavailable". Static text, never NULL. Threads: any. */
const char *hutch_error_text(int os_error);

/** The constant's name, "EAGAIN". Static text, never NULL. Threads: any. */
const char *hutch_error_constant(int os_error);

/** A signal's name with its prefix, "SIGKILL". Static text, never NULL. Threads: any. */
const char *hutch_signal_text(int signal_number);

#endif
