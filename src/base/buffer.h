/**
 * @file buffer.h
 * Bytes that grow on the host's heap, up to a cap with a name: whatever input
 * makes a buffer grow meets an error that names the cap, never the machine's
 * last page.
 *
 * Invariant: length <= capacity <= cap; `data` is NULL exactly when capacity
 * is 0. The bytes are not NUL-terminated.
 *
 * Threads: one at a time.
 */
#ifndef HUTCH_BASE_BUFFER_H
#define HUTCH_BASE_BUFFER_H

#include "base/allocator.h"

#include <hutch/error.h>

#include <stddef.h>

/** Read `data` and `length`; everything else goes through the functions. */
typedef struct hutch_buffer {
    char *data;                       /**< owned */
    size_t length;                    /**< bytes in use */
    size_t capacity;                  /**< bytes allocated */
    size_t cap;                       /**< most bytes */
    const char *cap_name;             /**< for messages: an option or a constant; static */
    const hutch_allocator *allocator; /**< NULL: the host's; borrowed */
} hutch_buffer;

/**
 * An empty buffer; nothing is allocated yet.
 *
 * @param cap_name   static text that names the cap to whoever runs into it ("maxCodeSize")
 * @param allocator  NULL: the host's; borrowed until hutch_buffer_free()
 */
void hutch_buffer_init(hutch_buffer *buffer, size_t cap, const char *cap_name,
                       const hutch_allocator *allocator);

/** Give the memory back. The buffer is empty and can be used again. */
void hutch_buffer_free(hutch_buffer *buffer);

/** Forget the bytes, keep the memory. */
void hutch_buffer_clear(hutch_buffer *buffer);

/**
 * Take the bytes out of the buffer, which is then empty.
 *
 * @param length  [out]
 * @return owned by the caller, freed with hutch_allocator_release(); NULL when nothing was ever
 *         reserved
 */
char *hutch_buffer_take(hutch_buffer *buffer, size_t *length);

/**
 * Make room for `more` bytes after the present ones.
 *
 * @return HUTCH_OK, HUTCH_INVALID_ARGUMENT (beyond the cap; the message names it) or
 *         HUTCH_OUT_OF_MEMORY; the buffer is as it was on failure
 */
hutch_status hutch_buffer_reserve(hutch_buffer *buffer, size_t more, hutch_error *error);

/**
 * Lengthen the buffer by `more` bytes, for the caller to fill in.
 *
 * @param room  [out] the first of them, borrowed until the next call on this buffer; may be NULL
 *              when `more` is 0
 * @return as hutch_buffer_reserve()
 */
hutch_status hutch_buffer_extend(hutch_buffer *buffer, size_t more, char **room,
                                 hutch_error *error);

/** Append bytes, which must not be the buffer's own. @return as hutch_buffer_reserve() */
hutch_status hutch_buffer_append(hutch_buffer *buffer, const void *bytes, size_t length,
                                 hutch_error *error);

/** Append a text as UTF-8, invalid sequences as U+FFFD. @return as hutch_buffer_reserve() */
hutch_status hutch_buffer_append_repaired(hutch_buffer *buffer, const char *text, size_t length,
                                          hutch_error *error);

/** Shorten the buffer to `length` bytes. @param length  at most the present length */
void hutch_buffer_truncate(hutch_buffer *buffer, size_t length);

#endif
