/**
 * @file error.h
 * Detail about a failed call, in a struct that the caller owns: nothing is
 * allocated on the way down and nothing is kept per thread.
 */
#ifndef HUTCH_ERROR_H
#define HUTCH_ERROR_H

#include <hutch/status.h>

/** Bytes of an error's message, the terminating NUL included. Longer text is cut at a character. */
#define HUTCH_ERROR_MESSAGE_SIZE 256

/** Why a call failed. Written on failure only. */
typedef struct hutch_error {
    hutch_status status;                    /**< what the call returned */
    int os_error;                           /**< errno of the system call behind it, or 0 */
    char message[HUTCH_ERROR_MESSAGE_SIZE]; /**< UTF-8, NUL-terminated: names what was wrong
                                                 and what was expected */
} hutch_error;

#endif
