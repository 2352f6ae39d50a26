/**
 * @file bytes.h
 * Memory of the command: text that grows. Where there is no memory left the
 * command says so and ends with CLI_EXIT_HOST; tool commands die with it.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_BYTES_H
#define HUTCH_CLI_BYTES_H

#include <stddef.h>

/** Bytes that grow; not NUL-terminated. All zero is empty. */
typedef struct cli_bytes {
    char *data;
    size_t length;
    size_t capacity;
} cli_bytes;

/** As realloc(), but never NULL. */
void *cli_resize(void *block, size_t count, size_t size);

void cli_bytes_append(cli_bytes *bytes, const char *data, size_t length);
void cli_bytes_append_text(cli_bytes *bytes, const char *text);
/** As printf(), at most 1023 bytes. */
void cli_bytes_format(cli_bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Room for `length` more bytes after the present ones; the caller adds to `length` what it used. */
char *cli_bytes_reserve(cli_bytes *bytes, size_t length);

/** Take the first bytes away. */
void cli_bytes_drop(cli_bytes *bytes, size_t length);

void cli_bytes_free(cli_bytes *bytes);

#endif
